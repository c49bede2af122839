package container

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"siemdrill/simulator"
)

// subnets are the addresses of a run's networks: of its first network the first
// 256 of them, and so on. A run whose subnets the engine refuses takes others.
type subnets struct {
	first netip.Addr
	names []string // of the networks, in the order of their subnets
}

// newSubnets chooses by an arbitrary number, so that runs at one time differ.
func newSubnets(number uint32) subnets {
	const of, subnetsOfARun = 1 << 16, 8 // 10.0.0.0/8 has so many subnets of 256
	n := number % (of / subnetsOfARun) * subnetsOfARun
	return subnets{first: netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 0})}
}

// of is the subnet of the network, which gets one if it has none.
func (s *subnets) of(name string) (subnet netip.Prefix, isNew bool) {
	for i, known := range s.names {
		if known == name {
			return s.number(i), false
		}
	}
	s.names = append(s.names, name)
	return s.number(len(s.names) - 1), true
}

func (s *subnets) number(i int) netip.Prefix {
	a := s.first.As4()
	a[2] += byte(i)
	return netip.PrefixFrom(netip.AddrFrom4(a), 24)
}

func (s *subnets) address(p simulator.Place) netip.Addr {
	subnet, _ := s.of(p.Network)
	a := subnet.Addr().As4()
	a[3] = p.Host
	return netip.AddrFrom4(a)
}

// dataNetwork makes a network that leads nowhere else. Nothing is published on
// it, so that attaching and detaching leave the control ports alone.
func (e *engine) dataNetwork(ctx context.Context, name string, subnet netip.Prefix) error {
	gateway := subnet.Addr().Next()
	_, err := e.client.NetworkCreate(ctx, e.name(name), client.NetworkCreateOptions{
		Driver:   "bridge",
		Internal: true,
		Labels:   e.labels(),
		IPAM:     &network.IPAM{Driver: "default", Config: []network.IPAMConfig{{Subnet: subnet, Gateway: gateway}}},
	})
	if err != nil {
		return fmt.Errorf("network %s, %s: %w", name, subnet, err)
	}
	return nil
}

// management is the name of the network that carries the control ports. Machines
// can't reach one another on it, so whatever is cut elsewhere is cut.
const management = "management"

func (e *engine) managementNetwork(ctx context.Context) error {
	_, err := e.client.NetworkCreate(ctx, e.name(management), client.NetworkCreateOptions{
		Driver:  "bridge",
		Labels:  e.labels(),
		Options: map[string]string{"com.docker.network.bridge.enable_icc": "false"},
	})
	if err != nil {
		return fmt.Errorf("network %s: %w", management, err)
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
