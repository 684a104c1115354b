package notify

import (
	"encoding/json"
	"fmt"

	"gongzhi/procedure"
	"gongzhi/record"
)

// told are the events that somebody is told of.
var told = map[procedure.EventType]bool{
	procedure.TaskOpened: true, procedure.TaskMoved: true, procedure.TaskReopened: true, procedure.TaskReminded: true,
	procedure.TaskUrged: true, procedure.CaseCopied: true, procedure.CaseClosed: true,
}

// Told tells whether somebody is told of an event.
func Told(t procedure.EventType) bool { return told[t] }

// rungs are the kinds of the ladder.
var rungs = map[procedure.Rung]Kind{
	procedure.RungEarly: Early, procedure.RungYellow: Yellow, procedure.RungDue: Due, procedure.RungRed: Red, procedure.RungEscalate: Escalated,
}

// Of is the message of an event. task finds a task of the case as it is after the event. The event is one of those Told names.
func Of(e procedure.Event, c record.Case, task func(id string) (record.Task, error)) (Message, error) {
	m := Message{Source: fmt.Sprintf("%s.%d", e.Case, e.Seq), Case: e.Case, Seq: e.Seq, At: e.At, Title: c.Title, Procedure: c.Kind}
	switch e.Type {
	case procedure.CaseCopied:
		var p procedure.Copied
		err := json.Unmarshal(e.Data, &p)
		m.Kind, m.To, m.From = Copied, p.To, e.Actor.Title()
		return m, err
	case procedure.CaseClosed:
		m.Kind, m.State = Closed, c.State
		m.To = procedure.Holder{Unit: c.Unit, UnitName: c.UnitName, User: c.Initiator, UserName: c.InitiatorName}
		return m, nil
	}
	var p struct {
		Task string            `json:"task"`
		Rung procedure.Rung    `json:"rung"`
		To   *procedure.Holder `json:"to"`
	}
	if err := json.Unmarshal(e.Data, &p); err != nil {
		return m, err
	}
	t, err := task(p.Task)
	if err != nil {
		return m, err
	}
	m.Task, m.TaskTitle, m.Subject, m.Day, m.To = t.ID, t.Title, t.Subject, t.Day, t.Holder
	switch e.Type {
	case procedure.TaskOpened:
		m.Kind = Opened
	case procedure.TaskReopened:
		m.Kind = Reopened
	case procedure.TaskMoved:
		m.Kind, m.From = Moved, e.Actor.Title()
	case procedure.TaskUrged:
		m.Kind, m.From = Urged, e.Actor.Title()
	case procedure.TaskReminded:
		if m.Kind = rungs[p.Rung]; m.Kind == "" {
			return m, fmt.Errorf("rung %q is unknown", p.Rung)
		}
		if p.To != nil { // 上报上级
			m.Who, m.To = t.Holder.Title(), *p.To
		}
	}
	return m, nil
}
