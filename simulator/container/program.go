package container

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// programs are the packages of the programs that machines run.
var programs = map[string]string{
	"siem-agent": "siemdrill/agent/cmd/siem-agent",
	"host":       "siemdrill/simulator/cmd/host",
}

// build compiles a program from the sources here, statically, for the engine's
// processor.
func build(ctx context.Context, program, arch string) ([]byte, error) {
	directory, err := os.MkdirTemp("", "siemdrill-image-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	file := filepath.Join(directory, program)
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, programs[program])
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s could not be built for a container: %w: %s", program, err, out)
	}
	return os.ReadFile(file)
}
