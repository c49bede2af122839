package scenarios_test

import (
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("internal-error", func() {
	It("stays as long as the place can't be saved, and no longer", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			folder := lab.CheckpointDirectory(theAgent)
			for range 3 {
				Expect(os.Rename(folder, folder+".away")).To(Succeed())
				lab.CAS.Tenant().AddActivities(10, fakecas.Spread{})
				lab.Advance(10 * time.Minute)
				Expect(lab).To(ShowNotification(console.InternalError))

				Expect(os.Rename(folder+".away", folder)).To(Succeed())
				lab.CAS.Tenant().AddActivities(10, fakecas.Spread{})
				lab.Advance(10 * time.Minute)
				Expect(lab).NotTo(ShowNotification(console.InternalError))
			}
			Expect(lab.Check("no-loss", "no-duplicates", "in-order")).To(Succeed())
		})
	})
})
