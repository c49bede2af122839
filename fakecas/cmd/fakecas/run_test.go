package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		`-rate -1: expected`:                     {"-rate", "-1"},
		`-rate NaN: expected`:                    {"-rate", "NaN"},
		`-rate +Inf: expected`:                   {"-rate", "+Inf"},
		`-rate 1e-300: expected`:                 {"-rate", "1e-300"},
		`-speed 0: expected`:                     {"-speed", "0"},
		`-speed 1e+09: expected`:                 {"-speed", "1e9"},
		`-backlog 1000000000000: expected`:       {"-backlog", "1000000000000"},
		`-ca: expected none with -tls`:           {"-tls", pair(t), "-ca", "ca.pem"},
		`open nothing.json: no such file`:        {"-records", "nothing.json"},
		`bad.json: records: activity 1: _id`:     {"-records", written(t, "bad.json", `{"activities":[{}]}`)},
		`open /nowhere/ca.pem: no such file`:     {"-ca", "/nowhere/ca.pem"},
	} {
		var stderr bytes.Buffer
		g := NewWithT(t)
		call := append([]string{"-listen", "127.0.0.1:0", "-control", "127.0.0.1:0"}, args...)
		g.Expect(run(context.Background(), call, io.Discard, &stderr)).To(Equal(exitUsage), "%v", args)
		g.Expect(stderr.String()).To(HavePrefix("fakecas: "))
		g.Expect(stderr.String()).To(ContainSubstring(want))
		g.Expect(strings.Count(stderr.String(), "\n")).To(Equal(1))
	}
}

// written is the path of a file with that content.
func written(t *testing.T, name, content string) string {
	path := filepath.Join(t.TempDir(), name)
	NewWithT(t).Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	return path
}

// pair is a certificate and its key in PEM, as -tls takes them.
func pair(t *testing.T) string {
	g := NewWithT(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	g.Expect(err).NotTo(HaveOccurred())
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	g.Expect(err).NotTo(HaveOccurred())
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return written(t, "cert.pem", block("CERTIFICATE", certificate)) + "," + written(t, "key.pem", block("PRIVATE KEY", secret))
}

func TestAGivenCertificateHasNoAuthorityOfOurs(t *testing.T) {
	g := NewWithT(t)
	line, err := start(t, "-json", "-tls", pair(t)).ReadBytes('\n')
	g.Expect(err).NotTo(HaveOccurred())
	var said map[string]string
	g.Expect(json.Unmarshal(line, &said)).To(Succeed())
	g.Expect(said).To(HaveKey("token"))
	g.Expect(said).NotTo(HaveKey("ca"))
}

// An address that was printed is one that answers.
func TestAPortalOnEveryAddressIsNamedAsItAnswers(t *testing.T) {
	g := NewWithT(t)
	line, err := start(t, "-json", "-control", ":0").ReadBytes('\n')
	g.Expect(err).NotTo(HaveOccurred())
	var said struct{ Portal string }
	g.Expect(json.Unmarshal(line, &said)).To(Succeed())
	answer, err := http.Get(said.Portal)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(answer.Body.Close()).To(Succeed())
	g.Expect(answer.StatusCode).To(Equal(200), said.Portal)
}

func TestNamesOfTheMachineMayStandApart(t *testing.T) {
	g := NewWithT(t)
	line, err := start(t, "-json", "-hosts", "drill.test, other.test").ReadBytes('\n')
	g.Expect(err).NotTo(HaveOccurred())
	var said struct{ Control string }
	g.Expect(json.Unmarshal(line, &said)).To(Succeed())
	r, err := http.NewRequest("GET", said.Control+"/healthz", nil)
	g.Expect(err).NotTo(HaveOccurred())
	r.Host = "other.test"
	answer, err := http.DefaultClient.Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(answer.Body.Close()).To(Succeed())
	g.Expect(answer.StatusCode).To(Equal(200))
}

func TestFaultsArePrinted(t *testing.T) {
	var out bytes.Buffer
	g := NewWithT(t)
	g.Expect(run(context.Background(), []string{"-faults"}, &out, io.Discard)).To(Equal(exitOK))
	for _, name := range fakecas.FaultNames() {
		g.Expect(out.String()).To(MatchRegexp("(?m)^" + name + " +[a-z]"))
	}
}
