package stepped

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// How long, in real time, a coordinator may take to answer, and to come to a
// party that waits for it.
const (
	helloLimit = 10 * time.Second
	comeLimit  = time.Minute
)

// ErrAddress is an address that no coordinator may have.
var ErrAddress = errors.New("wrong address")

// meet connects with the coordinator, as address says, and greets it.
func (m *Membership) meet(address string) error {
	at, ours := strings.CutPrefix(address, "listen:")
	if ours {
		return m.wait(at, address)
	}
	network, target, err := coordinatorAt(address)
	if err != nil {
		return err
	}
	conn, err := net.DialTimeout(network, target, helloLimit)
	if err != nil {
		return err
	}
	if err := m.greet(conn); err != nil {
		return fmt.Errorf("%s: no coordinator of stepped time: %w", address, err)
	}
	return nil
}

// wait takes the first that comes and is a coordinator. Others are let go: what
// publishes a port for a container connects and hangs up as well.
func (m *Membership) wait(at, address string) error {
	where, err := netip.ParseAddrPort(at)
	if err != nil || !where.Addr().IsLoopback() && !where.Addr().IsPrivate() {
		return fmt.Errorf("%w %q: expected listen: and a loopback or private address and a port, such as listen:10.0.0.2:7000", ErrAddress, address)
	}
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(where))
	if err != nil {
		return err
	}
	defer listener.Close()
	listener.SetDeadline(time.Now().Add(comeLimit))
	for {
		conn, err := listener.Accept()
		if err != nil {
			return fmt.Errorf("no coordinator of stepped time has come: %w", err)
		}
		if m.greet(conn) == nil {
			return nil
		}
	}
}

// greet says hello over conn and takes what the party starts with; it closes
// conn if that fails.
func (m *Membership) greet(conn net.Conn) (err error) {
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	line := NewLine(conn)
	conn.SetDeadline(time.Now().Add(helloLimit))
	if err := line.Say(ToCoordinator{Hello: &Hello{Version}}); err != nil {
		return err
	}
	var first ToParty
	if err := line.Hear(&first); err != nil {
		return err
	}
	if first.Welcome == nil {
		return errors.New("expected a welcome")
	}
	m.line, m.Welcome = line, *first.Welcome
	m.Begin(m.Welcome.Now, m.Welcome.Ahead)
	return conn.SetDeadline(time.Time{})
}

// coordinatorAt splits the address of a coordinator that waits.
func coordinatorAt(address string) (network, target string, err error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok && path != "" {
		return "unix", path, nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return "", "", fmt.Errorf("%w %q: expected unix:PATH or the address and port of a loopback interface, such as 127.0.0.1:7000", ErrAddress, address)
	}
	return "tcp", address, nil
}
