package agent

import (
	"context"

	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/checkpoint"
)

// saver writes the checkpoint beside the loop, one at a time and the newest
// only: a disk that is slow delays no line.
type saver struct {
	agent  *Agent
	saving bool
	stale  bool // the checkpoint has moved since the save under way began
}

func (s *saver) save() {
	a := s.agent
	if s.saving {
		s.stale = true
		return
	}
	s.saving, s.stale = true, false
	c := checkpoint.Checkpoint{
		Activities: a.streams[cas.Activity].confirmed,
		Alerts:     a.streams[cas.Alert].confirmed,
	}
	a.beside(func(context.Context) func() {
		err := a.store.Save(c)
		return func() { s.saved(err) }
	})
}

func (s *saver) saved(err error) {
	a := s.agent
	s.saving = false
	a.step(Saved{err})
	if err == nil {
		a.endRecovery()
	}
	if s.stale {
		s.save()
		return
	}
	a.delivery.pump()
	a.delivery.finishIfIdle()
}
