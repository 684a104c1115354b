package server

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) counts(ctx context.Context, _ *none) (*reply[record.Counts], error) {
	c, err := s.countsOf(ctx, whoIs(ctx))
	return answer(c), err
}

func (s *Server) listTasks(ctx context.Context, in *tasksInput) (*reply[record.Page[TaskRow]], error) {
	who := whoIs(ctx)
	page, err := s.Reader.Tasks(ctx, who.Scope, record.TaskFilter{Box: record.TaskBox(in.Box), Due: in.Due, Today: s.today(), Text: in.Text, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	rows := record.Page[TaskRow]{Next: page.Next, Items: make([]TaskRow, 0, len(page.Items))}
	clocks := map[string][]record.Deadline{} // of cases with a paused task only
	for _, t := range page.Items {
		if t.Paused && clocks[t.Case] == nil {
			if clocks[t.Case], err = s.deadlines(ctx, t.Case); err != nil {
				return nil, err
			}
		}
		// A row offers the answers only; the rest of the offers needs the whole case and is on its page.
		m := s.alone(who, t)
		row := TaskRow{Task: TaskView{Task: t, My: m.mine(t)}, Sentence: s.sayTask(t, clocks[t.Case], cal)}
		if unfinished(t) {
			for _, option := range t.Answers() {
				if o := m.answer(t, option); option.Effect != procedure.Back {
					row.Actions = append(row.Actions, o.ActionOffer)
				}
			}
			markMain(row.Actions, t.Answers())
		}
		rows.Items = append(rows.Items, row)
	}
	return answer(rows), nil
}

// alone is the matter of a task of which only the task is known. Its case is open as long as the task is.
func (s *Server) alone(who *Principal, t record.Task) matter {
	kind, _ := s.catalogued(t.Kind)
	return matter{who: who, kind: kind, kase: record.Case{Number: t.Case, Kind: t.Kind, State: procedure.Running}, tasks: []record.Task{t}}
}

// markMain marks the one button of a row: the first answer that leads on.
func markMain(offers []ActionOffer, options []procedure.Option) {
	for i := range offers {
		for _, o := range options {
			if o.Answer == offers[i].Answer && o.Effect == procedure.Forward && !o.Danger && offers[i].Allowed {
				offers[i].Main = true
				return
			}
		}
	}
}

func (s *Server) getTask(ctx context.Context, in *TaskPath) (*reply[TaskDetail], error) {
	m, t, err := s.taskMatter(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if m.deadlines, err = s.deadlines(ctx, t.Case); err != nil {
		return nil, err
	}
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	return answer(TaskDetail{
		Task: TaskView{Task: t, My: m.mine(t)}, Sentence: s.sayTask(t, m.deadlines, cal), Actions: views(shown(m.task(t), m.who.Active.Role)),
	}), nil
}

// taskMatter reads a task and its case, without its deadlines, within the scope of the session. The id of a task names its
// case: «number.seq».
func (s *Server) taskMatter(ctx context.Context, id string) (matter, record.Task, error) {
	m, err := s.deskMatter(ctx, id[:max(0, strings.LastIndexByte(id, '.'))])
	var refusal *procedure.Error
	if err != nil && !(errors.As(err, &refusal) && refusal.Kind == procedure.NotFound) {
		return matter{}, record.Task{}, err
	}
	i := slices.IndexFunc(m.tasks, func(t record.Task) bool { return t.ID == id })
	if i < 0 {
		return matter{}, record.Task{}, procedure.Errorf(procedure.NotFound, "task.not_found", "没有这项待办，或您无权查看")
	}
	return m, m.tasks[i], nil
}

// sayTask says in whose court a task is, or how it ended.
func (s *Server) sayTask(t record.Task, deadlines []record.Deadline, cal *calendar.Calendar) procedure.Sentence {
	if unfinished(t) {
		p := s.pending(t, cal)
		p.Pause = s.standing(t, deadlines, cal)
		return p.Say(s.now())
	}
	text := t.WhyClosed
	if t.State == record.TaskDone {
		text = t.ActorName + "「" + t.Label + "」"
	}
	if t.ClosedAt != nil {
		text += "（" + clockTime(*t.ClosedAt) + "）"
	}
	text += "。"
	return procedure.Sentence{Text: text, Parts: []procedure.Phrase{{Text: text}}, Tone: procedure.ToneDone}
}

// standingOf is a paused clock as the sentence needs it.
func standingOf(d record.Deadline, now time.Time, cal *calendar.Calendar) *procedure.Standing {
	st := &procedure.Standing{Who: d.WaitFor, For: procedure.GroundTitle(d.Ground), Basis: d.Basis.Text, Left: d.Deadline.Left(cal, now)}
	if n := len(d.Deadline.Pauses); n > 0 {
		st.Since = d.Deadline.Pauses[n-1].From
	}
	return st
}

// escalatedAt is when the superior was told about a task: the moment is in the record only.
func (s *Server) escalatedAt(ctx context.Context, t record.Task) (*time.Time, error) {
	var last *time.Time
	const page = 500
	for after := int64(0); ; {
		events, err := s.Reader.Events(ctx, t.Case, after, page)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			after = e.Seq
			if e.Type != procedure.TaskReminded {
				continue
			}
			var p procedure.Reminded
			if err := json.Unmarshal(e.Data, &p); err == nil && p.Task == t.ID && p.Rung == procedure.RungEscalate {
				last = &e.At
			}
		}
		if len(events) < page {
			return last, nil
		}
	}
}

func (s *Server) listCopies(ctx context.Context, in *copiesInput) (*reply[record.Page[record.Copy]], error) {
	page, err := s.Reader.Copies(ctx, whoIs(ctx).Scope, in.Unread, in.After, in.Limit)
	return answer(page), err
}
