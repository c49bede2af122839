package simulator

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// Both ends take faults in the same words.

const faultArgs = "FAULT [NAME=VALUE ...] [-where WHERE] [-first N] [-every N] [-after N] [-for DURATION] [-seed N] [-established]"

func casFaultNames() string    { return strings.Join(fakecas.FaultNames(), ", ") }
func syslogFaultNames() string { return strings.Join(fakesyslog.FaultNames(), ", ") }

// fault is a fault as a script describes it; it has the fields of both fakes'.
type fault struct {
	ID, Name, Target, Where string
	First, Every, After     int
	For                     time.Duration
	Seed                    uint64
	Args                    map[string]string
}

func parseFault(w *words) (fault, error) {
	f := fault{Args: map[string]string{}}
	var lasts durationFlag
	w.flags.StringVar(&f.Where, "where", "", "")
	w.flags.IntVar(&f.First, "first", 0, "")
	w.flags.IntVar(&f.Every, "every", 0, "")
	w.flags.IntVar(&f.After, "after", 0, "")
	w.flags.Var(&lasts, "for", "")
	w.flags.Uint64Var(&f.Seed, "seed", 0, "")
	established := w.flags.Bool("established", false, "")
	var err error
	if f.Name, err = w.next("a fault"); err != nil {
		return f, err
	}
	args, _ := w.rest()
	for _, arg := range args {
		name, value, found := strings.Cut(arg, "=")
		if !found {
			return f, fmt.Errorf("unexpected %q: expected NAME=VALUE", arg)
		}
		f.Args[name] = value
	}
	if *established {
		f.Args["established"] = "true"
	}
	f.For = time.Duration(lasts)
	return f, nil
}

func parseCASFault(w *words) (step, error) {
	f, err := parseFault(w)
	if err == nil {
		err = fakecas.Fault(f).Validate()
	}
	return step{uses: featureFault("cas", f.Name), do: func(l *Lab) error { return l.service.inject(f) }}, err
}

func parseSyslogFault(w *words) (step, error) {
	f, err := parseFault(w)
	if err == nil {
		err = fakesyslog.Fault(f).Validate()
	}
	return step{uses: featureFault("syslog", f.Name), do: func(l *Lab) error { return l.receiver.inject(f) }}, err
}

// faulty is an end that faults can be healed at.
type faulty interface {
	Heal(idOrName string) error
	HealAll()
}

// parseHeal reads the names of faults to heal at one end; none means all.
func parseHeal(end func(*Lab) faulty) func(*words) (step, error) {
	return func(w *words) (step, error) {
		names, err := w.rest()
		return step{do: func(l *Lab) error {
			if len(names) == 0 {
				end(l).HealAll()
			}
			for _, name := range names {
				if err := end(l).Heal(name); err != nil {
					return err
				}
			}
			return nil
		}}, err
	}
}
