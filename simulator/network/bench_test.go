package network

import (
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
)

// Benchmarks run outside a bubble, so latency takes real time. The window here
// is wide enough for it not to matter.
func BenchmarkStream(b *testing.B) {
	for _, size := range []int{64 << 10, 680} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			n := New()
			n.SendBuffer, n.ReceiveBuffer = 4<<20, 4<<20
			from, to := n.AddHost("from", "10.0.0.1"), n.AddHost("to", "10.0.0.2")
			l, _ := to.Listen(b.Context(), "tcp", ":514")
			c, err := from.Dial(b.Context(), "tcp", "to:514")
			if err != nil {
				b.Fatal(err)
			}
			d, _ := l.Accept()
			measure(b, c, d, size)
			l.Close()
		})
	}
}

// The kernel's, to compare.
func BenchmarkStreamOfTheKernel(b *testing.B) {
	for _, size := range []int{64 << 10, 680} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			d, _ := l.Accept()
			measure(b, c, d, size)
			l.Close()
		})
	}
}

// measure writes at one end and reads at the other.
func measure(b *testing.B, c, d net.Conn, size int) {
	var reader sync.WaitGroup
	reader.Go(func() {
		io.Copy(io.Discard, d)
		d.Close()
	})
	p := make([]byte, size)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(p); err != nil {
			b.Error(err)
			break
		}
	}
	c.Close()
	reader.Wait()
}

// Two round trips of 500 us are in it.
func BenchmarkHTTPSRequest(b *testing.B) {
	s := openSite(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.get(); err != nil {
			b.Fatal(err)
		}
	}
	s.close()
}

func BenchmarkDatagram(b *testing.B) {
	n := New()
	from, to := n.AddHost("from", "10.0.0.1"), n.AddHost("to", "10.0.0.2")
	p, _ := to.ListenPacket(b.Context(), "udp", ":514")
	c, _ := from.Dial(b.Context(), "udp", "to:514")
	const batch = 100 // share the latency
	out, in := make([]byte, 680), make([]byte, 2048)
	b.SetBytes(batch * int64(len(out)))
	b.ReportAllocs()
	for b.Loop() {
		for range batch {
			c.Write(out)
		}
		for range batch {
			p.ReadFrom(in)
		}
	}
	c.Close()
	p.Close()
}
