package console

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
)

// bodyLimit bounds what is read of an answer.
const bodyLimit = 1 << 20

// Client is an agent's side of the protocol. Limits of time are its caller's:
// requests end with their context.
type Client struct {
	Base  string // the service, without a path
	Token string
	HTTP  *http.Client // nil means http.DefaultClient
}

// AnswerError is an answer that is not the one asked for.
type AnswerError struct {
	Status int
	Reason string // one line, never the token
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the service answered %d: %s", e.Status, e.Reason)
}

// Configuration fetches the agent's configuration, whose Version is the
// answer's ETag without its quotes, and whose Given is its Date. An answer other
// than a 200 with a valid configuration is an *AnswerError.
func (c *Client) Configuration(ctx context.Context) (Configuration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url(ConfigurationPath), nil)
	if err != nil {
		return Configuration{}, err
	}
	response, body, err := c.do(request)
	if err != nil {
		return Configuration{}, err
	}
	configuration := DefaultConfiguration()
	if err := json.Unmarshal(body, &configuration); err != nil {
		return Configuration{}, c.unreadable("configuration", response, err)
	}
	configuration.Version = strings.Trim(strings.TrimPrefix(response.Header.Get("ETag"), "W/"), `"`)
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		configuration.Given = date
	}
	if err := configuration.usable(); err != nil {
		return Configuration{}, c.unreadable("configuration", response, err)
	}
	return configuration, nil
}

// usable says what an agent still misses in c.
func (c Configuration) usable() error {
	switch {
	case c.Version == "":
		return errors.New("no ETag")
	case c.Agent == "":
		return errors.New("agent: expected the agent's id")
	case c.Remote.Host == "":
		return errors.New("remote.host: expected a name or an address")
	case c.Remote.Port == 0:
		return errors.New("remote.port: expected 1 to 65535")
	}
	return c.Validate()
}

// Contact reports to the portal. An answer other than a 200 that can be read is
// an *AnswerError.
func (c *Client) Contact(ctx context.Context, contact Contact) (ContactAnswer, error) {
	if contact.Notifications == nil {
		contact.Notifications = []Notification{} // an empty set, not an absent one
	}
	body, err := json.Marshal(contact)
	if err != nil {
		return ContactAnswer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(ContactPath), bytes.NewReader(body))
	if err != nil {
		return ContactAnswer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header["Idempotency-Key"] = nil // not sent; net/http may repeat it on a fresh connection
	response, body, err := c.do(request)
	if err != nil {
		return ContactAnswer{}, err
	}
	var answer ContactAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return ContactAnswer{}, c.unreadable("answer to a contact", response, err)
	}
	return answer, nil
}

func (c *Client) url(path string) string { return strings.TrimSuffix(c.Base, "/") + path }

// do returns the answer, whose body is read and closed, and that body.
func (c *Client) do(request *http.Request) (*http.Response, []byte, error) {
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	request.Header.Set("Authorization", "Token "+c.Token)
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyLimit))
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode != http.StatusOK {
		said := WithoutToken(string(body), c.Token, response)
		return nil, nil, &AnswerError{response.StatusCode, cmp.Or(beginning(said), http.StatusText(response.StatusCode))}
	}
	return response, body, nil
}

// beginning is what fits a log of a text from elsewhere: one line, not too long.
func beginning(text string) string {
	const most = 120
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c)
	}), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func (c *Client) unreadable(what string, answer *http.Response, err error) error {
	return &AnswerError{http.StatusOK, fmt.Sprintf("the %s can't be read: %s", what, WithoutToken(err.Error(), c.Token, answer))}
}
