package main

import (
	"bufio"
	"io"
	"os"
	"sync"
	"time"

	"siemdrill/fakesyslog"
)

// flushAfter is how long a message may wait in the program before it is in the
// file.
const flushAfter = 200 * time.Millisecond

// outFile is the file of -out: buffered, so that it keeps up with load, and
// flushed soon, so that it can be watched.
type outFile struct {
	mu    sync.Mutex
	f     *os.File
	b     *bufio.Writer
	timer *time.Timer // armed while something waits
}

// openOut opens what -out names.
func (o options) openOut(s *fakesyslog.Server, stdout io.Writer) (finish func() error, err error) {
	switch o.out {
	case "":
		return func() error { return nil }, nil
	case "-":
		s.Out = stdout
		return func() error { return nil }, nil
	}
	f, err := os.Create(o.out)
	if err != nil {
		return nil, err
	}
	out := &outFile{f: f, b: bufio.NewWriterSize(f, 1<<20)}
	s.Out = out
	return out.close, nil
}

func (o *outFile) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer == nil {
		o.timer = time.AfterFunc(flushAfter, o.flush)
	}
	return o.b.Write(p)
}

func (o *outFile) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.timer = nil
	o.b.Flush() // an error stays with the buffer and is told by close
}

func (o *outFile) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
	}
	if err := o.b.Flush(); err != nil {
		o.f.Close()
		return err
	}
	return o.f.Close()
}
