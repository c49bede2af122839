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

// unit is the unit of systemd, and call what it starts.
func unit(g *WithT) (text, call string) {
	read, err := os.ReadFile(root + "docs/deploy/siem-agent.service")
	g.Expect(err).NotTo(HaveOccurred())
	_, rest, found := strings.Cut(string(read), "\nExecStart=")
	g.Expect(found).To(BeTrue())
	call, _, _ = strings.Cut(rest, "\n")
	return string(read), call
}

// The unit calls the agent as it wants to be called, with files that a user who
// is not root can read: only copies that systemd makes are that.
func TestTheUnitOfSystemd(t *testing.T) {
	g := NewWithT(t)
	text, call := unit(g)
	directory := t.TempDir()
	for name, content := range map[string]string{"token": "TOKEN", "settings.json": "{}"} {
		g.Expect(text).To(ContainSubstring("\nLoadCredential=" + name + ":/etc/siem-agent/" + name + "\n"))
		os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600)
	}
	g.Expect(call).NotTo(ContainSubstring("/etc/"))
	c, err := parse(strings.Fields(strings.ReplaceAll(call, "%d", directory))[1:], environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.token).To(Equal("TOKEN"))
	g.Expect(c.logsDirectory).To(Equal("/var/log/siem-agent"))
}

func TestSystemdTakesTheUnit(t *testing.T) {
	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here: the unit is not verified")
	}
	g := NewWithT(t)
	text, call := unit(g)
	text = strings.Replace(text, strings.Fields(call)[0], "/bin/true", 1) // which is there
	copied := filepath.Join(t.TempDir(), "siem-agent.service")
	g.Expect(os.WriteFile(copied, []byte(text), 0o600)).To(Succeed())
	said, _ := exec.Command(systemd, "verify", copied).CombinedOutput() // other units may have faults of their own
	g.Expect(string(said)).NotTo(ContainSubstring("siem-agent.service"))
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
