package fakesyslog

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

const benchLineSize = 680

// sample is a block of lines of 680 bytes, trailer included, whose sequence
// numbers can be written in place.
type sample struct {
	block []byte
	at    []int // where the last 12 digits of each id are
	next  uint64
}

func newSample(lines int) *sample {
	s := &sample{}
	for n := range lines {
		text := "<14>" + strings.TrimSuffix(line(n), "\n")
		text = strings.Replace(text, "msg=Log on", "msg=Log on"+strings.Repeat(" and on", 100), 1)
		tail := ` cs1Label=portalURL cs1=https://contoso.portal.cloudappsecurity.com/#/audits?activity.id\=eq(1,)` +
			` cs2Label=uniqueServiceAppIds cs2=APPID_BOX cs3Label=targetObjects cs3=a,b cs4Label=policyIDs cs4=`
		cut := len(text) + len(tail) + 1 - benchLineSize
		text = strings.Replace(text, strings.Repeat(" and on", 100), strings.Repeat(" and on", 100)[:700-cut], 1) + tail + "\n"
		s.at = append(s.at, len(s.block)+strings.Index(text, "-a9b5-")+6)
		s.block = append(s.block, text...)
	}
	return s
}

// numbered gives the block with the next numbers.
func (s *sample) numbered() []byte {
	for _, at := range s.at {
		n := s.next
		for i := 11; i >= 0; i-- {
			s.block[at+i] = "0123456789abcdef"[n&15]
			n >>= 4
		}
		s.next++
	}
	return s.block
}

func TestTheBenchmarksLinesAreAsDocumented(t *testing.T) {
	s := newSample(10)
	for _, l := range bytes.Split(bytes.TrimSuffix(s.numbered(), []byte("\n")), []byte("\n")) {
		if len(l) != benchLineSize-1 || len(ParseLine(l).Deviations) > 0 {
			t.Fatalf("%d bytes: %v", len(l), ParseLine(l).Deviations)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	raw := bytes.TrimSuffix(newSample(1).numbered(), []byte("\n"))
	var l Line
	b.SetBytes(benchLineSize)
	b.ReportAllocs()
	for b.Loop() {
		l.Parse(raw)
	}
}

// send writes n lines to address and waits until the receiver has closed.
func send(b *testing.B, address string, n int) {
	s := newSample(96) // blocks of 64 KiB
	c, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for sent := 0; sent < n; {
		block := s.numbered()
		if left := (n - sent) * benchLineSize; left < len(block) {
			block = block[:left]
		}
		if _, err := c.Write(block); err != nil {
			b.Fatal(err)
		}
		sent += len(block) / benchLineSize
	}
	c.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, c)
}

// bareSink reads and forgets.
func bareSink(b *testing.B) (address string, stop func()) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, largeBuffer)
			for err == nil {
				_, err = c.Read(buf)
			}
			c.Close()
		}
	}()
	return ln.Addr().String(), func() { ln.Close() }
}

// BenchmarkReceive sends the same lines to the server and to a bare sink, in
// turn, and reports the ratio.
func BenchmarkReceive(b *testing.B) {
	s := &Server{}
	addr, err := s.Start("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	sink, stop := bareSink(b)
	defer stop()
	const pieces = 500_000
	var ours, bare time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += pieces {
		n := min(pieces, b.N-done)
		began := time.Now()
		send(b, addr.String(), n)
		ours += time.Since(began)
		began = time.Now()
		send(b, sink, n)
		bare += time.Since(began)
	}
	b.StopTimer()
	if got := s.Count(Parsed); got != b.N {
		b.Fatalf("%d of %d lines were parsed; the last line: %s", got, b.N, fmt.Sprint(s.Arrivals()[len(s.Arrivals())-1]))
	}
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(b.N)/ours.Seconds(), "lines/s")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "bare-lines/s")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "times-a-bare-sink")
	b.ReportMetric(float64(mem.HeapAlloc)/(1<<20), "heap-MiB")
}

// memory is a connection that gives lines from memory: what is left is the
// server's own work on one core.
type memory struct {
	net.Conn
	s    *sample
	left int
	rest []byte
}

func (m *memory) Read(p []byte) (int, error) {
	if len(m.rest) == 0 {
		if m.left <= 0 {
			return 0, io.EOF
		}
		m.rest = m.s.numbered()
		m.left -= len(m.s.at)
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func (*memory) RemoteAddr() net.Addr            { return pipeAddr("10.0.0.1:1") }
func (*memory) LocalAddr() net.Addr             { return pipeAddr("10.0.0.2:2") }
func (*memory) Close() error                    { return nil }
func (*memory) SetReadDeadline(time.Time) error { return nil }

// BenchmarkCore frames, parses and books on one core without a network.
func BenchmarkCore(b *testing.B) { benchmarkCore(b, &Server{}) }

// BenchmarkCoreWithHook tells an event for each line as well.
func BenchmarkCoreWithHook(b *testing.B) { benchmarkCore(b, &Server{Hook: func(Event) {}}) }

func benchmarkCore(b *testing.B, s *Server) {
	m := &memory{s: newSample(96), left: b.N}
	c := newConn(&listener{s: s, network: "tcp"}, m)
	s.conns = map[*conn]struct{}{c: {}}
	b.ReportAllocs()
	b.ResetTimer()
	for c.step() {
	}
	b.ReportMetric(float64(s.Count(Parsed))/b.Elapsed().Seconds(), "lines/s")
}
