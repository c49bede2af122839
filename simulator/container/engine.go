package container

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"

	"siemdrill/simulator"
)

// The labels of everything that a run makes in the engine. Only what carries
// them is ever removed.
const (
	labelOwner   = "test.siemdrill.owner"   // "run", or "image" on images, which are kept
	labelRun     = "test.siemdrill.run"     // which run
	labelExpires = "test.siemdrill.expires" // Unix seconds after which any later run removes it
)

// lifetime is how long a run's containers live at most: a later run removes them
// then, should the watchdog have died with the machine.
const lifetime = 2 * time.Hour

// engine is a connection to the container engine, for one run.
type engine struct {
	client *client.Client
	run    string // random, in hexadecimal
	arch   string // of the engine, which need not be this machine's
}

// connect finds the engine as the docker command does (DOCKER_HOST, its
// context, the usual sockets).
func connect(ctx context.Context) (*engine, error) {
	replaceRyuk()
	log.SetDefault(silence{})
	if err := chosen(ctx); err != nil {
		return nil, fmt.Errorf("%w: %v", simulator.ErrNoMachines, err)
	}
	c, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", simulator.ErrNoMachines, err)
	}
	version, err := c.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return nil, fmt.Errorf("%w: %v", simulator.ErrNoMachines, err)
	}
	id := make([]byte, 6)
	rand.Read(id)
	return &engine{client: c.Client, run: hex.EncodeToString(id), arch: version.Arch}, nil
}

// chosen is an error if the user has chosen an engine that doesn't answer.
// Without it testcontainers would turn to another one in silence.
func chosen(ctx context.Context) error {
	if os.Getenv("DOCKER_HOST") == "" {
		return nil
	}
	c, err := client.New(client.FromEnv)
	if err != nil {
		return fmt.Errorf("DOCKER_HOST: %w", err)
	}
	defer c.Close()
	if _, err := c.ServerVersion(ctx, client.ServerVersionOptions{}); err != nil {
		return fmt.Errorf("DOCKER_HOST: %w", err)
	}
	return nil
}

// replaceRyuk switches off the reaper that testcontainers would pull from a
// registry, unless the user has decided: the watchdog does its work. It must
// come before the first call of testcontainers, which reads this once, and
// knows no other word than true.
func replaceRyuk() {
	const name = "TESTCONTAINERS_RYUK_DISABLED"
	if _, decided := os.LookupEnv(name); !decided {
		os.Setenv(name, "true")
	}
}

// silence is the log of testcontainers: errors come back as such.
type silence struct{}

func (silence) Printf(string, ...any) {}

// name is that of something of this run.
func (e *engine) name(of string) string { return "siemdrill-" + e.run + "-" + of }

func (e *engine) labels() map[string]string {
	return map[string]string{
		labelOwner:   "run",
		labelRun:     e.run,
		labelExpires: strconv.FormatInt(time.Now().Add(lifetime).Unix(), 10),
	}
}

// sweepRun removes what the run has in the engine.
func sweepRun(ctx context.Context, c client.APIClient, run string) error {
	return sweep(ctx, c, func(labels map[string]string) bool { return labels[labelRun] == run })
}

// sweepExpired removes what runs have left that ended long ago.
func sweepExpired(ctx context.Context, c client.APIClient) error {
	now := time.Now().Unix()
	return sweep(ctx, c, func(labels map[string]string) bool {
		at, err := strconv.ParseInt(labels[labelExpires], 10, 64)
		return err == nil && at < now
	})
}

// sweep removes the containers, volumes and networks that are ours and match.
func sweep(ctx context.Context, c client.APIClient, match func(map[string]string) bool) error {
	err := sweepMachines(ctx, c, match)
	networks, failed := c.NetworkList(ctx, client.NetworkListOptions{Filters: ours()})
	errs := []error{err, failed}
	for _, found := range networks.Items {
		if match(found.Labels) {
			_, err := c.NetworkRemove(ctx, found.ID, client.NetworkRemoveOptions{})
			errs = append(errs, unlessGone(err))
		}
	}
	return errors.Join(errs...)
}

// sweepMachines is sweep without the networks.
func sweepMachines(ctx context.Context, c client.APIClient, match func(map[string]string) bool) error {
	containers, err := c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ours()})
	errs := []error{err}
	for _, found := range containers.Items {
		if match(found.Labels) {
			_, err := c.ContainerRemove(ctx, found.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			errs = append(errs, unlessGone(err))
		}
	}
	volumes, err := c.VolumeList(ctx, client.VolumeListOptions{Filters: ours()})
	errs = append(errs, err)
	for _, found := range volumes.Items {
		if match(found.Labels) {
			_, err := c.VolumeRemove(ctx, found.Name, client.VolumeRemoveOptions{Force: true})
			errs = append(errs, unlessGone(err))
		}
	}
	return errors.Join(errs...)
}

// ours filters what carries our label.
func ours() client.Filters { return make(client.Filters).Add("label", labelOwner+"=run") }

func unlessGone(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
