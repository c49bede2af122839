package stepped

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

// A thread that wants to run is seen, one that waits in the kernel is not.
func TestThreadsThatRunAreSeen(t *testing.T) {
	g := NewWithT(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var all threads
	defer all.close()

	pipe := make([]int, 2)
	g.Expect(unix.Pipe2(pipe, unix.O_CLOEXEC)).To(Succeed())
	defer unix.Close(pipe[0])
	go unix.Read(pipe[0], make([]byte, 1)) // a thread of its own, for as long as the test
	defer unix.Close(pipe[1])
	g.Eventually(all.asleep).WithTimeout(time.Minute).Should(BeTrue())

	var stop atomic.Bool
	spins, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		close(spins)
		for !stop.Load() {
		}
		close(stopped)
	}()
	<-spins
	g.Eventually(all.asleep).WithTimeout(time.Minute).Should(BeFalse()) // at times it is in a queue, and its thread asleep
	stop.Store(true)
	<-stopped
	g.Eventually(all.asleep).WithTimeout(time.Minute).Should(BeTrue())
}

// A thread may end at any moment of the question.
func TestThreadsMayEnd(t *testing.T) {
	g := NewWithT(t)
	var all threads
	defer all.close()
	var stop atomic.Bool
	var ending sync.WaitGroup
	for range 4 {
		ending.Go(func() {
			for !stop.Load() {
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					runtime.LockOSThread() // it is never unlocked, so its thread ends with it
				}()
				<-ended
			}
		})
	}
	for range 2000 {
		_, err := all.asleep()
		g.Expect(err).NotTo(HaveOccurred())
	}
	stop.Store(true)
	ending.Wait()
}
