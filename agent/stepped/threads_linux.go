package stepped

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// threads is what the kernel knows of the process's threads. Go's scheduler
// loses sight of a goroutine for a moment: one that comes out of a system call
// and finds no processor is no longer counted there, and not yet in a queue. On
// a busy machine that moment is as long as the kernel lets its thread wait.
type threads struct {
	folder *os.File    // of the threads' folders, open: a path leads over the root, which may be on a file system where a look is a wait
	files  map[int]int // of each thread, "syscall" (proc_pid_syscall(5)), open
	sysmon int         // the thread of Go's that only watches, once it was seen to sleep
}

// asleep says whether every thread waits in a system call, but for the caller's
// and the one that only watches; and whether the caller had the processor all
// along, so that nobody can have woken one that was looked at before.
func (t *threads) asleep() (bool, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := waited()
	if err != nil {
		return false, err
	}
	if all, err := t.each(waits); err != nil || !all {
		return false, err
	}
	after, err := waited()
	return after == before, err
}

// waited is how often the caller's thread has waited so far.
func waited() (int64, error) {
	var own unix.Rusage
	err := unix.Getrusage(unix.RUSAGE_THREAD, &own)
	return own.Nvcsw, err
}

// calibrate looks for the thread that only watches (sysmon), which is the one
// that sleeps for a time. On a busy machine it nearly always wants to run.
func (t *threads) calibrate() error {
	if err := t.find(); err != nil {
		return err
	}
	sleeps := strconv.Itoa(unix.SYS_NANOSLEEP) + " "
	for thread, file := range t.files {
		var b [8]byte
		n, err := unix.Pread(file, b[:], 0)
		if err == nil && strings.HasPrefix(string(b[:n]), sleeps) {
			t.sysmon = thread
		}
	}
	return nil
}

// waits reads a thread's file, which begins with the number of the system call
// that it waits in; or with "running", or -1 if it waits for something else, as
// a page of memory.
func waits(file int) (bool, error) {
	var b [1]byte
	n, err := unix.Pread(file, b[:], 0)
	return n == 1 && '0' <= b[0] && b[0] <= '9', err
}

// each says whether f holds for every thread that asleep asks after.
func (t *threads) each(f func(file int) (bool, error)) (bool, error) {
	err := t.find()
	own := unix.Gettid()
	for thread, file := range t.files {
		if err != nil {
			break
		}
		if thread == own || thread == t.sysmon {
			continue
		}
		var holds bool
		if holds, err = f(file); err == nil && !holds {
			return false, nil
		}
	}
	if errors.Is(err, unix.ESRCH) || errors.Is(err, unix.ENOENT) { // one has ended, just now
		t.forget()
		return false, nil
	}
	return err == nil, err
}

const tasks = "/proc/self/task"

// find opens the threads' files, unless there are as many as before.
func (t *threads) find() (err error) {
	if t.folder == nil {
		if t.folder, err = os.Open(tasks); err != nil {
			return err
		}
	}
	folder := int(t.folder.Fd())
	var now unix.Stat_t
	if err := unix.Fstat(folder, &now); err != nil {
		return err
	}
	if n := int(now.Nlink) - 2; n == len(t.files) { // as directories of directories count
		return nil
	}
	t.forget()
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
		file, err := unix.Openat(folder, entry.Name()+"/syscall", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		t.files[thread] = file
	}
	return nil
}

// forget closes the threads' files.
func (t *threads) forget() {
	for _, file := range t.files {
		unix.Close(file)
	}
	t.files = nil
}

func (t *threads) close() {
	t.forget()
	if t.folder != nil {
		t.folder.Close()
		t.folder = nil
	}
}
