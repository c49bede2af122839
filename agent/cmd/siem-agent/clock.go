package main

import (
	"fmt"
	"log/slog"
	"os"

	"siemdrill/agent"
	"siemdrill/agent/stepped"
)

// stepTime puts the agent's clock, its connections and its look-ups in the hands
// of a coordinator of stepped time (--clock). When the coordinator goes the
// process ends with status 1: its time would stand still for ever.
func stepTime(address string, config *agent.Config, log *slog.Logger) error {
	member, err := stepped.Join(address, func(err error) {
		log.Error("the coordinator of this process's time has gone", "cause", err)
		os.Exit(1)
	})
	if err != nil {
		return fmt.Errorf("--clock: %w", err)
	}
	log.Warn("time is stepped from outside: this is no agent to rely on", "coordinator", address)
	config.Clock = member
	config.Dial = member.Dial(member.Welcome.Bind)
	config.Lookup = member.Lookup
	config.Seed, config.Machine = member.Welcome.Seed, member.Welcome.Machine
	return nil
}
