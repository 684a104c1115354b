package ops

import (
	"time"

	"gongzhi/procedure"
)

// Change is one incident as a sweep leaves it, with what is to be added to its history.
type Change struct {
	Incident Incident
	New      bool
	Found    bool // a sweep sees it: its cases are those of the finding
	History  []Entry
}

// Merge compares what is found now with the incidents of one kind that are not over, are quiet, or ended within flap, and returns
// those that change. It is the only place that decides when an incident begins and ends.
func Merge(kind Kind, known []Incident, found []Finding, now time.Time) []Change {
	wait := patiences[kind]
	byCause := map[string]Incident{}
	for _, i := range known {
		if old, twice := byCause[i.Cause]; !twice || old.State == Resolved && !old.Quiet {
			byCause[i.Cause] = i
		}
	}
	var changes []Change
	seen := map[string]bool{}
	for _, f := range found {
		if seen[f.Cause] {
			continue
		}
		seen[f.Cause] = true
		i, old := byCause[f.Cause]
		if f.Since.IsZero() {
			if f.Since = now; old && (i.State != Resolved || i.Quiet) {
				f.Since = i.Since
			}
		}
		switch {
		case old && i.State != Resolved:
			changes = append(changes, meet(i, f, now))
		case old && i.Quiet && len(f.Cases) <= i.Count:
			// Somebody has closed it, knowing of it.
		case now.Sub(f.Since) < wait.before:
		case old && (i.Quiet || i.Ended != nil && now.Sub(*i.Ended) < flap):
			changes = append(changes, reopen(i, f, now))
		default:
			changes = append(changes, begin(kind, f, now))
		}
	}
	for _, i := range known {
		if seen[i.Cause] || i.State == Resolved && !i.Quiet {
			continue
		}
		seen[i.Cause] = true
		if i.Quiet { // its cause has gone: should it come back, that is something new
			i.Quiet = false
			changes = append(changes, Change{Incident: i})
			continue
		}
		changes = append(changes, miss(i, wait.after, now))
	}
	return changes
}

func begin(kind Kind, f Finding, now time.Time) Change {
	i := Incident{Kind: kind, State: Open, Version: 1, Opened: now, Seen: now, Times: 1, Count: len(f.Cases), Finding: f}
	return Change{Incident: i, New: true, Found: true, History: []Entry{{At: now, What: Opened, Text: f.Sentence.Text}}}
}

func reopen(i Incident, f Finding, now time.Time) Change {
	i.State, i.Seen, i.Ended, i.How, i.Missing = Open, now, nil, "", nil
	i.Assignee, i.Named, i.Quiet, i.Cured = "", "", false, nil
	i.Times++
	i.Version++
	i.Finding, i.Count = f, len(f.Cases)
	return Change{Incident: i, Found: true, History: []Entry{{At: now, What: Reopened, Text: f.Sentence.Text}}}
}

// meet keeps what people did about the incident and shows what is true now. Only another number of cases is worth a line.
func meet(i Incident, f Finding, now time.Time) Change {
	c := Change{Found: true}
	if len(f.Cases) != i.Count {
		c.History = append(c.History, Entry{At: now, What: Changed, Text: f.Sentence.Text})
	}
	i.Seen, i.Missing, i.Finding, i.Count = now, nil, f, len(f.Cases)
	c.Incident = i
	return c
}

func miss(i Incident, after time.Duration, now time.Time) Change {
	if i.Missing == nil {
		i.Missing = &now
	}
	if now.Sub(*i.Missing) < after {
		return Change{Incident: i}
	}
	i.Version++
	i.State, i.Ended, i.How = Resolved, &now, "原因已消除"
	if i.Cured != nil && !i.Cured.After(*i.Missing) { // it was still seen when something was done about it, and not after that
		i.How = "处置后已恢复"
	}
	return Change{Incident: i, History: []Entry{{At: now, What: Ended, Text: i.How + "。"}}}
}

// words is a sentence of one phrase.
func words(text string, tone procedure.Tone) procedure.Sentence {
	return procedure.Sentence{Text: text, Parts: []procedure.Phrase{{Text: text}}, Tone: tone}
}
