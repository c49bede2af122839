package scenarios_test

import (
	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator"
)

// ShowStatus: the portal shows the status for the agent.
func ShowStatus(want fakecas.Status) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(lab *simulator.Lab) (bool, error) {
		return lab.Status(theAgent) == want, nil
	}).WithTemplate("Expected the portal {{.To}} show {{.Data}}", want)
}

// ShowNotification: the portal shows the notification as standing.
func ShowNotification(id console.NotificationID) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(lab *simulator.Lab) (bool, error) {
		for _, n := range lab.Notifications(theAgent) {
			if n.ID == id && n.Open() {
				return true, nil
			}
		}
		return false, nil
	}).WithTemplate("Expected the portal {{.To}} show the notification {{.Data}}", id)
}
