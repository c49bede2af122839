package fakecas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// query is what a list or scan request asks for, whatever its body's shape.
type query struct {
	filters       json.RawMessage // nil: none
	skip, limit   int             // limit 0: the default
	sortField     string          // empty: the default
	sortDirection string          // empty: the default
	isScan        bool

	withhold time.Duration // the age below which a scan leaves a record out
	stalled  bool          // answered as if nothing matched
	hidden   []test        // records that fail one of these are left out
}

// parameters are a query's members as texts, or as JSON where it came as that.
type parameters map[string]json.RawMessage

// parseQuery reads a request's query: its query string and then its body,
// which may be JSON, a form, or nothing, with any method. The body wins.
func parseQuery(r *http.Request, body []byte) (query, error) {
	p, err := readParameters(r, body)
	if err != nil {
		return query{}, err
	}
	return p.query()
}

func readParameters(r *http.Request, body []byte) (parameters, error) {
	p := parameters{}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("query string: expected name=value pairs: %v", err)
	}
	p.addForm(values)
	return p, p.addBody(r.Header.Get("Content-Type"), body)
}

func (p parameters) addForm(values url.Values) {
	for name, v := range values {
		p[name], _ = json.Marshal(v[len(v)-1])
	}
}

func (p parameters) addBody(contentType string, body []byte) error {
	body = bytes.TrimSpace(body)
	media, attributes, _ := mime.ParseMediaType(contentType)
	switch {
	case len(body) == 0 || string(body) == "null":
		return nil
	case body[0] == '{':
		members := map[string]json.RawMessage{}
		if err := json.Unmarshal(body, &members); err != nil {
			return fmt.Errorf("body: expected a JSON object: %v", err)
		}
		for name, v := range members {
			p[name] = v
		}
		return nil
	case media == "application/json" || body[0] == '[' || body[0] == '"':
		return fmt.Errorf("body: expected a JSON object, found %.20q", body)
	case media == "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(body), attributes["boundary"]).ReadForm(1 << 20)
		if err != nil {
			return fmt.Errorf("body: expected form data: %v", err)
		}
		p.addForm(form.Value)
		return nil
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return fmt.Errorf("body: expected JSON or name=value pairs: %v", err)
	}
	p.addForm(values)
	return nil
}

// query reads the members that a query has; others are ignored, as clients of
// the real service send some that it doesn't document.
func (p parameters) query() (q query, err error) {
	if q.filters, err = p.object("filters"); err != nil {
		return q, err
	}
	if q.skip, err = p.number("skip"); err != nil {
		return q, err
	}
	if q.limit, err = p.number("limit"); err != nil {
		return q, err
	}
	if q.sortField, err = p.text("sortField"); err != nil {
		return q, err
	}
	if q.sortDirection, err = p.text("sortDirection", "asc", "desc"); err != nil {
		return q, err
	}
	q.isScan, err = p.flag("isScan")
	return q, err
}

// scalar returns a member without the quotes of a JSON string.
func (p parameters) scalar(name string) string {
	raw := strings.TrimSpace(string(p[name]))
	if raw == "null" {
		return ""
	}
	var s string
	if json.Unmarshal([]byte(raw), &s) == nil {
		return strings.TrimSpace(s)
	}
	return raw
}

func (p parameters) object(name string) (json.RawMessage, error) {
	s := p.scalar(name)
	if s == "" {
		return nil, nil
	}
	if s[0] != '{' || !json.Valid([]byte(s)) {
		return nil, fmt.Errorf("%s: expected a JSON object, found %.40q", name, s)
	}
	return json.RawMessage(s), nil
}

func (p parameters) number(name string) (int, error) {
	s := p.scalar(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 31) // the vendor's integers have 32 bits and a sign
	if err != nil {
		return 0, fmt.Errorf("%s: expected a whole number from 0 to %d, found %.40q", name, math.MaxInt32, s)
	}
	return int(n), nil
}

func (p parameters) text(name string, options ...string) (string, error) {
	s := p.scalar(name)
	for _, o := range options {
		if s == o {
			return s, nil
		}
	}
	if s == "" || len(options) == 0 {
		return s, nil
	}
	return "", fmt.Errorf("%s: expected %s, found %.40q", name, strings.Join(options, " or "), s)
}

func (p parameters) flag(name string) (bool, error) {
	switch s := strings.ToLower(p.scalar(name)); s {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	default:
		return false, fmt.Errorf("%s: expected true or false, found %.40q", name, s)
	}
}
