package fleet

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestAccount(t *testing.T) {
	g := NewWithT(t)
	holds := func(id string) bool { return id == "1" || id == "2" }
	var a account
	a.created("1")
	a.created("2")
	a.came("1", holds)
	g.Expect(a.finish(2)).To(ConsistOf("1 of 2 records have not arrived"))
	a.came("2", holds)
	g.Expect(a.finish(2)).To(BeEmpty())
	a.came("2", holds)
	g.Expect(a.again).To(Equal(1))
	g.Expect(a.finish(2)).To(BeEmpty(), "to come again is no loss")
	g.Expect(a.arrived).To(Equal(2))
	a.came("3", holds)
	g.Expect(a.finish(2)).To(ConsistOf(ContainSubstring("no such record: [3]")))
	g.Expect(new(account).finish(0)).To(ConsistOf("no record was created, so none could be lost"))
	g.Expect(new(account).finish(1)).To(ContainElement("the tenant holds 1 records and told of 0"))
}
