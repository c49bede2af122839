package coordinator

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/stepped"
)

func TestWhatIsOnItsWay(t *testing.T) {
	for name, c := range map[string]struct {
		from, to stepped.End
		wanted   []string
	}{
		"nothing":                             {stepped.End{Sent: 5}, stepped.End{Received: 5, Reading: true}, nil},
		"bytes":                               {stepped.End{Sent: 7}, stepped.End{Received: 5, Reading: true}, []string{"c: 2 bytes"}},
		"bytes for one who doesn't read":      {stepped.End{Sent: 7}, stepped.End{Received: 5}, nil},
		"bytes for one who is cut off":        {stepped.End{Sent: 7}, stepped.End{Received: 5, Reading: true, Silent: true}, nil},
		"a FIN":                               {stepped.End{WriteClosed: true}, stepped.End{Reading: true}, []string{"c: the end of the stream"}},
		"a FIN that was read":                 {stepped.End{WriteClosed: true}, stepped.End{Reading: true, Over: true}, nil},
		"the end, to one who doesn't read":    {stepped.End{Closed: true}, stepped.End{}, nil},
		"a reset for one who writes":          {stepped.End{Closed: true}, stepped.End{Writing: true}, []string{"c: a reset"}},
		"a write that the other doesn't take": {stepped.End{Sent: 9, Writing: true}, stepped.End{Received: 5}, nil},
		"a write that was taken":              {stepped.End{Sent: 9, Writing: true}, stepped.End{Received: 9}, []string{"c: the end of a write"}},
		"to one who has closed":               {stepped.End{Sent: 9, WriteClosed: true}, stepped.End{Closed: true}, nil},
	} {
		NewWithT(t).Expect(flight("c", c.from, c.to)).To(Equal(c.wanted), name)
	}
}
