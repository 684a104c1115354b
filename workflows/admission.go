package workflows

import (
	"encoding/json"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

// Admission carries a department's application from filing to the matter's exit from the list.
func Admission(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
	var facts admission.Facts
	if err := json.Unmarshal(filing.Facts, &facts); err != nil {
		return procedure.Outcome{}, fmt.Errorf("facts of %s: %w", filing.Case, err)
	}
	c := admissionCase{openCase(ctx, admission.Procedure(), filing, Facts{Title: facts.Title, Communities: facts.Communities}), facts}

	if filing.Resume != nil { // the execution goes on in a new run
		c.leaveListOnAbort()
		return c.carryOut(filing.Resume.Period)
	}

	// What the government has declared an emergency enters at once; unless it is regularised in time it lapses.
	regularised := func() {}
	if facts.Urgent {
		regularised = c.enterAtOnce()
	}

	decision := c.Chain(
		Step{[]procedure.Stage{admission.FormalReview}, accept},
		Side(admission.StreetHearing, admission.CommunityHearing),
		One(admission.JointReview),
		One(admission.Decision),
	)
	c.Stop(c.running(admission.DecisionClock))
	switch decision {
	case procedure.Refuse:
		return c.Close(procedure.Refused, "不予受理")
	case procedure.Abandon:
		return c.Close(procedure.Withdrawn, "申请单位放弃补正")
	case procedure.Object:
		return c.Close(procedure.Rejected, "联席会议不予准入；有新的事实可以再申请一次")
	}

	c.Approve()
	c.Decide(admission.Publication)
	c.publish(decision)
	regularised()

	// The money comes first: no community takes the matter on before it has arrived.
	c.Decide(admission.Funding, DueOn(facts.Start))
	c.Each(facts.Communities, func(k Case, unit string) { admissionCase{k, facts}.handOver(unit) })
	c.Phase(procedure.Executing, "经费到位，社区已接收，进入执行")
	c.Await("等待事项开始", "时间", ptr(facts.Start.Start()), admission.Handover.Basis, func() bool { return false })
	c.Expect(c.term())
	return c.carryOut(1)
}

type admissionCase struct {
	Case
	matter admission.Facts
}

// accept is the formal review: the office accepts, refuses, or has the application completed while the clock stands still.
// With the acceptance the 15 working days of the decision begin.
func accept(c Case, again []Option) *round {
	if len(again) > 0 { // the acceptance was taken back: its period has not begun
		c.Stop(c.running(admission.DecisionClock))
	}
	r := c.ask(admission.FormalReview, again...)
	for r != nil && r.answer == procedure.Supplement {
		c.Pause(admission.AcceptanceClock, "supplement", procedure.Applicant)
		completed := c.ask(admission.Correction)
		if completed == nil || completed.answer == procedure.Abandon {
			return completed
		}
		c.Resume(admission.AcceptanceClock)
		r = c.ask(admission.FormalReview)
	}
	if r != nil && r.answer == procedure.Accept {
		c.Stop(c.running(admission.AcceptanceClock))
		if c.running(admission.DecisionClock) == nil {
			c.Start(admission.DecisionClock, "审批时限", procedure.Span{Figure: admission.DecisionPeriod, Unit: calendar.Workday}, admission.Decision.Basis)
		}
	}
	return r
}

// enterAtOnce opens the urgent path (紧急通道): communities are told at once, and the matter lapses unless it is regularised.
func (c admissionCase) enterAtOnce() (regularised func()) {
	for _, unit := range c.matter.Communities {
		c.CopyTo("紧急事项先行进入，正在补办手续", admission.Target(), unit)
	}
	return c.Lapse("紧急事项补办时限", procedure.Span{Figure: admission.Regularisation, Unit: calendar.Workday},
		procedure.Basis{Text: "紧急先行：产品默认 10 个工作日内补办，逾期失效", Tag: "D"}, "紧急事项逾期未补办手续，已失效")
}

// publish puts the admitted matter on the district's list as a new version, with a notice.
func (c admissionCase) publish(decision procedure.Answer) {
	c.leaveListOnAbort()
	item := procedure.ListItem{Title: c.matter.Title, Kind: "assist", Department: c.matter.Department,
		Part: "按准入决定协助", Frequency: "按次", Basis: c.matter.Legal, Case: c.filing.Case}
	if !c.matter.End.IsZero() {
		item.ValidUntil = c.matter.End.String()
	}
	why := "准入"
	if decision == procedure.AgreeIf {
		why = "附条件准入"
	}
	c.PublishList(why+"："+c.matter.Title, []procedure.ListChange{{Op: "add", Item: item}})
}

// leaveListOnAbort takes a matter that ends early off the list too.
func (c admissionCase) leaveListOnAbort() {
	c.OnAbort(func(k Case) { admissionCase{k, c.matter}.withdrawItems(k.outcome.Result) })
}

// handOver gives the matter to one community, which takes it only when the money has arrived.
func (c admissionCase) handOver(unit string) {
	for c.Decide(admission.Handover, For(unit)) == procedure.Missing {
		c.Decide(admission.Funding, DueOn(c.matter.Start), About("补拨："+unit))
	}
	if !c.over() {
		c.executing = append(c.executing, unit)
	}
}

// term is the wait that stands for the execution as a whole.
func (c admissionCase) term() procedure.Waiting {
	w := procedure.Waiting{Wait: "execution", For: "执行期届满", Court: "时间", Basis: admission.Execution}
	if !c.matter.End.IsZero() { // a long-term matter has no last day: it ends when it is revoked
		w.Until = ptr(c.matter.End.End())
	}
	return w
}

// carryOut is the execution: period by period every community reports, complaints are examined, until the matter's day has come.
func (c admissionCase) carryOut(period int) (procedure.Outcome, error) {
	ended, revoked, rest := false, false, false
	c.Together(func(k Case) {
		revoked = admissionCase{k, c.matter}.examine(func() bool { return ended || rest })
	}, func(k Case) {
		for ; !k.over() && !revoked; period++ {
			if rest = k.ripe(); rest {
				return
			}
			if last := (admissionCase{k, c.matter}).carryOutPeriod(period, func() bool { return revoked }); last {
				break
			}
		}
		ended = true
	})
	if rest && !revoked {
		return c.ContinueAsNew(period)
	}
	c.Settle(c.term())
	if revoked {
		c.withdrawItems("撤销准入")
		return c.Close(procedure.Revoked, "查实加码，撤销准入")
	}
	c.withdrawItems("到期自动退出")
	c.Expire()
	return c.Close(procedure.Completed, "到期自动退出")
}

// carryOutPeriod has every community report the progress of one period, and waits for the period's end. It reports whether that
// was the last one.
func (c admissionCase) carryOutPeriod(n int, revoked func() bool) (last bool) {
	months := max(int(c.filing.Figures[admission.ProgressInterval]), 1)
	first, end := c.matter.Start.AddMonths((n-1)*months), c.matter.Start.AddMonths(n*months).AddDays(-1)
	if !c.matter.End.IsZero() && !end.Before(c.matter.End) {
		end, last = c.matter.End, true
	}
	subject := fmt.Sprintf("第 %d 期（%s 至 %s）", n, first.Short(), end.Short())
	c.Each(c.executing, func(k Case, unit string) {
		k.Decide(admission.Progress, For(unit), DueOn(end), About(subject), Until(revoked))
	})
	c.park(ptr(end.End()), "等待下一期", revoked)
	return last
}

// examine looks into every report of a community that more is demanded than was admitted (加码). It reports whether the
// admission must be revoked.
func (c admissionCase) examine(ended func() bool) (revoked bool) {
	for !c.over() && !ended() {
		c.park(nil, "等待反映", func() bool { return len(c.complaints) > 0 || ended() })
		if c.over() || len(c.complaints) == 0 {
			continue
		}
		c.file.complaints = c.complaints[1:]
		c.CopyTo("社区反映加码", admission.Supervisor(), "")
		if c.Decide(admission.Inquiry, Until(ended)) == procedure.Revoke {
			return true
		}
	}
	return false
}

// withdrawItems takes the matter off the list again.
func (c admissionCase) withdrawItems(why string) {
	if c.over() {
		return
	}
	c.record(c.ctx) // the list is read back from the record
	var items []procedure.ListItem
	if err := effect(c.ctx, "清单退出", do.FindItems, &items, activities.ItemRequest{District: c.filing.District, Case: c.filing.Case}); err != nil {
		c.fail(err)
		return
	}
	var changes []procedure.ListChange
	for _, item := range items {
		changes = append(changes, procedure.ListChange{Op: "remove", Item: item})
	}
	c.PublishList(why+"："+c.matter.Title, changes)
}

func ptr[T any](v T) *T { return &v }
