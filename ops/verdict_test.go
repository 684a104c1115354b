package ops

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// TestMerge_How: it is written that a remedy came first only where the cause was still seen when it was carried out.
func TestMerge_How(t *testing.T) {
	t.Parallel()
	at := func(seconds int) *time.Time { m := nine.Add(time.Duration(seconds) * time.Second); return &m }
	for name, c := range map[string]struct {
		cured, missing *time.Time
		want           string
	}{
		"nothing was done":              {nil, nil, "原因已消除"},
		"done, and gone":                {at(30), nil, "处置后已恢复"},
		"done, and gone a while after":  {at(-7200), nil, "处置后已恢复"},
		"gone, and done in the silence": {at(-20), at(-40), "原因已消除"},
		"done, and gone in the silence": {at(-50), at(-40), "处置后已恢复"},
	} {
		i := Incident{ID: "i", Kind: Retrying, State: Open, Cured: c.cured, Missing: c.missing, Finding: Finding{Cause: "x"}}
		changes := Merge(Retrying, []Incident{i}, nil, nine.Add(time.Minute))
		if c.missing == nil {
			require.Equal(t, Open, changes[0].Incident.State, "%s: patience", name)
			changes = Merge(Retrying, []Incident{changes[0].Incident}, nil, nine.Add(2*time.Minute))
		}
		require.Equal(t, c.want, changes[0].Incident.How, name)
		require.Equal(t, c.want+"。", changes[0].History[0].Text, name)
	}
	over := Incident{ID: "i", Kind: Overdue, State: Resolved, Cured: at(0), Ended: at(0), Finding: Finding{Cause: "x"}}
	again := Merge(Overdue, []Incident{over}, []Finding{{Cause: "x", Since: *at(60)}}, *at(60))
	require.Nil(t, again[0].Incident.Cured, "what is opened again has not been cured")
}

// TestAct_Cured: only what was done counts, and only while it is open.
func TestAct_Cured(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state State
		act   Act
		want  bool
	}{
		"done":           {Open, Act{What: RemedyResult, Cured: true}, true},
		"nothing done":   {Open, Act{What: RemedyResult}, false},
		"over meanwhile": {Resolved, Act{What: RemedyResult, Cured: true}, false},
		"ordered":        {Open, Act{What: Remedy}, false},
	} {
		c.act.At, c.act.Version = nine, 1
		change, err := Incident{State: c.state, Version: 1}.Act(c.act, Entry{})
		require.NoError(t, err, name)
		require.Equal(t, c.want, change.Incident.Cured != nil, name)
	}
}

// TestJudge: the cases that the server's tests do not play.
func TestJudge(t *testing.T) {
	t.Parallel()
	seen := func(count int) Incident {
		return Incident{Kind: Code, State: Open, Count: count, Seen: nine, Finding: Finding{Sentence: procedure.Sentence{Text: "程序出错，已停住"}}}
	}
	missed := seen(3)
	missed.Missing = &nine
	for name, c := range map[string]struct {
		look Look
		want Outcome
		text string
	}{
		"fewer cases": {Look{Cure: Extend, Done: 2, Before: seen(3), After: seen(1), Swept: true}, Stands,
			"已办 2 件；原因尚在：程序出错，已停住。受影响的办件由 3 件减为 1 件。"},
		"nothing done, still there": {Look{Cure: Urge, Before: seen(3), After: seen(3), Swept: true}, Stands, "没有一件办成；原因尚在：程序出错，已停住。"},
		"missed already before": {Look{Cure: Rewind, Done: 1, Before: missed, After: missed, Swept: true}, Waiting,
			"已办 1 件；原因从 09:00:00 起检测不到（在这次处置以前）；可能再来，09:01:00 以后的检测（每分钟一次）仍看不到，才算消除。"},
		"the scheduled sweep has resolved it": {Look{Cure: Extend, Done: 1, Before: seen(1), After: Incident{Kind: Code, State: Resolved}}, Mended,
			"原因已消除：09:00:00 的检测还看得到，处置后的检测已看不到。"},
		"another incident beside one that stands": {Look{Cure: Extend, Done: 1, Before: seen(1), After: seen(1), Swept: true, Other: &Incident{}}, Stands,
			"已办 1 件；原因尚在：程序出错，已停住。"},
	} {
		v := c.look.Judge()
		require.Equal(t, c.want, v.Outcome, name)
		require.Equal(t, c.text, v.Text, name)
		if v.Outcome == Waiting {
			require.Equal(t, nine.Add(time.Minute), *v.Until, name)
		} else {
			require.Nil(t, v.Until, name)
		}
	}
}
