package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutant is one patch.
type mutant struct {
	id       string
	what     string   // its first line
	caughtBy string   // the scenario that must go red
	files    []string // that it changes, relative to the root
	patch    []byte
}

// failure is a scenario that went red, as simulator run -json prints it.
type failure struct {
	ID      string `json:"id"`
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
}

// found is the line of the reason that says what was there.
func (f failure) found() string {
	for line := range strings.Lines(f.Reason) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "found:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	first, _, _ := strings.Cut(f.Reason, "\n")
	return strings.TrimSpace(first)
}

func readMutants(directory string) ([]mutant, error) {
	paths, err := filepath.Glob(filepath.Join(directory, "*.patch"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no patch in %s", directory)
	}
	var all []mutant
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m, err := parseMutant(strings.TrimSuffix(filepath.Base(path), ".patch"), data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, m)
	}
	return all, nil
}

func parseMutant(id string, data []byte) (mutant, error) {
	m := mutant{id: id, patch: data}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if m.what == "" {
			m.what = line
		}
		if scenario, ok := strings.CutPrefix(line, "Caught by: "); ok {
			m.caughtBy = scenario
		}
		if file, ok := strings.CutPrefix(line, "+++ b/"); ok {
			m.files = append(m.files, file)
		}
	}
	if m.caughtBy == "" || len(m.files) == 0 {
		return m, errors.New(`expected a line "Caught by: ID" and a patch with "+++ b/FILE"`)
	}
	return m, nil
}

// play builds the simulator with the mutant and plays the scenario that must go
// red. If it stays green all others are played too: one of them may.
func (m mutant) play(root string) ([]failure, error) {
	work, err := os.MkdirTemp("", "siemdrill-mutant-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	overlay, err := m.overlay(root, work)
	if err != nil {
		return nil, err
	}
	program := filepath.Join(work, "mutant")
	build := exec.Command("go", "build", "-overlay", overlay, "-o", program, "./simulator/cmd/simulator")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	if f, failed, err := playOne(program, m.caughtBy); failed || err != nil {
		return []failure{f}, err
	}
	return playCatalogue(program)
}

// overlay writes patched copies of the files and what tells the build of them.
func (m mutant) overlay(root, work string) (string, error) {
	replace := map[string]string{}
	for _, file := range m.files {
		original, copied := filepath.Join(root, file), filepath.Join(work, file)
		data, err := os.ReadFile(original)
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(copied, data, 0o644); err != nil {
			return "", err
		}
		replace[original] = copied
	}
	apply := exec.Command("git", "apply", "-")
	apply.Dir = work
	apply.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(work))
	apply.Stdin = bytes.NewReader(m.patch)
	if out, err := apply.CombinedOutput(); err != nil {
		return "", fmt.Errorf("git apply: %w\n%s", err, out)
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(work, "overlay.json")
	return path, os.WriteFile(path, data, 0o644)
}

// playCatalogue plays every scenario by itself, since a mutant may well hang
// or panic in one of them.
func playCatalogue(program string) ([]failure, error) {
	listed, err := exec.Command(program, "list", "-json").Output()
	if err != nil {
		return nil, fmt.Errorf("simulator list: %w", err)
	}
	var failures []failure
	for line := range bytes.Lines(listed) {
		var row failure
		if err := json.Unmarshal(line, &row); err != nil {
			return nil, err
		}
		f, failed, err := playOne(program, row.ID)
		if err != nil {
			return nil, err
		}
		if failed {
			failures = append(failures, f)
		}
	}
	return failures, nil
}

// playOne plays one scenario. A mutant that makes the simulator hang or panic
// has failed it as well; one that can't be started is an error.
func playOne(program, id string) (failure, bool, error) {
	var out, said bytes.Buffer
	cmd := exec.Command(program, "run", "-json", "-wall", "30s", id)
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if err == nil {
		return failure{}, false, nil
	}
	if _, ended := errors.AsType[*exec.ExitError](err); !ended {
		return failure{}, false, err
	}
	f := failure{ID: id}
	if json.Unmarshal(out.Bytes(), &f) != nil || f.Reason == "" {
		f.Reason = said.String()
	}
	if f.Reason == "" {
		return failure{}, false, fmt.Errorf("%s failed without a word", id)
	}
	return f, true, nil
}
