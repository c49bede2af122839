package container

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// The engine that the user has chosen is the one, also when it doesn't answer.
func TestWithoutAnEngineThereAreNoMachines(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DOCKER_HOST", "unix://"+t.TempDir()+"/nobody")
	t.Setenv("SIEMDRILL_REQUIRE", "")
	_, err := new(Images).Machines()
	g.Expect(err).To(MatchError(simulator.ErrNoMachines))
	g.Expect(err).To(MatchError(ContainSubstring("DOCKER_HOST")))
}

func TestThatIsAnErrorWhereAnEngineIsRequired(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DOCKER_HOST", "unix://"+t.TempDir()+"/nobody")
	t.Setenv("SIEMDRILL_REQUIRE", "docker")
	_, err := new(Images).Machines()
	g.Expect(err).To(MatchError(HavePrefix("SIEMDRILL_REQUIRE asks for docker: ")))
	g.Expect(err).NotTo(MatchError(simulator.ErrNoMachines))
}
