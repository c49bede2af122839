package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

func TestAgentsAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		agentToken := w.token
		w.contact()
		w.asAdmin()
		data := w.do("GET", "/api/v1/agents/siem/", nil).json(w.WithT)["data"].([]any)
		w.Expect(data).To(HaveLen(1))
		w.Expect(data[0]).To(HaveKeyWithValue("_id", w.agent))
		w.Expect(data[0]).To(HaveKeyWithValue("status", "Connected"))
		w.Expect(data[0]).NotTo(HaveKey("token"))

		r := w.do("POST", "/api/v1/agents/siem/", `{"name":"second","format":"Micro Focus ArcSight","remote":{"host":"siem2","port":6514}}`)
		w.Expect(r.status).To(Equal(201), "%s", r.body)
		second := r.json(w.WithT)
		w.Expect(second["token"]).To(MatchRegexp("^[0-9a-zA-Z=]{64,192}$"))
		w.Expect(second["status"]).To(Equal("Created"))
		w.Expect(second["type"]).To(Equal("ArcSight"))
		path := "/cas/api/v1/agents/siem/" + second["_id"].(string)

		w.Expect(w.do("PUT", path+"/", `{"remote":{"host":"elsewhere","port":1514,"protocol":"UDP"}}`).status).To(Equal(200))
		view, _ := w.Tenant().Agent("second")
		w.Expect(view.Configuration.Remote).To(Equal(console.Remote{Host: "elsewhere", Port: 1514, Protocol: console.UDP}))
		w.Expect(view.Configuration.Format).To(Equal(console.ArcSight), "what the body leaves out stays")
		for _, bad := range []string{`{"remote":{"port":-1}}`, `{"colour":1}`, `[]`, ``, `{} {}`} {
			w.Expect(w.do("PUT", path, bad).status).To(Equal(400), bad)
		}

		fresh := w.do("POST", path+"/generate/", nil).json(w.WithT)["token"].(string)
		w.Expect(fresh).NotTo(Equal(second["token"]))
		w.Expect(w.do("DELETE", path, nil).status).To(Equal(204))
		w.Expect(w.do("DELETE", path, nil).status).To(Equal(404))
		w.Expect(w.do("GET", path, nil).status).To(Equal(404))
		w.Expect(w.do("POST", path+"/generate/", nil).status).To(Equal(404))
		w.token = fresh
		w.Expect(w.contact().status).To(Equal(410))
		w.token = agentToken
		w.Expect(w.contact().status).To(Equal(200))
	})
}

func TestARemovedAdminsTokensDie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		other, err := w.Tenant().AddAgentFor("zoe@contoso.com", configured("hers"))
		w.Expect(err).NotTo(HaveOccurred())
		mine := w.token
		w.Tenant().RemoveAdmin("zoe@contoso.com")
		w.Expect(w.contact().status).To(Equal(200))
		w.token = other.Token
		w.Expect(w.contact().status).To(Equal(401))
		w.Expect(w.events.of(KindTokenRevoked)).To(Equal([]string{"its owner zoe@contoso.com was removed"}))

		w.token, err = w.Tenant().RegenerateToken("hers")
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(w.contact().status).To(Equal(200), "the new token is another admin's")
		w.Tenant().RemoveAdmin(Admin)
		w.token = mine
		w.Expect(w.contact().status).To(Equal(401))
		w.Tenant().RestoreAdmin(Admin)
		w.Expect(w.contact().status).To(Equal(200))
	})
}

func TestARecoveryAgentIsDisabledAfterItsTimeFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := configured("recovery")
		c.Recovery = &console.Recovery{From: time.Now().Add(-3 * time.Hour), To: time.Now().Add(-2 * time.Hour)}
		a, err := w.Tenant().AddAgent(c)
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(a.Configuration.Alerts.Enabled).To(BeFalse(), "activities only")
		enabled := func() bool {
			v, _ := w.Tenant().Agent("recovery")
			w.Expect(v.Kind).To(Equal("Recovery"))
			return v.Configuration.Enabled
		}
		time.Sleep(100 * time.Hour)
		w.token = a.Token
		w.Expect(enabled()).To(BeTrue(), "it has had no chance yet")
		w.contact()
		time.Sleep(24*time.Hour - 1)
		w.Expect(enabled()).To(BeTrue())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		w.Expect(enabled()).To(BeFalse())
		w.Expect(w.contact().json(w.WithT)["configurationVersion"]).To(Equal("2"))
	})
}

func TestATokenIsBoundToWhoRegeneratedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		hers, err := w.Tenant().AddToken("zoe@contoso.com")
		w.Expect(err).NotTo(HaveOccurred())
		w.token = hers
		w.Expect(w.do("POST", "/cas/api/v1/agents/siem/"+w.agent+"/generate/", nil).status).To(Equal(200))
		v, _ := w.Tenant().Agent(w.agent)
		w.Expect(v.TokenOwner).To(Equal("zoe@contoso.com"))
		w.Expect(v.CreatedBy).To(Equal(Admin))
		w.Tenant().RemoveAdmin("zoe@contoso.com")
		w.token = v.Token
		w.Expect(w.contact().status).To(Equal(401))
	})
}

func TestAnAgentThatBecomesARecoveryAgentSendsNoAlerts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.Tenant().EditAgent(w.agent, func(c *console.Configuration) {
			c.Recovery = &console.Recovery{From: time.Now().Add(-3 * time.Hour), To: time.Now().Add(-2 * time.Hour)}
		})).To(Succeed())
		v, _ := w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Alerts.Enabled).To(BeFalse())
	})
}
