package console

import (
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// A token is upper-case base32 (A-Z, 2-7, =) of the API's base URL, a newline
// and random bytes, so that an agent finds its service from the token alone.
// Its shape is that of tokens seen in the field: 64 to 192 of [0-9a-zA-Z=].

// tokenSecret is how many random bytes a token carries.
const tokenSecret = 32

// NewToken makes a token for the service at base from 32 random bytes.
func NewToken(base string, random [tokenSecret]byte) string {
	return base32.StdEncoding.EncodeToString(append([]byte(base+"\n"), random[:]...))
}

// ServiceOf returns the base URL of the service that the token was made for.
// An error never contains the token.
func ServiceOf(token string) (string, error) {
	if n := len(token); n < 64 || n > 192 {
		return "", fmt.Errorf("a token has 64 to 192 characters, this one has %d", n)
	}
	raw, err := base32.StdEncoding.DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") { // which the decoder passes over, and a header can't have
		return "", errors.New("a token has only the characters A-Z, 2-7 and =")
	}
	base, secret, found := strings.Cut(string(raw), "\n")
	if !found || len(secret) != tokenSecret {
		return "", errors.New("the token is not whole")
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", errors.New("the token names no service")
	}
	return base, nil
}

// WithoutToken takes out of what an answer says the token that was sent: the
// client's, or the one that a transport has put in its place. What quotes only
// a part of it, but for the padding, is not noticed, so cut the text afterwards.
func WithoutToken(text, token string, answer *http.Response) string {
	text = without(text, token)
	if answer.Request != nil {
		text = without(text, strings.TrimPrefix(answer.Request.Header.Get("Authorization"), "Token "))
	}
	return text
}

func without(text, token string) string {
	for _, form := range []string{token, strings.TrimRight(token, "=")} { // whose padding may be quoted in another way
		if form != "" {
			text = strings.ReplaceAll(text, form, "[token]")
		}
	}
	return text
}
