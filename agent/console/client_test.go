package console_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// portal answers every request alike and keeps the last one.
type portal struct {
	status  int
	etag    string
	body    string
	request *http.Request
	sent    string
}

func (p *portal) RoundTrip(r *http.Request) (*http.Response, error) {
	p.request = r
	if r.Body != nil {
		sent, _ := io.ReadAll(r.Body)
		p.sent = string(sent)
	}
	w := httptest.NewRecorder()
	if p.etag != "" {
		w.Header().Set("ETag", p.etag)
	}
	w.WriteHeader(p.status)
	io.WriteString(w, p.body)
	return w.Result(), nil
}

func clientOf(p *portal) *console.Client {
	return &console.Client{Base: "https://contoso.example/", Token: "TOKEN", HTTP: &http.Client{Transport: p}}
}

const configured = `{"agent":"0123","tenant":"contoso","remote":{"host":"syslog.example","port":514},"later":"fields are ignored"}`

func TestConfiguration(t *testing.T) {
	g := NewWithT(t)
	p := &portal{status: 200, etag: `"v7"`, body: configured}
	c, err := clientOf(p).Configuration(context.Background())
	g.Expect(err).NotTo(HaveOccurred())
	wanted := console.DefaultConfiguration()
	wanted.Agent, wanted.Tenant, wanted.Version = "0123", "contoso", "v7"
	wanted.Remote.Host, wanted.Remote.Port = "syslog.example", 514
	g.Expect(c).To(Equal(wanted), "what is absent means the default")
	g.Expect(p.request.Method + " " + p.request.URL.String()).To(Equal("GET https://contoso.example/siemdrill/v1/configuration"))
	g.Expect(p.request.Header.Get("Authorization")).To(Equal("Token TOKEN"))
}

func TestTheVersionIsTheETagWithoutItsQuotes(t *testing.T) {
	for etag, version := range map[string]string{`"v7"`: "v7", `W/"v7"`: "v7", `v7`: "v7"} {
		g := NewWithT(t)
		c, err := clientOf(&portal{status: 200, etag: etag, body: configured}).Configuration(context.Background())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.Version).To(Equal(version))
	}
}

func TestAConfigurationThatIsNotUsable(t *testing.T) {
	for name, c := range map[string]struct {
		status             int
		etag, body, wanted string
	}{
		"refused":            {401, "", "no\nsuch  token", "the service answered 401: no such token"},
		"refused in silence": {410, "", "", "the service answered 410: Gone"},
		"a long text":        {500, "", strings.Repeat("é", 500), "the service answered 500: " + strings.Repeat("é", 60) + "…"},
		"not JSON":           {200, `"1"`, "<html>", "the service answered 200: the configuration can't be read: invalid character '<' looking for beginning of value"},
		"no version":         {200, "", configured, "the service answered 200: the configuration can't be read: no ETag"},
		"no agent":           {200, `"1"`, `{}`, "the service answered 200: the configuration can't be read: agent: expected the agent's id"},
		"no receiver":        {200, `"1"`, `{"agent":"0123"}`, "the service answered 200: the configuration can't be read: remote.host: expected a name or an address"},
		"no port":            {200, `"1"`, `{"agent":"0123","remote":{"host":"h"}}`, "the service answered 200: the configuration can't be read: remote.port: expected 1 to 65535"},
		"a bad value":        {200, `"1"`, `{"agent":"0123","remote":{"host":"h","port":1,"protocol":"SCTP"}}`, `the service answered 200: the configuration can't be read: remote.protocol: "SCTP": expected "TCP" or "UDP"`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := clientOf(&portal{status: c.status, etag: c.etag, body: c.body}).Configuration(context.Background())
			g.Expect(err).To(MatchError(c.wanted))
			g.Expect(err).To(BeAssignableToTypeOf(&console.AnswerError{}))
			g.Expect(err.(*console.AnswerError).Status).To(Equal(c.status))
		})
	}
}

func TestContact(t *testing.T) {
	g := NewWithT(t)
	p := &portal{status: 200, body: `{"now":"2026-11-24T08:00:00Z","configurationVersion":"v8"}`}
	since := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	answer, err := clientOf(p).Contact(context.Background(), console.Contact{
		Version: "1", ConfigurationVersion: "v7", Machine: "m",
		Notifications: []console.Notification{{ID: console.DataServerSendError, Since: since, Detail: "d"}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(answer).To(Equal(console.ContactAnswer{Now: since.Add(time.Hour), ConfigurationVersion: "v8"}))
	g.Expect(p.request.Method + " " + p.request.URL.String()).To(Equal("POST https://contoso.example/siemdrill/v1/contact"))
	g.Expect(p.sent).To(MatchJSON(`{"version":"1","configurationVersion":"v7","machine":"m","notifications":[{"id":"data-server-send-error","since":"2026-11-24T07:00:00Z","detail":"d"}]}`))
}

func TestAContactWithoutNotificationsSaysThatThereAreNone(t *testing.T) {
	g := NewWithT(t)
	p := &portal{status: 200, body: `{}`}
	_, err := clientOf(p).Contact(context.Background(), console.Contact{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.sent).To(ContainSubstring(`"notifications":[]`))
}

func TestAContactThatIsNotTaken(t *testing.T) {
	g := NewWithT(t)
	_, err := clientOf(&portal{status: 503}).Contact(context.Background(), console.Contact{})
	g.Expect(err).To(MatchError("the service answered 503: Service Unavailable"))
	_, err = clientOf(&portal{status: 200, body: "ok"}).Contact(context.Background(), console.Contact{})
	g.Expect(err).To(MatchError(ContainSubstring("the service answered 200: the answer to a contact can't be read")))
}

func FuzzConfiguration(f *testing.F) {
	f.Add(configured)
	f.Add(`{"recovery":{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		c, err := clientOf(&portal{status: 200, etag: "1", body: body}).Configuration(context.Background())
		if err == nil && (c.Agent == "" || c.Remote.Host == "" || c.Remote.Port < 1) {
			t.Fatalf("%+v is not usable", c)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\r") && json.Valid([]byte(body)) {
			t.Fatalf("%q: more than one line", err)
		}
	})
}
