package load

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"siemdrill/fakesyslog"
)

// Speed is what the two sides can do without a forwarder under test, in records
// a second, on the same machine; 0: not tried.
type Speed struct {
	Generator float64 `json:"generator"` // alone
	Receiver  float64 `json:"receiver"`  // alone
	Together  float64 `json:"together"`  // at once, with what does nothing between them
}

// least is the lower of two, side by side: what a machine could do at both times.
func (s Speed) least(other Speed) Speed {
	return Speed{min(s.Generator, other.Generator), min(s.Receiver, other.Receiver), min(s.Together, other.Together)}
}

// slower names the side that does less alone.
func (s Speed) slower() (name string, rate float64) {
	if s.Generator <= s.Receiver {
		return "generator", s.Generator
	}
	return "receiver", s.Receiver
}

// source is the generator's side, as what forwards meets it.
type source interface {
	// pull gets some records and does nothing with them; it says how many.
	pull(ctx context.Context) (int, error)
	close() error
}

// bench is both sides, made ready to be tried.
type bench struct {
	source   source
	receiver *fakesyslog.Server
	conn     net.Conn
	frame    []byte // a line as one is sent
	datagram bool   // lines must be sent one at a time, and may be lost
}

// calibrate measures what the two sides can do: each alone, and both at once, a
// third of the time each.
func (s Settings) calibrate(ctx context.Context, limit time.Duration) (Speed, error) {
	var speed Speed
	for _, one := range []struct {
		name  string
		rate  *float64
		pulls bool
		sends bool
	}{{"the generator alone", &speed.Generator, true, false}, {"the receiver alone", &speed.Receiver, false, true}, {"both together", &speed.Together, true, true}} {
		var err error
		if *one.rate, err = s.try(ctx, limit/3, one.pulls, one.sends); err != nil {
			return Speed{}, fmt.Errorf("calibrating %s: %w", one.name, err)
		}
	}
	return speed, nil
}

// bench starts both sides.
func (s Settings) bench(ctx context.Context) (*bench, error) {
	source, err := s.source()
	if err != nil {
		return nil, err
	}
	b := &bench{source: source, frame: s.frame(), datagram: s.Transport == UDP}
	var address net.Addr
	b.receiver, address, err = s.startReceiver(&tap{now: time.Now, window: func() Window { return BeforeFault }}, new(witness))
	if err == nil {
		b.conn, err = s.dial(ctx, b.receiver, address)
	}
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) close() {
	if b.conn != nil {
		b.conn.Close()
	}
	b.receiver.Close()
	b.source.close()
}

// ahead is how many pulls may wait to be sent: what is pulled next comes while
// this is sent.
const ahead = 2

// atOnce is how many lines are sent at once where none is asked for by a pull.
const atOnce = 1000

// try has one side or both at work for a while, and returns records a second.
// With both each record that was pulled is a line that is sent.
func (s Settings) try(ctx context.Context, limit time.Duration, pulls, sends bool) (float64, error) {
	b, err := s.bench(ctx)
	if err != nil {
		return 0, err
	}
	defer b.close()
	began := time.Now()
	b.conn.SetWriteDeadline(began.Add(2 * limit)) // a receiver may stand still
	pulled, sent := make(chan int, ahead), make(chan int, 1)
	go func() {
		total := 0
		for n := range pulled {
			if sends {
				n = b.send(n)
			}
			total += n
		}
		sent <- total
	}()
	for first := true; err == nil && (first || time.Since(began) < limit); first = false {
		n := atOnce
		if pulls {
			n, err = b.source.pull(ctx)
		}
		pulled <- n
	}
	close(pulled)
	// What is under way may still come, but no receiver is waited for longer.
	over := time.Now().Add(limit)
	b.conn.SetWriteDeadline(over)
	records := <-sent
	if sends && err == nil {
		wait, cancel := context.WithDeadline(ctx, over)
		defer cancel()
		_ = b.receiver.Await(wait, fakesyslog.Parsed, records) // datagrams may be lost, and it may be slow: what came counts
		records = b.receiver.Count(fakesyslog.Parsed)
	}
	return float64(records) / time.Since(began).Seconds(), err
}

// send sends so many lines, and says how many it could.
func (b *bench) send(n int) (sent int) {
	step := 1
	if !b.datagram {
		step = min(n, 100)
	}
	text := bytes.Repeat(b.frame, step)
	for sent < n {
		step = min(step, n-sent)
		if _, err := b.conn.Write(text[:step*len(b.frame)]); err != nil {
			break
		}
		sent += step
	}
	return sent
}

// frame is a line that is as long as those of generated activities are, as it is
// sent.
func (s Settings) frame() []byte {
	line := `<109>2026-01-05T09:00:00.000Z CEF:0|MCAS|SIEM_Agent|0.1|EVENT_CATEGORY_LOGIN|Log on|0|` +
		`externalId=97134000_20893_00000000-0000-4000-a000-000000000001 rt=1767603600000 start=1767603600000 end=1767603600000 ` +
		`msg=Log on suser=a@contoso.com destinationServiceName=Box requestClientApplication=` + strings.Repeat("agent ", 60)
	line = strings.TrimSpace(line)
	switch {
	case s.Transport == UDP:
		return []byte(line)
	case s.octets():
		return fmt.Appendf(nil, "%d %s", len(line), line)
	}
	return append([]byte(line), '\n')
}
