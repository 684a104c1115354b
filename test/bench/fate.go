package main

import (
	"math/rand/v2"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

// fate is what has become of an invented case behind the operators' pages. All are 社区工作准入, with the clocks and the tasks that the
// workflow would have left.
type fate string

// The fates. The first two are in time; the others are what the detectors find, but for the last, which is over.
const (
	reviewed fate = "reviewed" // waits for its formal review
	heard    fate = "heard"    // waits for one of three opinions
	late     fate = "late"     // the formal review is long overdue
	standing fate = "standing" // the applicant has been asked to complete it, and the clock stands since long
	awaiting fate = "awaiting" // an outside body does not answer
	circling fate = "circling" // sent back from the decision three times
	declined fate = "declined" // closed: 不予受理
)

// fateOf is the fate of the i-th open case: of a thousand, 50 are late, 5 stand, 5 wait for others and 2 go in circles. The rest is in
// time: one that has come further, with more events, where there are too few so far.
func fateOf(i int, behind bool) fate {
	switch n := i % 1000; {
	case n%20 == 0:
		return late
	case n%200 == 1:
		return standing
	case n%200 == 2:
		return awaiting
	case n%500 == 3:
		return circling
	}
	if behind {
		return heard
	}
	return reviewed
}

// days is how long ago the case was filed.
func (f fate) days(random *rand.Rand) int {
	switch f {
	case reviewed, heard:
		return 1 + random.IntN(2)
	case declined:
		return 60 + random.IntN(300)
	}
	return 35 + random.IntN(20)
}

// meet records what became of the case, which its initiator has just filed.
func (s *script) meet(by procedure.Actor) {
	review, office := admission.FormalReview, s.area.office
	k := s.clock(admission.AcceptanceClock, "受理期限", review)
	switch s.fate {
	case reviewed, late:
		s.stepOn(k, review, true, office)
	case heard:
		s.accepted(k)
		street := s.area.streets[s.random.IntN(len(s.area.streets))]
		s.step(admission.StreetHearing, true, street, s.area.community(s.random), s.area.community(s.random))
	case standing:
		s.turn(k, review, 1, office, review.Options[1], "")
		s.add(procedure.ClockPaused, procedure.SystemEngine, "", procedure.Clocked{Clock: k.Clock, Title: k.Title, Basis: k.Basis,
			Deadline: k.Deadline, Ground: "supplement", Wait: procedure.Applicant})
		s.enter(admission.Correction, 1)
		s.task(nil, admission.Correction, 1, s.seat(by))
	case awaiting:
		s.accepted(k)
		s.add(procedure.WaitOpened, procedure.SystemEngine, "", procedure.Waiting{Wait: "wait#1", For: "专家评审意见", Court: "市级评审机构",
			Basis: admission.Decision.Basis})
	case circling:
		s.circle(s.accepted(k))
	case declined:
		s.turn(k, review, 1, office, review.Options[2], "")
		s.add(procedure.ClockStopped, procedure.SystemEngine, "", *k)
		s.add(procedure.CaseClosed, procedure.SystemEngine, "",
			procedure.Closed{Outcome: procedure.Outcome{State: procedure.Refused, Result: "不予受理"}})
	}
}

// seat is the post of somebody who files.
func (s *script) seat(by procedure.Actor) procedure.Holder {
	for _, h := range s.area.departments {
		if h.Unit == by.Unit {
			return h
		}
	}
	return procedure.Holder{Unit: by.Unit, Role: by.Role}
}

// accepted lets the office accept the case: the clock of the decision begins.
func (s *script) accepted(k *procedure.Clocked) *procedure.Clocked {
	s.turn(k, admission.FormalReview, 1, s.area.office, admission.FormalReview.Options[0], "")
	s.add(procedure.ClockStopped, procedure.SystemEngine, "", *k)
	return s.clock(admission.DecisionClock, "审批时限", admission.Decision)
}

// circle has the joint meeting return the case to the review of the members three times. It stands with them, without a clock, so
// that it is not late besides.
func (s *script) circle(k *procedure.Clocked) {
	back := admission.Decision.Options[len(admission.Decision.Options)-1]
	member := s.area.members[s.random.IntN(len(s.area.members))]
	for round := 1; round <= 3; round++ {
		s.turn(k, admission.JointReview, round, member, admission.JointReview.Options[0], "")
		s.turn(k, admission.Decision, round, s.area.joint, back, admission.JointReview.Name)
	}
	s.add(procedure.ClockStopped, procedure.SystemEngine, "", *k)
	s.enter(admission.JointReview, 4)
	s.task(nil, admission.JointReview, 4, member)
}

// turn is one round of a stage with one holder, who answers it.
func (s *script) turn(k *procedure.Clocked, stage procedure.Stage, round int, h procedure.Holder, o procedure.Option, returnTo string) {
	s.enter(stage, round)
	p := s.task(k, stage, round, h)
	s.pass(1 + s.random.IntN(8))
	s.add(procedure.TaskAnswered, s.area.actors[h], "", procedure.Answered{Task: p.Task, Stage: stage.Name, Title: stage.Title,
		Round: round, Holder: h, Answer: o.Answer, Label: o.Label, ReturnTo: returnTo})
	s.add(procedure.StageLeft, procedure.SystemEngine, "",
		procedure.Left{Stage: stage.Name, Title: stage.Title, Round: round, Answer: o.Answer, Text: o.Label})
}
