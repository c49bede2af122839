package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// However the command ends, no agent outlives it, not even one that is paused.
func TestNoAgentOutlivesTheCommand(t *testing.T) {
	for name, wall := range map[string]string{"killed": "10m", "past -wall": "8s"} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			directory := t.TempDir()
			script := "# It waits\n\nagent start\nadvance 5s -real 5s\nagent pause\nadvance 1h -real 1h\n-- agent.json --\n{}\n"
			g.Expect(os.WriteFile(filepath.Join(directory, "mine.txtar"), []byte(script), 0o600)).To(Succeed())
			g.Expect(os.WriteFile(filepath.Join(directory, "agent.sh"), []byte("echo $$ >agent.pid\nexec sleep 1000\n"), 0o600)).To(Succeed())
			command := exec.Command(program, "run", "-runner", "process", "-agent", "sh agent.sh", "-wall", wall, "mine.txtar")
			command.Dir = directory
			g.Expect(command.Start()).To(Succeed())
			defer command.Process.Kill()

			pid := 0
			g.Eventually(func() (err error) {
				text, err := os.ReadFile(filepath.Join(directory, "agent.pid"))
				if err == nil {
					pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
				}
				return err
			}).WithTimeout(20 * time.Second).Should(Succeed())
			if name == "killed" {
				g.Expect(command.Process.Kill()).To(Succeed())
			}
			_ = command.Wait()
			g.Expect(command.ProcessState.Success()).To(BeFalse())
			g.Eventually(func() error { return syscall.Kill(pid, 0) }).WithTimeout(20 * time.Second).Should(MatchError(syscall.ESRCH))
		})
	}
}
