package fakecas

// stalledKind answers as if no record matched: where names the type.
var stalledKind = faultKind{
	about: "answers lists and scans as if there were no record; where says of which type",
	make: func(*arguments) effect {
		return effect{query: func(_ *exchange, q *query) { q.stalled = true }}
	},
}
