package peer

import (
	"bytes"
	"embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

// Route is what a forwarder is to forward from where to where.
type Route struct {
	Listen    string // HOST:PORT of its TCP input, of a loopback address
	Receiver  string // HOST:PORT; the host may be a name
	Transport string // to the receiver: tcp, udp or tls; empty: tcp
	CAFile    string // under tls: PEM, whom to trust
	Folder    string // for its files; it must exist
}

//go:embed conf/*.conf
var configurations embed.FS

// Configuration is the text of the program's configuration for a route.
func (p *Program) Configuration(r Route) (string, error) {
	listenHost, listenPort, err := net.SplitHostPort(r.Listen)
	if err != nil {
		return "", fmt.Errorf("where %s listens: %w", p.Name, err)
	}
	host, port, err := net.SplitHostPort(r.Receiver)
	if err != nil {
		return "", fmt.Errorf("where %s sends to: %w", p.Name, err)
	}
	values := map[string]string{
		"ListenHost": listenHost, "ListenPort": listenPort, "Host": host, "Port": port,
		"Transport": r.Transport, "CAFile": r.CAFile, "Folder": r.Folder,
	}
	switch r.Transport {
	case "":
		values["Transport"] = "tcp"
	case "tcp", "udp", "tls":
	default:
		return "", fmt.Errorf("transport %q of %s: expected tcp, udp or tls", r.Transport, p.Name)
	}
	for name, value := range values {
		if strings.ContainsAny(value, "\"\\$`\n") { // the two programs quote differently
			return "", fmt.Errorf("%s %q of %s: expected no quotes, backslashes, dollars or line breaks", name, value, p.Name)
		}
	}
	text, err := template.ParseFS(configurations, "conf/"+p.Name+"-"+p.Variant+".conf")
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = text.Execute(&out, values)
	return out.String(), err
}

// Command writes the configuration for a route to its folder and returns the
// command that runs the program with it, in the foreground.
func (p *Program) Command(r Route) (*exec.Cmd, error) {
	text, err := p.Configuration(r)
	if err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(r.Folder, name) }
	file := in(p.Name + ".conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	if p.Name == "syslog-ng" {
		return exec.Command(p.path, "--foreground", "--stderr", "--no-caps", "--cfgfile", file, "--persist-file", in("syslog-ng.persist"),
			"--control", in("syslog-ng.control"), "--pidfile", in("syslog-ng.pid")), nil
	}
	run := exec.Command(p.path, "-n", "-i", in("rsyslog.pid"), "-f", file)
	if p.root != "" {
		modules, err := filepath.Glob(filepath.Join(p.root, "usr/lib/*/rsyslog"))
		if err != nil || len(modules) != 1 {
			return nil, fmt.Errorf("rsyslog's modules: expected them in %s/usr/lib/*/rsyslog", p.root)
		}
		run.Args = append(run.Args, "-M", modules[0])
		run.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Dir(modules[0]))
	}
	return run, nil
}
