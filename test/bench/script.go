package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"gongzhi/calendar"
	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/record"
	"gongzhi/rules"
)

// invented says what kind of case is invented.
type invented struct {
	seed  uint64
	index int
	area  *area
	kind  procedure.Kind
	open  bool
	fate  fate // of a case behind the operators' pages; empty: drawn
}

// maker invents cases as the workflows would have recorded them, up to now.
type maker struct {
	now     time.Time
	cal     *calendar.Calendar
	figures map[string]int64
	pack    string
}

func newMaker(now time.Time, cal *calendar.Calendar) (*maker, error) {
	pack, err := rules.Load(admission.PackID)
	if err != nil {
		return nil, err
	}
	m := &maker{now: now, cal: cal, figures: map[string]int64{}, pack: pack.ID}
	for key, f := range pack.Figures {
		m.figures[key] = f.Value
	}
	return m, nil
}

// matters are what the invented cases are about.
var matters = []string{"小微服务网点摸底登记", "独居老人探访登记", "楼道堆物清理", "防汛物资清点", "疫苗接种通知", "垃圾分类入户宣传", "商户信息核对", "租住人口走访",
	"养老服务需求调查", "反诈宣传", "消防通道排查", "宠物登记通知"}

// script is the record of one case while it is being written.
type script struct {
	*maker
	invented
	random *rand.Rand
	number string
	at     time.Time
	events []procedure.Event
	failed error
}

func (m *maker) script(c invented) *script {
	s := &script{maker: m, invented: c, random: rand.New(rand.NewPCG(c.seed, uint64(c.index)))}
	back := 60 + s.random.IntN(340) // days ago: long over
	switch {
	case c.fate != "":
		back = c.fate.days(s.random)
	case c.open:
		back = 1 + s.random.IntN(12)
	}
	s.at = m.now.AddDate(0, 0, -back).Add(-time.Duration(s.random.IntN(3600)) * time.Second)
	return s
}

// filing is what was filed: the first thing that is written of a case.
func (s *script) filing() (record.StartCase, error) {
	what := matters[s.random.IntN(len(matters))]
	by, title, prefix := s.area.actors[s.area.departments[s.random.IntN(len(s.area.departments))]], "协助"+what, "ZR"
	sample := demo.Sample()
	sample.Title = title
	var form, facts any = sample, sample.Facts(by.Name)
	if s.kind == refusal.Kind {
		community := s.area.community(s.random)
		to := s.area.departments[s.random.IntN(len(s.area.departments))]
		by, title, prefix = s.area.actors[community], "拒绝："+what, "JJ"
		form = refusal.Form{Matter: what, Department: to.Unit, Demanded: calendar.DateOf(s.at).String(), Reason: refusal.OffList}
		facts = refusal.Facts{Title: title, Community: community.Unit, Department: to.Unit, Receipt: community.UnitName + "拒绝" + what}
	}
	rawForm, err := json.Marshal(form)
	if err != nil {
		return record.StartCase{}, err
	}
	rawFacts, err := json.Marshal(facts)
	id := fmt.Sprintf("bench-%d-%06d", s.seed, s.index)
	return record.StartCase{Prefix: prefix, Form: rawForm, Title: title, Command: record.Command{
		Command: procedure.Command{ID: id, Action: procedure.ActStart, Actor: by, At: s.at}, Request: id,
		Filing: &procedure.Filing{Kind: s.kind, Version: 1, District: s.area.code, Initiator: by, Pack: s.pack, Figures: s.figures,
			Facts: rawFacts, Clock: procedure.RealClock()},
	}}, err
}

// record writes the events of a filed case.
func (s *script) record(filed record.Command, title string) ([]procedure.Event, error) {
	s.number = filed.Filing.Case
	s.add(procedure.CaseStarted, filed.Actor, filed.ID, procedure.Started{Filing: *filed.Filing, Title: title})
	switch {
	case s.fate != "":
		s.meet(filed.Actor)
	case s.kind == refusal.Kind:
		s.refused(filed)
	default:
		s.admitted()
	}
	return s.events, s.failed
}

// admitted is an application that goes through to publication, or stands at one of its steps.
func (s *script) admitted() {
	stand := 99 // the step at which an open case stands
	if s.open {
		stand = s.random.IntN(5)
	}
	s.clock(admission.AcceptanceClock, "受理期限", admission.FormalReview)
	if s.step(admission.FormalReview, stand == 0, s.area.office) {
		return
	}
	decision := s.clock(admission.DecisionClock, "审批时限", admission.Decision)
	heard := []procedure.Holder{s.area.streets[s.random.IntN(len(s.area.streets))], s.area.community(s.random), s.area.community(s.random)}
	if s.step(admission.StreetHearing, stand == 1, heard...) || s.stepOn(decision, admission.JointReview, stand == 2, s.area.members...) {
		return
	}
	if s.stepOn(decision, admission.Decision, stand == 3, s.area.joint) {
		return
	}
	s.add(procedure.ClockStopped, procedure.SystemEngine, "", *decision)
	if s.step(admission.Publication, stand == 4, s.area.office) {
		return
	}
	for _, to := range heard {
		s.copyTo(to, "清单已公布")
	}
	s.add(procedure.NoticePosted, procedure.SystemEngine, "", procedure.Posted{Notice: s.id("n"), Title: "清单变更", Text: "已准入", From: s.at})
	s.add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed, Result: "到期自动退出"}})
}

// refused is a refusal with its three confirmations. One that is open waits for the last of them.
func (s *script) refused(filed record.Command) {
	s.add(procedure.ReceiptIssued, filed.Actor, "", procedure.Issued{Receipt: s.number, Text: "拒绝回执"})
	s.copyTo(s.area.streets[s.random.IntN(len(s.area.streets))], "社区拒绝未准入的工作")
	to := s.area.departments[s.random.IntN(len(s.area.departments))]
	stand := 99
	if s.open {
		stand = s.random.IntN(3)
	}
	if s.step(refusal.SupervisionKnows, stand == 0, s.area.supervision) || s.step(refusal.DepartmentKnows, stand == 1, to) ||
		s.step(refusal.OfficeKnows, stand == 2, s.area.office) {
		return
	}
	s.add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed, Result: "已拒绝，各方已阅"}})
}

// step is a stage on a clock of its own, if it has a period.
func (s *script) step(stage procedure.Stage, stands bool, holders ...procedure.Holder) (stopped bool) {
	var k *procedure.Clocked
	if stage.Within != nil && stage.Clock == "" {
		k = s.clock(stage.Name+"#1", stage.Title, stage)
	}
	if s.stepOn(k, stage, stands, holders...) {
		return true
	}
	if k != nil {
		s.add(procedure.ClockStopped, procedure.SystemEngine, "", *k)
	}
	return false
}

// stepOn opens a stage's tasks and answers them, but for the last when the case stands there. Several may have answered then.
func (s *script) stepOn(k *procedure.Clocked, stage procedure.Stage, stands bool, holders ...procedure.Holder) (stopped bool) {
	s.enter(stage, 1)
	open := make([]procedure.Opened, len(holders))
	for i, h := range holders {
		open[i] = s.task(k, stage, 1, h)
	}
	s.pass(1 + s.random.IntN(20))
	for i, p := range open {
		by := s.area.actors[p.Holder]
		if stands && i == len(open)-1 {
			s.remind(p)
			return true
		}
		s.add(procedure.TaskAnswered, by, "", procedure.Answered{Task: p.Task, Stage: stage.Name, Title: stage.Title, Round: 1, Holder: p.Holder,
			Answer: stage.Options[0].Answer, Label: stage.Options[0].Label})
	}
	s.add(procedure.StageLeft, procedure.SystemEngine, "", procedure.Left{Stage: stage.Name, Title: stage.Title, Round: 1, Answer: stage.Options[0].Answer, Text: stage.Options[0].Label})
	return false
}

func (s *script) enter(stage procedure.Stage, round int) {
	s.add(procedure.StageEntered, procedure.SystemEngine, "",
		procedure.Entered{Stage: stage.Name, Title: stage.Title, Segment: stage.Segment, Round: round})
}

// task opens a task of a stage; without a clock it has no deadline.
func (s *script) task(k *procedure.Clocked, stage procedure.Stage, round int, h procedure.Holder) procedure.Opened {
	p := procedure.Opened{Task: s.id(""), Stage: stage.Name, Title: stage.Title, Does: stage.Does, Round: round, Holder: h, Sign: stage.Sign,
		Options: stage.Options}
	if k != nil {
		due := k.Deadline.Due
		p.Clock, p.Due, p.Day, p.Provisional = k.Clock, &due, k.Deadline.Day.String(), k.Deadline.Provisional
	}
	s.add(procedure.TaskOpened, procedure.SystemEngine, "", p)
	return p
}

// pass lets hours go by, but not beyond now.
func (s *script) pass(hours int) {
	if s.at = s.at.Add(time.Duration(hours) * time.Hour); s.at.After(s.now) {
		s.at = s.now
	}
}

// remind records the rungs that an open task has climbed by now.
func (s *script) remind(p procedure.Opened) {
	s.add(procedure.TaskRead, s.area.actors[p.Holder], "", procedure.Tasked{Task: p.Task})
	if p.Due == nil {
		return
	}
	for _, rung := range []struct {
		at   time.Time
		name procedure.Rung
	}{{p.Due.AddDate(0, 0, -2), procedure.RungYellow}, {*p.Due, procedure.RungRed}} {
		if rung.at.Before(s.now) {
			s.at = rung.at
			s.add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: p.Task, Rung: rung.name})
		}
	}
}

// clock starts a clock over the period of a stage.
func (s *script) clock(name, title string, stage procedure.Stage) *procedure.Clocked {
	period, err := stage.Within.Period(s.figures)
	if err != nil {
		s.failed = err
		return &procedure.Clocked{}
	}
	d, err := s.cal.Deadline(s.at, calendar.Within(period), nil)
	if err != nil {
		s.failed = err
		return &procedure.Clocked{}
	}
	d.Ledger = nil // reckoned again by whoever reads it
	k := &procedure.Clocked{Clock: name, Title: title, Basis: stage.Basis, Deadline: d}
	s.add(procedure.ClockStarted, procedure.SystemEngine, "", *k)
	return k
}

func (s *script) copyTo(h procedure.Holder, why string) {
	s.add(procedure.CaseCopied, procedure.SystemEngine, "", procedure.Copied{Copy: s.id("c"), To: h, Why: why})
}

// id names a thing after the event that makes it.
func (s *script) id(letter string) string {
	return fmt.Sprintf("%s.%s%d", s.number, letter, len(s.events)+1)
}

func (s *script) add(kind procedure.EventType, by procedure.Actor, command string, payload any) {
	e := procedure.NewEvent(kind, s.at, by, command, payload)
	e.Case, e.Seq = s.number, int64(len(s.events)+1)
	s.events = append(s.events, e)
}
