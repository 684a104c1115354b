package ops

import (
	"slices"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// What happened to an incident, as its history names it.
const (
	Opened       = "opened"
	Changed      = "changed"
	Reopened     = "reopened"
	Ended        = "resolved"
	Acknowledge  = "acknowledged"
	Assign       = "assigned"
	Comment      = "comment"
	Remedy       = "remedy"  // what was done about it
	RemedyResult = "outcome" // what came of it
)

// Act is what somebody does with an incident itself: Acknowledge, Assign, Comment or Ended. Remedies act on its cases.
type Act struct {
	What    string
	Version int64 // the one the incident was read with
	By      string
	ByName  string
	To      string // of Assign
	ToName  string
	Text    string
	At      time.Time
	Cured   bool // of RemedyResult: something was done, whether it helps or not
}

// Codes of the refusals of acts.
const (
	CodeStale = "incident.stale"
	CodeOver  = "incident.over"
	CodeKnown = "incident.known"
)

// Act says what an act makes of an incident. last is the newest line of its history: who came second is told what the first one did.
func (i Incident) Act(a Act, last Entry) (Change, error) {
	switch {
	case a.Version != i.Version:
		return Change{}, procedure.Errorf(procedure.Conflict, CodeStale, "%s，您的操作没有生效。请刷新后再办", last.said())
	case i.State == Resolved && !slices.Contains([]string{Comment, RemedyResult}, a.What):
		return Change{}, procedure.Errorf(procedure.Conflict, CodeOver, "这件事已经解决（%s），不必再办", i.How)
	case a.What == Acknowledge && i.State != Open:
		return Change{}, procedure.Errorf(procedure.Conflict, CodeKnown, "这件事已有人知悉，不必重复登记")
	}
	text := procedure.FullStop(a.Text)
	switch a.What {
	case Acknowledge:
		i.State = Acknowledged
		text = "已知悉。" + text
	case Assign:
		i.State, i.Assignee, i.Named = Assigned, a.To, a.ToName
		text = "指派给" + a.ToName + "。" + text
	case Ended:
		at := a.At
		i.State, i.Ended, i.How, i.Quiet = Resolved, &at, "人工关闭", true
		text = "人工关闭：" + text
	case RemedyResult:
		if at := a.At; a.Cured && i.State != Resolved {
			i.Cured = &at
		}
	case Comment, Remedy:
	default:
		return Change{}, procedure.Errorf(procedure.Invalid, "incident.act", "没有「%.20s」这种操作", a.What)
	}
	i.Version++
	return Change{Incident: i, History: []Entry{{At: a.At, By: a.By, ByName: a.ByName, What: a.What, Text: text}}}, nil
}

// said is a line of the history as it is told to somebody who came second.
func (e Entry) said() string {
	who := e.ByName
	if e.By == "" {
		who = "系统"
	}
	what, known := map[string]string{
		Acknowledge: "登记了知悉", Assign: e.Text, Comment: "写了备注", Ended: "关闭了它", Reopened: "重新打开了它", Remedy: "做了处置",
		RemedyResult: "记下了处置结果",
	}[e.What]
	if !known {
		what = "更新了它"
	}
	what = trimStop(what)
	return who + "已先一步在" + clockOf(e.At) + what
}

func trimStop(text string) string {
	if n := len(text) - len("。"); n >= 0 && text[n:] == "。" {
		return text[:n]
	}
	return text
}

func clockOf(t time.Time) string {
	t = t.In(calendar.Zone)
	return calendar.DateOf(t).Short() + " " + t.Format("15:04")
}
