# make scenarios   play every scenario: one line each, and a total; RUNNER=process: on real processes
# make scenario ID=data-server-connection-error   play one; REPORT=DIR draws it
# make test        every test, the scenarios among them
# make help        the rest

GO         ?= go
GOTEST      = $(GO) test
TOOL        = $(GO) tool -modfile=tools/go.mod
# What "make race" looks at: all of it, which takes minutes; what is quick, CI looks at each time.
RACE       ?= ./...
FUZZTIME   ?= 10s
RUNS       ?= 200
SOAK       ?= 10
RATE       ?= 50000
AGENTS     ?= 10,100,1000
SCENARIO    = scenarios/$(ID).txtar

.PHONY: help scenarios containers foreign scenario catalogue test build release image image-simulator soak lint vet race fuzz bench mutants flake verdicts binary fleet nightly clean

help:
	@sed -n 's/^# //p' Makefile | head -3
	@printf '%s\n' \
	  'make build       the three programs, in bin/' \
	  'make release     the agent for each system, with checksums and lists of contents, in dist/' \
	  'make image       the agent as a container image; make image-simulator: the simulator, for load tests on a cluster' \
	  'make lint        gofmt, go vet, staticcheck' \
	  'make race        the tests under the race detector' \
	  'make fuzz        every fuzz target for FUZZTIME (10s)' \
	  'make bench       virtual hours a wall second, allocations a request' \
	  'make mutants     break the agent on purpose; each time a scenario must say so' \
	  'make flake       make scenarios RUNS (200) times: the same verdicts each time?' \
	  'make verdicts    every scenario in the bubble and on real processes: the same verdict?' \
	  'make containers  scripts of real networks and machines, in containers' \
	  'make fleet       AGENTS (10,100,1000) agents for 24 virtual hours: statuses, loss, and how the costs grow' \
	  'make soak        a load of SOAK (10) minutes at RATE (50000) a second, a fault a minute: nothing lost, memory flat?' \
	  'make foreign     what rsyslog, syslog-ng and an agent in shell lose on the network, in real time' \
	  'make nightly     all of it'

ifeq ($(RUNNER),container)
scenarios: containers
else
scenarios:
	@SIEMDRILL_RUNNER=$(RUNNER) $(GOTEST) -count=1 ./scenarios -v -ginkgo.succinct -ginkgo.no-color
endif

# Machines that wait for one another want the processors for themselves.
containers: PROCS ?= 3
containers:
	@SIEMDRILL_RUNNER=container $(GO) run github.com/onsi/ginkgo/v2/ginkgo -procs=$(PROCS) -succinct -no-color -timeout=30m ./scenarios/containers

# Scripts of network faults with agents that are not ours, in real time: do they
# lose what docs/test-your-own-agent.md says? AGENT=rsyslog:durable plays one.
foreign: PROCS ?= 4
foreign:
	@SIEMDRILL_NIGHTLY=1 $(GO) run github.com/onsi/ginkgo/v2/ginkgo -procs=$(PROCS) -succinct -no-color -timeout=60m $(if $(AGENT),--label-filter='$(AGENT)') ./scenarios/foreign

scenario:
	@test -n "$(ID)" || { echo 'make scenario: expected ID=…, one of:'; $(GO) run ./simulator/cmd/simulator list; exit 2; }
	@$(GO) run ./simulator/cmd/simulator run $(if $(REPORT),-report $(REPORT)) $(ID)

catalogue:
	$(GO) run ./simulator/cmd/simulator catalogue >scenarios/README.md.new && mv scenarios/README.md.new scenarios/README.md
	$(GO) run ./simulator/cmd/simulator runners >docs/runners.md.new && mv docs/runners.md.new docs/runners.md
	$(GOTEST) ./scenarios/foreign -run TestPage -update

test:
	$(GOTEST) ./...

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ ./simulator/cmd/simulator ./fakecas/cmd/fakecas ./fakesyslog/cmd/fakesyslog ./agent/cmd/siem-agent

release:
	@GO=$(GO) tools/release

image:
	@GO=$(GO) tools/image

image-simulator:
	@GO=$(GO) tools/image simulator

# SOAK minutes at RATE activities a second, a fault a minute: nothing lost, memory flat?
soak:
	GO=$(GO) tools/soak $(SOAK) $(RATE) out

lint: vet
	@test -z "$$(gofmt -l .)" || { echo 'not gofmt-ed:'; gofmt -l .; exit 1; }
	$(TOOL) staticcheck ./... && cd tools && $(GO) vet ./...

vet:
	$(GO) vet ./...

race:
	$(GOTEST) -race $(RACE)

fuzz:
	FUZZTIME=$(FUZZTIME) tools/fuzz

bench:
	$(GOTEST) -count=1 -run '^TestBenchmarks$$' -bench . -benchmem ./simulator/... | grep -v '^PASS\|no test files'

mutants:
	cd tools && $(GO) run ./mutants $(MUTANTS)

flake:
	tools/flake $(RUNS)

# Every scenario in the bubble and on real processes: the same verdicts?
verdicts:
	SIEMDRILL_NIGHTLY=1 $(GOTEST) -count=1 ./scenarios -ginkgo.label-filter=verdict -ginkgo.succinct

# The built agent: 300 kills, a backlog of a million, faults with real receivers.
binary:
	SIEMDRILL_KILLS=300 SIEMDRILL_BACKLOG=1000000 SIEMDRILL_LINES=20000 $(GOTEST) -count=1 -timeout=60m ./scenarios/binary

# Many agents for a day in the bubble, each with a tenant of its own.
fleet:
	$(GO) run ./simulator/cmd/simulator fleet -agents $(AGENTS)

nightly: lint test race fuzz bench mutants flake verdicts binary fleet containers foreign soak

clean:
	rm -rf bin dist out
