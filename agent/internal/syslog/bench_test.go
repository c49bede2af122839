package syslog

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"siemdrill/agent/internal/dial"
)

// BenchmarkConfirmedDelivery is lines of 680 bytes to a bare receiver on the
// kernel's loopback, so many confirmed by closing each time, beside what the
// same receiver takes of one connection that is never closed. The bare sender
// is measured in the same run, since the machine's speed differs from one to
// the next: compare the ratios.
func BenchmarkConfirmedDelivery(b *testing.B) {
	bare := 0.0
	b.Run("bare", func(b *testing.B) { bare = bareSender(b) })
	for _, transport := range []Transport{TCP, TLS} {
		for _, k := range []int{1000, 8000, 64_000} {
			b.Run(fmt.Sprintf("%s/K=%d", transport, k), func(b *testing.B) {
				rate := confirmedLines(b, transport, k)
				if bare > 0 {
					b.ReportMetric(rate/bare, "of-bare")
				}
			})
		}
	}
}

var benchLine = bytes.Repeat([]byte("x"), 679)

func confirmedLines(b *testing.B, transport Transport, k int) float64 {
	sink := benchReceiver(b, transport)
	b.ReportAllocs()
	sent := 0
	for b.Loop() {
		connection, err := sink.Dial(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for range k {
			if err := connection.Send(benchLine); err != nil {
				b.Fatal(err)
			}
		}
		if err := connection.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := connection.Confirm(b.Context()); err != nil {
			b.Fatal(err)
		}
		sent += k
	}
	rate := float64(sent) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "lines/s")
	return rate
}

// bareSender writes 64 KiB at once and asks for nothing.
func bareSender(b *testing.B) float64 {
	sink := benchReceiver(b, TCP)
	conn, err := net.Dial("tcp", sink.Address())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	block := bytes.Repeat(append(benchLine, '\n'), bufferSize/(len(benchLine)+1))
	sent := 0
	for b.Loop() {
		for range 100 {
			if _, err := conn.Write(block); err != nil {
				b.Fatal(err)
			}
			sent += len(block) / (len(benchLine) + 1)
		}
	}
	rate := float64(sent) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "lines/s")
	return rate
}

// benchReceiver reads each connection to its end and closes.
func benchReceiver(b *testing.B, transport Transport) *Sink {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	sink := &Sink{Transport: transport, Host: "127.0.0.1", Clock: systemClock{}, Dialer: dial.Dialer{Clock: systemClock{}}}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	sink.Port, _ = strconv.Atoi(port)
	session := func(conn net.Conn) net.Conn { return conn }
	if transport == TLS {
		certificate, roots := newCertificate(b)
		config := &tls.Config{Certificates: []tls.Certificate{certificate}}
		session = func(conn net.Conn) net.Conn { return tls.Server(conn, config) }
		sink.TLS = &tls.Config{RootCAs: roots, ServerName: "syslog.example", ClientSessionCache: tls.NewLRUClientSessionCache(0), Time: time.Now}
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				conn := session(conn)
				defer conn.Close()
				io.CopyBuffer(io.Discard, struct{ io.Reader }{conn}, make([]byte, 256<<10))
			}()
		}
	}()
	return sink
}
