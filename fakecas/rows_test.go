package fakecas

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestRowsOfManyPieces(t *testing.T) {
	g := NewWithT(t)
	var all rows
	const n = 2*piece + 10
	add := func(count int) {
		fresh := make([]row, count)
		for i := range fresh {
			fresh[i].created = int64(all.len() + i)
		}
		all.add(fresh...)
	}
	add(piece - 1)
	snapshot := all
	add(n - all.len()) // over two borders at once
	add(0)
	g.Expect(all.len()).To(Equal(n))
	g.Expect(snapshot.len()).To(Equal(piece-1), "what is added later is not in a snapshot")
	for i := range n {
		if got := all.at(uint32(i)).created; got != int64(i) {
			t.Fatalf("row %d is %d", i, got)
		}
	}
	for i := range snapshot.len() {
		if snapshot.at(uint32(i)) != all.at(uint32(i)) {
			t.Fatalf("row %d differs in the snapshot", i)
		}
	}
}
