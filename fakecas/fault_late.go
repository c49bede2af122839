package fakecas

import "time"

// lateFault hides some records for a while after their creation: they turn up
// behind records that are newer.
type lateFault struct {
	by    time.Duration
	share int
	seed  uint64
}

var lateKind = faultKind{
	about: "lets some records turn up late, behind newer ones that were listed before",
	args: []FaultArg{
		{"by", "how long after its creation a record turns up; 2m by default"},
		{"share", "how many of a hundred records are late; 20 by default"},
	},
	make: func(a *arguments) effect {
		f := lateFault{a.duration("by", 2*time.Minute), a.number("share", 20, 1, 100), a.seed}
		return effect{query: f.query}
	},
}

func (f lateFault) query(x *exchange, q *query) {
	shown := x.now().Add(-f.by).UnixMilli()
	q.hidden = append(q.hidden, func(r *record) bool { return !f.isLate(r) || r.created <= shown })
}

func (f lateFault) isLate(r *record) bool {
	return mix(f.seed^uint64(r.seq)*0x9e3779b97f4a7c15)%100 < uint64(f.share)
}
