package container

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/moby/moby/client"

	"siemdrill/simulator"
)

// Machines are the containers of one run.
type Machines struct {
	engine  *engine
	subnets subnets
	images  *Images
	states  map[string]bool
	dismiss func() // the watchdog
}

// Every question to the engine may take this long.
const (
	answerLimit = time.Minute
	cleanLimit  = 5 * time.Minute // everything of a run at once
	buildLimit  = 5 * time.Minute
)

// Machines makes machines in the engine that is found as the docker command
// finds it, and first removes what runs that ended long ago have left there. An error
// is simulator.ErrNoMachines if none answers, and another one if the environment's
// SIEMDRILL_REQUIRE asks for docker.
func (i *Images) Machines() (*Machines, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	e, err := connect(ctx)
	if err != nil {
		return nil, unlessRequired(err)
	}
	number, err := hex.DecodeString(e.run)
	if err != nil {
		return nil, err
	}
	m := &Machines{engine: e, images: i, states: map[string]bool{}, subnets: newSubnets(binary.BigEndian.Uint16(number))}
	if m.dismiss, err = e.guard(); err != nil {
		return nil, err
	}
	if err := errors.Join(sweepExpired(ctx, e.client), m.network(ctx, simulator.ManagementNetwork)); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func unlessRequired(err error) error {
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "docker") {
		return fmt.Errorf("SIEMDRILL_REQUIRE asks for docker: %v", err)
	}
	return err
}

// Address is the one that a place has, once something was attached to its
// network.
func (m *Machines) Address(p simulator.Place) netip.Addr { return m.subnets.address(p) }

// state makes the volume, unless it is there.
func (m *Machines) state(ctx context.Context, name string) error {
	if name == "" || m.states[name] {
		return nil
	}
	m.states[name] = true
	_, err := m.engine.client.VolumeCreate(ctx, client.VolumeCreateOptions{Name: m.engine.name(name), Labels: m.engine.labels()})
	if err != nil {
		return fmt.Errorf("volume %s: %w", name, err)
	}
	return nil
}

// Close removes whatever the run has in the engine but the images, which the
// next one may want.
func (m *Machines) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanLimit)
	defer cancel()
	err := sweepRun(ctx, m.engine.client, m.engine.run)
	if err == nil {
		m.dismiss()
	}
	return errors.Join(err, m.engine.client.Close())
}
