package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"siemdrill/agent"
)

// check prints what an agent would meet, a line for each thing, and returns the
// exit status that fits.
func check(ctx context.Context, call call, out, errout io.Writer) int {
	findings, err := agent.Check(ctx, call.config())
	if err != nil {
		return complain(errout, err, 2)
	}
	status := agent.CheckStatus(findings)
	if call.json {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		encoder.Encode(struct {
			Status   int             `json:"status"`
			Findings []agent.Finding `json:"findings"`
		}{status, findings})
		return status
	}
	for _, f := range findings {
		fmt.Fprintf(out, "%-14s %-11s %s\n", f.Thing, f.Opinion, f.Detail)
		if f.Remedy != "" {
			fmt.Fprintf(out, "%-14s %-11s %s\n", "", "to do:", f.Remedy)
		}
	}
	return status
}
