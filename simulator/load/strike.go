package load

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// struck is a fault as it was injected in a run.
type struck struct {
	fault Fault
	mu    sync.Mutex
	at    []injected
	wrong []string // why it could not be injected
}

// injected is a fault in one of the fakes.
type injected struct {
	id  string
	saw *witness
}

// strike injects a fault at its time, in every lane.
func (r *run) strike(ctx context.Context, s *struck) {
	timer := time.NewTimer(time.Until(r.began.Add(s.fault.At)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-timer.C:
	}
	for n, l := range r.lanes {
		if s.fault.service != nil && n > 0 && r.Shared {
			return // the lanes' service has it
		}
		s.note(l.inject(s.fault, s.fault.end(r.For)-s.fault.At))
	}
}

// inject makes a fault take hold.
func (l *lane) inject(f Fault, remaining time.Duration) (in injected, err error) {
	if f.service != nil {
		fault := *f.service
		fault.For = remaining
		in.saw = &l.service.seen
		in.id, err = l.service.Inject(fault)
		return in, err
	}
	fault := *f.syslog
	fault.For = remaining
	in.saw = &l.seen
	in.id, err = l.receiver.Inject(fault)
	return in, err
}

func (s *struck) note(in injected, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.wrong = append(s.wrong, err.Error())
		return
	}
	s.at = append(s.at, in)
}

// band is the fault in a run whose load was to take so long.
func (s *struck) band(load time.Duration) Band {
	b := Band{Fault: s.fault.Text, From: s.fault.At.Seconds(), To: s.fault.end(load).Seconds()}
	for _, in := range s.at {
		hits, _ := in.saw.ofFault(in.id)
		b.Hits += hits
		if hits > 0 {
			b.Lanes++
		}
	}
	return b
}

// failures says what of the harness's own doing did not happen as it claims: a
// run whose fault met no traffic has measured no fault.
func (s *struck) failures() (all []string) {
	for _, why := range s.wrong {
		all = append(all, fmt.Sprintf("fault %q could not be injected: %s", s.fault.Text, why))
	}
	hit := false
	for _, in := range s.at {
		hits, late := in.saw.ofFault(in.id)
		hit = hit || hits > 0
		if late > 0 {
			all = append(all, fmt.Sprintf("fault %q was healed and still hit %d times", s.fault.Text, late))
		}
	}
	if !hit && len(s.wrong) == 0 {
		all = append(all, fmt.Sprintf("fault %q was injected and hit nothing: the run has not measured it", s.fault.Text))
	}
	return all
}
