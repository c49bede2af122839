package container

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"siemdrill/simulator"
)

// subnets are those of a run's networks, of 256 addresses of 10.0.0.0/8 each.
type subnets struct {
	next  uint16 // the number of the one that is tried next
	given map[string]netip.Prefix
}

// newSubnets begins at an arbitrary number, so that runs at one time differ.
func newSubnets(first uint16) subnets {
	return subnets{next: first, given: map[string]netip.Prefix{}}
}

// draw is a subnet that was not drawn before.
func (s *subnets) draw() netip.Prefix {
	n := s.next
	s.next++
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 0}), 24)
}

// address is that of a place on a network that has its subnet.
func (s *subnets) address(p simulator.Place) netip.Addr {
	a := s.given[p.Network].Addr().As4()
	a[3] = p.Host
	return netip.AddrFrom4(a)
}

// Prepare makes a network, unless it is there.
func (m *Machines) Prepare(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	return m.network(ctx, name)
}

// network makes the network, unless it is there. The subnet that it draws may be
// another's, also one that only the machine knows of: then it draws again.
func (m *Machines) network(ctx context.Context, name string) error {
	if _, is := m.subnets.given[name]; is {
		return nil
	}
	const attempts = 20
	var err error
	for range attempts {
		subnet := m.subnets.draw()
		if err = m.engine.makeNetwork(ctx, name, subnet); err == nil {
			m.subnets.given[name] = subnet
			return nil
		}
		if !strings.Contains(err.Error(), "overlaps") { // the engine has no code of its own for it
			return err
		}
	}
	return err
}

// makeNetwork makes a network that leads nowhere else, so that attaching and
// detaching leave the published ports alone; or the one that carries them, on
// which machines can't reach one another, so that whatever is cut elsewhere is
// cut.
func (e *engine) makeNetwork(ctx context.Context, name string, subnet netip.Prefix) error {
	options := client.NetworkCreateOptions{
		Driver:   "bridge",
		Internal: true,
		Labels:   e.labels(),
		IPAM:     &network.IPAM{Driver: "default", Config: []network.IPAMConfig{{Subnet: subnet, Gateway: subnet.Addr().Next()}}},
	}
	if name == simulator.ManagementNetwork {
		options.Internal, options.Options = false, map[string]string{"com.docker.network.bridge.enable_icc": "false"}
	}
	if _, err := e.client.NetworkCreate(ctx, e.name(name), options); err != nil {
		return fmt.Errorf("network %s, %s: %w", name, subnet, err)
	}
	return nil
}

// attach connects a container to a network at an address of its own.
func (e *engine) attach(ctx context.Context, container, name string, address netip.Addr) error {
	_, err := e.client.NetworkConnect(ctx, e.name(name), client.NetworkConnectOptions{
		Container:      container,
		EndpointConfig: &network.EndpointSettings{IPAMConfig: &network.EndpointIPAMConfig{IPv4Address: address}},
	})
	if err != nil {
		return fmt.Errorf("%.12s joins %s as %s: %w", container, name, address, err)
	}
	return nil
}
