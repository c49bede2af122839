package agent

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/cas"
)

// A transcript has a line for each input: the time since the start, the input,
// an arrow and what the Machine wants done. Timers that are stopped are left
// out, and the waits of a back-off are given by their upper bound.
var transcripts = map[string]string{
	"starting is configuration, contact at once, connection, pulls": `
0s  started                          → starting, fetch
0s  configured v1 activity alert     → contact in 1m0s, contact [], dial
1s  connected                        → pulling, pull activity, pull alert
2s  contact-taken v1                 →
3s  pulled activity more             → pull activity
4s  pulled activity                  → pull-activities in 29s
5s  pulled alert                     → pull-alerts in 26s
31s expired pull-alerts              → pull alert
33s expired pull-activities          → pull activity
1m0s expired contact                 → contact in 1m0s, contact []
`,
	"only what is enabled is pulled": `
0s  started                          → starting, fetch
0s  configured v1 alert              → contact in 1m0s, contact [], dial
1s  connected                        → pulling, pull alert
`,
	"a pull that fails is tried again in its turn, or when the service says, and holds nothing else": `
0s  started                          → starting, fetch
0s  configured v1 activity alert     → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity, pull alert
2s  pull-failed activity             → pull-activities in 28s
2s  pull-failed alert 45s            → pull-alerts in 45s
`,
	"a service that can't be reached is retried for ever": `
0s  started                          → starting, fetch
0s  configuration-failed unreachable → fetch in ≤1s
1s  expired fetch                    → fetch
1s  configuration-failed unreachable → fetch in ≤2s
3s  expired fetch                    → fetch
3s  configuration-failed unreachable → fetch in ≤4s
7s  expired fetch                    → fetch
7s  configuration-failed unreachable → fetch in ≤8s
15s expired fetch                    → fetch
15s configuration-failed unreachable → fetch in ≤16s
31s expired fetch                    → fetch
31s configuration-failed unreachable → fetch in ≤32s
63s expired fetch                    → fetch
63s configuration-failed unreachable → fetch in ≤1m0s
2h  expired fetch                    → fetch
2h  configuration-failed unreachable → fetch in ≤1m0s
`,
	"a 401 at start is an invalid token at once": `
0s  started                          → starting, fetch
1s  configuration-failed unauthorized → stopped, stop-pulling, finish invalid-token
`,
	"no proxy at start is an invalid proxy address at once": `
0s  started                          → starting, fetch
1s  configuration-failed bad-proxy   → stopped, stop-pulling, finish invalid-proxy-address
`,
	"no proxy later is an outage": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
5s  contact-failed bad-proxy         →
`,
	"a checkpoint that can't be read ends the start": `
0s  started                          → starting, fetch
1s  bootstrap-failed                 → stopped, stop-pulling, finish bootstrap-error
`,
	"ten critical errors within 15 minutes stop the agent": `
0s   started                         → starting, fetch
0s   configured v1 activity          → contact in 1m0s, contact [], dial
0s   connected                       → pulling, pull activity
0s   contact-failed unauthorized     → critical 1
1m   contact-failed critical         → critical 2
2m   contact-failed unauthorized     → critical 3
3m   contact-failed unauthorized     → critical 4
4m   contact-failed unauthorized     → critical 5
5m   contact-failed unauthorized     → critical 6
6m   contact-failed unauthorized     → critical 7
7m   contact-failed unauthorized     → critical 8
14m59s contact-failed unauthorized   → critical 9
15m  contact-failed unauthorized     → critical 9
15m  contact-failed unauthorized     → critical 10, stopped, stop-pulling, finish too-many-critical-errors
`,
	"an outage is not critical": `
0s   started                         → starting, fetch
0s   configured v1 activity          → contact in 1m0s, contact [], dial
0s   contact-failed unreachable      →
3h   contact-failed unreachable      →
`,
	"critical errors before the first configuration are tried again, and counted": `
0s  started                          → starting, fetch
0s  configuration-failed critical    → critical 1, fetch in ≤1s
1s  expired fetch                    → fetch
1s  configured v1 activity           → contact in 1m0s, contact [], dial
`,
	"a connection error holds the agent; contact goes on; a dial that succeeds ends it": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
10s broken                           → dial
10s dial-failed                      → redial in ≤2s, held, stop-pulling, abandon, raise data-server-connection-error, contact in 1m0s, contact [data-server-connection-error]
12s contact-taken v1                 →
12s expired redial                   → dial
12s dial-failed                      → redial in ≤4s
16s expired redial                   → dial
16s dial-failed                      → redial in ≤8s
20s expired pull-activities          →
70s expired contact                  → contact in 1m0s, contact [data-server-connection-error]
71s contact-taken v1                 →
72s expired redial                   → dial
72s connected                        → healthy in 1m0s, pulling, pull activity
73s sent                             →
74s confirmed next                   → resolve data-server-connection-error, contact in 1s
`,
	"without traffic it is resolved after a minute of a healthy connection": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
1s  contact-taken v1                 →
20s dial-failed                      → redial in ≤1s, held, stop-pulling, abandon, raise data-server-connection-error, contact in 1m0s, contact [data-server-connection-error]
21s contact-taken v1                 →
21s expired redial                   → dial
21s connected                        → healthy in 1m0s, pulling, pull activity
81s expired healthy                  → resolve data-server-connection-error, contact in 1m0s, contact []
`,
	"a healthy minute resolves nothing while lines are in doubt": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
1s  contact-taken v1                 →
20s dial-failed                      → redial in ≤1s, held, stop-pulling, abandon, raise data-server-connection-error, contact in 1m0s, contact [data-server-connection-error]
21s contact-taken v1                 →
21s connected                        → healthy in 1m0s, pulling, pull activity
80s sent                             →
81s expired healthy                  →
82s confirmed next                   → resolve data-server-connection-error, contact in 1m0s, contact []
`,
	"a break with lines in doubt is a send error; a failed redial adds the connection error": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
9s  sent                             →
10s broken in-doubt                  → held, stop-pulling, abandon, dial, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
10s dial-failed                      → redial in ≤2s, raise data-server-connection-error
11s contact-taken v1                 → contact in 4s
15s expired contact                  → contact in 1m0s, contact [data-server-send-error data-server-connection-error]
16s contact-taken v1                 →
16s expired redial                   → dial
16s connected                        → healthy in 1m0s, pulling, pull activity
20s sent                             →
21s confirmed next                   → resolve data-server-connection-error, resolve data-server-send-error, contact in 1m0s, contact []
`,
	"a break without anything in doubt is dialled at once and raises nothing": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
10s broken                           → dial
10s connected                        → healthy in 1m0s
`,
	"a connection that breaks again and again is dialled with back-off": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
10s broken                           → dial
10s connected                        → healthy in 1m0s
10s broken                           → redial in ≤1s
11s expired redial                   → dial
11s connected                        → healthy in 1m0s
11s broken                           → redial in ≤2s
13s expired redial                   → dial
13s connected                        → healthy in 1m0s
73s expired healthy                  →
80s broken                           → dial
`,
	"what flaps is not reported more often than every 5 seconds": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
10s broken in-doubt                  → held, stop-pulling, abandon, dial, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
10s contact-taken v1                 →
10s connected                        → healthy in 1m0s, pulling, pull activity
11s sent                             →
11s confirmed next                   → resolve data-server-send-error, contact in 4s
12s sent                             →
12s broken in-doubt                  → held, stop-pulling, abandon, dial, raise data-server-send-error, contact in 3s
15s expired contact                  → contact in 1m0s, contact [data-server-send-error]
`,
	"a stall is a send error; the connection is kept, and its progress ends held": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
5s  sent                             →
65s stalled                          → held, stop-pulling, probe in 1m0s, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
66s contact-taken v1                 →
70s progressed                       → pulling, pull activity
80s confirmed next                   → resolve data-server-send-error, contact in 1m0s, contact []
`,
	"a confirmation that comes late ends held too": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
5s  sent                             →
65s stalled                          → held, stop-pulling, probe in 1m0s, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
66s contact-taken v1                 →
80s confirmed                        → pulling, pull activity, resolve data-server-send-error, contact in 1m0s, contact [], dial
`,
	"while it stalls other connections are tried, ever more seldom, and nothing is pulled": `
0s   started                         → starting, fetch
0s   configured v1 activity          → contact in 1m0s, contact [], dial
0s   connected                       → pulling, pull activity
1s   contact-taken v1                →
65s  stalled                         → held, stop-pulling, probe in 1m0s, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
66s  contact-taken v1                →
125s expired probe                   → probe in 2m0s, probe
245s expired probe                   → probe in 4m0s, probe
485s expired probe                   → probe in 8m0s, probe
965s expired probe                   → probe in 10m0s, probe
1565s expired probe                  → probe in 10m0s, probe after all patience
1566s probe-failed                   → raise data-server-connection-error, contact in 1m0s, contact [data-server-send-error data-server-connection-error]
2165s expired probe                  → probe in 10m0s, probe after all patience
2165s probed                         → abandon, dial
2165s connected                      → healthy in 1m0s, pulling, pull activity
`,
	"when closing proves nothing it pulls on, and what was raised stays until something is proved": `
0s   started                         → starting, fetch
0s   configured v1 activity          → contact in 1m0s, contact [], dial
0s   connected                       → pulling, pull activity
1s   contact-taken v1                →
65s  stalled                         → held, stop-pulling, probe in 1m0s, raise data-server-send-error, contact in 1m0s, contact [data-server-send-error]
66s  contact-taken v1                →
2765s unanswered                     → abandon, dial
2765s connected                      → healthy in 1m0s, pulling, pull activity
2825s expired healthy                →
2900s confirmed next                 → resolve data-server-send-error, contact in 1m0s, contact []
`,
	"UDP is never held and raises neither": `
0s  started                          → starting, fetch
0s  configured v1 udp activity       → contact in 1m0s, contact [], dial
0s  dial-failed                      → redial in ≤1s, pulling, pull activity
1s  expired redial                   → dial
1s  connected                        → healthy in 1m0s
2s  sent                             →
2s  confirmed next                   →
3s  sent                             →
3s  broken in-doubt                  → abandon, dial, stop-pulling, pull activity
3s  dial-failed                      → redial in ≤2s
`,
	"a configuration that is fetched for nothing is not applied again": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v2                 → fetch
2s  sent                             →
2s  configured v1 activity           →
1m  expired contact                  → contact in 1m0s, contact []
61s contact-taken v2                 → fetch
`,
	"a changed configuration is fetched and applied while running": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v2                 → fetch
2s  sent                             →
2s  configured v2 activity alert     → abandon, stop-pulling, starting, dial
3s  connected                        → pulling, pull activity, pull alert
`,
	"a changed configuration mends a wrong receiver": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
1s  contact-taken v1                 →
9s  dial-failed                      → redial in ≤1s, held, stop-pulling, abandon, raise data-server-connection-error, contact in 1m0s, contact [data-server-connection-error]
9s  contact-taken v2                 → fetch
9s  configured v2 activity           → abandon, stop-pulling, starting, dial
9s  connected                        → healthy in 1m0s, pulling, pull activity
`,
	"a configuration that can't be fetched any more is critical or not like any answer": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
1s  contact-taken v2                 → fetch
2s  configuration-failed critical    → critical 1
1m  expired contact                  → contact in 1m0s, contact []
1m  contact-taken v2                 → fetch
1m  configuration-failed unreachable →
`,
	"deleted in the portal: confirm what is in doubt and end well": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  sent                             →
2s  contact-failed deleted           → stopped, stop-pulling, finish
3s  confirmed next                   →
`,
	"a recovery agent that is done says so, and ends once that was taken": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
0s  connected                        → pulling, pull activity
1s  contact-taken v1                 →
9s  recovery-over                    → stop-pulling, contact in 1m0s, contact [] done
9s  recovery-over                    →
9s  contact-failed unreachable       →
1m9s expired contact                 → contact in 1m0s, contact [] done
1m9s contact-taken v1                → stopped, stop-pulling, finish
`,
	"a contact that was under way did not say that the recovery agent is done": `
0s  started                          → starting, fetch
0s  configured v1                    → contact in 1m0s, contact [], dial
0s  recovery-over                    → stop-pulling, contact in 1m0s
1s  contact-taken v1                 → contact in 1m0s, contact [] done
2s  contact-taken v1                 → stopped, stop-pulling, finish
`,
	"asked to stop, in every condition": `
0s  started                          → starting, fetch
0s  stop                             → stopped, stop-pulling, finish
1s  stop                             →
`,
	"a checkpoint that can't be saved is an internal error until one can": `
0s  started                          → starting, fetch
0s  configured v1 activity           → contact in 1m0s, contact [], dial
1s  contact-taken v1                 →
9s  save-failed                      → raise internal-error, contact in 1m0s, contact [internal-error]
9s  contact-taken v1                 →
9s  save-failed                      →
20s saved                            → resolve internal-error, contact in 1m0s, contact []
`,
}

func TestTheMachineByTranscript(t *testing.T) {
	for name, transcript := range transcripts {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(play(t, transcript)).To(Equal(normalised(transcript)))
		})
	}
}

// play gives the inputs of a transcript to a new Machine and returns the
// transcript as it happened.
func play(t *testing.T, transcript string) string {
	m := newMachine(Settings{}, 1, slog.New(slog.DiscardHandler))
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	var played []string
	for line := range strings.Lines(strings.TrimSpace(transcript)) {
		told, _, _ := strings.Cut(line, "→")
		words := strings.Fields(told)
		after, err := time.ParseDuration(words[0])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var done []string
		for _, e := range m.Step(start.Add(after), inputOf(t, words[1:])) {
			if text := render(e); text != "" {
				done = append(done, text)
			}
		}
		played = append(played, strings.Join(words, " ")+" → "+strings.Join(done, ", "))
	}
	return strings.Join(played, "\n")
}

func normalised(transcript string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(transcript)) {
		told, done, _ := strings.Cut(line, "→")
		lines = append(lines, strings.Join(strings.Fields(told), " ")+" → "+strings.TrimSpace(done))
	}
	return strings.Join(lines, "\n")
}

var errAny = errors.New("cause")

func inputOf(t *testing.T, words []string) Input {
	kinds := map[string]FailureKind{"unreachable": Unreachable, "critical": Critical, "unauthorized": Unauthorized, "deleted": Deleted, "bad-proxy": BadProxy}
	arguments := words[1:]
	first := ""
	if len(arguments) > 0 {
		first = arguments[0]
	}
	failure := Failure{kinds[first], errAny}
	switch words[0] {
	case "started":
		return Started{}
	case "stop":
		return StopWanted{}
	case "bootstrap-failed":
		return BootstrapFailed{errAny}
	case "configured":
		return configuredOf(arguments)
	case "configuration-failed":
		return ConfigurationFailed{failure}
	case "contact-taken":
		return ContactTaken{first}
	case "contact-failed":
		return ContactFailed{failure}
	case "pulled":
		return Pulled{cas.Type(first), len(arguments) == 2}
	case "pull-failed":
		var after time.Duration
		if len(arguments) == 2 {
			after, _ = time.ParseDuration(arguments[1])
		}
		return PullFailed{cas.Type(first), after}
	case "saved":
		return Saved{}
	case "save-failed":
		return Saved{errAny}
	case "recovery-over":
		return RecoveryOver{}
	case "expired":
		return Expired{Timer(first)}
	case "connected":
		return Connected{}
	case "dial-failed":
		return DialFailed{errAny}
	case "sent":
		return Sent{}
	case "confirmed":
		return Confirmed{Next: first == "next"}
	case "broken":
		return Broken{InDoubt: first == "in-doubt", Cause: errAny}
	case "stalled":
		return Stalled{errAny}
	case "probed":
		return Probed{}
	case "unanswered":
		return Unanswered{}
	case "probe-failed":
		return ProbeFailed{errAny}
	case "progressed":
		return Progressed{}
	}
	t.Fatalf("no input %q", words[0])
	return nil
}

func configuredOf(arguments []string) Configured {
	in := Configured{Version: arguments[0]}
	for _, a := range arguments[1:] {
		if a == "udp" {
			in.UDP = true
			continue
		}
		in.Types = append(in.Types, cas.Type(a))
	}
	return in
}

func render(e Effect) string {
	switch e := e.(type) {
	case Became:
		return string(e.Condition)
	case FetchConfiguration:
		return "fetch"
	case SendContact:
		var ids []string
		for _, n := range e.Notifications {
			ids = append(ids, string(n.ID))
		}
		if e.Done {
			return fmt.Sprintf("contact %v done", ids)
		}
		return fmt.Sprintf("contact %v", ids)
	case Pull:
		return "pull " + string(e.Type)
	case StopPulling:
		return "stop-pulling"
	case Dial:
		return "dial"
	case Abandon:
		return "abandon"
	case Probe:
		if e.Patient {
			return "probe after all patience"
		}
		return "probe"
	case SetTimer:
		if e.Timer == TimerRedial || e.Timer == TimerFetch {
			bound := time.Second
			for bound < e.After {
				bound *= 2
			}
			return fmt.Sprintf("%s in ≤%s", e.Timer, min(bound, time.Minute))
		}
		return fmt.Sprintf("%s in %s", e.Timer, e.After)
	case Raised:
		return "raise " + string(e.Notification.ID)
	case Resolved:
		return "resolve " + string(e.ID)
	case Counted:
		return fmt.Sprintf("critical %d", e.Number)
	case Finish:
		if e.Err == nil {
			return "finish"
		}
		return "finish " + string(e.Err.Code)
	}
	return ""
}

func TestAnImpossibleTransitionPanics(t *testing.T) {
	g := NewWithT(t)
	m := newMachine(Settings{}, 1, slog.New(slog.DiscardHandler))
	g.Expect(func() { m.becomePulling("never started") }).To(PanicWith("agent: can't become pulling when "))
	g.Expect(func() { m.Step(time.Now(), Expired{"lunch"}) }).To(PanicWith(`agent: no timer "lunch"`))
}

// Whatever comes in whatever order, some things never happen.
func TestWhateverHappensTheMachineNeverPullsWhileHeld(t *testing.T) {
	g := NewWithT(t)
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		m := newMachine(Settings{}, seed, slog.New(slog.DiscardHandler))
		now := time.Unix(0, 0)
		m.Step(now, Started{})
		m.Step(now, Configured{Version: "1", Types: []cas.Type{cas.Activity, cas.Alert}})
		for range 500 {
			now = now.Add(time.Duration(random.Int64N(int64(20 * time.Second))))
			in := randomInput(random, m)
			held := m.condition == Held
			for _, e := range m.Step(now, in) {
				if became, ok := e.(Became); ok {
					held = became.Condition == Held
				}
				if _, pulls := e.(Pull); pulls {
					g.Expect(held).To(BeFalse(), "seed %d: %T%+v", seed, in, in)
				}
				if timer, ok := e.(SetTimer); ok {
					g.Expect(timer.After).To(BeNumerically("<=", time.Duration(m.settings.PatienceMost)))
				}
			}
		}
	}
}

// randomInput is one of those that can come as the Machine is.
func randomInput(random *rand.Rand, m *Machine) Input {
	always := []Input{
		Expired{TimerContact}, Expired{TimerPullActivities}, Expired{TimerPullAlerts},
		ContactTaken{"1"}, ContactFailed{Failure{Unreachable, errAny}}, Saved{}, Saved{errAny},
		Pulled{cas.Activity, true}, Pulled{cas.Alert, false}, PullFailed{cas.Alert, time.Minute},
		Configured{Version: fmt.Sprint(random.Uint32()), Types: []cas.Type{cas.Activity}},
	}
	if !m.linked {
		return append(always, Connected{}, DialFailed{errAny}, Expired{TimerRedial})[random.IntN(len(always)+3)]
	}
	if m.stalled {
		return append(always, Progressed{}, Expired{TimerProbe}, Probed{}, ProbeFailed{errAny}, Confirmed{}, Broken{true, errAny})[random.IntN(len(always)+6)]
	}
	return append(always, Sent{}, Confirmed{true}, Confirmed{}, Broken{true, errAny}, Broken{false, errAny}, Stalled{errAny}, Expired{TimerHealthy})[random.IntN(len(always)+7)]
}

func TestBackOffIsCappedJitteredAndRepeatable(t *testing.T) {
	g := NewWithT(t)
	one, same, other := newBackOff(time.Minute, 7), newBackOff(time.Minute, 7), newBackOff(time.Minute, 8)
	differs := false
	for failures := range 40 {
		bound := min(time.Second<<min(max(failures-1, 0), 10), time.Minute)
		if failures == 0 {
			bound = 0
		}
		wait := one.wait(failures)
		g.Expect(wait).To(And(BeNumerically(">=", bound/2), BeNumerically("<=", bound)))
		g.Expect(same.wait(failures)).To(Equal(wait))
		differs = differs || other.wait(failures) != wait
	}
	g.Expect(differs).To(BeTrue(), "two seeds that wait alike")
}
