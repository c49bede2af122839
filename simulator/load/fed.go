package load

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"siemdrill/fakecas"
	"siemdrill/simulator/peer"
)

// fed is the generator's side as a plain forwarder meets it: a feed of lines,
// into a sink that throws them away.
type fed struct {
	service *service
	feed    *peer.Feed
	sink    net.Listener
	cancel  context.CancelFunc
	ended   chan struct{} // closed when the feed has ended
	took    chan struct{} // told of each batch that the sink has read
}

// feedBatch is how many lines are fed at once.
const feedBatch = 10_000

func (s Settings) fed() (source, error) {
	one, err := s.startService(0)
	if err != nil {
		return nil, err
	}
	sink, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, one.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &fed{service: one, sink: sink, cancel: cancel, ended: make(chan struct{}), took: make(chan struct{}, 1)}
	f.feed = &peer.Feed{Tenant: one.Tenant(), Address: sink.Addr().String(), Types: []fakecas.Type{fakecas.Activity}, Batch: feedBatch, Every: time.Hour}
	go func() {
		defer close(f.ended)
		f.feed.Run(ctx)
	}()
	go f.drain()
	return f, nil
}

// drain reads one connection after the other, until the sink is closed.
func (f *fed) drain() {
	for {
		conn, err := f.sink.Accept()
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, conn) // the feed would send it again
		conn.Close()
		select {
		case f.took <- struct{}{}:
		default: // nobody waits
		}
	}
}

func (f *fed) pull(ctx context.Context) (int, error) {
	f.service.Tenant().AddRecords(fakecas.Activity, feedBatch, fakecas.Spread{})
	f.feed.Wake()
	select {
	case <-f.took:
		return feedBatch, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (f *fed) close() error {
	f.cancel()
	<-f.ended
	return errors.Join(f.sink.Close(), f.service.Close())
}
