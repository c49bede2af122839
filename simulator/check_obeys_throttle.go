package simulator

import (
	"fmt"

	"siemdrill/fakecas"
)

// checkObeysThrottle: whoever was told to wait came back no earlier.
func checkObeysThrottle(e Evidence) (bool, string) {
	throttled := 0
	for _, ev := range e.Events {
		if ev.Source != FromCAS {
			continue
		}
		switch ev.Kind {
		case fakecas.KindCameBackTooEarly:
			return false, fmt.Sprintf("at %s: %s", ev.T.Format("15:04:05"), ev.Detail)
		case fakecas.KindThrottled:
			throttled++
		}
	}
	return true, fmt.Sprintf("throttled %d times, never back too early", throttled)
}
