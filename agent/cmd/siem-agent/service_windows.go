package main

import (
	"context"

	"golang.org/x/sys/windows/svc"
)

// serve runs command as a Windows service when the service manager has started
// the process, and ends it when that says so. The exit status of command is the
// service's own (specific) one.
func serve(ctx context.Context, command func(context.Context) int) (status int, served bool) {
	if is, err := svc.IsWindowsService(); err != nil || !is {
		return 0, false
	}
	s := &service{ctx, command, 0}
	if err := svc.Run("siem-agent", s); err != nil {
		return 1, true
	}
	return s.status, true
}

// service is what the service manager talks to.
type service struct {
	ctx     context.Context
	command func(context.Context) int
	status  int
}

// Execute runs the command until it ends or the service manager wants that.
func (s *service) Execute(_ []string, requests <-chan svc.ChangeRequest, changes chan<- svc.Status) (specific bool, status uint32) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	const accepted = svc.AcceptStop | svc.AcceptShutdown
	changes <- svc.Status{State: svc.Running, Accepts: accepted}
	ended := make(chan int, 1)
	go func() { ended <- s.command(ctx) }()
	for {
		select {
		case s.status = <-ended:
			return s.status != 0, uint32(s.status)
		case request := <-requests:
			switch request.Cmd {
			case svc.Interrogate:
				changes <- request.CurrentStatus
			case svc.Stop, svc.Shutdown:
				changes <- svc.Status{State: svc.StopPending}
				cancel()
			}
		}
	}
}
