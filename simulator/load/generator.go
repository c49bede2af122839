package load

import (
	"context"
	"time"

	"siemdrill/fakecas"
)

// tick is how often records are created: ages are off by no more than that,
// since each has a time of its own between two ticks.
const tick = 10 * time.Millisecond

// generate has create make a tenant's records until the load's time is over or
// ctx ends. Arrived is how many have come, for a profile that keeps a backlog
// up. It returns how late the latest tick was: what it created has the times at
// which it was due, and so came older.
func generate(ctx context.Context, p Profile, began time.Time, over time.Duration, arrived func() int, create func(n int, at fakecas.Spread)) (late time.Duration) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	last, ticked, created := began, began, 0
	for {
		now := time.Now()
		at := min(now.Sub(began), over)
		n := int(p.Due(at, over)) - created
		if p.Max {
			n = arrived() + Ahead - created
		}
		late, ticked = max(late, now.Sub(ticked)), now
		if n > 0 {
			// What came before is not touched: times lie after those of the last
			// tick, which end when it was done.
			span := now.Truncate(time.Millisecond).Sub(last.Truncate(time.Millisecond)) - time.Millisecond
			create(n, fakecas.Spread{Over: max(span, 0)})
			created += n
			last = time.Now()
		}
		if at >= over {
			return max(0, late-tick)
		}
		select {
		case <-ctx.Done():
			return max(0, late-tick)
		case <-ticker.C:
		}
	}
}

// mix creates a tenant's records, of which a share are alerts.
type mix struct {
	tenant          *fakecas.Tenant
	share           float64
	created, alerts int
}

func (m *mix) create(n int, at fakecas.Spread) {
	m.created += n
	alerts := int(m.share*float64(m.created)) - m.alerts
	m.alerts += alerts
	if alerts > 0 {
		m.tenant.AddRecords(fakecas.Alert, alerts, at)
	}
	if n > alerts {
		m.tenant.AddRecords(fakecas.Activity, n-alerts, at)
	}
}
