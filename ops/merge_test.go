package ops

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)
	seen := func(cause string, cases int, ago time.Duration) func(now time.Time) Finding {
		return func(now time.Time) Finding {
			return Finding{Cause: cause, Since: now.Add(-ago), Cases: make([]Affected, cases)}
		}
	}
	type sweep struct {
		after time.Duration
		found func(now time.Time) Finding // nil: nothing
		want  State                       // empty: no incident
		times int
	}
	for name, c := range map[string]struct {
		kind   Kind
		sweeps []sweep
	}{
		"a person is late and acts": {Overdue, []sweep{
			{0, seen("task", 1, 0), Open, 1}, {time.Minute, seen("task", 1, time.Minute), Open, 1}, {2 * time.Minute, nil, Resolved, 1},
		}},
		"a machine's trouble that is over at once is none": {Retrying, []sweep{
			{0, seen("error", 1, 5*time.Second), "", 0}, {time.Minute, nil, "", 0},
		}},
		"a machine's trouble is not over at the first good moment": {Code, []sweep{
			{0, seen("error", 1, 0), Open, 1}, {time.Minute, nil, Open, 1}, {90 * time.Second, seen("error", 1, 0), Open, 1},
			{2 * time.Minute, nil, Open, 1}, {3 * time.Minute, nil, Resolved, 1},
		}},
		"what comes back soon is the same incident": {Overdue, []sweep{
			{0, seen("task", 1, 0), Open, 1}, {time.Minute, nil, Resolved, 1}, {2 * time.Minute, seen("task", 1, 0), Open, 2},
		}},
		"what comes back late is a new one": {Overdue, []sweep{
			{0, seen("task", 1, 0), Open, 1}, {time.Minute, nil, Resolved, 1}, {time.Hour, seen("task", 1, 0), Open, 1},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []Incident
			for n, s := range c.sweeps {
				now := start.Add(s.after)
				var found []Finding
				if s.found != nil {
					found = []Finding{s.found(now), s.found(now)} // a detector that sees a cause twice makes no second incident
				}
				var known []Incident
				for _, i := range list {
					if i.Ended == nil || i.Ended.After(now.Add(-flap)) {
						known = append(known, i)
					}
				}
				for _, change := range Merge(c.kind, known, found, now) {
					if change.New {
						change.Incident.ID = string(rune('a' + len(list)))
						list = append(list, change.Incident)
						continue
					}
					for k := range list {
						if list[k].ID == change.Incident.ID {
							list[k] = change.Incident
						}
					}
				}
				if s.want == "" {
					require.Empty(t, list, "sweep %d", n)
					continue
				}
				last := list[len(list)-1]
				require.Equal(t, s.want, last.State, "sweep %d", n)
				require.Equal(t, s.times, last.Times, "sweep %d", n)
			}
		})
	}
}

// 37 cases with one cause are one line, and the number of cases is what its history tells.
func TestMerge_OneCauseOneIncident(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)
	f := Finding{Cause: "panic", Since: now, Cases: make([]Affected, 37)}
	first := Merge(Code, nil, []Finding{f}, now)
	require.Len(t, first, 1)
	require.Equal(t, 37, first[0].Incident.Count)
	i := first[0].Incident
	i.State, i.Assignee, i.Version = Assigned, "ops.bai", 3
	f.Cases = f.Cases[:36]
	next := Merge(Code, []Incident{i}, []Finding{f}, now.Add(time.Minute))
	require.Len(t, next, 1)
	require.False(t, next[0].New)
	require.Equal(t, Assigned, next[0].Incident.State, "what people did stays")
	require.Equal(t, int64(3), next[0].Incident.Version, "being seen again is no change for those who act on it")
	require.Len(t, next[0].History, 1)
	require.Empty(t, Merge(Code, []Incident{next[0].Incident}, []Finding{f}, now.Add(2*time.Minute))[0].History)
}
