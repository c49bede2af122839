package load

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// Ratio is how one measure of some runs compares with that of others: B over A,
// of geometric means.
type Ratio struct {
	Name      string
	A, B      float64 // geometric means
	Ratio     float64
	Low, High float64 // where the ratio is with 95 % confidence; 0, 0: a single run can't tell
}

// Compare returns the ratios of every measure that all runs have and that is
// above zero in all of them, of the whole run and of each window. The interval is Welch's, of logarithms: what
// disturbs a run multiplies. Both sides need two runs for one.
func Compare(a, b []Result) ([]Ratio, error) {
	if len(a) == 0 || len(b) == 0 {
		return nil, errors.New("expected at least one result on either side")
	}
	var ratios []Ratio
	compare := func(name string, of func(Result) (float64, bool)) {
		logsA, okA := logs(a, of)
		logsB, okB := logs(b, of)
		if !okA || !okB {
			return
		}
		meanA, varA := spread(logsA)
		meanB, varB := spread(logsB)
		r := Ratio{Name: name, A: math.Exp(meanA), B: math.Exp(meanB), Ratio: math.Exp(meanB - meanA)}
		if len(a) > 1 && len(b) > 1 {
			half := welch(varA, len(a), varB, len(b))
			r.Low, r.High = math.Exp(meanB-meanA-half), math.Exp(meanB-meanA+half)
		}
		ratios = append(ratios, r)
	}
	for _, m := range metrics() {
		compare(m.name, m.whole)
	}
	for _, window := range windowNames {
		if len(a[0].Windows) == 1 {
			break // it is the whole run
		}
		for _, m := range metrics() {
			if m.part != nil {
				compare(m.name+" "+window, m.in(window))
			}
		}
	}
	return ratios, nil
}

// logs are the logarithms of what all results have above zero.
func logs(results []Result, of func(Result) (float64, bool)) ([]float64, bool) {
	var all []float64
	for _, r := range results {
		value, known := of(r)
		if !known || value <= 0 {
			return nil, false
		}
		all = append(all, math.Log(value))
	}
	return all, true
}

// spread returns the mean and the variance of a sample.
func spread(values []float64) (mean, variance float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	if len(values) > 1 {
		for _, v := range values {
			variance += (v - mean) * (v - mean) / float64(len(values)-1)
		}
	}
	return mean, variance
}

// welch is half of the 95 % interval of a difference of means (B. L. Welch,
// 1947): the degrees of freedom come from the two variances.
func welch(varA float64, nA int, varB float64, nB int) float64 {
	a, b := varA/float64(nA), varB/float64(nB)
	if a+b == 0 {
		return 0
	}
	freedom := (a + b) * (a + b) / (a*a/float64(nA-1) + b*b/float64(nB-1))
	return student(int(freedom)) * math.Sqrt(a+b)
}

// student95 is the two-sided 95 % quantile of Student's distribution, by
// degrees of freedom from 1.
var student95 = [...]float64{
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
	2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
	2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
}

func student(freedom int) float64 {
	return student95[min(max(freedom, 1), len(student95))-1]
}

// WriteRatios writes ratios as a table for people.
func WriteRatios(w io.Writer, ratios []Ratio) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tA\tB\tB/A\t95 % confidence")
	for _, r := range ratios {
		name, _, _ := strings.Cut(r.Name, " ") // a window may follow
		m, err := metricNamed(name)
		if err != nil {
			return err
		}
		confidence := "one run can't tell"
		switch {
		case r.Low == 0:
		case r.Low <= 1 && r.High >= 1:
			confidence = fmt.Sprintf("%.3f to %.3f: no difference shown", r.Low, r.High)
		default:
			confidence = fmt.Sprintf("%.3f to %.3f", r.Low, r.High)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.3f\t%s\n", r.Name, m.format(r.A), m.format(r.B), r.Ratio, confidence)
	}
	return table.Flush()
}
