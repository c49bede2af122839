package checkpoint

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	. "github.com/onsi/gomega"
)

// holderVariable makes the test binary a process that holds a checkpoint until
// its standard input ends.
const holderVariable = "CHECKPOINT_TEST_HOLD"

func TestMain(m *testing.M) {
	if directory := os.Getenv(holderVariable); directory != "" {
		if _, err := Open(directory, "tenant", "agent"); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		bufio.NewReader(os.Stdin).ReadByte()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestASecondOneInThisProcessIsRefused(t *testing.T) {
	g := NewWithT(t)
	directory := t.TempDir()
	s := open(t, directory)
	_, err := Open(directory, "tenant", "agent")
	g.Expect(err).To(MatchError(ErrInUse))
	g.Expect(err).To(MatchError(ContainSubstring("by this process")))
	_, err = Open(directory+"/.", "tenant", "agent")
	g.Expect(err).To(MatchError(ErrInUse))

	other, err := Open(directory, "tenant", "recovery")
	g.Expect(err).NotTo(HaveOccurred(), "another agent has a checkpoint of its own")
	g.Expect(other.Close()).To(Succeed())

	g.Expect(s.Close()).To(Succeed())
	again, err := Open(directory, "tenant", "agent")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again.Close()).To(Succeed())
}

func TestASecondProcessIsRefusedUntilTheFirstIsKilled(t *testing.T) {
	g := NewWithT(t)
	directory := t.TempDir()
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holderVariable+"="+directory)
	_, err := holder.StdinPipe() // stays open: it ends by being killed
	g.Expect(err).NotTo(HaveOccurred())
	says, err := holder.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(holder.Start()).To(Succeed())
	line, err := bufio.NewReader(says).ReadString('\n')
	g.Expect(line, err).To(Equal("held\n"))

	_, err = Open(directory, "tenant", "agent")
	g.Expect(err).To(MatchError(ErrInUse))
	g.Expect(err).To(MatchError(ContainSubstring("by process %d on ", holder.Process.Pid)))

	g.Expect(holder.Process.Kill()).To(Succeed())
	g.Expect(holder.Wait()).NotTo(Succeed())
	g.Expect(open(t, directory).Save(some)).To(Succeed())
}
