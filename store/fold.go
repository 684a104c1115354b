package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

// fold turns the events of one case into what people see of it. Everything comes from the events: no clock, no table
// beside the projections themselves. Folding a case from its first event gives the same rows as folding it bit by bit.
type fold struct {
	number    string
	c         caseDoc
	tasks     *shelf[taskDoc]
	copies    *shelf[record.Copy]
	waits     *shelf[record.Wait]
	stages    *shelf[record.Stage]
	deadlines *shelf[record.Deadline]
	notices   *shelf[record.Notice]
	holders   []holderRow
	lists     []listRow
	spells    map[string]spellRow
	told      *outbox // nil: nobody is told, as in a rebuild
}

// newFold starts from what is there.
func newFold(from projections, number string) (*fold, error) {
	of := func(table string) []storedRow { return from[[2]string{table, number}] }
	f := &fold{
		number:    number,
		tasks:     newShelf[taskDoc](of(tasksTable)),
		copies:    newShelf[record.Copy](of(copiesTable)),
		waits:     newShelf[record.Wait](of(waitsTable)),
		stages:    newShelf[record.Stage](of(stagesTable)),
		deadlines: newShelf[record.Deadline](of(deadlinesTable)),
		notices:   newShelf[record.Notice](of(noticesTable)),
	}
	rows := of(casesTable)
	if len(rows) == 0 {
		return f, nil
	}
	var err error
	f.c, err = decode[caseDoc](rows[0].body)
	return f, err
}

// handler folds one kind of event.
type handler func(f *fold, e procedure.Event) error

// on reads the payload before it folds.
func on[P any](do func(f *fold, e procedure.Event, p P) error) handler {
	return func(f *fold, e procedure.Event) error {
		var p P
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return invalid(CodeEvent, "记录第 %d 项（%s）内容无法读取：%v", e.Seq, e.Type, err)
		}
		return do(f, e, p)
	}
}

// handlers has one function per kind of event. It is never changed.
var handlers = map[procedure.EventType]handler{
	procedure.CaseStarted:    on(caseStarted),
	procedure.CasePhased:     on(casePhased),
	procedure.CaseClosed:     on(caseClosed),
	procedure.CaseCopied:     on(caseCopied),
	procedure.CaseComplained: on(caseComplained),
	procedure.CaseSuspended:  on(caseSuspended),
	procedure.CaseContinued:  on(caseContinued),
	procedure.StageEntered:   on(stageEntered),
	procedure.StageLeft:      on(stageLeft),
	procedure.ClockStarted:   on(clockStarted),
	procedure.ClockPaused:    on(clockChanged("paused")),
	procedure.ClockResumed:   on(clockChanged("running")),
	procedure.ClockRedated:   on(clockRedated),
	procedure.ClockStopped:   on(clockChanged("stopped")),
	procedure.TaskOpened:     on(taskOpened),
	procedure.TaskUnmanned:   on(taskUnmanned),
	procedure.TaskRead:       on(taskRead),
	procedure.TaskReminded:   on(taskReminded),
	procedure.TaskUrged:      on(taskUrged),
	procedure.TaskMoved:      on(taskMoved),
	procedure.TaskBlocked:    on(taskBlocked),
	procedure.TaskUnblocked:  on(taskUnblocked),
	procedure.TaskRedated:    on(taskRedated),
	procedure.TaskAnswered:   on(taskAnswered),
	procedure.TaskReopened:   on(taskReopened),
	procedure.TaskClosed:     on(taskClosed),
	procedure.WaitOpened:     on(waitOpened),
	procedure.WaitClosed:     on(waitClosed),
	procedure.NoticePosted:   on(noticePosted),
	procedure.ListPublished:  on(listPublished),
	procedure.ReceiptIssued:  on(receiptIssued),
}

// apply folds events in order.
func (f *fold) apply(events []procedure.Event) error {
	for _, e := range events {
		h, ok := handlers[e.Type]
		if !ok {
			return invalid(CodeEvent, "记录第 %d 项的种类 %.40q 未知", e.Seq, e.Type)
		}
		if f.c.Number == "" && e.Type != procedure.CaseStarted {
			return invalid(CodeEvent, "记录须以 %s 开始，而第 %d 项是 %s", procedure.CaseStarted, e.Seq, e.Type)
		}
		if err := h(f, e); err != nil {
			return err
		}
		if err := f.told.add(f, e); err != nil {
			return err
		}
		f.c.Seq, f.c.ChangedAt = e.Seq, clean(e.At)
	}
	if f.tasks.dirty() || f.deadlines.dirty() {
		return f.summarize()
	}
	return nil
}

// summarize recomputes what a case shows of its open tasks. It is paused when one of them is, or when none has a date because a
// clock of the case stands (补正).
func (f *fold) summarize() error {
	c := &f.c
	tasks, err := f.tasks.all()
	if err != nil {
		return err
	}
	c.NextDue, c.NextDay, c.NextTitle, c.NextWho = nil, "", "", ""
	c.OpenTasks, c.Card, c.Unmanned, c.Paused = 0, "", false, false
	var open []*item[taskDoc]
	for _, it := range tasks {
		if taskIsOpen(it.value.Task) {
			open = append(open, it)
		}
	}
	if len(open) == 0 {
		return nil
	}
	for _, it := range open {
		c.OpenTasks++
		c.Card = worse(c.Card, it.value.Card)
		c.Unmanned = c.Unmanned || it.value.Unmanned
		c.Paused = c.Paused || it.value.Paused
	}
	next := slices.MinFunc(open, func(a, b *item[taskDoc]) int {
		return cmp.Or(cmp.Compare(microsOr(a.value.Due, never), microsOr(b.value.Due, never)), cmp.Compare(a.seq, b.seq))
	}).value
	c.NextDue, c.NextDay, c.NextTitle, c.NextWho = next.Due, next.Day, next.Title, next.Holder.Title()
	if c.Paused || c.NextDue != nil {
		return nil
	}
	clocks, err := f.deadlines.all()
	for _, it := range clocks {
		c.Paused = c.Paused || it.value.State == "paused"
	}
	return err
}

// The cards a task can show.
const (
	yellow = "yellow" // 黄牌
	red    = "red"    // 红牌
)

func worse(a, b string) string {
	if a == red || b == red {
		return red
	}
	return cmp.Or(a, b)
}

func (f *fold) hold(h procedure.Holder) {
	row := newHolderRow(f.number, h)
	if !slices.Contains(f.holders, row) {
		f.holders = append(f.holders, row)
	}
}

// rows adds what was changed to w.
func (f *fold) rows(w *rowset) error {
	c, err := newCaseRow(f.c)
	if err != nil {
		return err
	}
	w.cases = append(w.cases, c)
	w.holders = append(w.holders, f.holders...)
	w.lists = append(w.lists, f.lists...)
	for _, id := range slices.Sorted(maps.Keys(f.spells)) {
		w.spells = append(w.spells, f.spells[id])
	}
	return errors.Join(
		gather(&w.tasks, f.tasks, f.number, newTaskRow),
		gather(&w.copies, f.copies, f.number, newCopyRow),
		gather(&w.waits, f.waits, f.number, newWaitRow),
		gather(&w.stages, f.stages, f.number, newBodyRow[record.Stage]),
		gather(&w.deadlines, f.deadlines, f.number, newDeadlineRow),
		gather(&w.notices, f.notices, f.number, newNoticeRow),
	)
}

func gather[V, R any](to *[]R, s *shelf[V], number string, row func(string, string, int64, V) (R, error)) error {
	rows, err := changed(s, number, row)
	*to = append(*to, rows...)
	return err
}
