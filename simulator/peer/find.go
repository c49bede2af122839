package peer

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Program is an installed forwarder with one of its configurations. Find makes
// one.
type Program struct {
	Name    string // rsyslog or syslog-ng
	Variant string // default, tuned or durable

	path string
	root string // the folder where an rsyslog was unpacked; empty: it is installed
}

// Names are the forwarders that Find knows.
func Names() []string { return []string{"rsyslog", "syslog-ng"} }

// Variants are the configurations that each of them has.
func Variants() []string { return []string{"default", "tuned", "durable"} }

// Missing is a forwarder that this machine doesn't have.
type Missing struct {
	Name   string
	Remedy string // what to install
}

func (e *Missing) Error() string { return fmt.Sprintf("%s is not installed: %s", e.Name, e.Remedy) }

// Named says whether a word names a forwarder, perhaps with a variant after a
// colon, as in rsyslog:durable; without one the variant is default.
func Named(word string) (name, variant string, ok bool) {
	name, variant, found := strings.Cut(word, ":")
	if !found {
		variant = "default"
	}
	return name, variant, slices.Contains(Names(), name)
}

// Find finds a forwarder on this machine: on $PATH, where only root's leads, or
// an rsyslog that was unpacked into the folder that SIEMDRILL_RSYSLOG names, as
// tools/peers does it. One that isn't installed is a *Missing.
func Find(name, variant string) (*Program, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("unknown forwarder %q: expected one of: %s", name, strings.Join(Names(), ", "))
	}
	if !slices.Contains(Variants(), variant) {
		return nil, fmt.Errorf("%s has no configuration %q: expected one of: %s", name, variant, strings.Join(Variants(), ", "))
	}
	p := &Program{Name: name, Variant: variant}
	if name == "syslog-ng" {
		p.path = lookFor("syslog-ng")
		if p.path == "" {
			return nil, &Missing{name, "expected it on $PATH (Debian: apt-get install syslog-ng-core, or tools/peers)"}
		}
		return p, nil
	}
	p.root = os.Getenv("SIEMDRILL_RSYSLOG")
	if p.root == "" {
		p.path = lookFor("rsyslogd")
	} else {
		p.path = lookFor(filepath.Join(p.root, "usr/sbin/rsyslogd"))
	}
	switch {
	case p.path != "":
		return p, nil
	case p.root != "":
		return nil, &Missing{name, fmt.Sprintf("SIEMDRILL_RSYSLOG is %s, where usr/sbin/rsyslogd is expected (tools/peers unpacks it)", p.root)}
	}
	return nil, &Missing{name, "expected rsyslogd on $PATH, or unpacked in the folder that SIEMDRILL_RSYSLOG names (tools/peers)"}
}

// lookFor finds a program, also where only root's path leads; "" if there is none.
func lookFor(name string) string {
	for _, path := range []string{name, filepath.Join("/usr/sbin", name), filepath.Join("/sbin", name)} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	return ""
}

func (p *Program) String() string { return p.Name + ":" + p.Variant }
