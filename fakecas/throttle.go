package fakecas

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// throttle lets through so many requests in any minute, all clients of the
// tenant together, and judges whether those that it sent away stayed away for
// as long as they were told.
type throttle struct {
	perMinute int // negative: everything is let through

	mu     sync.Mutex
	recent []time.Time          // of those let through within the last minute
	notYet map[string]time.Time // by token: before when it was told not to come
}

// take lets a request through, or says how long it has to wait.
func (t *throttle) take(now time.Time) (wait time.Duration) {
	if t.perMinute < 0 {
		return 0
	}
	for len(t.recent) > 0 && now.Sub(t.recent[0]) >= time.Minute {
		t.recent = t.recent[1:]
	}
	if len(t.recent) < t.perMinute {
		t.recent = append(t.recent, now)
		return 0
	}
	return time.Minute - now.Sub(t.recent[0])
}

// early returns by how much a client came back before it was told to.
func (t *throttle) early(token string, now time.Time) time.Duration {
	return max(t.notYet[token].Sub(now), 0)
}

// sendAway remembers what the client was told.
func (t *throttle) sendAway(token string, until time.Time) {
	if t.notYet == nil {
		t.notYet = map[string]time.Time{}
	}
	t.notYet[token] = until
}

// ThrottleShape is how a request that comes too soon is answered; both ways
// were seen at the real service.
type ThrottleShape string

// The shapes of a throttled answer.
const (
	ThrottleDocumented ThrottleShape = "documented" // 429, Retry-After, and the time in the text
	ThrottleBare       ThrottleShape = "bare"       // 429, and the time in the text only
	ThrottleText       ThrottleShape = "text"       // 400, and the time in the text only
)

// throttled answers a request that comes too soon; nil lets it through.
// Console requests don't count.
func throttled(x *exchange) *answer {
	if x.endpoint == toConsole {
		return nil
	}
	t := &x.server.throttle
	now := x.now()
	t.mu.Lock()
	early := t.early(x.token, now)
	wait := t.take(now)
	if wait > 0 {
		t.sendAway(x.token, now.Add(wait))
	} else {
		delete(t.notYet, x.token)
	}
	t.mu.Unlock()
	if wait > 0 {
		return x.sentAway(x.server.settings().ThrottleShape, wait, early)
	}
	x.judge(early)
	return nil
}

// judge notes a client that came back before it was told to.
func (x *exchange) judge(early time.Duration) {
	if early > 0 {
		x.note(KindCameBackTooEarly, fmt.Sprintf("%s, by %s", x.name(), early))
	}
}

// sentAway is the answer that tells a client how long to stay away.
func (x *exchange) sentAway(shape ThrottleShape, wait, early time.Duration) *answer {
	x.judge(early)
	x.note(KindThrottled, fmt.Sprintf("%s, for %s", x.name(), wait))
	status := http.StatusTooManyRequests
	if shape == ThrottleText {
		status = http.StatusBadRequest
	}
	a := refusal(status, fmt.Sprintf("Request was throttled. Expected available in %d seconds.", seconds(wait)))
	if shape == ThrottleDocumented {
		a.retryAfter = wait
	}
	return &a
}
