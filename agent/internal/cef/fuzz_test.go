package cef

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"siemdrill/agent/internal/cas"
)

// readLine is a small reader of its own: it knows CEF, and nothing of how
// lines are written here.
func readLine(line string) (header []string, extension map[string]string, err error) {
	_, rest, found := strings.Cut(line, "CEF:")
	if !found {
		return nil, nil, fmt.Errorf("no CEF in %q", line)
	}
	for len(header) < 7 {
		end := unescaped(rest, '|')
		if end < 0 {
			return nil, nil, fmt.Errorf("%d header values in %q", len(header), line)
		}
		header = append(header, strings.NewReplacer(`\\`, `\`, `\|`, `|`).Replace(rest[:end]))
		rest = rest[end+1:]
	}
	extension = map[string]string{}
	key := ""
	for {
		end := unescaped(rest, '=')
		value := rest
		next := ""
		if end >= 0 {
			space := strings.LastIndexByte(rest[:end], ' ')
			value, next = rest[:max(space, 0)], rest[space+1:end]
			if !regexp.MustCompile(`^\w+$`).MatchString(next) {
				return nil, nil, fmt.Errorf("key %q in %q", next, line)
			}
		}
		if key != "" {
			extension[key] = strings.NewReplacer(`\\`, `\`, `\=`, `=`, `\n`, "\n", `\r`, "\r").Replace(value)
		}
		if end < 0 {
			return header, extension, nil
		}
		key, rest = next, rest[end+1:]
	}
}

// unescaped returns where c first stands without a backslash before it.
func unescaped(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case c:
			return i
		}
	}
	return -1
}

// clean is what a value is documented to become.
func clean(s string, keep string) string {
	return strings.Map(func(c rune) rune {
		if !strings.ContainsRune(keep, c) && (unicode.IsControl(c) || c == '\u2028' || c == '\u2029') {
			return ' '
		}
		return c
	}, toValid(s))
}

// toValid makes each bad byte U+FFFD (strings.ToValidUTF8 does it for a run).
func toValid(s string) string { return string([]rune(s)) }

func FuzzAppendLine(f *testing.F) {
	f.Add(true, "id", "EVENT_CATEGORY_LOGIN", "Log on", "msg a=b|c\\d\n", "zoë", "App", "192.0.2.1", "agent", "target")
	f.Add(false, "", "", "", "", "", "", "", "", "")
	f.Add(false, "x\r\n", "|", "\\", "\\=", "a key=b", " ", "\xff", "\u2028", ",")
	f.Fuzz(func(t *testing.T, alert bool, id, class, name, description, user, service, address, agent, target string) {
		r := cas.Record{
			Type: cas.Activity, ID: id, Timestamp: 1, Class: class, Name: name, Description: description, User: user,
			Service: service, IPv4: address, UserAgent: agent, Targets: []string{target, target}, Policies: []string{target},
		}
		want := map[string]string{
			"externalId": id, "msg": description, "suser": user, "destinationServiceName": service,
			"dvc": address, "requestClientApplication": agent, "cs3": target + "," + target, "cs4": target,
			"cs1": "https://p/#/audits?activity.id=eq(" + id + ",)", "cs3Label": "targetObjects",
		}
		if alert {
			r.Type, r.Audits, r.Risk = cas.Alert, r.Targets, agent
			want = map[string]string{
				"externalId": id, "msg": description, "suser": user, "destinationServiceName": service,
				"cs1": "https://p/#/alerts/" + id, "cs3": target + "," + target, "cn1": agent, "cs4": target,
			}
		}
		line := lineOf(Layout{Portal: "https://p/#"}, r)
		if !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) {
			t.Fatalf("not fit for a frame: %q", line)
		}
		header, extension, err := readLine(line)
		if err != nil {
			t.Fatal(err)
		}
		if header[4] != clean(class, "") || header[5] != clean(name, "") {
			t.Fatalf("header %q of class %q, name %q", header, class, name)
		}
		for key, value := range want {
			if got := extension[key]; got != clean(value, "\n\r") {
				t.Fatalf("%s is %q, want %q, in %q", key, got, clean(value, "\n\r"), line)
			}
		}
	})
}
