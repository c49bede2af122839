package fakecas

import "siemdrill/agent/console"

// AddToken makes a token of the API that is not an agent's: it may change
// what it reads. It dies with its owner.
func (t *Tenant) AddToken(owner string) (string, error) {
	base, err := t.base()
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var secret [32]byte
	t.random.Read(secret[:])
	token := console.NewToken(base, secret)
	t.keys[token] = &key{owner: owner}
	return token, nil
}

// RemoveAdmin removes an admin: every token that is bound to him stops working.
func (t *Tenant) RemoveAdmin(name string) { _ = t.setRemoved(name, true) }

// RestoreAdmin takes RemoveAdmin back. The real service can't do that.
func (t *Tenant) RestoreAdmin(name string) { _ = t.setRemoved(name, false) }

// setRemoved returns how many tokens are bound to the admin.
func (t *Tenant) setRemoved(name string, removed bool) (bound int) {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.keys {
		if k.owner == name {
			bound++
		}
	}
	if t.removed[name] == removed {
		return bound
	}
	t.removed[name] = removed
	for _, a := range t.agents {
		if a.tokenOwner == name && removed {
			t.note(KindTokenRevoked, a, "its owner "+name+" was removed")
		}
	}
	return bound
}
