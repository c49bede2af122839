package syslog

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"testing"

	"siemdrill/agent/internal/dial"
)

// BenchmarkConfirmedDelivery is lines of 680 bytes to a bare receiver on the
// kernel's loopback, each thousand confirmed by closing.
func BenchmarkConfirmedDelivery(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	go func() {
		buffer := make([]byte, 256<<10)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			io.CopyBuffer(io.Discard, struct{ io.Reader }{conn}, buffer)
			conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	sink := &Sink{Transport: TCP, Host: "127.0.0.1", Clock: systemClock{}, Dialer: dial.Dialer{Clock: systemClock{}}}
	sink.Port, _ = strconv.Atoi(port)
	line := bytes.Repeat([]byte("x"), 680)
	b.ReportAllocs()
	sent := 0
	for b.Loop() {
		connection, err := sink.Dial(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for range 1000 {
			if err := connection.Send(line); err != nil {
				b.Fatal(err)
			}
		}
		if err := connection.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := connection.Confirm(b.Context()); err != nil {
			b.Fatal(err)
		}
		sent += 1000
	}
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "lines/s")
}
