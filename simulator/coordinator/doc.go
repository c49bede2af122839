// Package coordinator owns the time of a Lab on real processes. The fakes live in
// its process and have its clock; agents are members in processes of their own.
// Time moves only while everybody is at rest and nothing is on its way between
// them; the rule is in rule.go, and what it can't promise in the decision on
// stepped time (docs/adr).
package coordinator
