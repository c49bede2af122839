package container

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"

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
		tcnetwork.WithNetworkName(nil, m.engine.name(simulator.ManagementNetwork)),
		testcontainers.WithEndpointSettingsModifier(func(ends map[string]*network.EndpointSettings) {
			for _, end := range ends { // there is one yet
				at := simulator.Place{Network: simulator.ManagementNetwork, Host: call.Management}
				end.IPAMConfig = &network.EndpointIPAMConfig{IPv4Address: m.Address(at)}
			}
		}),
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
	if call.OwnNetwork {
		options = append(options, testcontainers.WithConfigModifier(func(c *container.Config) { c.User = "0:0" }))
	}
	for _, n := range call.Ports {
		options = append(options, testcontainers.WithExposedPorts(port(n)))
	}
	return options
}

func port(n int) string { return fmt.Sprintf("%d/tcp", n) }

func files(contents map[string][]byte) []testcontainers.ContainerFile {
	var all []testcontainers.ContainerFile
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		all = append(all, testcontainers.ContainerFile{Reader: bytes.NewReader(contents[name]), ContainerFilePath: name, FileMode: 0o644})
	}
	return all
}

// configure sets what concerns the engine: no restart of its own, no privileges,
// ports below 1024 for everybody, and published ports that only this machine can
// reach. Dropping what comes for a socket is CAP_NET_ADMIN's on some kernels
// (seen on 6.18); only root can be given it.
func (m *Machines) configure(h *container.HostConfig, call simulator.MachineCall) {
	h.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyDisabled}
	h.SecurityOpt = []string{"no-new-privileges"}
	h.CapDrop = []string{"ALL"}
	h.Sysctls = map[string]string{"net.ipv4.ip_unprivileged_port_start": "0"}
	if call.OwnNetwork {
		h.CapAdd = []string{"NET_ADMIN"}
	}
	if call.State != "" {
		h.Binds = append(h.Binds, m.engine.name(call.State)+":/data")
	}
	if len(call.Ports) > 0 && m.engine.isHere() {
		h.PortBindings = network.PortMap{}
		for _, n := range call.Ports {
			h.PortBindings[network.MustParsePort(port(n))] = []network.PortBinding{{HostIP: netip.MustParseAddr("127.0.0.1")}}
		}
	}
}

// isHere says whether this machine's loopback reaches what the engine publishes
// on its own. Elsewhere it publishes on all addresses.
func (e *engine) isHere() bool {
	if override, set := os.LookupEnv("TESTCONTAINERS_HOST_OVERRIDE"); set {
		address, err := netip.ParseAddr(override)
		return err == nil && address.IsLoopback()
	}
	_, err := os.Stat("/.dockerenv")
	return err != nil && strings.HasPrefix(e.client.DaemonHost(), "unix://")
}

// directLimit is how long an own address may take to answer.
const directLimit = 200 * time.Millisecond

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

// Published prefers the machine's own address: where the engine is on this very
// system it can be reached, and what comes makes no detour by the program that
// publishes ports. Elsewhere it is asked in vain for a moment.
func (m *machine) Published(n int) (string, error) {
	if m.of.engine.isHere() && runtime.GOOS == "linux" {
		at := m.of.Address(simulator.Place{Network: simulator.ManagementNetwork, Host: m.call.Management})
		direct := netip.AddrPortFrom(at, uint16(n)).String()
		conn, err := net.DialTimeout("tcp", direct, directLimit)
		if err == nil {
			return direct, conn.Close()
		}
		if errors.Is(err, syscall.ECONNREFUSED) {
			return direct, nil
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	return m.container.PortEndpoint(ctx, port(n), "")
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

func (m *machine) Terminate() error { return m.signal("TERM") }
func (m *machine) Kill() error      { return m.signal("KILL") }

func (m *machine) signal(name string) error {
	return m.do("signal "+name+" to", func(ctx context.Context, c *client.Client, id string) error {
		_, err := c.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: name})
		return err
	})
}

// Await waits without a limit: it ends with the container at the latest.
func (m *machine) Await() {
	ended := m.of.engine.client.ContainerWait(context.Background(), m.container.GetContainerID(),
		client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case <-ended.Result:
	case <-ended.Error:
	}
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
