//go:build !linux

package stepped

// threads is not to be had from this system: what Go's scheduler knows must do.
type threads struct{}

func (*threads) asleep() (bool, error) { return true, nil }
func (*threads) calibrate() error      { return nil }
func (*threads) close()                {}
