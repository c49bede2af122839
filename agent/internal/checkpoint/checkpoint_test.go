package checkpoint

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/cas"
)

var some = Checkpoint{
	Activities: cas.Cursor{Position: 2000, Floor: 1000, Seen: []cas.Mark{{Created: 1500, ID: "a"}, {Created: 2000, ID: "ë|\n"}}, Read: 3000},
	Alerts:     cas.Cursor{Position: 7, Floor: 7},
}

func open(t *testing.T, directory string) *Store {
	t.Helper()
	s, err := Open(directory, "tenant", "agent")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { s.Close() })
	return s
}

func TestThereIsNoneAtFirst(t *testing.T) {
	g := NewWithT(t)
	s := open(t, filepath.Join(t.TempDir(), "made", "on", "the", "way"))
	c, found, err := s.Load()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeFalse())
	g.Expect(c).To(Equal(Checkpoint{}))
}

func TestWhatWasSavedIsLoadedByTheNextOne(t *testing.T) {
	g := NewWithT(t)
	directory := t.TempDir()
	s := open(t, directory)
	g.Expect(s.Save(Checkpoint{})).To(Succeed())
	g.Expect(s.Save(some)).To(Succeed())
	g.Expect(s.Close()).To(Succeed())
	g.Expect(s.Close()).To(Succeed())

	c, found, err := open(t, directory).Load()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeTrue())
	g.Expect(c).To(Equal(some))
}

func TestAClosedStoreSavesNothing(t *testing.T) {
	g := NewWithT(t)
	s := open(t, t.TempDir())
	g.Expect(s.Close()).To(Succeed())
	g.Expect(s.Save(some)).To(MatchError(os.ErrClosed))
	g.Expect(s.Path()).NotTo(BeAnExistingFile())
}

func TestAnUnchangedCheckpointWritesNothing(t *testing.T) {
	g := NewWithT(t)
	s := open(t, t.TempDir())
	g.Expect(s.Save(some)).To(Succeed())
	before, err := os.Stat(s.Path())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Save(some)).To(Succeed())
	after, err := os.Stat(s.Path())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.SameFile(before, after)).To(BeTrue(), "it was replaced")

	changed := some
	changed.Alerts.Position++
	g.Expect(s.Save(changed)).To(Succeed())
	after, err = os.Stat(s.Path())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.SameFile(before, after)).To(BeFalse(), "it was written in place")
}

func TestWhatACrashLeftBesideItDoesNoHarm(t *testing.T) {
	g := NewWithT(t)
	s := open(t, t.TempDir())
	g.Expect(os.WriteFile(s.Path()+".new", []byte(`{"kind": "sie`), 0o600)).To(Succeed())
	g.Expect(s.Save(some)).To(Succeed())
	c, _, err := s.Load()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c).To(Equal(some))
	g.Expect(s.Path() + ".new").NotTo(BeAnExistingFile())
}

func TestASaveThatFailsLeavesTheOneBefore(t *testing.T) {
	g := NewWithT(t)
	s := open(t, t.TempDir())
	g.Expect(s.Save(Checkpoint{})).To(Succeed())
	g.Expect(os.Mkdir(s.Path()+".new", 0o700)).To(Succeed()) // nothing can be written there
	g.Expect(s.Save(some)).To(MatchError(ContainSubstring(s.Path())))
	c, _, err := s.Load()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c).To(Equal(Checkpoint{}))

	g.Expect(os.RemoveAll(s.Path() + ".new")).To(Succeed())
	g.Expect(s.Save(some)).To(Succeed())
}

func TestAFileThatIsNoneOfOursIsAnErrorAndStays(t *testing.T) {
	for _, test := range []struct{ name, content, says string }{
		{"empty", "", "it is empty"},
		{"zeros, as after a power failure", "\x00\x00\x00", "torn"},
		{"torn", `{"kind":"siemdrill checkpoint","version":1,"ten`, "torn"},
		{"two in one", `{}{}`, "torn"},
		{"not an object", `[]`, "torn"},
		{"foreign", `{"cursor": 5}`, `its kind is "", expected "siemdrill checkpoint"`},
		{"without a version", `{"kind":"siemdrill checkpoint"}`, "its version is 0, expected 1 to 1"},
		{"newer", `{"kind":"siemdrill checkpoint","version":2}`, "a newer agent wrote it: its version is 2, this agent reads up to 1"},
		{"of another agent", `{"kind":"siemdrill checkpoint","version":1,"tenant":"tenant","agent":"other"}`, `belongs to agent "other"`},
		{"of another tenant", `{"kind":"siemdrill checkpoint","version":1,"tenant":"other","agent":"agent"}`, `of tenant "other"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			s := open(t, t.TempDir())
			g.Expect(os.WriteFile(s.Path(), []byte(test.content), 0o600)).To(Succeed())
			_, found, err := s.Load()
			g.Expect(found).To(BeFalse())
			g.Expect(err).To(MatchError(And(ContainSubstring(test.says), ContainSubstring(s.Path()), ContainSubstring("move it away"))))
			g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
			g.Expect(os.ReadFile(s.Path())).To(BeEquivalentTo(test.content))
		})
	}
}

// The file of version 1 as an agent has written it: every later agent takes it
// over. It is never edited; a new version gets a line of its own.
func TestFilesOfOlderAgentsAreTakenOver(t *testing.T) {
	g := NewWithT(t)
	s := open(t, t.TempDir())
	g.Expect(os.WriteFile(s.Path(), []byte(`{"kind":"siemdrill checkpoint","version":1,"tenant":"tenant","agent":"agent",`+
		`"activities":{"position":2000,"floor":1000,"seen":[{"created":1500,"id":"a"},{"created":2000,"id":"ë|\n"}],"read":3000},`+
		`"alerts":{"position":7,"floor":7},"later":"unknown keys are ignored"}`), 0o600)).To(Succeed())
	c, found, err := s.Load()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeTrue())
	g.Expect(c).To(Equal(some))
}

func TestFileNames(t *testing.T) {
	g := NewWithT(t)
	g.Expect(fileName("97134000", "5f01dbbc68df27c17aa6ca81")).To(Equal("97134000_5f01dbbc68df27c17aa6ca81.checkpoint.json"))
	names := map[string]string{}
	for _, s := range []string{"", "a", "A", "..", "../x", "../y", "a/b", `a\b`, "a b", "a\x00b", "a_b", ".hidden", "con:", string(make([]byte, 300)), string(make([]byte, 301))} {
		name := namePart(s)
		g.Expect(name).To(MatchRegexp(`^[a-z0-9-][a-z0-9.-]{0,80}$`), "of %q", s)
		g.Expect(names).NotTo(HaveKey(name), "of %q", s)
		names[name] = s
	}
}

func TestDefaultDirectory(t *testing.T) {
	for _, test := range []struct {
		name, system string
		root         bool
		environment  map[string]string
		want, err    string
	}{
		{"systemd", "linux", true, map[string]string{"STATE_DIRECTORY": "/var/lib/x"}, "/var/lib/x", ""},
		{"root", "linux", true, nil, "/var/lib/siem-agent", ""},
		{"user", "linux", false, map[string]string{"HOME": "/home/u"}, "/home/u/.local/state/siem-agent", ""},
		{"user with XDG", "linux", false, map[string]string{"HOME": "/home/u", "XDG_STATE_HOME": "/s"}, "/s/siem-agent", ""},
		{"nothing known", "linux", false, nil, "", "HOME is not set; set checkpointDirectory"},
		{"macOS root", "darwin", true, nil, "/Library/Application Support/siem-agent", ""},
		{"macOS user", "darwin", false, map[string]string{"HOME": "/Users/u"}, "/Users/u/Library/Application Support/siem-agent", ""},
		{"Windows", "windows", false, map[string]string{"ProgramData": "/ProgramData"}, "/ProgramData/siem-agent", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			d, err := defaultDirectory(test.system, test.root, func(name string) string { return test.environment[name] })
			if test.err != "" {
				g.Expect(err).To(MatchError(ContainSubstring(test.err)))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(filepath.ToSlash(d)).To(Equal(test.want))
		})
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := encode("t", "a", some)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := decode("t", "a", text)
		if err != nil {
			return
		}
		again, err := encode("t", "a", c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode("t", "a", again); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
	})
}
