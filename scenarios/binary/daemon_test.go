//go:build linux

package binary_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// missing skips a test for want of something, unless SIEMDRILL_REQUIRE contains
// "peers".
func missing(t *testing.T, what string) {
	t.Helper()
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
		t.Fatalf("%s is missing, and SIEMDRILL_REQUIRE has peers", what)
	}
	t.Skipf("%s is missing", what)
}

// program finds a daemon, also where only root's path leads.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name, "/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	missing(t, name)
	return ""
}

// daemon is a receiver that somebody else wrote, in a process of its own. It
// writes what it takes to a file, each message as it came.
type daemon struct {
	t           *testing.T
	folder      string
	certificate *certificate // nil: plain TCP
	command     func(d *daemon) *exec.Cmd
	host        string
	port        string
	running     *exec.Cmd
}

// newDaemon starts it on a free port of 127.0.0.1.
func newDaemon(t *testing.T, overTLS bool, command func(d *daemon) *exec.Cmd) *daemon {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	d := &daemon{t: t, folder: t.TempDir(), command: command, host: "127.0.0.1", port: port}
	if overTLS {
		d.certificate = newCertificate(t)
	}
	d.start()
	t.Cleanup(d.kill)
	return d
}

// start returns once it listens.
func (d *daemon) start() {
	d.t.Helper()
	d.running = d.command(d)
	var said bytes.Buffer
	d.running.Stdout, d.running.Stderr = &said, &said
	if err := d.running.Start(); err != nil {
		d.t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(20 * time.Millisecond) { // it has no way to tell
		if conn, err := net.Dial("tcp", net.JoinHostPort(d.host, d.port)); err == nil {
			conn.Close()
			return
		}
	}
	d.t.Fatalf("the daemon does not listen: %s", said.String())
}

func (d *daemon) kill() {
	d.running.Process.Kill()
	d.running.Wait()
}

func (d *daemon) stop() {
	d.running.Process.Signal(syscall.SIGTERM)
	d.running.Wait()
}

// fault is one of those of TestPeers, and returns when it is over.
func (d *daemon) fault(fault string, h *hosts) {
	switch fault {
	case "A":
		d.kill()
		time.Sleep(2 * time.Second)
	case "B":
		d.stop()
	case "C":
		d.running.Process.Signal(syscall.SIGSTOP)
		time.Sleep(5 * time.Second)
		d.kill()
	case "D":
		d.kill()
		time.Sleep(3 * time.Second)
	case "E":
		d.stop()
		d.host = "127.0.0.2"
		h.move(d.t, d.host)
	}
	d.start()
}

func (d *daemon) address() string { return net.JoinHostPort(d.host, d.port) }

func (d *daemon) authority() string { return d.certificate.file }

// configured writes the daemon's configuration, whose name it returns.
func (d *daemon) configured(text string) (name string) {
	name = filepath.Join(d.folder, "configuration")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return name
}

// came is how often each record is in its file.
func (d *daemon) came() map[string]int {
	times := map[string]int{}
	file, err := os.Open(filepath.Join(d.folder, "out"))
	if err != nil {
		return times
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if _, rest, found := strings.Cut(lines.Text(), "externalId="); found {
			id, _, _ := strings.Cut(rest, " ")
			times[id]++
		}
	}
	return times
}

// tookAlong is not to be had from a daemon.
func (d *daemon) tookAlong() map[string]bool { return nil }

// rsyslog writes a message to the file before it reads the next: without the
// queue in between, what it has read it has kept. SIEMDRILL_RSYSLOG names a
// folder where its packages were unpacked: they can't be installed beside those
// of syslog-ng.
func rsyslog(t *testing.T) func(d *daemon) *exec.Cmd {
	root := os.Getenv("SIEMDRILL_RSYSLOG")
	library := filepath.Join(root, "usr/lib/x86_64-linux-gnu")
	var path string
	if root == "" {
		path = program(t, "rsyslogd")
	} else {
		path = program(t, filepath.Join(root, "usr/sbin/rsyslogd"))
	}
	return func(d *daemon) *exec.Cmd {
		drivers, driver := "", ""
		if c := d.certificate; c != nil {
			drivers = fmt.Sprintf("defaultNetstreamDriver=\"ossl\" defaultNetstreamDriverCAFile=%[1]q defaultNetstreamDriverCertFile=%[1]q defaultNetstreamDriverKeyFile=%[2]q", c.file, c.key)
			driver = `streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon"`
		}
		file := d.configured(fmt.Sprintf(`global(workDirectory=%[1]q %[4]s)
main_queue(queue.type="Direct")
module(load="imtcp" %[5]s)
template(name="raw" type="string" string="%%rawmsg%%\n")
input(type="imtcp" address=%[2]q port=%[3]q)
action(type="omfile" file="%[1]s/out" template="raw")
`, d.folder, d.host, d.port, drivers, driver))
		run := exec.Command(path, "-n", "-i", filepath.Join(d.folder, "pid"), "-f", file)
		if root != "" {
			run.Args = append(run.Args, "-M", filepath.Join(library, "rsyslog"))
			run.Env = append(os.Environ(), "LD_LIBRARY_PATH="+library)
		}
		return run
	}
}

func syslogNG(t *testing.T) func(d *daemon) *exec.Cmd {
	path := program(t, "syslog-ng")
	return func(d *daemon) *exec.Cmd {
		source, secured := `network(transport("tcp")`, ""
		if c := d.certificate; c != nil { // syslog() counts octets, network() never does
			source, secured = `syslog(transport("tls")`, fmt.Sprintf(`tls(key-file(%q) cert-file(%q) peer-verify(optional-untrusted))`, c.key, c.file)
		}
		file := d.configured(fmt.Sprintf(`@version: 3.35
options { flush-lines(1); stats-freq(0); };
source s { %[4]s ip(%[2]q) port(%[3]s) %[5]s flags(no-parse)); };
destination d { file("%[1]s/out" template("$MSG\n")); };
log { source(s); destination(d); flags(flow-control); };
`, d.folder, d.host, d.port, source, secured))
		in := func(name string) string { return filepath.Join(d.folder, name) }
		return exec.Command(path, "-F", "-f", file, "-R", in("persist"), "-c", in("control"), "-p", in("pid"))
	}
}
