package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
)

// start runs the command until the test ends and returns what it printed
// first.
func start(t *testing.T, args ...string) *bufio.Reader {
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	status := make(chan int)
	var stderr bytes.Buffer
	go func() {
		status <- run(ctx, append([]string{"-listen", "127.0.0.1:0", "-control", "127.0.0.1:0"}, args...), w, &stderr)
		w.Close()
	}()
	t.Cleanup(func() {
		cancel()
		NewWithT(t).Expect(<-status).To(Equal(exitOK), stderr.String())
	})
	return bufio.NewReader(r)
}

func TestJSONHasAllThatAScriptNeeds(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "records.json")
	g.Expect(os.WriteFile(file, []byte(`{"activities":[{"_id":"mine","timestamp":1}]}`), 0o600)).To(Succeed())
	line, err := start(t, "-json", "-backlog", "20", "-records", file, "-recent").ReadBytes('\n')
	g.Expect(err).NotTo(HaveOccurred())
	var said struct{ API, Portal, Control, Token, CA string }
	g.Expect(json.Unmarshal(line, &said)).To(Succeed())
	ca, err := os.ReadFile(said.CA)
	g.Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	g.Expect(pool.AppendCertsFromPEM(ca)).To(BeTrue())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	get := func(address string) (int, string) {
		r, err := http.NewRequest("GET", address, nil)
		g.Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Authorization", "Token "+said.Token)
		answer, err := client.Do(r)
		g.Expect(err).NotTo(HaveOccurred())
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		g.Expect(err).NotTo(HaveOccurred())
		return answer.StatusCode, string(body)
	}
	status, body := get(said.API + "/api/v1/activities/")
	g.Expect(status).To(Equal(200))
	g.Expect(body).To(ContainSubstring(`"total":21`))
	g.Expect(body).To(ContainSubstring(`"_id":"mine"`))
	_, body = get(said.API + "/api/v1/activities/?filters=" + url.QueryEscape(`{"date":{"gte_ndays":1}}`))
	g.Expect(body).To(ContainSubstring(`"total":21`), "the backlog is of the past day")
	status, _ = get(said.Control + "/v1/openapi.json")
	g.Expect(status).To(Equal(200))
	status, _ = get(said.Portal)
	g.Expect(status).To(Equal(200))
}

func TestTheCurlLineWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl here")
	}
	g := NewWithT(t)
	out := start(t, "-throttle", "off")
	for {
		line, err := out.ReadString('\n')
		g.Expect(err).NotTo(HaveOccurred())
		if command, found := strings.CutPrefix(line, "try      "); found {
			got, err := exec.Command("sh", "-c", strings.Replace(command, "curl", "curl -sS", 1)).CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%s", got)
			g.Expect(string(got)).To(ContainSubstring(`"total":100`))
			return
		}
	}
}

func TestAWrongCommandLineGetsOneLine(t *testing.T) {
	for want, args := range map[string][]string{
		`argument "serve": expected flags only`:  {"serve"},
		`-throttle "often": expected documented`: {"-throttle", "often"},
		`-syslog "x": expected host:port`:        {"-syslog", "x"},
		`-tls "x": expected own`:                 {"-tls", "x"},
		`-tls: open nothing.pem`:                 {"-tls", "nothing.pem,nothing.key"},
		`-rate, -backlog and -speed`:             {"-speed", "0"},
	} {
		var stderr bytes.Buffer
		g := NewWithT(t)
		g.Expect(run(context.Background(), args, io.Discard, &stderr)).To(Equal(exitUsage))
		g.Expect(stderr.String()).To(HavePrefix("fakecas: " + want))
		g.Expect(strings.Count(stderr.String(), "\n")).To(Equal(1))
	}
	var stderr bytes.Buffer
	g := NewWithT(t)
	g.Expect(run(context.Background(), []string{"-listen", "127.0.0.1:0", "-control", "127.0.0.1:0", "-records", "nothing.json"}, io.Discard, &stderr)).To(Equal(exitError))
	g.Expect(stderr.String()).To(Equal("fakecas: open nothing.json: no such file or directory\n"))
}

func TestFaultsArePrinted(t *testing.T) {
	var out bytes.Buffer
	g := NewWithT(t)
	g.Expect(run(context.Background(), []string{"-faults"}, &out, io.Discard)).To(Equal(exitOK))
	for _, name := range fakecas.FaultNames() {
		g.Expect(out.String()).To(MatchRegexp("(?m)^" + name + " +[a-z]"))
	}
}
