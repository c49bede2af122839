package agent

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/wiretest"
)

// pass lets time pass, and what happens at its end happen.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// inWorld plays a test in a bubble.
func inWorld(t *testing.T, play func(g *WithT, w *world)) {
	synctest.Test(t, func(t *testing.T) { play(NewWithT(t), newWorld(t)) })
}

func TestEverythingArrivesOnceAndOnTime(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(2500)
		stop := w.start()
		pass(time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost+duplicates).To(BeZero(), w.logged.String())
		w.add(10)
		pass(35 * time.Second)
		lost, duplicates = w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(stop()).To(Succeed())
		g.Expect(w.reported()).To(Equal([]string{""}))
		g.Expect(w.printed.String()).To(BeEmpty())
		g.Expect(w.contacts[0].Machine).To(Equal("machine"))
		g.Expect(w.contacts[0].ConfigurationVersion).To(Equal("v1"))
	})
}

func TestARestartContinuesFromTheCheckpoint(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(1500)
		stop := w.start()
		pass(time.Minute)
		g.Expect(stop()).To(Succeed())
		w.add(5)
		stop = w.start()
		pass(time.Minute)
		g.Expect(stop()).To(Succeed())
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
	})
}

// The receiver resets the connection in the middle of the third batch.
func TestAfterABreakNothingIsLostAndABatchAtMostComesTwice(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.ConfirmLines = 200 // batches of 100
		connections := 0
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			var third bool
			w.do(func() { connections++; third = connections == 3 })
			if third {
				end.Read(make([]byte, 1000))
				end.Reset()
				return
			}
			w.readAll(end)
		}
		stop := w.start()
		pass(70 * time.Second)
		w.add(1000)
		pass(time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost).To(BeZero())
		g.Expect(duplicates).To(BeNumerically("<=", 100))
		g.Expect(w.reported()).To(Equal([]string{"", "data-server-send-error", ""}))
		g.Expect(stop()).To(Succeed())
	})
}

// Receivers that take lines and do not read them: a naive sender would not
// notice any of these.
func TestWhatWasWrittenAndNotReadIsSentAgain(t *testing.T) {
	for name, bad := range map[string]func(end *wiretest.End){
		"closes with lines unread":        func(end *wiretest.End) { end.WaitEOF(); end.Close() },
		"closes early":                    func(end *wiretest.End) { end.Read(make([]byte, 100)); end.Close() },
		"resets":                          func(end *wiretest.End) { end.Read(make([]byte, 100)); end.Reset() },
		"never reads, and dies after 5 m": func(end *wiretest.End) { time.Sleep(5 * time.Minute); end.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.settings.Confirm = ConfirmClose // however often that fails
				good := false
				w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
					var reads bool
					w.do(func() { reads = good })
					if reads {
						w.readAll(end)
						return
					}
					bad(end)
				}
				w.add(50)
				stop := w.start()
				pass(2 * time.Minute)
				g.Expect(w.reported()).To(ContainElement("data-server-send-error"))
				w.do(func() { good = true })
				pass(10 * time.Minute)
				lost, duplicates := w.tally()
				g.Expect(lost).To(BeZero(), w.logged.String())
				g.Expect(duplicates).To(BeZero())
				g.Expect(w.reported()).To(HaveExactElements("", "data-server-send-error", ""))
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

func TestWhileHeldNothingIsPulledAndContactGoesOn(t *testing.T) {
	for name, receiver := range map[string]func(end *wiretest.End){
		"it refuses":     nil,
		"it never reads": func(*wiretest.End) {},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.add(10)
				w.settings.Confirm = ConfirmClose // however long that takes
				w.receivers["192.0.2.1:514"] = receiver
				stop := w.start()
				pass(3 * time.Minute)
				pulls, contacts := w.made()
				pass(3 * time.Hour)
				pullsLater, contactsLater := w.made()
				g.Expect(pullsLater).To(Equal(pulls))
				g.Expect(contactsLater - contacts).To(BeNumerically("~", 180, 2))
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

func TestAnEditedReceiverTakesEffectWithoutARestart(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(10)
		w.receivers["192.0.2.1:514"] = nil
		w.receivers["192.0.2.2:6514"] = w.readAll
		stop := w.start()
		pass(10 * time.Minute)
		w.do(func() {
			w.configuration.Version, w.configuration.Remote.Host, w.configuration.Remote.Port = "v2", "192.0.2.2", 6514
		})
		pass(2 * time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(w.reported()).To(Equal([]string{"", "data-server-connection-error", ""}))
		g.Expect(stop()).To(Succeed())
	})
}

func TestDeletedInThePortalEndsWell(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(10)
		stop := w.start()
		pass(30 * time.Second)
		w.do(func() { w.status = http.StatusGone })
		pass(time.Minute)
		g.Expect(w.events[len(w.events)-1].Detail).To(Equal("stopped: the agent was deleted in the portal"))
		g.Expect(stop()).To(Succeed())
	})
}

func TestOverUDPALineIsADatagramAndNothingIsEverHeld(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.configuration.Remote.Protocol = console.UDP
		w.configuration.Remote.Host = "moved.example" // resolves to nothing
		w.add(1500)
		stop := w.start()
		pass(10 * time.Minute)
		g.Expect(w.reported()).To(Equal([]string{""}))
		w.do(func() { w.configuration.Version, w.configuration.Remote.Host = "v2", "syslog.example" })
		pass(2 * time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(w.reported()).To(Equal([]string{""}))
		g.Expect(stop()).To(Succeed())
		for _, e := range w.events {
			g.Expect(e.Detail).NotTo(HavePrefix("held"))
		}
	})
}

func TestALookBackThatIsCutShortByVolumeIsSaidOnceAndCounted(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.PageSize = 100 // so 200 are remembered
		stop := w.start()
		pass(time.Second)
		for range 10 {
			w.add(150)
			pass(31 * time.Second) // a pull is every 30 s
		}
		g.Expect(stop()).To(Succeed())
		var left []string
		for _, e := range w.events {
			if e.Kind == KindLookBackCut {
				g.Expect(e.Record).To(Equal("activity"))
				left = append(left, e.Detail)
			}
		}
		g.Expect(len(left)).To(BeNumerically(">=", 8), "as good as each pull")
		for _, l := range left {
			g.Expect(time.ParseDuration(l)).To(BeNumerically("<", 2*time.Minute), "of five")
		}
		g.Expect(strings.Count(w.logged.String(), "more records come than can be remembered")).To(Equal(1))
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
	})
}

// What was sent counts as confirmed, so a restart sends nothing again.
func TestOverUDPTheCheckpointMovesWithWhatIsSent(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.configuration.Remote.Protocol = console.UDP
		w.settings.StopAfter = Duration(time.Nanosecond) // nothing is confirmed by stopping
		w.add(1500)
		for range 2 {
			stop := w.start()
			pass(3 * time.Hour)
			g.Expect(stop()).To(Succeed())
		}
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(w.ways()).To(BeEmpty(), "neither way of confirming is for UDP")
	})
}

func TestAnAgentThatIsStoppedBeforeItStarts(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		g.Expect(w.start()()).To(Succeed())
	})
}

func TestStoppingIsQuickEvenIfTheReceiverHangs(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.receivers["192.0.2.1:514"] = func(*wiretest.End) {}
		w.add(5000)
		stop := w.start()
		pass(5 * time.Minute)
		began := time.Now()
		g.Expect(stop()).To(Succeed())
		g.Expect(time.Since(began)).To(Equal(5 * time.Second))
	})
}

// What is being written when it is stopped is written to its end and confirmed;
// what waits behind it is the next run's.
func TestStoppingAmidAPage(t *testing.T) {
	for name, behind := range map[string]int{"the only one": 0, "with another behind it": 100} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				reads := make(chan struct{})
				w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
					<-reads
					w.readAll(end)
				}
				const page = 800 // more than the receiver's buffer holds
				w.settings.ConfirmLines = 2 * page
				w.add(page)
				stop := w.start()
				pass(10 * time.Second)
				w.add(behind)
				pass(10 * time.Second)
				go func() {
					time.Sleep(time.Second)
					close(reads)
				}()
				g.Expect(stop()).To(Succeed())
				var arrived int
				w.do(func() { arrived = len(w.received) })
				g.Expect(arrived).To(Equal(page), "what was being written")
				w.start()
				pass(2 * time.Minute)
				lost, duplicates := w.tally()
				g.Expect(lost + duplicates).To(BeZero())
			})
		})
	}
}

// A page that comes while it stops is not passed over: one without records would
// take the place of those that were left behind.
func TestStoppingLeavesWhatComes(t *testing.T) {
	g := NewWithT(t)
	d := &delivery{agent: &Agent{}}
	d.agent.stopping = true
	d.take(&parcel{stream: &stream{}})
	g.Expect(d.queue).To(BeEmpty())
	g.Expect(d.batch.cursors).To(BeEmpty())
}

func TestTheDocumentedErrors(t *testing.T) {
	for name, c := range map[string]struct {
		given   func(w *world)
		code    Code
		status  int
		printed string
	}{
		"a token of the wrong shape": {
			func(w *world) { w.token = "abc" }, InvalidToken, 5,
			"Invalid token\na token has 64 to 192 characters, this one has 3\ncheck that the right token was copied, or regenerate it in the portal\n",
		},
		"a token with a line end in it": {
			func(w *world) { w.token = w.token[:70] + "\n" + w.token[70:] }, InvalidToken, 5,
			"Invalid token\na token has only the characters A-Z, 2-7 and =\n",
		},
		"a token that the service refuses": {
			func(w *world) { w.status = http.StatusUnauthorized }, InvalidToken, 5,
			"Invalid token\nthe service answered 401: Unauthorized\ncheck that the right token was copied, or regenerate it in the portal\n",
		},
		"a proxy address that is none": {
			func(w *world) { w.proxy = "http://me:secret@proxy:port" }, InvalidProxyAddress, 6,
			"Invalid proxy address\nexpected ADDRESS[:PORT]\ncheck the proxy's address and port\n",
		},
		"a proxy that is not known": {
			func(w *world) { w.proxy = "me:secret@proxy.example" }, InvalidProxyAddress, 6,
			"Invalid proxy address\nthe proxy proxy.example:8080: proxy.example:8080: the name was not resolved: lookup proxy.example: no such host\ncheck the proxy's address and port\n",
		},
		"a proxy that is not there": {
			func(w *world) { w.proxy = "192.0.2.77:3128" }, InvalidProxyAddress, 6,
			"Invalid proxy address\nthe proxy 192.0.2.77:3128: 192.0.2.77:3128: connection refused\ncheck the proxy's address and port\n",
		},
		"a proxy that wants a login": {
			func(w *world) {
				w.proxy = "me:secret@192.0.2.77:3128"
				w.receivers["192.0.2.77:3128"] = answering("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
			}, InvalidProxyAddress, 6,
			"Invalid proxy address\nthe proxy 192.0.2.77:3128: it wants a login (407)\ncheck the proxy's address and port\n",
		},
		"something that is no proxy": {
			func(w *world) {
				w.proxy = "192.0.2.77:25"
				w.receivers["192.0.2.77:25"] = answering("220 mail.example ESMTP\r\n")
			}, InvalidProxyAddress, 6,
			"Invalid proxy address\nthe proxy 192.0.2.77:25: no answer that a proxy gives: malformed HTTP status code \"mail.example\"\ncheck the proxy's address and port\n",
		},
		"a checkpoint that is torn": {
			tearCheckpoint, BootstrapError, 3, "General error during bootstrap\nthe checkpoint ",
		},
		"a file of certificates that is missing": {
			func(w *world) { w.settings.CAFile = "/nowhere/ca.pem" }, BootstrapError, 3,
			"General error during bootstrap\nsettings: caFile: open /nowhere/ca.pem: no such file or directory\ncontact support\n",
		},
		"a token that may not": {
			func(w *world) { w.status = http.StatusForbidden }, TooManyCriticalErrors, 4,
			"Too many critical errors\n10 within 15m0s, the last: the service answered 403: Forbidden\ncontact support\n",
		},
		"fewer critical errors, as set": {
			func(w *world) {
				w.status, w.settings.CriticalErrors, w.settings.CriticalWindow = http.StatusForbidden, 3, Duration(time.Minute)
			}, TooManyCriticalErrors, 4,
			"Too many critical errors\n3 within 1m0s, the last: ",
		},
		"a certificate that is not trusted": {
			func(w *world) { w.roots = w.roots.Clone(); w.newCertificate() }, TooManyCriticalErrors, 4,
			"Too many critical errors\n10 within 15m0s, the last: TLS: the certificate of contoso.example is signed by an authority that is not trusted: add that authority with caFile, ",
		},
		"a configuration that can't be read": {
			func(w *world) { w.configuration.Remote.Port = 0 }, TooManyCriticalErrors, 4,
			"Too many critical errors\n10 within 15m0s, the last: the service answered 200: the configuration can't be read: remote.port: expected 1 to 65535\ncontact support\n",
		},
		"a checkpoint directory that is a file": {
			func(w *world) {
				w.settings.CheckpointDirectory = filepath.Join(w.settings.CheckpointDirectory, "file")
				os.WriteFile(w.settings.CheckpointDirectory, nil, 0o600)
			}, BootstrapError, 3, "General error during bootstrap\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				c.given(w)
				stop := w.start()
				pass(15 * time.Minute)
				err := stop()
				g.Expect(err).To(BeAssignableToTypeOf(&Error{}))
				g.Expect(err.(*Error).Code).To(Equal(c.code))
				g.Expect(err.(*Error).ExitStatus()).To(Equal(c.status))
				g.Expect(w.printed.String()).To(HavePrefix(c.printed))
				g.Expect(w.printed.String() + w.logged.String() + fmt.Sprint(w.events)).NotTo(ContainSubstring("secret"))
			})
		})
	}
}

// answering reads a request and says text.
func answering(text string) func(end *wiretest.End) {
	return func(end *wiretest.End) {
		http.ReadRequest(bufio.NewReader(end))
		io.WriteString(end, text)
		end.Close()
	}
}

func TestARegeneratedTokenStopsTheAgentAfterTenCriticalErrors(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		stop := w.start()
		pass(time.Minute + time.Second)
		w.do(func() { w.status = http.StatusUnauthorized })
		pass(9*time.Minute + 30*time.Second)
		g.Expect(w.printed.String()).To(BeEmpty())
		pass(time.Minute)
		g.Expect(w.printed.String()).To(HavePrefix("Too many critical errors\n"))
		g.Expect(stop()).To(HaveOccurred())
		g.Expect(w.logged.String() + w.printed.String() + fmt.Sprint(w.events)).NotTo(ContainSubstring(w.token))
	})
}

func TestTwoAgentsWithOneCheckpointTheSecondRefuses(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		first := w.start()
		pass(time.Second)
		second := w.start()
		pass(time.Second)
		g.Expect(second()).To(MatchError(ContainSubstring("in use")))
		g.Expect(first()).To(Succeed())
	})
}
