package simulator

import "fmt"

// checkNoDuplicates: no record arrived twice. Ask for it only where no
// connection broke: after a break an agent that loses nothing sends again.
func checkNoDuplicates(e Evidence) (bool, string) {
	again := duplicates(e.Events)
	if len(again) > 0 {
		return false, fmt.Sprintf("%d records arrived more than once: %s", len(again), some(again))
	}
	n := len(arrivals(e.Events))
	if n == 0 {
		return false, "no line arrived, so none could arrive twice"
	}
	return true, fmt.Sprintf("%d records arrived, each once", n)
}

// duplicates lists the records that arrived more than once, in the order in
// which they first came again, each as often as it came again.
func duplicates(events []Event) []string {
	seen := map[string]bool{}
	var again []string
	for _, e := range events {
		if !isArrival(e) {
			continue
		}
		if seen[e.Record] {
			again = append(again, e.Record)
		}
		seen[e.Record] = true
	}
	return again
}
