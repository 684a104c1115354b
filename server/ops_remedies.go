package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// mostCured is how many cases one remedy may touch; more is the business of a batch.
const mostCured = 50

// cureOffers are the remedies of an incident, with why one may not be used now.
func (s *Server) cureOffers(ctx context.Context, i ops.Incident, cases []ops.Affected) ([]CureOffer, error) {
	offers := []CureOffer{}
	var m *matter
	var task *record.Task
	if i.Count == 1 && len(cases) == 1 { // of one case it is known what it allows; of many each says for itself
		one, err := s.matter(ctx, cases[0].Number)
		var refusal *procedure.Error
		switch {
		case err == nil:
			m = &one
			if n := slices.IndexFunc(one.tasks, func(t record.Task) bool { return t.ID == cases[0].Task }); n >= 0 {
				task = &one.tasks[n]
			}
		case !errors.As(err, &refusal):
			return nil, err
		}
	}
	for _, cure := range i.Kind.Cures() {
		o := CureOffer{Remedy: cure, Label: cure.Label(), Next: cure.Next(), Second: cure.Second()}
		action, onCase := cure.Action()
		if onCase {
			o.Needs = curesNeed[cure]
		}
		if onCase && m != nil {
			o.take(*m, task, action)
		}
		if cure == ops.Republish && m != nil && m.open() == nil {
			o.concern(i.Facts)
		}
		if cure == ops.SendBack && m == nil { // each has been through other stages
			o.WhyNot = "涉及多件办件，请打开各办件分别退回。"
		}
		switch {
		case !slices.Contains(operators, whoIs(ctx).Active.Role):
			o.WhyNot = "只有运行监控岗位可以处置。"
		case i.State == ops.Resolved:
			o.WhyNot = "这件事已经解决。"
		}
		o.Allowed = o.WhyNot == ""
		offers = append(offers, o)
	}
	return offers, nil
}

// take says what one case allows.
func (o *CureOffer) take(m matter, task *record.Task, action procedure.Action) {
	offers := m.onCase()
	if task != nil {
		offers = append(m.task(*task), offers...)
	}
	found, err := find(offers, action, "")
	if err != nil {
		o.WhyNot = "这件办件目前没有可以「" + o.Label + "」的待办。"
		return
	}
	o.Needs, o.WhyNot = found.Needs, found.WhyNot
	o.Needs.Ground, o.Needs.Removable = nil, nil
}

// concern keeps of the notices of a case those that the incident is about, with the days it misses. One that was never displayed has
// no text that could be displayed again: the operator cannot write what the organiser has to say.
func (o *CureOffer) concern(facts map[string]string) {
	name := facts[ops.FactNotice]
	o.Needs.Notice = slices.DeleteFunc(o.Needs.Notice, func(n NoticeRef) bool { return !strings.HasSuffix(n.Title, name) })
	o.Needs.Least, _ = strconv.Atoi(facts[ops.FactLeast]) // without one, any number of days will do
	if len(o.Needs.Notice) == 0 {
		o.WhyNot = "「" + strings.TrimPrefix(name, "：") + "」没有公示过，没有正文可以补。请召集协调，由组织者纠正；不能纠正的，终止后重新发起。"
	}
}

// curesNeed is what the remedies that act on cases ask for, where many cases are concerned.
var curesNeed = map[ops.Cure]Needs{
	ops.Reassign: {Target: true}, ops.Copy: {Target: true}, ops.Extend: {Days: 30},
}

// cure carries out a remedy on the cases of an incident, or keeps it for a second person. What it did, and whether that helped, goes
// into the history of the incident; what was done to a case is in that case's record as well.
func (s *Server) cure(ctx context.Context, in *cureInput) (*reply[CureResult], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.Operations.Incidents.Incident(ctx, area, in.ID)
	if err != nil {
		return nil, err
	}
	order := in.Body
	if !slices.Contains(i.Kind.Cures(), order.Remedy) {
		return nil, invalid("remedy.kind", "「%s」类的问题没有这种处置。", i.Kind.Title())
	}
	cases, err := s.chosen(ctx, i, order.Cases)
	if err != nil {
		return nil, err
	}
	who := whoIs(ctx)
	act := ops.Act{What: ops.Remedy, Version: order.Version, By: who.User.ID, ByName: who.User.Name, At: s.now(),
		Text: fmt.Sprintf("%s（%d 件）：%s", order.Remedy.Label(), len(cases), order.Reason)}
	if order.Remedy.Second() {
		act.Text = "提出" + act.Text + "，等另一位同事复核"
	}
	if _, err := s.Operations.Incidents.ActOnIncident(ctx, area, i.ID, act); err != nil {
		return nil, err
	}
	if !order.Remedy.Second() {
		r, err := s.carryOut(ctx, area, i, order, cases)
		return answer(r), err
	}
	offers, err := s.cureOffers(ctx, i, cases)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(order)
	if err != nil {
		return nil, fmt.Errorf("proposal cannot be kept: %w", err)
	}
	p := ops.Proposal{ID: subKey(callOf(ctx).key, i.ID), Incident: i.ID, Cure: order.Remedy, Label: order.Remedy.Label(), Details: details(order, offers), Sentence: i.Sentence.Text,
		Cases: cases, Reason: order.Reason, Order: raw, By: who.User.ID, ByName: who.User.Name, Post: who.Active.ID, At: act.At, State: ops.Pending}
	if err := s.Operations.Proposals.Propose(ctx, p); err != nil {
		return nil, err
	}
	return answer(CureResult{Results: []CaseCured{}, Pending: p.ID, Text: "已提出，等另一位同事复核后执行。"}), nil
}

// details say what exactly an order asks for, so that a second person knows what is confirmed.
func details(order Cure, offers []CureOffer) string {
	var parts []string
	if order.ReturnTo != "" {
		title := order.ReturnTo
		for _, o := range offers {
			for _, ref := range o.Needs.ReturnTo {
				if o.Remedy == order.Remedy && ref.Stage == order.ReturnTo {
					title = ref.Title
				}
			}
		}
		how := "其后各环节重走"
		if order.Mode == procedure.Straight {
			how = "补办后直达"
		}
		parts = append(parts, "退回到「"+title+"」，"+how)
	}
	if order.Target != nil {
		parts = append(parts, "交给 "+order.Target.Unit+" "+order.Target.User+order.Target.Role.Title())
	}
	return strings.Join(parts, "；")
}

// chosen are the cases of an incident that a remedy is for: those named, or all of them.
func (s *Server) chosen(ctx context.Context, i ops.Incident, numbers []string) ([]ops.Affected, error) {
	page, err := s.Operations.Incidents.IncidentCases(ctx, whoIs(ctx).Scope, i.ID, "", mostCured)
	if err != nil {
		return nil, err
	}
	cases := page.Items
	if number := i.Facts[ops.FactCase]; len(cases) == 0 && number != "" {
		cases = []ops.Affected{{Number: number}}
	}
	if len(numbers) > 0 {
		cases = slices.DeleteFunc(cases, func(a ops.Affected) bool { return !slices.Contains(numbers, a.Number) })
	}
	switch {
	case len(cases) == 0:
		return nil, conflict("remedy.none", "这件事没有可以处置的办件，可能已经恢复。")
	case len(numbers) == 0 && page.Next != "":
		return nil, invalid("remedy.many", "一次至多处置 %d 件，请选择其中的办件。", mostCured)
	}
	return cases, nil
}

// carryOut does what an order says to each case, has the detectors look, and tells what came of it.
func (s *Server) carryOut(ctx context.Context, area string, i ops.Incident, order Cure, cases []ops.Affected) (CureResult, error) {
	r := CureResult{Results: make([]CaseCured, len(cases))}
	done := 0
	for n, a := range cases {
		r.Results[n] = CaseCured{Case: a.Number, Title: a.Title, Done: true, Text: "已" + order.Remedy.Label() + "。"}
		err := s.cureCase(ctx, order, a)
		if refusal := said(err); refusal != "" {
			r.Results[n].Done, r.Results[n].Text = false, refusal
		} else if err != nil {
			s.Logger.ErrorContext(ctx, "remedy failed", "remedy", order.Remedy, "case", a.Number, "error", err)
			r.Results[n].Done, r.Results[n].Text = false, "没有办成，系统出错；请稍后再试或联系运维。"
		} else {
			done++
		}
	}
	// Before the detectors look: what they find then is told apart from what happened by itself.
	outcome := ops.Act{What: ops.RemedyResult, Cured: done > 0,
		Text: fmt.Sprintf("%s：%d 件办成，%d 件未成。", order.Remedy.Label(), done, len(cases)-done)}
	if err := s.noteOutcome(ctx, area, i.ID, outcome); err != nil {
		return r, err
	}
	v, err := s.judge(ctx, area, ops.Look{Cure: order.Remedy, Done: done, Before: i}, cases)
	if err != nil {
		return r, err
	}
	r.Outcome, r.Text, r.Until = v.Outcome, v.Text, v.Until
	r.Mended = v.Outcome == ops.Mended || v.Outcome == ops.Gone
	if v.Outcome == ops.Mended { // the detectors have written so themselves
		return r, nil
	}
	return r, s.noteOutcome(ctx, area, i.ID, ops.Act{What: ops.RemedyResult, Text: "处置后检测：" + v.Text})
}

// judge has the detectors look, and says what that shows. What was done is done: a sweep that fails is told, and no error.
func (s *Server) judge(ctx context.Context, area string, l ops.Look, cases []ops.Affected) (ops.Verdict, error) {
	waiting, cancel := context.WithTimeout(ctx, s.sweepWithin)
	defer cancel()
	err := s.Operations.Sweeper.Sweep(waiting, subKey(callOf(ctx).key, "sweep"))
	l.Swept = err == nil
	if err != nil {
		s.Logger.WarnContext(ctx, "no sweep after a remedy", "incident", l.Before.ID, "error", err)
	}
	if l.After, err = s.Operations.Incidents.Incident(ctx, area, l.Before.ID); err != nil {
		return ops.Verdict{}, err
	}
	runs, err := s.Operations.Incidents.Runs(ctx)
	if err != nil {
		return ops.Verdict{}, err
	}
	if n := slices.IndexFunc(runs, func(r ops.Run) bool { return r.Kind == l.Before.Kind }); n >= 0 {
		l.Run = runs[n]
	}
	if l.After.State == ops.Resolved || l.After.Missing != nil {
		if l.Other, err = s.otherwise(ctx, area, l.Before, cases); err != nil {
			return ops.Verdict{}, err
		}
	}
	return l.Judge(), nil
}

// otherwise finds another incident of the kind that holds up one of some tasks, or one of some cases that have none, all the same.
func (s *Server) otherwise(ctx context.Context, area string, i ops.Incident, cases []ops.Affected) (*ops.Incident, error) {
	for _, a := range cases {
		page, err := s.Operations.Incidents.Incidents(ctx, area, ops.Filter{Kind: i.Kind, Case: a.Number})
		if err != nil {
			return nil, err
		}
		for _, other := range page.Items {
			if other.ID == i.ID {
				continue
			}
			if held, err := s.holds(ctx, other.ID, a); held || err != nil {
				return &other, err
			}
		}
	}
	return nil, nil
}

// holds tells whether an incident, which is about a case, holds up a certain task of it; without a task it is the case.
func (s *Server) holds(ctx context.Context, incident string, a ops.Affected) (bool, error) {
	same := func(h ops.Affected) bool { return h.Number == a.Number && h.Task == a.Task }
	for after := ""; a.Task != ""; {
		page, err := s.Operations.Incidents.IncidentCases(ctx, whoIs(ctx).Scope, incident, after, 200)
		if err != nil || slices.ContainsFunc(page.Items, same) {
			return err == nil, err
		}
		if after = page.Next; after == "" {
			return false, nil
		}
	}
	return true, nil
}

// noteOutcome writes into the history of an incident, whoever else writes there.
func (s *Server) noteOutcome(ctx context.Context, area, id string, a ops.Act) error {
	who := whoIs(ctx)
	a.By, a.ByName, a.At = who.User.ID, who.User.Name, s.now()
	var refusal *procedure.Error
	for range 5 {
		now, err := s.Operations.Incidents.Incident(ctx, area, id)
		if err != nil {
			return err
		}
		a.Version = now.Version
		_, err = s.Operations.Incidents.ActOnIncident(ctx, area, id, a)
		if !errors.As(err, &refusal) || refusal.Code != ops.CodeStale {
			return err
		}
	}
	return refusal
}

// said is what a refusal says to the person; empty for no error and for a fault.
func said(err error) string {
	var refusal *procedure.Error
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return problem.Detail
	case errors.As(err, &refusal):
		return procedure.FullStop(refusal.Message)
	}
	return ""
}

// cureCase does what an order says to one case: as an action of the operator, checked and recorded like any other, or in the machine.
func (s *Server) cureCase(ctx context.Context, order Cure, a ops.Affected) error {
	c := callOf(ctx)
	c.key = subKey(c.key, a.Number+a.Task)
	ctx = context.WithValue(ctx, callKey{}, c)
	action, onCase := order.Remedy.Action()
	if !onCase {
		return s.inMachine(ctx, order, a.Number)
	}
	onTask, onMatter, err := order.asAction(action, a)
	switch {
	case err != nil:
		return err
	case onTask != nil:
		_, err = s.actOnTask(ctx, onTask)
	default:
		_, err = s.actOnCase(ctx, onMatter)
	}
	return err
}

// inMachine does what an order says to a case in the engine.
func (s *Server) inMachine(ctx context.Context, order Cure, number string) error {
	by := record.Hand{Actor: whoIs(ctx).actor(), Reason: order.Reason, ID: callOf(ctx).key, At: s.now()}
	switch order.Remedy {
	case ops.Retry:
		return s.Operations.Machine.Retry(ctx, number, by)
	case ops.Hold:
		return s.Operations.Machine.Hold(ctx, number, by)
	case ops.Rewind:
		return s.Operations.Machine.Rewind(ctx, number, by)
	case ops.Reconcile:
		return s.Operations.Machine.Reconcile(ctx, number, by)
	case ops.Redeliver:
		return s.redeliver(ctx, number)
	}
	return fmt.Errorf("remedy %s does nothing", order.Remedy)
}

// asAction is an order as the action that it is: on a task, or on the case.
func (order Cure) asAction(action procedure.Action, a ops.Affected) (*taskActionInput, *caseActionInput, error) {
	switch {
	case order.Remedy.OfCase():
		return nil, &caseActionInput{CasePath: CasePath{Number: a.Number}, Body: CaseAction{
			Action: action, Opinion: order.Reason, Target: order.Target, Files: order.Files, Notice: order.Notice, Days: order.Days}}, nil
	case a.Task == "":
		return nil, nil, conflict("remedy.no_task", "这件办件没有正在等待的待办，不能「%s」。", order.Remedy.Label())
	}
	return &taskActionInput{TaskPath: TaskPath{ID: a.Task}, Body: TaskAction{
		Action: action, Opinion: order.Reason, Target: order.Target, Days: order.Days, ReturnTo: order.ReturnTo, Mode: order.Mode}}, nil, nil
}

// subKey makes the key of a part of a request.
func subKey(key, part string) string {
	sum := sha256.Sum256([]byte(key + "\n" + part))
	return hex.EncodeToString(sum[:16])
}

func (s *Server) listProposals(ctx context.Context, in *proposalsInput) (*reply[[]ops.Proposal], error) {
	all, err := s.Operations.Proposals.Proposals(ctx, in.State)
	if err != nil {
		return nil, err
	}
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	mine := []ops.Proposal{}
	for _, p := range all { // those of incidents that the session sees
		_, err := s.Operations.Incidents.Incident(ctx, area, p.Incident)
		if err == nil {
			mine = append(mine, p)
		} else if said(err) == "" {
			return nil, err
		}
	}
	return answer(mine), nil
}

// confirmProposal has a proposal carried out in the name of whoever made it, as far as that person may still do so.
func (s *Server) confirmProposal(ctx context.Context, in *proposalInput) (*reply[CureResult], error) {
	area, i, p, err := s.decideProposal(ctx, in, ops.Confirmed)
	if err != nil {
		return nil, err
	}
	var order Cure
	if err := json.Unmarshal(p.Order, &order); err != nil {
		return nil, fmt.Errorf("proposal %s cannot be read: %w", p.ID, err)
	}
	account, err := s.account(ctx, p.By)
	if err != nil {
		return nil, err
	}
	post, ok := postByID(account.posts, p.Post)
	if !ok || account.user.Disabled {
		return nil, conflict("remedy.proposer", "提出人%s已不在原岗位，这项处置不能执行。", p.ByName)
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	order.Reason = strings.TrimSuffix(order.Reason, "。") + "（" + c.who.User.Name + "复核）"
	c.who = newPrincipal(account, post, units)
	r, err := s.carryOut(context.WithValue(ctx, callKey{}, c), area, i, order, p.Cases)
	return answer(r), err
}

func (s *Server) declineProposal(ctx context.Context, in *proposalInput) (*done, error) {
	_, _, _, err := s.decideProposal(ctx, in, ops.Declined)
	return &done{}, err
}

// decideProposal notes what the second person says, in the proposal and in the history of its incident.
func (s *Server) decideProposal(ctx context.Context, in *proposalInput, state ops.ProposalState) (string, ops.Incident, ops.Proposal, error) {
	var i ops.Incident
	area, err := s.area(ctx)
	if err != nil {
		return area, i, ops.Proposal{}, err
	}
	who := whoIs(ctx)
	p, err := s.Operations.Proposals.DecideProposal(ctx, in.ID, state, who.User.ID, who.User.Name, s.now())
	if err != nil {
		return area, i, p, err
	}
	if i, err = s.Operations.Incidents.Incident(ctx, area, p.Incident); err != nil {
		return area, i, p, err
	}
	text := "同意" + p.Label
	if state == ops.Declined {
		text = "不同意" + p.Label
	}
	_, err = s.Operations.Incidents.ActOnIncident(ctx, area, i.ID, ops.Act{What: ops.RemedyResult, Version: i.Version, By: who.User.ID,
		ByName: who.User.Name, At: s.now(), Text: text + "：" + in.Body.Reason})
	return area, i, p, err
}

// caseInside is what the engine knows of a case, for those who operate it.
func (s *Server) caseInside(ctx context.Context, in *CasePath) (*reply[InsideView], error) {
	if _, err := s.visibleCase(ctx, in.Number); err != nil {
		return nil, err
	}
	inside, known, err := s.Operations.Machine.Inside(ctx, in.Number)
	if err == nil && !known {
		err = procedure.Errorf(procedure.NotFound, "machine.unknown", "引擎里没有这件办件：它的历史已过保留期，或从未启动。")
	}
	v := InsideView{Inside: inside}
	if console := s.Operations.Console; console != nil && slices.Contains(operators, whoIs(ctx).Active.Role) {
		v.URL = console(inside.Workflow, inside.Run)
	}
	return answer(v), err
}
