package network

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestANameThatMovesIsFollowedWhenTheCacheIsStale(t *testing.T) {
	inLab(t, func(l *lab) {
		l.agent.SetResolverTTL(time.Minute)
		l.spare.Listen(l.ctx, "tcp", ":514")
		where := func() string {
			c, err := l.dial("siem:514")
			l.Expect(err).NotTo(HaveOccurred())
			return c.RemoteAddr().String()
		}
		l.Expect(where()).To(Equal("10.0.0.2:514"))
		l.SetName("siem", "10.0.0.3")
		l.Expect(where()).To(Equal("10.0.0.2:514"), "from the cache")
		time.Sleep(time.Minute)
		l.Expect(where()).To(Equal("10.0.0.3:514"))
	})
}

func TestNameFaults(t *testing.T) {
	for name, x := range map[string]struct {
		fault NameFault
		text  string
		is    func(*net.DNSError) bool
		takes time.Duration
	}{
		"no such host":    {NoSuchHost, "no such host", func(e *net.DNSError) bool { return e.IsNotFound && !e.Timeout() }, 0},
		"a failed server": {ServerFailure, "server misbehaving", func(e *net.DNSError) bool { return e.Temporary() && !e.IsNotFound }, 0},
		"no answer":       {NoAnswer, "i/o timeout", func(e *net.DNSError) bool { return e.Timeout() }, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				l.SetNameFault("siem", x.fault)
				ctx, cancel := context.WithTimeout(l.ctx, 10*time.Second)
				defer cancel()
				l.story()
				d, err := fails(func() error { _, err := l.agent.Dial(ctx, "tcp", "siem:514"); return err })
				var dns *net.DNSError
				l.Expect(errors.As(err, &dns)).To(BeTrue())
				l.Expect(anatomy(err)).To(HavePrefix("dial/tcp/-/source:false/addr:false/"))
				l.Expect(dns.Err).To(Equal(x.text))
				l.Expect(dns.Name).To(Equal("siem"))
				l.Expect(x.is(dns)).To(BeTrue())
				l.Expect(d).To(Equal(x.takes))
				l.Expect(l.story()).To(Equal([]string{"name-failed agent: siem: " + x.text}))

				l.SetNameFault("siem", NameHeals)
				_, err = l.dial("siem:514")
				l.Expect(err).NotTo(HaveOccurred())
			})
		})
	}
}

func TestALookUpThatIsCancelled(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetNameFault("siem", NoAnswer)
		ctx, cancel := context.WithCancelCause(context.Background())
		later(func() { cancel(errors.New("bored")) })
		_, err := l.agent.Lookup(ctx, "siem")
		l.Expect(err).To(MatchError(context.Canceled))
		l.Expect(err.(*net.DNSError).Timeout()).To(BeFalse())
	})
}

func TestTheCacheHidesAFault(t *testing.T) {
	inLab(t, func(l *lab) {
		l.agent.SetResolverTTL(time.Hour)
		l.agent.Lookup(l.ctx, "siem")
		l.SetNameFault("siem", ServerFailure)
		_, err := l.agent.Lookup(l.ctx, "siem")
		l.Expect(err).NotTo(HaveOccurred())
		_, err = l.spare.Lookup(l.ctx, "siem")
		l.Expect(err).To(HaveOccurred(), "another host has its own cache")
	})
}

func TestANameWithoutAddressesDoesNotExist(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetName("siem")
		for _, host := range []string{"siem", "never-heard-of"} {
			_, err := l.agent.Lookup(l.ctx, host)
			l.Expect(err).To(MatchError(ContainSubstring("no such host")))
		}
	})
}

func TestAllAddressesOfANameAreTriedInTurn(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetName("siem", "10.0.0.3", "10.0.0.2")
		c, err := l.dial("siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		l.Expect(c.RemoteAddr().String()).To(Equal("10.0.0.2:514"))
		l.Expect(l.story()[1:]).To(HaveExactElements(
			HavePrefix("refused agent 10.0.0.1:"), HavePrefix("connected agent 10.0.0.1:")))
	})
}

func TestWhenAllAddressesFailTheFirstErrorIsTold(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetName("siem", "10.0.0.3", "fd00::9")
		_, err := l.dial("siem:514")
		l.Expect(err).To(MatchError(syscall.ECONNREFUSED))
		l.Expect(err).To(MatchError(ContainSubstring("10.0.0.3:514")))
	})
}

func TestTheNetworkChoosesAmongTheAddresses(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetName("siem", "fd00::2", "10.0.0.2")
		c, err := l.agent.Dial(l.ctx, "tcp4", "siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		l.Expect(c.RemoteAddr().String()).To(Equal("10.0.0.2:514"))
		_, err = l.agent.Dial(l.ctx, "tcp6", "server:514")
		l.Expect(err).To(MatchError(ContainSubstring("no suitable address found")))
	})
}

func TestAnAddressNeedsNoLookUp(t *testing.T) {
	inLab(t, func(l *lab) {
		ips, err := l.agent.Lookup(l.ctx, "fd00::2")
		l.Expect(err).NotTo(HaveOccurred())
		l.Expect(ips).To(HaveLen(1))
	})
}

func TestAnAnswerIsTheCallersToChange(t *testing.T) {
	inLab(t, func(l *lab) {
		l.agent.SetResolverTTL(time.Minute)
		for range 3 { // the server's, then the cache's
			ips, err := l.agent.Lookup(l.ctx, "siem")
			l.Expect(err).NotTo(HaveOccurred())
			l.Expect(ips[0].String()).To(Equal("10.0.0.2"))
			ips[0] = ips[0].Next()
		}
	})
}
