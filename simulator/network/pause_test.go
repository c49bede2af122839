package network

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// What the programs of a frozen host wait for comes when they go on; its kernel
// acknowledges meanwhile.
func TestAFrozenHostsProgramsWait(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.Pause(true)
		got := make(chan string, 3)
		go func() {
			b := make([]byte, 5)
			_, err := l.d.Read(b)
			got <- string(b) + " " + word(err)
		}()
		go func() {
			_, err := l.server.Dial(context.Background(), "tcp", "agent:9")
			got <- word(err)
		}()
		go func() {
			_, err := l.server.Lookup(context.Background(), "agent")
			got <- word(err)
		}()
		l.write(l.c, "hello")
		time.Sleep(time.Hour)
		synctest.Wait()
		l.Expect(got).To(BeEmpty())
		unacked, _ := l.c.Unacked()
		l.Expect(unacked).To(BeZero(), "the kernel has it")

		l.server.Pause(false)
		synctest.Wait()
		l.Expect([]string{<-got, <-got, <-got}).To(ConsistOf("hello ok", "ECONNREFUSED", "ok"))
	})
}

func TestAFrozenWriterSendsNothingMore(t *testing.T) {
	inLab(t, func(l *lab) {
		size := l.SendBuffer + l.ReceiveBuffer + 1
		ended := make(chan bool, 1)
		go func() {
			l.write(l.c, string(make([]byte, size)))
			ended <- true
		}()
		time.Sleep(time.Second)
		l.agent.Pause(true)
		drained := len(read(l.d, size))
		time.Sleep(time.Hour)
		l.Expect(ended).NotTo(Receive(), "there is room, and nobody who writes")
		l.agent.Pause(false)
		time.Sleep(time.Second)
		l.Expect(ended).To(Receive())
		l.Expect(drained).To(BeNumerically("<", size))
	})
}

func TestAFrozenProgramCanBeKilled(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.Pause(true)
		got := make(chan string, 1)
		go func() {
			_, err := l.d.Read(make([]byte, 5))
			got <- word(err)
		}()
		time.Sleep(time.Second)
		l.server.KillProcess()
		l.Expect(<-got).To(Equal("net.ErrClosed"))
	})
}
