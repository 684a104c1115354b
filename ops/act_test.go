package ops

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

var nine = time.Date(2026, 9, 7, 1, 0, 0, 0, time.UTC) // 09:00 at home

func TestAct(t *testing.T) {
	t.Parallel()
	last := Entry{At: nine, By: "bai", ByName: "示例-白", What: Assign, Text: "指派给示例-水。"}
	for name, c := range map[string]struct {
		state   State
		act     Act
		want    State
		text    string // of the history
		refused string
		says    string
	}{
		"known":             {Open, Act{What: Acknowledge, Text: "正在查"}, Acknowledged, "已知悉。正在查。", "", ""},
		"known without":     {Open, Act{What: Acknowledge}, Acknowledged, "已知悉。", "", ""},
		"known twice":       {Assigned, Act{What: Acknowledge}, "", "", CodeKnown, "已有人知悉"},
		"assigned":          {Open, Act{What: Assign, ToName: "示例-水", To: "shui"}, Assigned, "指派给示例-水。", "", ""},
		"passed on":         {Assigned, Act{What: Assign, ToName: "示例-杜", To: "du", Text: "她在现场。"}, Assigned, "指派给示例-杜。她在现场。", "", ""},
		"comment":           {Acknowledged, Act{What: Comment, Text: "已联系"}, Acknowledged, "已联系。", "", ""},
		"comment afterward": {Resolved, Act{What: Comment, Text: "已核实"}, Resolved, "已核实。", "", ""},
		"closed":            {Assigned, Act{What: Ended, Text: "重复"}, Resolved, "人工关闭：重复。", "", ""},
		"closed twice":      {Resolved, Act{What: Ended, Text: "重复"}, "", "", CodeOver, "已经解决（原因已消除）"},
		"too late":          {Open, Act{What: Comment, Version: -1}, "", "", CodeStale, "示例-白已先一步在9月7日（周一） 09:00指派给示例-水，您的操作没有生效"},
		"unknown":           {Open, Act{What: "wish"}, "", "", "incident.act", "wish"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := Incident{ID: "i", State: c.state, Version: 5, How: "原因已消除", Count: 3}
			c.act.By, c.act.ByName, c.act.At = "du", "示例-杜", nine.Add(time.Hour)
			c.act.Version += i.Version
			change, err := i.Act(c.act, last)
			if c.refused != "" {
				var refusal *procedure.Error
				require.True(t, errors.As(err, &refusal))
				require.Equal(t, c.refused, refusal.Code)
				require.Contains(t, refusal.Message, c.says)
				require.Equal(t, Change{}, change)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, change.Incident.State)
			require.Equal(t, int64(6), change.Incident.Version)
			require.False(t, change.Found, "its cases stay as they are")
			require.Equal(t, []Entry{{At: nine.Add(time.Hour), By: "du", ByName: "示例-杜", What: c.act.What, Text: c.text}}, change.History)
		})
	}
}

// What a sweep did is told as the system's.
func TestAct_AfterTheSweep(t *testing.T) {
	t.Parallel()
	_, err := Incident{State: Open, Version: 2}.Act(Act{What: Comment, Version: 1}, Entry{At: nine, What: Reopened, Text: "又超期。"})
	require.ErrorContains(t, err, "系统已先一步在9月7日（周一） 09:00重新打开了它")
}

// Closed by a person while its cause stands, an incident stays closed until the cause has gone, or holds up more cases than then.
func TestMerge_Quiet(t *testing.T) {
	t.Parallel()
	find := func(cases int) []Finding {
		return []Finding{{Cause: "panic", Since: nine, Cases: make([]Affected, cases)}}
	}
	i := Merge(Circling, nil, find(3), nine)[0].Incident
	closed, err := i.Act(Act{What: Ended, Version: 1, Text: "已知", At: nine}, Entry{})
	require.NoError(t, err)
	quiet := []Incident{closed.Incident}
	later := nine.Add(time.Hour)
	require.Empty(t, Merge(Circling, quiet, find(3), later))
	require.Empty(t, Merge(Circling, quiet, find(2), later))

	worse := Merge(Circling, quiet, find(4), later)
	require.Len(t, worse, 1)
	require.Equal(t, Open, worse[0].Incident.State)
	require.False(t, worse[0].Incident.Quiet)
	require.Equal(t, 2, worse[0].Incident.Times)

	over := Merge(Circling, quiet, nil, later)
	require.Len(t, over, 1)
	require.Equal(t, Resolved, over[0].Incident.State)
	require.False(t, over[0].Incident.Quiet)
	require.Empty(t, over[0].History)
	require.True(t, Merge(Circling, []Incident{over[0].Incident}, find(3), later)[0].New, "it has come back: something new")
}

// Without a moment of its own a cause has been there since it was first seen, however often it is seen.
func TestMerge_SinceItIsSeen(t *testing.T) {
	t.Parallel()
	found := []Finding{{Cause: "post"}}
	first := Merge(Unmanned, nil, found, nine)[0].Incident
	require.Equal(t, nine, first.Since)
	require.Equal(t, nine, Merge(Unmanned, []Incident{first}, found, nine.Add(time.Hour))[0].Incident.Since)
	gone := Merge(Unmanned, []Incident{first}, nil, nine.Add(time.Hour))[0].Incident
	back := nine.Add(time.Hour + time.Minute)
	require.Equal(t, back, Merge(Unmanned, []Incident{gone}, found, back)[0].Incident.Since)
}
