package simulator

import "syscall"

// withUs is how a child is started that ends when this process does, however it
// ends: the kernel kills it (prctl(2), PR_SET_PDEATHSIG), a stopped one, too.
var withUs = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
