package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
	"gongzhi/procedure/consent"
)

// ticketState is the state of one open task inside the workflow.
type ticketState int

const (
	opened  ticketState = iota
	blocked             // waits for an extra signer before, or is one after
	done
	silent // the time is up and the stage lets silence be noted
	closed
)

// Why an extra task exists.
const (
	before = "before" // 前加签
	after  = "after"  // 后加签
)

// ticket is a task of one holder.
type ticket struct {
	id     string
	round  *round
	seat   procedure.Holder // to whom the stage gave it, before any 转办
	holder procedure.Holder
	owner  *procedure.Holder // while a helper has it (委派)
	added  string
	parent *ticket
	state  ticketState
	read   map[string]bool
	urges  []time.Time
	told   []time.Time // when an operator had the superior told

	answer   procedure.Answer
	actor    procedure.Actor
	returnTo string
	mode     procedure.ReturnMode
}

// live tells whether somebody still has to do something.
func (t *ticket) live() bool { return t.state == opened || t.state == blocked }

// hindered tells what a blocked task waits for: an extra signer before it, or, for one added after, its parent.
func (t *ticket) hindered(r *round) bool {
	if t.added == after && t.parent.state != done {
		return true
	}
	return slices.ContainsFunc(r.tickets, func(o *ticket) bool { return o.parent == t && o.added == before && o.live() })
}

// issue opens a task.
func (c Case) issue(r *round, h procedure.Holder, added string, parent *ticket) *ticket {
	return c.issueOn(c.ctx, r, h, added, parent, procedure.SystemEngine, "")
}

func (f *file) issueOn(ctx workflow.Context, r *round, h procedure.Holder, added string, parent *ticket, by procedure.Actor, command string) *ticket {
	t := &ticket{id: f.taskID(), round: r, seat: h, holder: h, added: added, parent: parent, read: map[string]bool{}}
	e := procedure.Opened{Task: t.id, Stage: r.stage.Name, Title: r.stage.Title, Does: r.stage.Does, Round: r.n, Holder: h,
		Sign: r.stage.Sign, Added: added, Options: r.stage.Options, Subject: r.subject}
	if parent != nil {
		e.Parent = parent.id
		e.Options = countersign
	}
	if r.clock != nil {
		e.Clock = r.clock.name
		e.Due, e.Day, e.Provisional = r.clock.due()
	}
	f.emit(ctx, procedure.TaskOpened, by, command, e)
	f.add(t)
	r.tickets = append(r.tickets, t)
	return t
}

// countersign are the answers of an extra signer.
var countersign = []procedure.Option{
	{Answer: procedure.Agree, Label: "同意", Effect: procedure.Forward},
	{Answer: procedure.Object, Label: "不同意", Effect: procedure.Forward, Opinion: true},
}

// drop closes a task that nobody needs to answer any more.
func (c Case) drop(ctx workflow.Context, t *ticket, why string) {
	t.state = closed
	c.emit(ctx, procedure.TaskClosed, procedure.SystemEngine, "", procedure.Dropped{Task: t.id, Why: why})
}

// standing finds the answer given in a seat before a step was asked again.
func standing(kept []*ticket, seat procedure.Holder) *ticket {
	i := slices.IndexFunc(kept, func(t *ticket) bool { return t.added == "" && t.seat == seat })
	if i < 0 {
		return nil
	}
	return kept[i]
}

// progress changes whenever an answer, an extra signer or a removal may let the round go on.
func (r *round) progress() int {
	n := 0
	for _, t := range r.tickets {
		n += 1 + int(t.state)*100
	}
	return n
}

// settled tells whether the step needs no further answers.
func (r *round) settled() bool {
	if len(r.waiting) == 0 && !slices.ContainsFunc(r.tickets, (*ticket).live) {
		return true
	}
	for _, t := range r.tickets {
		if t.state != done {
			continue
		}
		switch {
		case t.answer == procedure.Return:
			return true
		case t.added == before: // advice to the holder, who still decides
		case t.vetoes():
			return true // one refusal ends the step
		case t.added == "" && r.stage.Sign == procedure.Any && !r.pendingAfter(t):
			return true
		}
	}
	return false
}

// vetoes tells whether an answer ends its step. A signer added after a decision can refuse only where the stage knows a
// refusal; elsewhere his objection brings the decision back to the one who made it.
func (t *ticket) vetoes() bool {
	if t.answer != procedure.Object || t.added == before || t.round.stage.Sign == procedure.Collect {
		return false
	}
	_, known := t.round.stage.Option(procedure.Object)
	return known
}

// pendingAfter tells whether a signer added after a decided task has still to sign.
func (r *round) pendingAfter(t *ticket) bool {
	return slices.ContainsFunc(r.tickets, func(o *ticket) bool { return o.parent == t && o.added == after && o.live() })
}

// conclude reads the answer of the step from the answers of its tasks.
func (r *round) conclude() {
	count := map[procedure.Answer]int{}
	for _, t := range r.tickets {
		if t.state != done && t.state != silent {
			continue
		}
		if t.added == before || t.added != "" && t.answer == procedure.Object && !t.vetoes() && r.stage.Sign != procedure.Collect {
			continue // advice
		}
		count[t.answer]++
		switch {
		case t.answer == procedure.Return:
			r.answer, r.back = procedure.Return, t
		case r.answer == procedure.Return:
		case t.vetoes():
			r.answer = procedure.Object
		case r.answer == procedure.Object && r.stage.Sign != procedure.Collect:
		case r.answer == procedure.NoAnswer, t.answer == procedure.AgreeIf, r.answer == procedure.Silent:
			r.answer = t.answer
		}
	}
	r.text = r.summary(count)
}

// summary counts the answers in words: 「同意 4，附条件同意 1」.
func (r *round) summary(count map[procedure.Answer]int) string {
	asked := 0
	for _, t := range r.tickets {
		if t.added == "" {
			asked++
		}
	}
	var parts []string
	for _, a := range answerOrder {
		if n := count[a]; n > 0 {
			if asked == 1 && n == 1 {
				parts = append(parts, answerWords[a])
				continue
			}
			parts = append(parts, fmt.Sprintf("%s %d", answerWords[a], n))
		}
	}
	return strings.Join(parts, "，")
}

var answerOrder = []procedure.Answer{procedure.Accept, procedure.Agree, procedure.AgreeIf, procedure.Object, procedure.Supplement,
	procedure.Refuse, procedure.Submit, procedure.Abandon, procedure.Publish, procedure.Paid, procedure.Received, procedure.Missing,
	procedure.Report, procedure.Revoke, procedure.Keep, procedure.Known, consent.Renew, consent.Recount, consent.Disclose, consent.Satisfied,
	consent.Fair, consent.Dissatisfied, procedure.Return, procedure.Silent}

var answerWords = map[procedure.Answer]string{
	procedure.Accept: "受理", procedure.Agree: "同意", procedure.AgreeIf: "附条件同意", procedure.Object: "不同意",
	procedure.Supplement: "要求补正", procedure.Refuse: "不予受理", procedure.Submit: "已提交", procedure.Abandon: "放弃",
	consent.Renew: "重新公示", consent.Recount: "要求重新核对", consent.Disclose: "已公开进展",
	consent.Satisfied: "满意", consent.Fair: "基本满意", consent.Dissatisfied: "不满意",
	procedure.Publish: "已公布", procedure.Paid: "已拨付", procedure.Received: "经费到位，已接收", procedure.Missing: "费未到",
	procedure.Report: "已报送", procedure.Revoke: "撤销准入", procedure.Keep: "继续执行", procedure.Known: "已阅",
	procedure.Return: "退回", procedure.Silent: "逾期未反馈",
}

// why says why a task of a settled step needs no answer.
func (r *round) why() string {
	if r.undone != nil {
		return "前一环节已撤回"
	}
	if r.off {
		return "已由运行监控退回重办"
	}
	if r.moot != nil && r.moot() {
		return "事项已结束"
	}
	for _, t := range r.tickets {
		if t.state == done && t.added == "" {
			return fmt.Sprintf("%s已由%s办理", r.stage.Title, t.actor.Title())
		}
	}
	return "本环节已结束"
}
