package server

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// TestOffers is the table of all actions: who, in which state, may do what, and why not.
func TestOffers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 20, 9, 0, 0, 0, time.UTC)
	later := at.Add(time.Hour)
	finance := procedure.Holder{Unit: "XW-CZ", UnitName: "区财政局", Role: procedure.AdmissionMember, RoleName: "联审成员"}
	other := procedure.Holder{Unit: "XW-SF", UnitName: "区司法局", Role: procedure.AdmissionMember}
	post := func(unit string, role procedure.Role) record.Post { return record.Post{Unit: unit, Role: role} }
	member := &Principal{User: record.User{ID: "li", Name: "示例-李四"}, Active: post("XW-CZ", procedure.AdmissionMember)}
	clerk := &Principal{User: record.User{ID: "sun"}, Active: post("XW-TJ", procedure.DepartmentClerk)}
	operator := &Principal{User: record.User{ID: "op"}, Active: post("XW", procedure.Operator)}
	office := &Principal{User: record.User{ID: "qian"}, Active: post("XW-SG", procedure.AdmissionOffice)}
	director := &Principal{User: record.User{ID: "zheng"}, Active: post("0101", procedure.CommunityDirector)}
	deputy := &Principal{User: record.User{ID: "wu", Name: "示例-吴七"}, Active: post("XW-02", procedure.StreetOffice),
		Represents: []represented{{Delegation: record.Delegation{From: "li", FromName: "示例-李四"}, Posts: []record.Post{post("XW-CZ", procedure.AdmissionMember)}}}}

	open := record.Task{ID: "t1", Stage: "review", Title: "会审", State: record.TaskOpen, Holder: finance, Options: options()}
	with := func(change func(*record.Task)) record.Task { task := open; change(&task); return task }
	done := with(func(t *record.Task) {
		t.State, t.ClosedAt, t.ActorName, t.Label = record.TaskDone, &at, "示例-李四", "同意"
	})
	next := record.Task{ID: "t2", Stage: "decide", State: record.TaskOpen, Holder: other, Options: options()}
	answered := next
	answered.State, answered.ClosedAt = record.TaskDone, &later
	signer := record.Task{ID: "t3", Parent: "t1", Added: "before", Title: "会审", State: record.TaskOpen, Holder: other}
	stages := []record.Stage{{Stage: "file", Title: "申请"}, {Stage: "accept", Title: "受理"}, {Stage: "file", Title: "申请", Round: 2}, {Stage: "review", Title: "会审"}}
	running := []record.Deadline{{Clock: "approval", State: "running"}}
	byHand := []record.Deadline{{Clock: "approval", State: "paused", Ground: "hearing"}}
	byRule := []record.Deadline{{Clock: "approval", State: "paused", Ground: "supplement"}}

	for _, c := range []struct {
		name   string
		who    *Principal
		state  procedure.CaseState
		task   record.Task
		others []record.Task
		clocks []record.Deadline
		action procedure.Action
		answer procedure.Answer
		code   string // empty: allowed
	}{
		{"the holder agrees", member, "", open, nil, nil, procedure.ActAnswer, procedure.Agree, ""},
		{"another post does not", clerk, "", open, nil, nil, procedure.ActAnswer, procedure.Agree, "task.not_holder"},
		{"an operator does not decide", operator, "", open, nil, nil, procedure.ActAnswer, procedure.Agree, "task.not_holder"},
		{"the deputy does", deputy, "", open, nil, nil, procedure.ActAnswer, procedure.Agree, ""},
		{"a helper advises", member, "", with(func(t *record.Task) { t.Owner = &other }), nil, nil, procedure.ActAnswer, procedure.Known, ""},
		{"a person by name", deputy, "", with(func(t *record.Task) { t.Holder.User = "wu" }), nil, nil, procedure.ActAnswer, procedure.Agree, ""},
		{"a task by name is not its post's", member, "", with(func(t *record.Task) { t.Holder.User = "wang" }), nil, nil, procedure.ActAnswer, procedure.Agree, "task.not_holder"},
		{"decided already", member, "", done, nil, nil, procedure.ActAnswer, procedure.Agree, "task.closed"},
		{"blocked", member, "", with(func(t *record.Task) { t.State = record.TaskBlocked }), nil, nil, procedure.ActAnswer, procedure.Agree, "task.blocked"},
		{"the case has ended", member, procedure.Withdrawn, open, nil, nil, procedure.ActAnswer, procedure.Agree, "case.closed"},
		{"back", member, "", open, nil, nil, procedure.ActAnswer, procedure.Return, ""},
		{"back from the first stage", member, "", with(func(t *record.Task) { t.Stage = "file" }), nil, nil, procedure.ActAnswer, procedure.Return, "return.nowhere"},
		{"hand on", member, "", open, nil, nil, procedure.ActTransfer, "", ""},
		{"reassign", operator, "", open, nil, nil, procedure.ActTransfer, "", ""},
		{"hand on what is not one's own", clerk, "", open, nil, nil, procedure.ActTransfer, "", "task.not_holder"},
		{"an operator does not delegate", operator, "", open, nil, nil, procedure.ActDelegate, "", "task.not_holder"},
		{"delegate", member, "", open, nil, nil, procedure.ActDelegate, "", ""},
		{"a helper delegates no further", member, "", with(func(t *record.Task) { t.Owner = &other }), nil, nil, procedure.ActDelegate, "", "task.added"},
		{"a signer adds no signer", member, "", with(func(t *record.Task) { t.Added = "after" }), nil, nil, procedure.ActAddBefore, "", "task.added"},
		{"add before", member, "", open, nil, nil, procedure.ActAddBefore, "", ""},
		{"add after", member, "", open, nil, nil, procedure.ActAddAfter, "", ""},
		{"remove a signer", member, "", with(func(t *record.Task) { t.State = record.TaskBlocked }), []record.Task{signer}, nil, procedure.ActRemoveSigner, "", ""},
		{"no signer to remove", member, "", open, nil, nil, procedure.ActRemoveSigner, "", "signer.none"},
		{"take back", member, "", done, []record.Task{next}, nil, procedure.ActTakeBack, "", ""},
		{"take back too late", member, "", done, []record.Task{answered}, nil, procedure.ActTakeBack, "", "take_back.late"},
		{"take back what is not one's own", clerk, "", done, []record.Task{next}, nil, procedure.ActTakeBack, "", "task.not_holder"},
		{"take back after the end", member, procedure.Completed, done, nil, nil, procedure.ActTakeBack, "", "case.closed"},
		{"urge", clerk, "", open, nil, nil, procedure.ActUrge, "", ""},
		{"urge oneself", member, "", open, nil, nil, procedure.ActUrge, "", "urge.self"},
		{"urge nobody", clerk, "", with(func(t *record.Task) { t.Unmanned = true }), nil, nil, procedure.ActUrge, "", "urge.unmanned"},
		{"escalate", operator, "", open, nil, nil, procedure.ActEscalate, "", ""},
		{"escalate without the post", office, "", open, nil, nil, procedure.ActEscalate, "", "auth.forbidden"},
		{"extend", operator, "", with(func(t *record.Task) { t.Due = &at }), nil, nil, procedure.ActExtend, "", ""},
		{"extend what has no period", operator, "", with(func(t *record.Task) { t.Due = nil }), nil, nil, procedure.ActExtend, "", "extend.none"},
		{"extend without the post", member, "", open, nil, nil, procedure.ActExtend, "", "auth.forbidden"},
		{"send back", operator, "", open, nil, nil, procedure.ActSendBack, "", ""},
		{"send back from the first stage", operator, "", with(func(t *record.Task) { t.Stage = "file" }), nil, nil, procedure.ActSendBack, "", "return.none"},
		{"send back what is decided", operator, "", done, nil, nil, procedure.ActSendBack, "", "task.closed"},
		{"send back without the post", clerk, "", open, nil, nil, procedure.ActSendBack, "", "auth.forbidden"},
		{"read", member, "", open, nil, nil, procedure.ActRead, "", ""},
		{"read twice", member, "", with(func(t *record.Task) { t.ReadAt = &at }), nil, nil, procedure.ActRead, "", "task.read"},
		{"withdraw", clerk, "", open, nil, nil, procedure.ActWithdraw, "", ""},
		{"withdraw while it runs", clerk, procedure.Executing, open, nil, nil, procedure.ActWithdraw, "", ""},
		{"withdraw another's", member, "", open, nil, nil, procedure.ActWithdraw, "", "case.not_initiator"},
		{"withdraw what has ended", clerk, procedure.Rejected, done, nil, nil, procedure.ActWithdraw, "", "case.closed"},
		{"terminate", operator, "", open, nil, nil, procedure.ActTerminate, "", ""},
		{"terminate without the post", office, "", open, nil, nil, procedure.ActTerminate, "", "auth.forbidden"},
		{"copy", clerk, "", open, nil, nil, procedure.ActCopy, "", ""},
		{"pause", office, "", open, nil, running, procedure.ActPause, "", ""},
		{"pause without the post", member, "", open, nil, running, procedure.ActPause, "", "auth.forbidden"},
		{"pause twice", office, "", open, nil, byHand, procedure.ActPause, "", "clock.paused"},
		{"pause nothing", office, "", open, nil, nil, procedure.ActPause, "", "clock.none"},
		{"resume", office, "", open, nil, byHand, procedure.ActResume, "", ""},
		{"an operator resumes for an outside body that has answered", operator, "", open, nil, byHand, procedure.ActResume, "", ""},
		{"resume what a correction has paused", office, "", open, nil, byRule, procedure.ActResume, "", "clock.running"},
		{"complain", director, procedure.Executing, with(func(t *record.Task) { t.Holder = procedure.Holder{Unit: "0101", Role: procedure.CommunityDirector} }), nil, nil, procedure.ActComplain, "", ""},
		{"complain without being concerned", director, procedure.Executing, open, nil, nil, procedure.ActComplain, "", "complain.not_concerned"},
		{"complain without the post", office, procedure.Executing, open, nil, nil, procedure.ActComplain, "", "auth.forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.state == "" {
				c.state = procedure.Running
			}
			m := matter{who: c.who, kind: kindOf(), kase: record.Case{Number: "n", Kind: "admission", Unit: "XW-TJ", UnitName: "区统计局", State: c.state},
				tasks: append([]record.Task{c.task}, c.others...), stages: stages, deadlines: c.clocks}
			o, err := find(append(m.task(c.task), m.onCase()...), c.action, c.answer)
			require.NoError(t, err)
			require.Equal(t, c.code == "", o.Allowed, o.WhyNot)
			require.True(t, chinese(o.Label))
			if c.code == "" {
				require.Empty(t, o.WhyNot)
				return
			}
			require.Equal(t, c.code, o.no.Code)
			require.True(t, chinese(o.WhyNot))
		})
	}
}

// TestSuspended: to a case that an operator has suspended nobody does anything but end it, or tell others of it; each refusal says by
// whom it was suspended.
func TestSuspended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	for _, by := range []string{"member", "office", "clerk", "operator"} {
		m, err := w.s.matter(asPrincipal(t, w, by), "XW-ZR-2026-014")
		require.NoError(t, err)
		before := m.all()
		m.kase.Suspended = &procedure.Stillness{By: "示例-白运", Since: w.now, Why: "核查"}
		for i, o := range m.all() {
			allowed := before[i].Allowed
			switch o.Action {
			case procedure.ActTerminate, procedure.ActWithdraw, procedure.ActCopy, procedure.ActRead, procedure.ActRepublish:
				require.Equal(t, allowed, o.Allowed, "%s by %s", o.Action, by)
			case procedure.ActContinue:
				require.Equal(t, by == "operator", o.Allowed)
			default:
				require.False(t, o.Allowed, "%s by %s", o.Action, by)
				if allowed {
					require.Equal(t, "case.suspended", o.no.Code)
					require.Contains(t, o.WhyNot, "示例-白运")
				}
			}
		}
	}
}

// TestOffersAreComplete: a page shows every action there is, one main button at most, and what each needs.
func TestOffersAreComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	m, err := w.s.matter(asPrincipal(t, w, "member"), "XW-ZR-2026-014")
	require.NoError(t, err)
	offers := m.all()
	for action := range actionPolicies {
		if action == procedure.ActStart {
			continue
		}
		require.True(t, slices.ContainsFunc(offers, func(o offer) bool { return o.Action == action }), "%s is missing", action)
	}
	mains := 0
	for _, o := range offers {
		if o.Main {
			mains++
			require.Equal(t, procedure.Agree, o.Answer)
		}
		if o.Answer == procedure.Return {
			require.Equal(t, []StageRef{{"file", "申请"}}, o.Needs.ReturnTo)
		}
		if o.Action == procedure.ActPause {
			require.Len(t, o.Needs.Ground, 4)
		}
	}
	require.Equal(t, 1, mains)
	_, err = find(offers, procedure.ActAnswer, procedure.Silent)
	require.ErrorContains(t, err, "answer.unknown")
}

// Somebody to whom a task was delegated (委派) advises; the decision is not offered to him.
func TestAHelperDoesNotDecide(t *testing.T) {
	t.Parallel()
	owner := procedure.Holder{Unit: "XW-SF", Role: procedure.AdmissionMember}
	task := record.Task{ID: "t1", State: record.TaskOpen, Holder: procedure.Holder{User: "li"}, Options: options(), Owner: &owner}
	m := matter{who: &Principal{User: record.User{ID: "li"}}, kase: record.Case{State: procedure.Running}, tasks: []record.Task{task}}
	_, err := find(m.task(task), procedure.ActAnswer, procedure.Agree)
	require.ErrorContains(t, err, "answer.unknown")
	task.Owner = nil
	_, err = find(m.task(task), procedure.ActAnswer, procedure.Agree)
	require.NoError(t, err, "the owner decides")
}
