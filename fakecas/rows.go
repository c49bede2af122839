package fakecas

// rows are a table's, in pieces that stay where they are: a slice of millions
// would be copied whenever it grows, for seconds in which a tenant stands still.
// Its value is a snapshot: what is added later is not in it.
type rows struct {
	pieces []*[piece]row
	n      int
}

// piece is how many rows stand together: 1.5 MiB.
const piece = 1 << 16

func (r *rows) len() int { return r.n }

func (r *rows) at(place uint32) row { return r.pieces[place/piece][place%piece] }

func (r *rows) add(more ...row) {
	for len(more) > 0 {
		if r.n == len(r.pieces)*piece {
			r.pieces = append(r.pieces, new([piece]row))
		}
		n := copy(r.pieces[len(r.pieces)-1][r.n%piece:], more)
		r.n += n
		more = more[n:]
	}
}
