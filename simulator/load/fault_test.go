package load

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestFault(t *testing.T) {
	g := NewWithT(t)
	f, err := ParseFault("at 10s stall for 5s")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.At).To(Equal(10 * time.Second))
	g.Expect(f.For).To(Equal(5 * time.Second))
	g.Expect(f.syslog.Name).To(Equal("stall"))
	g.Expect(f.service).To(BeNil())
	f, err = ParseFault("at 1s cas:refuse for 2s")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.service.Name).To(Equal("refuse"))
	for text, expected := range map[string]string{
		"":                        "expected \"at TIME",
		"stall for 5s":            "expected \"at TIME",
		"at now stall":            "expected a duration",
		"at 1s stall for ever":    "expected a duration",
		"at 1s explode":           "explode",
		"at 1s cas:explode":       "explode",
		"at 1s cas:refuse always": "expected KEY=VALUE",
	} {
		_, err := ParseFault(text)
		g.Expect(err).To(MatchError(ContainSubstring(expected)), text)
		g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
	}
}

func TestWindow(t *testing.T) {
	g := NewWithT(t)
	faults := []Fault{{At: 10 * time.Second, For: 5 * time.Second}, {At: 50 * time.Second}}
	for at, window := range map[int]Window{0: BeforeFault, 9: BeforeFault, 10: DuringFault, 14: DuringFault, 15: AfterFault, 49: AfterFault, 50: DuringFault, 59: DuringFault, 60: AfterFault} {
		g.Expect(windowAt(faults, time.Duration(at)*time.Second, time.Minute)).To(Equal(window), "at %d s", at)
	}
}
