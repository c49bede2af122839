//go:build unix

package container

import "syscall"

var ownSession = &syscall.SysProcAttr{Setsid: true}
