package container

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/moby/moby/client"
	. "github.com/onsi/gomega"
)

// victim makes this test's program one that starts a watchdog and waits to be
// killed.
const victim = "SIEMDRILL_TEST_VICTIM"

func TestMain(m *testing.M) {
	Watch()
	if os.Getenv(victim) != "" {
		beVictim()
	}
	os.Exit(m.Run())
}

func beVictim() {
	c, err := client.New(client.FromEnv)
	if err == nil {
		_, err = (&engine{client: c, run: "mine"}).guard()
	}
	fmt.Println("guarded", err)
	select {}
}

// stub is an engine that has two containers and two networks and tells what is
// removed.
func stub(removed chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodDelete:
			removed <- filepath.Base(r.URL.Path)
			w.WriteHeader(http.StatusNoContent)
		case filepath.Base(r.URL.Path) == "json":
			fmt.Fprintf(w, `[{"Id":"a","Labels":{%q:"mine"}},{"Id":"b","Labels":{%q:"another"}}]`, labelRun, labelRun)
		case filepath.Base(r.URL.Path) == "networks":
			fmt.Fprintf(w, `[{"Id":"n","Labels":{%q:"mine"}},{"Id":"o","Labels":{%q:"another"}}]`, labelRun, labelRun)
		case filepath.Base(r.URL.Path) == "volumes":
			fmt.Fprint(w, `{}`)
		default:
			fmt.Fprint(w, `[]`)
		}
	})
}

// serveStub serves a stub and returns where, as DOCKER_HOST has it.
func serveStub(t *testing.T, removed chan<- string) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "engine")
	listener, err := new(net.ListenConfig).Listen(context.Background(), "unix", socket)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	server := &http.Server{Handler: stub(removed)}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "unix://" + socket
}

// A process that is killed (kill -9) leaves nothing in the engine, and what
// belongs to others stays.
func TestTheWatchdogSweepsAfterAKill(t *testing.T) {
	g := NewWithT(t)
	removed := make(chan string, 100)
	host := serveStub(t, removed)
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), victim+"=yes", "DOCKER_HOST="+host)
	out, err := process.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(process.Start()).To(Succeed())
	line, err := bufio.NewReader(out).ReadString('\n')
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(line).To(Equal("guarded <nil>\n"))
	g.Expect(removed).To(BeEmpty())

	g.Expect(process.Process.Kill()).To(Succeed())
	_ = process.Wait()
	for range 2 { // and again, for what the engine was still making
		g.Expect(<-removed).To(Equal("a"))
		g.Expect(<-removed).To(Equal("n"))
	}
}
