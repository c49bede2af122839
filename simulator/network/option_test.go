package network

import (
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestALargerReceiveBufferOpensTheWindow(t *testing.T) {
	inLab(t, func(l *lab) {
		l.d.SetReadBuffer(1000)
		l.c.Write(make([]byte, 3000))
		time.Sleep(time.Second)
		n, _ := l.c.Unacked()
		l.Expect(n).To(Equal(2000))
		l.d.SetReadBuffer(2500)
		time.Sleep(time.Second)
		n, _ = l.c.Unacked()
		l.Expect(n).To(Equal(500))
	})
}

func TestALargerSendBufferFreesABlockedWrite(t *testing.T) {
	inLab(t, func(l *lab) {
		l.d.SetReadBuffer(1000)
		l.c.SetWriteBuffer(500)
		var writer sync.WaitGroup
		writer.Go(func() {
			n, err := l.c.Write(make([]byte, 3000))
			l.Expect(err).NotTo(HaveOccurred())
			l.Expect(n).To(Equal(3000))
		})
		time.Sleep(time.Second)
		l.c.SetWriteBuffer(2000) // 1000 are in the peer's kernel
		writer.Wait()
	})
}

func TestNegativeKeepAliveValuesLeaveWhatWas(t *testing.T) {
	g := NewWithT(t)
	var w watch
	w.configure(keepAlive(true, 0, 0, 0))
	g.Expect(w.patience(silentPeer)).To(Equal(150 * time.Second))
	w.configure(keepAlive(true, time.Second, -1, -1))
	g.Expect(w.patience(silentPeer)).To(Equal(136 * time.Second))
	w.configure(keepAlive(false, -1, -1, -1))
	g.Expect(w.patience(silentPeer)).To(BeZero())
}
