package report

import (
	"fmt"
	"time"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

// statusLanes is what the portal shows of each agent, a lane each.
func statusLanes(w world, run simulator.Run) []lane {
	var all []lane
	index := map[string]int{} // of an agent's lane
	since := map[string]simulator.Event{}
	end := func(agent string, until time.Time) {
		if e, is := since[agent]; is {
			l := &all[index[agent]]
			l.Bands = append(l.Bands, w.band(e.T, until, statusLook(e.Detail), e.Detail, ""))
		}
	}
	for _, e := range run.Evidence.Events {
		if e.Source != simulator.FromCAS {
			continue
		}
		switch e.Kind {
		case fakecas.KindAgentAdded:
			index[e.Agent] = len(all)
			all = append(all, lane{Name: "Status of " + visible(e.Detail), Help: "What the portal shows of the agent."})
			since[e.Agent] = simulator.Event{T: e.T, Detail: fakecas.Created.String()}
		case fakecas.KindStatus:
			if _, is := index[e.Agent]; is {
				end(e.Agent, e.T)
				since[e.Agent] = e
			}
		case fakecas.KindAgentDeleted:
			end(e.Agent, e.T)
			delete(since, e.Agent)
		}
	}
	for agent, i := range index {
		end(agent, time.Time{})
		all[i] = stack(all[i])
	}
	if len(all) == 1 {
		all[0].Name = "Status"
	}
	return all
}

func statusLook(status string) string {
	switch status {
	case fakecas.Connected.String():
		return lookGood
	case fakecas.ConnectionError.String():
		return lookWarn
	case fakecas.Disconnected.String():
		return lookBad
	}
	return lookIdle
}

// notificationLane is every notification, from when the portal learnt of it.
func notificationLane(w world, run simulator.Run) lane {
	l := lane{Name: "Notifications", Help: "What the portal shows beside the status, from when it learnt of it until it is resolved."}
	for _, n := range run.Evidence.Notifications {
		detail := fmt.Sprintf("its cause began at %s: %s", n.Since.UTC().Format(time.TimeOnly), n.Detail)
		l.Bands = append(l.Bands, w.band(n.Raised, n.Resolved, lookWarn, string(n.ID), detail))
	}
	return stack(l)
}

// heldLane is when the agent should not have pulled, as seen from outside.
func heldLane(w world, run simulator.Run) lane {
	l := lane{Name: "Held", Help: "From the beginning of a data server notification until the receiver was reached again, as the fakes saw it. Nothing should be pulled meanwhile."}
	for _, h := range run.Holds() {
		look, detail := lookHeld, h.Notification
		if h.Pulled {
			look, detail = lookBad, detail+"; it ends where records were pulled nevertheless"
		}
		l.Bands = append(l.Bands, w.band(h.From, h.Until, look, "held", detail))
	}
	return stack(l)
}
