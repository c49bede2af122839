package network

import (
	"context"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// lab is an agent, a syslog server and a spare host, 2 ms apart, with one
// connection from the agent (c) to the server (d), in a bubble.
type lab struct {
	*WithT
	*Network
	agent, server, spare *Host
	ctx                  context.Context
	listener             net.Listener
	c, d                 *Conn
	events               []Event
}

func inLab(t *testing.T, play func(*lab)) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{WithT: NewWithT(t), Network: New(), ctx: t.Context()}
		l.Hook = func(e Event) { l.events = append(l.events, e) }
		l.SetDefaultPath(Path{Latency: 2 * time.Millisecond})
		l.agent = l.AddHost("agent", "10.0.0.1")
		l.server = l.AddHost("server", "10.0.0.2")
		l.spare = l.AddHost("spare", "10.0.0.3")
		l.SetName("siem", "10.0.0.2")
		for _, h := range l.hosts {
			t.Cleanup(h.KillProcess)
		}
		var err error
		l.listener, err = l.server.Listen(l.ctx, "tcp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		l.c, err = l.dial("siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		l.d = l.accept()
		play(l)
	})
}

func (l *lab) dial(address string) (*Conn, error) {
	c, err := l.agent.Dial(context.Background(), "tcp", address)
	if err != nil {
		return nil, err
	}
	return c.(*Conn), nil
}

func (l *lab) accept() *Conn {
	c, err := l.listener.Accept()
	l.Expect(err).NotTo(HaveOccurred())
	return c.(*Conn)
}

func (l *lab) write(c *Conn, s string) {
	_, err := c.Write([]byte(s))
	l.Expect(err).NotTo(HaveOccurred())
}

// fails is how long f takes to fail, and with what.
func fails(f func() error) (time.Duration, error) {
	start := time.Now()
	err := f()
	return time.Since(start).Round(10 * time.Millisecond), err
}

func readError(c *Conn) func() error {
	return func() error {
		_, err := c.Read(make([]byte, 99))
		return err
	}
}

// story is the events since the last call, in a line each.
func (l *lab) story() (lines []string) {
	synctest.Wait()
	for _, e := range l.events {
		line := e.Kind + " " + e.Agent
		if e.Connection != "" {
			line += " " + e.Connection
		}
		if e.Detail != "" {
			line += ": " + e.Detail
		}
		lines = append(lines, line)
	}
	l.events = nil
	return lines
}

// flow is how events name the connection c.
func (l *lab) flow() string { return fmt.Sprintf("%v>%v", l.c.LocalAddr(), l.c.RemoteAddr()) }
