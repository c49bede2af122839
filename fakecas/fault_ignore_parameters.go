package fakecas

// ignoreParametersKind answers every query as if it had no parameters: the
// newest 100 records, in a list.
var ignoreParametersKind = faultKind{
	about: "ignores filters, skip, limit, sorting and scan mode: always the newest page of a list",
	make: func(*arguments) effect {
		return effect{query: func(_ *exchange, q *query) {
			*q = query{withhold: q.withhold, stalled: q.stalled, hidden: q.hidden} // what other faults did stays
		}}
	},
}
