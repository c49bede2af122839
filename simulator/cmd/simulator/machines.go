package main

import "siemdrill/simulator/container"

// machines are those of the container runner; their images are built once for
// all scripts.
var machines = container.NewSeries(new(container.Images))
