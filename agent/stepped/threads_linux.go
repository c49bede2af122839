package stepped

import (
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// threads is what the kernel knows of the process's threads. Go's scheduler
// loses sight of a goroutine for a moment: one that comes out of a system call
// and finds no processor is no longer counted there, and not yet in a queue. On
// a busy machine that moment is as long as the kernel lets its thread wait.
type threads struct {
	files map[int]int // of each thread, "syscall" (proc_pid_syscall(5)), open
}

// asleep says whether every thread but the caller's waits in a system call, and
// did so for as long as this looks.
func (t *threads) asleep() (bool, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := switches()
	if err != nil {
		return false, err
	}
	if all, err := t.each(waits); err != nil || !all {
		return false, err
	}
	after, err := switches()
	return after == before, err // else one may have woken another that was looked at before
}

// switches is how often the kernel has taken a processor from a thread of this
// process that isn't the caller's.
func switches() (int64, error) {
	var all, own unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &all); err != nil {
		return 0, err
	}
	err := unix.Getrusage(unix.RUSAGE_THREAD, &own)
	return all.Nvcsw + all.Nivcsw - own.Nvcsw - own.Nivcsw, err
}

// waits reads a thread's file, which begins with the number of the system call
// that it waits in; or with "running", or -1 if it waits for something else, as
// a page of memory.
func waits(file int) (bool, error) {
	var b [1]byte
	n, err := unix.Pread(file, b[:], 0)
	return n == 1 && '0' <= b[0] && b[0] <= '9', err
}

// each says whether f holds for every thread but the caller's.
func (t *threads) each(f func(file int) (bool, error)) (bool, error) {
	if err := t.find(); err != nil {
		return false, err
	}
	own := unix.Gettid()
	for thread, file := range t.files {
		if thread == own {
			continue
		}
		holds, err := f(file)
		if err == unix.ESRCH { // it has ended
			t.close()
			return false, nil
		}
		if err != nil || !holds {
			return false, err
		}
	}
	return true, nil
}

const tasks = "/proc/self/task"

// find opens the threads' files, unless there are as many as before.
func (t *threads) find() error {
	var now unix.Stat_t
	if err := unix.Stat(tasks, &now); err != nil {
		return err
	}
	if n := int(now.Nlink) - 2; n == len(t.files) { // as directories of directories count
		return nil
	}
	t.close()
	t.files = map[int]int{}
	all, err := os.ReadDir(tasks)
	if err != nil {
		return err
	}
	for _, entry := range all {
		thread, err := strconv.Atoi(entry.Name())
		if err != nil {
			return err
		}
		file, err := unix.Open(tasks+"/"+entry.Name()+"/syscall", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		t.files[thread] = file
	}
	return nil
}

func (t *threads) close() {
	for _, file := range t.files {
		unix.Close(file)
	}
	t.files = nil
}
