package container

import (
	"context"
	"errors"

	"siemdrill/simulator"
)

// Series gives scripts their machines, one script after the other. Networks are
// made once for all of them: that takes as long as the machines do. Series and
// what it gives are for one goroutine.
type Series struct {
	images *Images
	kept   *Machines
}

// NewSeries makes machines of images.
func NewSeries(images *Images) *Series { return &Series{images: images} }

// Machines are those of the next script, which must have closed the ones before.
// Its errors are those of Images.Machines.
func (s *Series) Machines() (simulator.Machines, error) {
	if s.kept == nil {
		m, err := s.images.Machines()
		if err != nil {
			return nil, err
		}
		s.kept = m
	}
	return lent{s.kept, s}, nil
}

// Close removes whatever the series has left in the engine but the images.
func (s *Series) Close() error {
	if s.kept == nil {
		return nil
	}
	m := s.kept
	s.kept = nil
	return m.Close()
}

// lent are the machines of one script of a series.
type lent struct {
	*Machines
	of *Series
}

// Close removes the machines and what they kept, and leaves the networks; if
// that fails the next script gets others.
func (l lent) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanLimit)
	defer cancel()
	clear(l.states)
	err := sweepMachines(ctx, l.engine.client, func(labels map[string]string) bool { return labels[labelRun] == l.engine.run })
	if err != nil {
		err = errors.Join(err, l.of.Close())
	}
	return err
}
