package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestStatusIsAFunctionOfTheLastContact(t *testing.T) {
	last := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		down time.Duration
		want Status
	}{
		{0, Connected},
		{time.Minute, Connected},
		{2*time.Hour - time.Second, Connected},
		{2*time.Hour - 1, Connected},
		{2 * time.Hour, Connected},
		{2*time.Hour + 1, ConnectionError},
		{2*time.Hour + time.Second, ConnectionError},
		{12*time.Hour - time.Second, ConnectionError},
		{12*time.Hour - 1, ConnectionError},
		{12 * time.Hour, ConnectionError},
		{12*time.Hour + 1, Disconnected},
		{12*time.Hour + time.Second, Disconnected},
		{1000 * time.Hour, Disconnected},
	} {
		NewWithT(t).Expect(StatusAt(last, last.Add(c.down))).To(Equal(c.want), "down for %s", c.down)
	}
	NewWithT(t).Expect(StatusAt(time.Time{}, last)).To(Equal(Created))
}

func TestStatusHasTheVendorsWords(t *testing.T) {
	g := NewWithT(t)
	for s, words := range map[Status][2]string{
		Created:         {"Created", "Gemaakt"},
		Connected:       {"Connected", "Verbonden"},
		ConnectionError: {"Connection error", "Verbindingsfout"},
		Disconnected:    {"Disconnected", "Verbroken"},
	} {
		g.Expect(s.String()).To(Equal(words[0]))
		g.Expect(s.Dutch()).To(Equal(words[1]))
	}
}

func TestStatusIsToldExactlyWhenItChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.contact().status).To(Equal(200))
		last := time.Now()
		time.Sleep(3 * 24 * time.Hour)
		synctest.Wait()
		w.Expect(w.contact().status).To(Equal(200))

		var told []string
		var after []time.Duration
		for _, e := range w.events.all(KindStatus) {
			told = append(told, e.Detail)
			after = append(after, e.Time.Sub(last))
		}
		w.Expect(told).To(Equal([]string{"Connected", "Connection error", "Disconnected", "Connected"}))
		w.Expect(after).To(Equal([]time.Duration{0, 2*time.Hour + 1, 12*time.Hour + 1, 72 * time.Hour}))
	})
}

func TestContactPostponesTheNextStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for range 200 {
			w.contact()
			time.Sleep(time.Minute)
		}
		w.Expect(w.events.of(KindStatus)).To(Equal([]string{"Connected"}))
		w.Expect(w.events.of(KindContact)).To(HaveLen(200))
	})
}

func TestOnlyAn200CountsAsContact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.Inject(Fault{Name: "status"})).NotTo(BeEmpty())
		w.Expect(w.contact().status).To(Equal(503))
		w.Expect(w.Tenant().LastContact(w.agent)).To(BeZero())
		w.HealAll()
		w.Expect(w.do("POST", "/siemdrill/v1/contact", `{"notifications":[{"id":"nonsense"}]}`).status).To(Equal(400))
		w.Expect(w.Tenant().LastContact(w.agent)).To(BeZero())
		view, _ := w.Tenant().Agent(w.agent)
		w.Expect(view.Status).To(Equal(Created))
	})
}
