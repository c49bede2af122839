package load

import (
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

// pages is a service that is asked for the largest page again and again, over
// one connection, as an agent asks it.
type pages struct {
	service *service
	client  *http.Client
	token   string
	scratch []byte
}

// pageSize is the largest page that the vendor documents.
const pageSize = 5000

// source is the generator's side of what is to be tested.
func (s Settings) source() (source, error) {
	s.Throttle = false
	if s.Agent.plain != nil {
		return s.fed()
	}
	return s.pages()
}

func (s Settings) pages() (source, error) {
	one, err := s.startService(0)
	if err != nil {
		return nil, err
	}
	one.Tenant().AddRecords(fakecas.Activity, pageSize, fakecas.Spread{Ago: time.Minute, Over: time.Hour})
	c := console.DefaultConfiguration()
	c.Name, c.Remote = "calibrate", console.Remote{Host: "127.0.0.1", Port: 514, Protocol: console.TCP}
	a, err := one.Tenant().AddAgent(c)
	if err != nil {
		return nil, errors.Join(err, one.Close())
	}
	return &pages{one, clientOf(one.Server), a.Token, make([]byte, 128<<10)}, nil
}

func (p *pages) pull(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.service.URL()+"/api/v1/activities/",
		strings.NewReader(fmt.Sprintf(`{"isScan":true,"limit":%d,"filters":{"created":{"gte":0}}}`, pageSize)))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Token "+p.token)
	answer, err := p.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the service answered %s", answer.Status)
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, answer.Body, p.scratch)
	return pageSize, err
}

func (p *pages) close() error {
	p.client.CloseIdleConnections()
	return p.service.Close()
}

// clientOf is an HTTP client without HTTP/2, as the agent's is.
func clientOf(service *fakecas.Server) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	trust := &tls.Config{RootCAs: service.CA(), MinVersion: tls.VersionTLS12}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: trust, Protocols: protocols}}
}

// dial connects to a receiver as an agent does.
func (s Settings) dial(ctx context.Context, receiver *fakesyslog.Server, address net.Addr) (net.Conn, error) {
	if s.Transport == TLS {
		trust := &tls.Config{RootCAs: receiver.CA(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
		return (&tls.Dialer{Config: trust}).DialContext(ctx, "tcp", address.String())
	}
	return new(net.Dialer).DialContext(ctx, string(s.Transport), address.String())
}
