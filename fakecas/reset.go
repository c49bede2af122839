package fakecas

// Reset makes the service what it was before anything was done with it: no
// agents, no tokens, no records, no faults, an empty history. Sequence numbers
// and ids start again; the clock and the certificates stay.
func (s *Server) Reset() {
	s.ready()
	s.HealAll()
	s.tenant.reset(generator{seed: s.Seed, tenant: s.settings().Tenant}, seeded(s.Seed))
	s.throttle.reset()
	s.feed.reset()
}

func (t *Tenant) reset(g generator, r *randomness) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range t.agents {
		a.disarm()
	}
	for _, f := range t.flows {
		f.end()
	}
	t.agents, t.flows = nil, nil
	t.random = r
	t.keys, t.gone, t.removed = map[string]*key{}, map[string]string{}, map[string]bool{}
	t.activities = table{kind: Activity, generator: g}
	t.alerts = table{kind: Alert, generator: g}
}

func (t *throttle) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent, t.notYet = nil, nil
}

func (f *feed) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.history != nil {
		f.history = newHistory(f.history.limit)
	}
	f.changed()
}
