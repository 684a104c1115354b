package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gongzhi/ops"
	"gongzhi/server"
)

// sweepsEach is how often a sweep is measured.
const sweepsEach = 5

// firstSweep waits for the end of the first sweep since a moment and says how long it took.
func (x *standstill) firstSweep(ctx context.Context, since time.Time) (took time.Duration, err error) {
	err = eventually(ctx, 2*time.Minute, func() (bool, error) {
		runs, err := x.store.Runs(ctx)
		for _, r := range runs {
			if r.Kind == ops.Sweeping && r.At.After(since) { // the last that a sweep writes
				took = time.Since(r.At)
				return true, err
			}
		}
		return false, err
	})
	return took, err
}

// swept is what the sweeps over one state of the database took.
type swept struct {
	closed int
	first  time.Duration // it may find much that is new
	took   sample
	slow   string // the slowest detectors of the last one
}

// sweeps asks for sweeps one after the other.
func (x *standstill) sweeps(ctx context.Context, closed int) (swept, error) {
	out := swept{closed: closed, first: x.first}
	for range sweepsEach {
		took, err := x.sweep(ctx)
		if err != nil {
			return out, err
		}
		out.took = append(out.took, took)
	}
	var runs server.RunsView
	if err := x.operator.get(ctx, "/incidents/runs", &runs); err != nil {
		return out, err
	}
	var parts []string
	for _, r := range runs.Runs {
		if r.Error != "" {
			return out, fmt.Errorf("the detector %s failed: %s", r.Kind, r.Error)
		}
		if r.TookMS >= 20 {
			parts = append(parts, fmt.Sprintf("%s %d", r.Kind, r.TookMS))
		}
	}
	out.slow = strings.Join(parts, ", ")
	fmt.Fprintf(x.out, "sweeps over %d open and %d closed cases: first %s s, then %s s at most\n",
		x.open, closed, secs(out.first), secs(out.took.at(100)))
	return out, nil
}

// sweep asks for one sweep and waits until it is done. The API waits for ten seconds at most; asked again with the same key it waits for
// the same sweep.
func (x *standstill) sweep(ctx context.Context) (time.Duration, error) {
	began, key := time.Now(), rand.Text()
	var s server.Swept
	for !s.Done {
		_, answer, err := x.operator.sendAs(ctx, http.MethodPost, "/incidents/sweep", key, map[string]any{})
		if err == nil {
			err = json.Unmarshal(answer, &s)
		}
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (x *standstill) printSweeps(few, many, differing swept, gone int) error {
	row := func(name string, s swept) []string {
		worst := max(s.first, s.took.at(100))
		return []string{name, strconv.Itoa(x.open), strconv.Itoa(s.closed), secs(s.first), secs(s.took.at(50)), secs(s.took.at(100)),
			fmt.Sprintf("< %s: %s", mostSweep, verdict(worst < mostSweep)), s.slow}
	}
	fmt.Fprintf(x.out, "\nA sweep: POST /incidents/sweep until it is done, with all that it stores; %d, one after the other. The first one\n"+
		"is that of the program's start; over few closed cases it finds everything anew.\n", sweepsEach)
	return x.table("sweeps|open|closed|first s|p50 s|max s|required|detectors that took 20 ms and more, ms", [][]string{
		row("few closed", few), row("ten times as many", many), row(fmt.Sprintf("%d workflows are gone: every case is compared", gone), differing),
		{"ratio of the second to the first", "", "", "", fmt.Sprintf("%.2f", many.took.at(50).Seconds()/few.took.at(50).Seconds())},
	})
}

// secs writes a duration in seconds.
func secs(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }
