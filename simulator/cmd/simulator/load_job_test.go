package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"go.yaml.in/yaml/v3"

	simulator "siemdrill/simulator/cmd/simulator"
	"siemdrill/simulator/load"
)

const root = "../../../"

// job is what matters here of a Job of Kubernetes (batch/v1).
type job struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		Completions, Parallelism int
		CompletionMode           string `yaml:"completionMode"`
		BackoffLimit             *int   `yaml:"backoffLimit"`
		BackoffLimitPerIndex     *int   `yaml:"backoffLimitPerIndex"`
		Template                 struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Image        string
					Args         []string
					VolumeMounts []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
					SecurityContext struct {
						ReadOnlyRootFilesystem bool `yaml:"readOnlyRootFilesystem"`
					} `yaml:"securityContext"`
				}
				Volumes []struct {
					Name  string
					Claim struct {
						Name string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				}
				SecurityContext struct {
					RunAsUser int `yaml:"runAsUser"`
					FSGroup   int `yaml:"fsGroup"`
				} `yaml:"securityContext"`
			}
		}
	}
}

// readJobs reads the manifest's Jobs by name, and its claims.
func readJobs(g *WithT) (jobs map[string]job, claims []string) {
	text, err := os.ReadFile(root + "docs/deploy/load-job.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	jobs = map[string]job{}
	for documents := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var j job
		err := documents.Decode(&j)
		if errors.Is(err, io.EOF) {
			return jobs, claims
		}
		g.Expect(err).NotTo(HaveOccurred())
		if j.Kind == "Job" {
			g.Expect(j.APIVersion).To(Equal("batch/v1"))
			jobs[j.Metadata.Name] = j
			continue
		}
		g.Expect(j.Kind).To(Equal("PersistentVolumeClaim"))
		claims = append(claims, j.Metadata.Name)
	}
}

// The manifest is one that Kubernetes can do something with, and its two Jobs
// agree with one another.
func TestLoadJob(t *testing.T) {
	g := NewWithT(t)
	jobs, claims := readJobs(g)
	g.Expect(jobs).To(And(HaveLen(2), HaveKey("load"), HaveKey("load-merge")))
	shards, merge := jobs["load"].Spec, jobs["load-merge"].Spec
	g.Expect(shards.CompletionMode).To(Equal("Indexed"))
	g.Expect(shards.Parallelism).To(Equal(shards.Completions), "shards must run at the same time")
	g.Expect(*shards.BackoffLimitPerIndex).To(BeZero())
	g.Expect(*merge.BackoffLimit).To(BeZero())
	for name, j := range jobs {
		pod := j.Spec.Template.Spec
		g.Expect(pod.RestartPolicy).To(Equal("Never"), name)
		g.Expect(pod.Containers).To(HaveLen(1), name)
		g.Expect(pod.Containers[0].Image).To(Equal("simulator:latest"), name)
		g.Expect(pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem).To(BeTrue(), name)
		g.Expect([]int{pod.SecurityContext.RunAsUser, pod.SecurityContext.FSGroup}).To(Equal([]int{65532, 65532}), name)
		mounted := map[string]string{}
		for _, m := range pod.Containers[0].VolumeMounts {
			mounted[m.MountPath] = m.Name
		}
		g.Expect(mounted).To(And(HaveLen(2), HaveKey("/results"), HaveKey("/tmp")), name)
		g.Expect(pod.Volumes[0].Name).To(Equal(mounted["/results"]), name)
		g.Expect(claims).To(ConsistOf(pod.Volumes[0].Claim.Name), name)
	}
	args := shards.Template.Spec.Containers[0].Args
	g.Expect(args).To(ContainElement(fmt.Sprintf("-shards=%d", shards.Completions)))
	g.Expect(args).To(ContainElement("-json=/results/shard-$(JOB_COMPLETION_INDEX).json"))
	t.Setenv("JOB_COMPLETION_INDEX", "2")
	g.Expect(simulator.ParseLoad(args[1:])).To(Succeed())
	t.Setenv("JOB_COMPLETION_INDEX", "4")
	g.Expect(simulator.ParseLoad(args[1:])).NotTo(Succeed())
}

// brief makes a Job's load small and its folder another; index is what
// Kubernetes puts for $(JOB_COMPLETION_INDEX).
func brief(args []string, folder string, index int) []string {
	small := map[string]string{"-rate": "600", "-for": "6s", "-shards": "3", "-wait": "60s"}
	var out []string
	for _, arg := range args {
		key, _, _ := strings.Cut(arg, "=")
		if value, ok := small[key]; ok {
			arg = key + "=" + value
		}
		arg = strings.ReplaceAll(arg, "at 60s stall for 10s", "at 2500ms stall for 500ms")
		arg = strings.ReplaceAll(arg, "at 180s cas:stalled for 10s", "at 4s cas:stalled for 1500ms")
		arg = strings.ReplaceAll(arg, "age.p99<5s", "age.p99<60s")
		arg = strings.ReplaceAll(arg, "/results", folder)
		out = append(out, strings.ReplaceAll(arg, "$(JOB_COMPLETION_INDEX)", fmt.Sprint(index)))
	}
	if args[1] != "merge" {
		out = append(out, "-calibrate=0") // how fast the sides are, a busy machine can't promise
	}
	return out
}

// summed checks that the whole has what the shards have together, no more and
// no less.
func summed(g *WithT, folder string, whole string) {
	files, err := filepath.Glob(filepath.Join(folder, "shard-*.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files).To(HaveLen(3))
	created, arrived, ages := 0, 0, int64(0)
	for _, name := range files {
		file, err := os.Open(name)
		g.Expect(err).NotTo(HaveOccurred())
		results, err := load.Read(file)
		file.Close()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(results).To(HaveLen(1))
		g.Expect(results[0].Ledger.Created).To(Equal(1200), name)
		created += results[0].Ledger.Created
		arrived += results[0].Ledger.Arrived
		ages += results[0].Whole.Ages.Count()
	}
	var w load.Result
	g.Expect(json.Unmarshal([]byte(whole), &w)).To(Succeed())
	g.Expect(w.Joined).To(Equal([]int{0, 1, 2}))
	g.Expect(w.Ledger.Created).To(Equal(created))
	g.Expect(w.Ledger.Arrived).To(Equal(arrived))
	g.Expect(w.Whole.Ages.Count()).To(Equal(ages))
	g.Expect(w.Lost()).To(BeZero())
	g.Expect(w.Faults).To(HaveLen(2))
	g.Expect(filepath.Join(folder, "whole.html")).To(BeAnExistingFile())
}

// The Jobs' own command lines, as several processes with the environment that
// Kubernetes sets: the merge begins first and waits for the shards.
func TestLoadJobAsProcesses(t *testing.T) {
	g := NewWithT(t)
	jobs, _ := readJobs(g)
	folder := t.TempDir()
	start := func(index int, args []string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
		var out, errOut bytes.Buffer
		c := exec.Command(program, brief(args, folder, index)...)
		c.Stdout, c.Stderr = &out, &errOut
		c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "JOB_") }), fmt.Sprintf("JOB_COMPLETION_INDEX=%d", index))
		g.Expect(c.Start()).To(Succeed())
		return c, &out, &errOut
	}
	merge, out, table := start(0, jobs["load-merge"].Spec.Template.Spec.Containers[0].Args)
	for index := range 3 {
		shard, _, said := start(index, jobs["load"].Spec.Template.Spec.Containers[0].Args)
		defer func() { g.Expect(shard.Wait()).To(Succeed(), said.String()) }()
	}
	g.Expect(merge.Wait()).To(Succeed(), table.String())
	summed(g, folder, out.String())
	g.Expect(table.String()).To(ContainSubstring("whole run"))
}

// The same in containers of the image, as the engine runs them.
func TestLoadJobInContainers(t *testing.T) {
	if testing.Short() || exec.Command("docker", "info").Run() != nil {
		if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "docker") {
			t.Fatal("SIEMDRILL_REQUIRE asks for docker, and no engine answers")
		}
		t.Skip("no container engine answers: the load's image is not tried")
	}
	g := NewWithT(t)
	const tag = "simulator:test-load"
	build := exec.Command(root+"tools/image", "simulator")
	build.Env = append(os.Environ(), "TAG="+tag, "VERSION=test-load-1")
	said, err := build.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))
	t.Cleanup(func() { exec.Command("docker", "image", "rm", tag, "simulator:test-load-1").Run() })

	jobs, _ := readJobs(g)
	folder := t.TempDir()
	g.Expect(os.Chmod(folder, 0o777)).To(Succeed()) // Kubernetes gives it to the pod's group
	run := func(index int, args []string) *exec.Cmd {
		docker := []string{"run", "--rm", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--network", "none",
			"--volume", folder + ":/results", "--env", fmt.Sprintf("JOB_COMPLETION_INDEX=%d", index), tag}
		return exec.Command("docker", append(docker, brief(args, "/results", index)...)...)
	}
	failed := make(chan string, 3)
	for index := range 3 {
		go func() {
			out, err := run(index, jobs["load"].Spec.Template.Spec.Containers[0].Args).CombinedOutput()
			if err != nil {
				failed <- fmt.Sprintf("shard %d: %v: %s", index, err, out)
				return
			}
			failed <- ""
		}()
	}
	merge := run(0, jobs["load-merge"].Spec.Template.Spec.Containers[0].Args)
	var out, table bytes.Buffer
	merge.Stdout, merge.Stderr = &out, &table
	err = merge.Run()
	for range 3 {
		g.Expect(<-failed).To(BeEmpty())
	}
	g.Expect(err).NotTo(HaveOccurred(), table.String())
	summed(g, folder, out.String())
}
