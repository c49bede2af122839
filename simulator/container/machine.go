package container

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"

	"siemdrill/simulator"
)

// machine is one container.
type machine struct {
	of        *Machines
	call      simulator.MachineCall
	container *testcontainers.DockerContainer
}

// Start makes a container and starts it. It is attached to all of its networks
// before its program begins.
func (m *Machines) Start(call simulator.MachineCall) (simulator.Machine, error) {
	tag, err := m.images.of(m.engine, call.Program)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	for _, p := range call.Places {
		if err := m.network(ctx, p.Network); err != nil {
			return nil, err
		}
	}
	if err := m.state(ctx, call.State); err != nil {
		return nil, err
	}
	c, err := testcontainers.Run(ctx, tag, m.options(call)...)
	if err != nil {
		return nil, fmt.Errorf("machine %s: %w", call.Name, err)
	}
	one := &machine{of: m, call: call, container: c}
	return one, one.verify(ctx)
}

func (m *Machines) options(call simulator.MachineCall) []testcontainers.ContainerCustomizer {
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithName(m.engine.name(call.Name)),
		testcontainers.WithCmd(call.Arguments...),
		testcontainers.WithLabels(m.engine.labels()),
		tcnetwork.WithNetworkName(nil, m.engine.name(management)),
		testcontainers.WithFiles(files(call.Files)...),
		testcontainers.WithHostConfigModifier(func(h *container.HostConfig) { m.configure(h, call) }),
		testcontainers.WithAdditionalLifecycleHooks(testcontainers.ContainerLifecycleHooks{
			PostCreates: []testcontainers.ContainerHook{func(ctx context.Context, c testcontainers.Container) error {
				for _, p := range call.Places {
					if err := m.engine.attach(ctx, c.GetContainerID(), p.Network, m.Address(p)); err != nil {
						return err
					}
				}
				return nil
			}},
		}),
	}
	if call.Control != 0 {
		options = append(options, testcontainers.WithExposedPorts(port(call)), testcontainers.WithWaitStrategy(answers(call)))
	}
	return options
}

// answers waits for the control API: from outside, since there is no shell
// inside.
func answers(call simulator.MachineCall) wait.Strategy {
	return wait.ForHTTP("/healthz").WithPort(port(call)).
		WithStatusCodeMatcher(func(int) bool { return true }). // its guard may refuse this Host: it answers
		WithPollInterval(50 * time.Millisecond).WithStartupTimeout(20 * time.Second)
}

func port(call simulator.MachineCall) string { return fmt.Sprintf("%d/tcp", call.Control) }

func files(contents map[string][]byte) []testcontainers.ContainerFile {
	var all []testcontainers.ContainerFile
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		all = append(all, testcontainers.ContainerFile{Reader: bytes.NewReader(contents[name]), ContainerFilePath: name, FileMode: 0o644})
	}
	return all
}

// configure sets what concerns the engine: no restart of its own, no privileges,
// ports below 1024 for everybody, and a control port that only this machine can
// reach.
func (m *Machines) configure(h *container.HostConfig, call simulator.MachineCall) {
	h.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyDisabled}
	h.SecurityOpt = []string{"no-new-privileges"}
	h.CapDrop = []string{"ALL"}
	h.Sysctls = map[string]string{"net.ipv4.ip_unprivileged_port_start": "0"}
	if call.Names.IsValid() {
		h.DNS = []netip.Addr{call.Names}
	}
	if call.State != "" {
		h.Binds = append(h.Binds, m.engine.name(call.State)+":/data")
	}
	if call.Control != 0 && m.engine.isHere() {
		h.PortBindings = network.PortMap{network.MustParsePort(port(call)): {{HostIP: netip.MustParseAddr("127.0.0.1")}}}
	}
}

// isHere says whether this machine's loopback reaches what the engine publishes
// on its own. Elsewhere it publishes on all addresses.
func (e *engine) isHere() bool {
	_, err := os.Stat("/.dockerenv")
	_, elsewhere := os.LookupEnv("TESTCONTAINERS_HOST_OVERRIDE")
	return err != nil && !elsewhere && strings.HasPrefix(e.client.DaemonHost(), "unix://")
}

// verify finds out whether the machine has the addresses that it was given: a
// network that doesn't exist is passed over in silence otherwise.
func (m *machine) verify(ctx context.Context) error {
	state, err := m.container.Inspect(ctx)
	if err != nil {
		return err
	}
	for _, p := range m.call.Places {
		end := state.NetworkSettings.Networks[m.of.engine.name(p.Network)]
		if end == nil || state.State.Running && end.IPAddress != m.of.Address(p) {
			return fmt.Errorf("machine %s: expected it at %s of the network %s, found %+v", m.call.Name, m.of.Address(p), p.Network, end)
		}
	}
	return nil
}

func (m *machine) Control() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	return m.container.PortEndpoint(ctx, port(m.call), "")
}

// do asks the engine for something about the container.
func (m *machine) do(what string, ask func(ctx context.Context, c *client.Client, id string) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	if err := ask(ctx, m.of.engine.client, m.container.GetContainerID()); err != nil {
		return fmt.Errorf("%s %s: %w", what, m.call.Name, err)
	}
	return nil
}

func (m *machine) Attach(p simulator.Place) error {
	return m.do("attach", func(ctx context.Context, _ *client.Client, id string) error {
		if err := m.of.network(ctx, p.Network); err != nil {
			return err
		}
		return m.of.engine.attach(ctx, id, p.Network, m.of.Address(p))
	})
}

func (m *machine) Detach(name string) error {
	return m.do("detach", func(ctx context.Context, c *client.Client, id string) error {
		_, err := c.NetworkDisconnect(ctx, m.of.engine.name(name), client.NetworkDisconnectOptions{Container: id, Force: true})
		return err
	})
}

func (m *machine) Pause() error {
	return m.do("pause", func(ctx context.Context, c *client.Client, id string) error {
		_, err := c.ContainerPause(ctx, id, client.ContainerPauseOptions{})
		return err
	})
}

func (m *machine) Resume() error {
	return m.do("resume", func(ctx context.Context, c *client.Client, id string) error {
		_, err := c.ContainerUnpause(ctx, id, client.ContainerUnpauseOptions{})
		return err
	})
}

// stopSeconds is how long a program may take to stop before it is killed.
const stopSeconds = 30

func (m *machine) Stop() error {
	return m.do("stop", func(ctx context.Context, c *client.Client, id string) error {
		seconds := stopSeconds
		_, err := c.ContainerStop(ctx, id, client.ContainerStopOptions{Timeout: &seconds})
		return err
	})
}

func (m *machine) Kill() error {
	return m.do("kill", func(ctx context.Context, c *client.Client, id string) error {
		// The engine's answer comes before the end, so the wait begins first.
		ended := c.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
		if _, err := c.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "KILL"}); err != nil {
			return err
		}
		select {
		case <-ended.Result:
			return nil
		case err := <-ended.Error:
			return err
		}
	})
}

func (m *machine) Restart() error {
	return m.do("start", func(ctx context.Context, _ *client.Client, _ string) error {
		return m.container.Start(ctx)
	})
}

func (m *machine) Ended() (status int, ended bool, err error) {
	err = m.do("inspect", func(ctx context.Context, c *client.Client, id string) error {
		state, err := m.container.Inspect(ctx)
		if err == nil {
			status, ended = state.State.ExitCode, !state.State.Running && !state.State.Paused
		}
		return err
	})
	return status, ended, err
}

func (m *machine) Printed() (stdout, stderr string, err error) {
	var out, errout bytes.Buffer
	err = m.do("read what was printed by", func(ctx context.Context, c *client.Client, id string) error {
		logs, err := c.ContainerLogs(ctx, id, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
		if err != nil {
			return err
		}
		defer logs.Close()
		_, err = stdcopy.StdCopy(&out, &errout, logs)
		return err
	})
	return out.String(), errout.String(), err
}
