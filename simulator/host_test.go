package simulator

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestAHostThatIsCalledWronglySaysWhy(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 2, "expected one of: names, nobody, proxy, receiver, service"},
		{[]string{"database"}, 2, "expected one of: names"},
		{[]string{"-colour"}, 2, "flag provided but not defined"},
		{[]string{"-control", "127.0.0.1:0", "-clock", "listen:192.0.2.1:7000", "nobody"}, 1, "expected listen: and a loopback or private address"},
		{[]string{"-control", "nowhere", "nobody"}, 1, "-control: "},
		{[]string{"checkpoint", "/nowhere", "gone"}, 1, "expected one checkpoint in it, there are 0"},
		{[]string{"checkpoint", "/nowhere", "lost"}, 1, `unknown damage "lost"`},
	} {
		g := NewWithT(t)
		var said bytes.Buffer
		g.Expect(RunHost(context.Background(), c.args, &said)).To(Equal(c.status), strings.Join(c.args, " "))
		g.Expect(said.String()).To(ContainSubstring(c.want))
	}
}

func TestAHostDamagesACheckpoint(t *testing.T) {
	g := NewWithT(t)
	directory := filepath.Join(t.TempDir(), "agent")
	file := filepath.Join(directory, "checkpoint.json")
	g.Expect(os.Mkdir(directory, 0o700)).To(Succeed())
	g.Expect(os.WriteFile(file, []byte("0123456789"), 0o600)).To(Succeed())
	damage := func(what string) int { return RunHost(t.Context(), []string{"checkpoint", directory, what}, os.Stderr) }
	g.Expect(damage("torn")).To(BeZero())
	g.Expect(os.ReadFile(file)).To(BeEquivalentTo("01234"))
	g.Expect(damage(directoryGone)).To(BeZero())
	g.Expect(directory).NotTo(BeADirectory())
	g.Expect(damage(directoryBack)).To(BeZero())
	g.Expect(file).To(BeARegularFile())
}

// A page in a browser must not control a host.
func TestAHostAnswersProgramsOnly(t *testing.T) {
	g := NewWithT(t)
	handler := guarded(&net.TCPAddr{Port: 7001}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	status := func(host, origin string) int {
		r := httptest.NewRequest("POST", "http://"+host+"/host/admin/remove", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	g.Expect(status("localhost:7001", "")).To(Equal(http.StatusTeapot))
	g.Expect(status("localhost:7001", "http://localhost:7001")).To(Equal(http.StatusForbidden))
	g.Expect(status("rebound.example:7001", "")).To(Equal(http.StatusForbidden))
}

func TestAHostIsReachedWhenItRefuses(t *testing.T) {
	g := NewWithT(t)
	ask := func(body string) int {
		w := httptest.NewRecorder()
		reach(w, httptest.NewRequest("POST", "/host/reach", strings.NewReader(body)))
		return w.Code
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	address := `"` + l.Addr().String() + `"`
	g.Expect(ask(address)).To(Equal(http.StatusOK), "somebody listens")
	l.Close()
	g.Expect(ask(address)).To(Equal(http.StatusOK), "nobody does")
	g.Expect(ask("no address")).To(Equal(http.StatusInternalServerError))
}
