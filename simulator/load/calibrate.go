package load

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

func trusting(service *fakecas.Server) *tls.Config {
	return &tls.Config{RootCAs: service.CA(), MinVersion: tls.VersionTLS12}
}

// calibrate measures what the two sides can do without an agent, one after the
// other, half of the time each.
func (s Settings) calibrate(ctx context.Context) (*Speed, error) {
	generator, err := s.generatorSpeed(ctx)
	if err != nil {
		return nil, fmt.Errorf("the generator alone: %w", err)
	}
	receiver, err := s.receiverSpeed(ctx)
	if err != nil {
		return nil, fmt.Errorf("the receiver alone: %w", err)
	}
	return &Speed{generator, receiver}, nil
}

// generatorSpeed asks for the largest page again and again and does nothing
// with it.
func (s Settings) generatorSpeed(ctx context.Context) (float64, error) {
	const page = 5000
	service := &fakecas.Server{Seed: s.Seed, Settings: fakecas.Settings{RequestsPerMinute: -1, Withhold: -1}}
	if err := service.Start("127.0.0.1:0"); err != nil {
		return 0, err
	}
	defer service.Close()
	service.Tenant().AddRecords(fakecas.Activity, page, fakecas.Spread{Ago: time.Minute, Over: time.Hour})
	c := console.DefaultConfiguration()
	c.Name, c.Remote = "calibrate", console.Remote{Host: "127.0.0.1", Port: 514, Protocol: console.TCP}
	a, err := service.Tenant().AddAgent(c)
	if err != nil {
		return 0, err
	}
	client := plain(service)
	defer client.CloseIdleConnections()
	began, records := time.Now(), 0
	for time.Since(began) < s.Calibrate/2 {
		request, err := http.NewRequestWithContext(ctx, "POST", service.URL()+"/api/v1/activities/",
			strings.NewReader(fmt.Sprintf(`{"isScan":true,"limit":%d,"filters":{"created":{"gte":0}}}`, page)))
		if err != nil {
			return 0, err
		}
		request.Header.Set("Authorization", "Token "+a.Token)
		answer, err := client.Do(request)
		if err != nil {
			return 0, err
		}
		_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, answer.Body, make([]byte, 128<<10))
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			return 0, errors.Join(err, fmt.Errorf("the service answered %s", answer.Status))
		}
		records += page
	}
	return float64(records) / time.Since(began).Seconds(), nil
}

// receiverSpeed sends lines of the usual size as fast as the receiver takes
// them.
func (s Settings) receiverSpeed(ctx context.Context) (float64, error) {
	receiver, address, err := s.startReceiver(&tap{now: time.Now, window: func() Window { return BeforeFault }})
	if err != nil {
		return 0, err
	}
	defer receiver.Close()
	conn, err := s.dial(ctx, receiver, address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	batch, lines := s.lines(), 1
	if s.Transport != UDP {
		lines = 100
		batch = bytes.Repeat(batch, lines)
	}
	began, sent := time.Now(), 0
	for time.Since(began) < s.Calibrate/2 {
		if _, err := conn.Write(batch); err != nil {
			return 0, err
		}
		sent += lines
	}
	if s.Transport != UDP {
		if err := receiver.Await(ctx, fakesyslog.Parsed, sent); err != nil {
			return 0, err
		}
	}
	return float64(receiver.Count(fakesyslog.Parsed)) / time.Since(began).Seconds(), nil
}

func (s Settings) dial(ctx context.Context, receiver *fakesyslog.Server, address net.Addr) (net.Conn, error) {
	switch s.Transport {
	case TLS:
		return (&tls.Dialer{Config: &tls.Config{RootCAs: receiver.CA(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", address.String())
	default:
		return new(net.Dialer).DialContext(ctx, string(s.Transport), address.String())
	}
}

// lines is a frame that is as long as those of generated activities are.
func (s Settings) lines() []byte {
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
