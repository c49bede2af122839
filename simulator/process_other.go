//go:build !linux

package simulator

import "syscall"

// withUs is how a child is started that ends when this process does. Here only
// an agent whose time is stepped does, since its line to us ends.
var withUs *syscall.SysProcAttr
