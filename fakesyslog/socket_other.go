//go:build !linux

package fakesyslog

import "errors"

const wholeQueue = 1<<16 - 1

func silence(socket any, on bool) error {
	if s, ok := socket.(interface{ Silence(on bool) error }); ok {
		return s.Silence(on)
	}
	return errors.New("only Linux can be told to drop what comes for a socket")
}

func setQueue(listener any, n int) error {
	if s, ok := listener.(interface{ SetBacklog(n int) }); ok {
		s.SetBacklog(n)
		return nil
	}
	return errors.New("only Linux can change the queue of a listener")
}
