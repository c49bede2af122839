package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

const root = "../../../"

// The unit calls the agent as it wants to be called.
func TestTheUnitOfSystemd(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(root + "docs/deploy/siem-agent.service")
	g.Expect(err).NotTo(HaveOccurred())
	_, rest, found := strings.Cut(string(text), "\nExecStart=")
	g.Expect(found).To(BeTrue())
	line, _, _ := strings.Cut(rest, "\n")
	directory := t.TempDir()
	os.WriteFile(filepath.Join(directory, "token"), []byte("TOKEN"), 0o600)
	os.WriteFile(filepath.Join(directory, "settings.json"), []byte("{}"), 0o600)
	line = strings.NewReplacer("%d", directory, "/etc/siem-agent", directory).Replace(line)
	c, err := parse(strings.Fields(line)[1:], environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.token).To(Equal("TOKEN"))
	g.Expect(c.logsDirectory).To(Equal("/var/log/siem-agent"))
}

// docker runs the engine's command and returns what it printed and its exit
// status.
func docker(g *WithT, arguments ...string) (string, int) {
	command := exec.Command("docker", arguments...)
	output, err := command.CombinedOutput()
	if command.ProcessState == nil {
		g.Expect(err).NotTo(HaveOccurred())
	}
	return string(output), command.ProcessState.ExitCode()
}

// The image needs no registry, runs as nobody, and on a read-only root.
func TestTheImage(t *testing.T) {
	if testing.Short() || exec.Command("docker", "info").Run() != nil {
		if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "docker") {
			t.Fatal("SIEMDRILL_REQUIRE asks for docker, and no engine answers")
		}
		t.Skip("no container engine answers: the image is not tried")
	}
	g := NewWithT(t)
	const tag = "siem-agent:test"
	build := exec.Command(root + "tools/image")
	build.Env = append(os.Environ(), "TAG="+tag, "VERSION=test-image")
	var built bytes.Buffer
	build.Stdout, build.Stderr = &built, &built
	g.Expect(build.Run()).To(Succeed(), built.String())
	t.Cleanup(func() { exec.Command("docker", "image", "rm", tag, "siem-agent:test-image").Run() })

	run := []string{"run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none", tag}
	printed, status := docker(g, append(run, "--version")...)
	g.Expect(status).To(Equal(0), printed)
	g.Expect(printed).To(HavePrefix("siem-agent test-image\n"))

	printed, status = docker(g, append(run, "check", "--token", "abc")...)
	g.Expect(status).To(Equal(5), printed)

	printed, status = docker(g, "image", "inspect", "--format", "{{.Config.User}} {{.Config.Volumes}}", tag)
	g.Expect(status).To(Equal(0), printed)
	g.Expect(strings.TrimSpace(printed)).To(Equal("65532:65532 map[/var/lib/siem-agent:{}]"))
}
