package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// prepare checks what an order would do to a case, as it is checked when it is done: nothing is stored.
func (s *Server) prepare(ctx context.Context, order Cure, action procedure.Action, a ops.Affected) (acting, error) {
	onTask, onMatter, err := order.asAction(action, a)
	switch {
	case err != nil:
		return acting{}, err
	case onTask == nil:
		return s.onCase(ctx, onMatter)
	}
	got, err := s.onTask(ctx, onTask)
	if err == nil && action == procedure.ActExtend {
		err = s.within(ctx, got)
	}
	return got, err
}

// within refuses an extension by more than the period itself. What an extension may be is only known with the clock of the task.
func (s *Server) within(ctx context.Context, a acting) error {
	m := matter{who: whoIs(ctx)}
	var err error
	if m.deadlines, err = s.deadlines(ctx, a.kase.Number); err != nil {
		return err
	}
	switch most := m.extend(*a.task).Needs.Days; {
	case most == 0:
		return conflict("extend.none", "这件待办没有正在计算的期限。")
	case a.command.Days > most:
		return conflict("extend.days", "这件待办至多延长 %d 天。", most)
	}
	return nil
}

// beside says what a cure that works beside the case, in the machine or on its messages, would do, or why there is nothing to cure.
func (s *Server) beside(ctx context.Context, cure ops.Cure, number string) (plan string, err error) {
	plan = cure.Label() + "。"
	if cure == ops.Reconcile { // it can be done at any time, also where the case has no row any more
		return plan, nil
	}
	if _, err := s.visibleCase(ctx, number); err != nil {
		return "", err
	}
	if cure != ops.Redeliver {
		return plan, s.idle(ctx, cure, number)
	}
	failed, err := s.undelivered(ctx, number)
	return fmt.Sprintf("%s：没有送达的通知 %d 条。", cure.Label(), len(failed)), err
}

// idle refuses a cure of the machine where the machine has nothing to cure.
func (s *Server) idle(ctx context.Context, cure ops.Cure, number string) error {
	in, known, err := s.Operations.Machine.Inside(ctx, number)
	switch {
	case err != nil:
		return err
	case cure == ops.Rewind && (!known || in.Attempt == 0):
		return conflict("machine.sound", "这件办件的程序没有出错，不需要重做。")
	case cure != ops.Rewind && (!known || len(in.Pending) == 0):
		return conflict("machine.idle", "引擎里没有这件办件正在重试的动作，可能已经恢复。")
	}
	return nil
}

// atOnce is how many cases are rehearsed at the same time: somebody waits for the answer.
const atOnce = 4

// rehearseAll finds out what would happen to each case.
func (s *Server) rehearseAll(ctx context.Context, order Cure, cases []ops.Affected) ([]ops.BatchItem, error) {
	items := make([]ops.BatchItem, len(cases))
	now := s.now()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, a := range cases {
		items[i] = ops.BatchItem{N: int64(i + 1), Number: a.Number, Title: a.Title, Task: a.Task, At: now}
		g.Go(func() error { return s.rehearse(ctx, order, &items[i]) })
	}
	return items, g.Wait()
}

// rehearse finds out what would happen to a case (预演), or why nothing would.
func (s *Server) rehearse(ctx context.Context, order Cure, item *ops.BatchItem) error {
	var a acting
	var err error
	item.State = ops.ItemPlanned
	if action, onCase := order.Remedy.Action(); onCase {
		a, err = s.prepare(ctx, order, action, ops.Affected{Number: item.Number, Task: item.Task})
		item.Place, item.Plan = a.place, a.plan(order)
	} else {
		item.Plan, err = s.beside(ctx, order.Remedy, item.Number)
	}
	if why := said(err); why != "" {
		item.State, item.Plan, item.Place = ops.ItemSkipped, why, ""
		return nil
	}
	return err
}

// plan says what would happen: «催办：「形式审查」，现由区委社会工作部准入办办理。»
func (a acting) plan(order Cure) string {
	text := order.Remedy.Label()
	if a.command.Target != nil {
		text += "，交给 " + a.command.Target.Title() + a.command.Target.RoleName
	}
	if a.command.Days > 0 {
		text += fmt.Sprintf(" %d 天", a.command.Days)
	}
	if a.task != nil {
		text += "：「" + a.task.Title + "」，现由" + a.task.Holder.Title() + a.task.Holder.RoleName + "办理"
	}
	return text + "。"
}

// Batcher carries out batches in the name of whoever runs them: each case goes through the same checks and the same way of writing as
// a request of that person. It serves no HTTP.
type Batcher struct{ s *Server }

// NewBatcher makes a batcher. It needs what an action needs: Reader, Commands, Engine, Catalog, the clocks, the machine, the messages
// and the batches.
func NewBatcher(o Options) (*Batcher, error) {
	var errs []error
	for name, absent := range map[string]bool{
		"Reader": o.Reader == nil, "Commands": o.Commands == nil, "Engine": o.Engine == nil, "Catalog": o.Catalog == nil, "Now": o.Now == nil,
		"Clock": o.Clock == nil, "Logger": o.Logger == nil, "Operations.Machine": o.Operations.Machine == nil,
		"Operations.Batches": o.Operations.Batches == nil, "Notifying.Messages": o.Notifying.Messages == nil,
	} {
		if absent {
			errs = append(errs, fmt.Errorf("batcher: option %s is missing", name))
		}
	}
	return &Batcher{&Server{Options: o}}, errors.Join(errs...)
}

// askAgain is how long a batch waits before it goes on after a case that did not answer.
const askAgain = 15 * time.Second

// RunItems does what a batch says to its next cases, at most n of them. beat is called before each; where it is false somebody else
// goes on. more: there is something left to do, after a while where one is given.
func (r *Batcher) RunItems(ctx context.Context, id string, n int, beat func() bool) (more bool, after time.Duration, err error) {
	for range n {
		if !beat() {
			return true, 0, nil
		}
		b, err := r.s.Operations.Batches.Batch(ctx, "", id)
		if err != nil || b.State != ops.BatchRunning {
			return false, 0, err
		}
		item, found, err := r.s.Operations.Batches.NextItem(ctx, id)
		if err != nil {
			return false, 0, err
		}
		if !found {
			return false, 0, r.end(ctx, id, ops.BatchAct{What: ops.BatchEnd, Text: "每一件都有了结果。"})
		}
		acting, why, err := r.inTheNameOf(ctx, b, item)
		if err != nil {
			return false, 0, err
		}
		if why != "" {
			return false, 0, r.end(ctx, id, ops.BatchAct{What: ops.BatchStop, Text: why})
		}
		state, text, err := r.do(acting, b, item)
		if err != nil {
			return false, 0, err
		}
		// What was done is noted even when this program is told to stop.
		if err := r.s.Operations.Batches.SettleItem(context.WithoutCancel(ctx), id, item.N, state, text, r.s.now()); err != nil {
			return false, 0, err
		}
		if state == ops.ItemSent {
			return true, askAgain, nil
		}
	}
	return true, 0, nil
}

// end is an act of the program. Somebody may have stopped the batch at the same moment: then there is nothing to end.
func (r *Batcher) end(ctx context.Context, id string, a ops.BatchAct) error {
	a.At = r.s.now()
	_, err := r.s.Operations.Batches.ActOnBatch(ctx, "", id, a)
	if said(err) != "" {
		return nil
	}
	return err
}

// inTheNameOf makes the context in which whoever runs a batch does the next item, as that person is today; why says that the person
// may not do it any more.
func (r *Batcher) inTheNameOf(ctx context.Context, b ops.Batch, item ops.BatchItem) (_ context.Context, why string, err error) {
	gone := "执行人" + b.RunnerName + "已不在原岗位，请另一位同事继续执行。"
	account, err := r.s.account(ctx, b.Runner)
	if said(err) != "" {
		return ctx, gone, nil
	}
	if err != nil {
		return ctx, "", err
	}
	post, ok := postByID(account.posts, b.Post)
	if !ok || account.user.Disabled || !slices.Contains(operators, post.Role) {
		return ctx, gone, nil
	}
	units, err := r.s.unitsByCode(ctx)
	if err != nil {
		return ctx, "", err
	}
	return context.WithValue(ctx, callKey{}, call{who: newPrincipal(account, post, units), key: itemKey(b.ID, item)}), "", nil
}

// itemKey is the key under which a case is done: however often it is tried, it is done once.
func itemKey(batch string, item ops.BatchItem) string {
	return subKey(batch, item.Number+"\n"+item.Task)
}

// do does what a batch says to one case, and says what came of it. An error is a fault of the database: it is tried again.
func (r *Batcher) do(ctx context.Context, b ops.Batch, item ops.BatchItem) (ops.ItemState, string, error) {
	var order Cure
	if err := json.Unmarshal(b.Order, &order); err != nil {
		return ops.ItemFailed, "这一批的内容无法读取。", nil
	}
	if b.Confirmer != "" {
		order.Reason = strings.TrimSuffix(order.Reason, "。") + "（" + b.ConfirmerName + "复核）"
	}
	action, onCase := order.Remedy.Action()
	if !onCase {
		return r.outcome(ctx, order, item, r.inMachine(ctx, order, item))
	}
	stored, err := r.stored(ctx, order, action, item)
	if err != nil {
		return r.outcome(ctx, order, item, err)
	}
	_, err = r.s.send(ctx, stored)
	var refusal *procedure.Error
	var answered *Problem
	switch {
	case errors.As(err, &answered):
	case errors.As(err, &refusal):
		if err := r.s.Commands.SettleCommand(context.WithoutCancel(ctx), stored.ID, record.Refused(refusal)); err != nil {
			return "", "", err
		}
	case err != nil:
		r.s.Logger.WarnContext(ctx, "a case of a batch is not confirmed yet", "batch", b.ID, "case", item.Number, "error", err)
		return ops.ItemSent, "已提交，办件还没有答复；会继续询问。", nil
	}
	return r.outcome(ctx, order, item, err)
}

func (r *Batcher) inMachine(ctx context.Context, order Cure, item ops.BatchItem) error {
	if _, err := r.s.beside(ctx, order.Remedy, item.Number); err != nil {
		return err
	}
	return r.s.inMachine(ctx, order, item.Number)
}

// stored is the command of an item: the one that is stored already, whatever the case has come to since, or a new one that has been
// checked as the person's own request would be.
func (r *Batcher) stored(ctx context.Context, order Cure, action procedure.Action, item ops.BatchItem) (record.Command, error) {
	key := callOf(ctx).key
	old, err := r.s.Reader.Command(ctx, key)
	var refusal *procedure.Error
	if err == nil || !errors.As(err, &refusal) {
		return old, err
	}
	a, err := r.s.prepare(ctx, order, action, ops.Affected{Number: item.Number, Task: item.Task})
	if err != nil {
		return record.Command{}, err
	}
	if item.Task == "" && a.place != item.Place {
		return record.Command{}, conflict("batch.moved", "选定以后这件办件有了新的进展，没有处置。")
	}
	c := a.command
	c.ID, c.At, c.Head = key, r.s.now(), a.kase.Seq
	stored, _, err := r.s.Commands.SubmitCommand(ctx, record.Command{Command: c, Opinion: strings.TrimSpace(a.words.opinion), Request: key,
		State: record.CommandPending, Stored: r.s.Now()})
	return stored, err
}

// outcome says what came of a case. What a fault says is for the log.
func (r *Batcher) outcome(ctx context.Context, order Cure, item ops.BatchItem, err error) (ops.ItemState, string, error) {
	switch why := said(err); {
	case why != "":
		return ops.ItemSkipped, why, nil
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case err != nil:
		r.s.Logger.ErrorContext(ctx, "a case of a batch failed", "remedy", order.Remedy, "case", item.Number, "error", err)
		return ops.ItemFailed, "没有办成，系统出错；请稍后单独处置或联系运维。", nil
	}
	return ops.ItemDone, "已" + order.Remedy.Label() + "。", nil
}
