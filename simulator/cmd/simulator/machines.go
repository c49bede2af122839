package main

import (
	"siemdrill/simulator"
	"siemdrill/simulator/container"
)

// images are those of the container runner: built once for all scripts.
var images container.Images

// machines makes the machines that one script plays on.
func machines() (simulator.Machines, error) { return images.Machines() }
