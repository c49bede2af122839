package fakesyslog_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/fakesyslog"
)

func TestRunIsATestServerInOneLine(t *testing.T) {
	g := NewWithT(t)
	s, address := fakesyslog.Run(t, "tcp", func(s *fakesyslog.Server) { s.Malformed = fakesyslog.TakeMalformed })
	c, err := net.Dial("tcp", address)
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	fmt.Fprint(c, "hello\nworld\n")
	g.Expect(s.Await(t.Context(), fakesyslog.Parsed, 2)).To(Succeed())
	g.Expect(s.Lines()).To(Equal([]string{"hello", "world"}))

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	g.Expect(s.Await(ctx, fakesyslog.Parsed, 3)).To(MatchError("2 of 3 messages are parsed: enough"))
}
