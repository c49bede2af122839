package fakecas

// generator makes records from a seed: the same seed, type and sequence number
// always give the same record, so none need be stored.
type generator struct {
	seed   uint64
	tenant string
}

// record returns a generated record without its times.
func (g generator) record(kind Type, seq uint32) record {
	salt := uint64(0x9e3779b97f4a7c15)
	if kind == Alert {
		salt = 0xc2b2ae3d27d4eb4f
	}
	m := mix(mix(g.seed^salt) + uint64(seq))
	r := record{
		kind:   kind,
		tenant: g.tenant,
		seq:    seq,
		mix:    mix(m),
		app:    pick(apps, &m),
		user:   pick(users, &m),
		place:  pick(places, &m),
		client: pick(clients, &m),
	}
	if kind == Alert {
		r.policy = pick(policies, &m)
		return r
	}
	r.event = pick(events, &m)
	r.object = pick(objects, &m)
	return r
}

// pick takes one of the options and uses up some of the randomness.
func pick[T any](options []T, m *uint64) *T {
	n := uint64(len(options))
	i := *m % n
	*m /= n
	return &options[i]
}

// mix spreads the bits of x (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
