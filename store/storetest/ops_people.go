package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// stage knows the stage of the scripts.
func stage(kind procedure.Kind, name string) (procedure.Stage, bool) {
	if kind != Kind {
		return procedure.Stage{}, false
	}
	titles := map[string]string{"review": "形式审查", "correction": "补正材料", "handover": "经费到位确认", "funding": "拨付经费", "decision": "审定"}
	return procedure.Stage{Title: titles[name], Basis: procedure.Basis{Text: "准入办法第八条", Tag: "T"}}, titles[name] != ""
}

// more appends what was added to a script since it was appended the last time.
func more(t *testing.T, b bundle, s *Script) {
	t.Helper()
	_, err := b.Append(t.Context(), s.Number, s.Events)
	require.NoError(t, err)
}

// A person is late from the moment of the deadline on, whether or not a card was recorded, until the task is done.
func testOpsOverdue(t *testing.T, b bundle) {
	saveTree(t, b)
	detector := ops.OverdueDetector{Tasks: b.Reader(), Stages: stage}
	s, closed := NewScript(caseOwn), NewScript(caseOther)
	task := s.Task(Office, 2) // due on Thursday, 3 September 10:00
	blocked := s.Task(StreetA, 2)
	s.Add(procedure.TaskBlocked, procedure.SystemEngine, "", procedure.Tasked{Task: blocked})
	undated := s.Task(StreetB, 2)
	s.Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{Task: undated})
	done := closed.Task(Office, 2)
	closed.Add(procedure.TaskAnswered, Officer, "", answered(done))
	appendAll(t, b, s)
	appendAll(t, b, closed)
	due := Now.Add(time.Hour).AddDate(0, 0, 2)

	sweep(t, b, due.Add(-time.Minute), detector)
	require.Empty(t, live(t, b))
	sweep(t, b, due, detector)
	require.Equal(t, "示例区准入办（准入办）超期未办「形式审查」（应于9月3日（周四）前），最近一次查看：从未查看。", one(t, b).Sentence.Text)
	sweep(t, b, due.AddDate(0, 0, 1), detector) // Friday
	i := one(t, b)
	require.Equal(t, "示例区准入办（准入办）超期 1 个工作日未办「形式审查」（应于9月3日（周四）前），最近一次查看：从未查看。", i.Sentence.Text)
	require.Equal(t, due.UTC(), i.Since)
	require.Equal(t, "XW-BG", i.Unit)
	require.Equal(t, procedure.Basis{Text: "准入办法第八条", Tag: "T"}, i.Basis)
	require.Equal(t, task, i.Facts["task"])
	require.Equal(t, []ops.Affected{{Number: caseOwn, Title: "养老服务\t统计表进社区 𠮷", Task: task}}, firstOf(t, b, i.ID))
	sweep(t, b, due.AddDate(0, 0, 3), detector) // Sunday: no further working day
	require.Contains(t, one(t, b).Sentence.Text, "超期 1 个工作日")

	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: task, Rung: procedure.RungRed})
	s.Add(procedure.TaskRead, Officer, "", procedure.Tasked{Task: task})
	more(t, b, s)
	sweep(t, b, due.AddDate(0, 0, 4), detector)
	require.Contains(t, one(t, b).Sentence.Text, "超期 2 个工作日")
	require.Contains(t, one(t, b).Sentence.Text, "最近一次查看：9月1日（周二） 16:00")
	s.Add(procedure.TaskAnswered, Officer, "", answered(task))
	more(t, b, s)
	sweep(t, b, due.AddDate(0, 0, 4).Add(time.Minute), detector)
	require.Empty(t, live(t, b))
	require.Equal(t, "原因已消除", incidents(t, b, ops.Filter{State: ops.Resolved})[0].How)
}

func firstOf(t *testing.T, b bundle, id string) []ops.Affected {
	t.Helper()
	first, err := b.FirstCases(t.Context(), everything, []string{id}, 10)
	require.NoError(t, err)
	return first[id]
}

// A post that nobody holds today is one line with all that waits for it; an appointment mends it at once, whatever the record says.
func testOpsUnmanned(t *testing.T, b bundle) {
	saveTree(t, b)
	saveUsers(t, b, "li", "zhao")
	ctx := t.Context()
	detector := ops.UnmannedDetector{Tasks: b.Reader()}
	post := record.Post{ID: "1", User: "li", Unit: "XW-BG", Role: "admission.office", RoleName: "准入办", From: "2026-01-01"}
	require.NoError(t, b.SavePost(ctx, post))
	s, other := NewScript(caseOwn), NewScript(caseOther)
	first := s.Task(Office, 5)
	other.Task(Office, 5)
	closed := s.Task(StreetB, 5) // nobody holds it, and it is done
	s.Add(procedure.TaskClosed, procedure.SystemEngine, "", procedure.Dropped{Task: closed, Why: "由他人办理"})
	appendAll(t, b, s)
	appendAll(t, b, other)
	minute := func(n int) time.Time { return Now.Add(time.Duration(n) * time.Minute) }
	sweep(t, b, minute(0), detector)
	require.Empty(t, live(t, b), "manned")

	require.NoError(t, b.DisableUser(ctx, "li"))
	sweep(t, b, minute(1), detector)
	i := one(t, b)
	require.Equal(t, "「形式审查」无人可办：示例-li已停用，2 项待办在等。", i.Sentence.Text)
	require.Equal(t, 2, i.Count)
	require.Equal(t, minute(1).UTC(), i.Since, "nobody knows since when: since it is seen")
	sweep(t, b, minute(2), detector)
	require.Equal(t, minute(1).UTC(), one(t, b).Since)
	require.NoError(t, b.EnableUser(ctx, "li"))
	sweep(t, b, minute(3), detector)
	require.Empty(t, live(t, b))

	// A vacancy that comes about later, although the record says nothing of it.
	require.NoError(t, b.EndPost(ctx, "1", "2026-09-01"))
	sweep(t, b, Now.AddDate(0, 0, 0).Add(4*time.Minute), detector)
	require.Empty(t, live(t, b), "the last day of a term counts")
	sweep(t, b, Now.AddDate(0, 0, 1), detector)
	require.Equal(t, "「形式审查」无人可办：示例区准入办的「准入办」岗位空缺，2 项待办在等。", one(t, b).Sentence.Text)
	s.Add(procedure.TaskUnmanned, procedure.SystemEngine, "", procedure.Tasked{Task: first})
	more(t, b, s)
	sweep(t, b, Now.AddDate(0, 0, 1).Add(time.Minute), detector)
	require.Equal(t, Now.Add(time.Hour).UTC(), one(t, b).Since, "the record knows it from the opening")

	// Handed to somebody by name who has no post: another line, until that person has one.
	require.NoError(t, b.SavePost(ctx, record.Post{ID: "2", User: "li", Unit: "XW-BG", Role: "admission.office", RoleName: "准入办", From: "2026-09-01"}))
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: first, How: procedure.ActTransfer, Holder: Helper})
	more(t, b, s)
	sweep(t, b, Now.AddDate(0, 0, 2), detector)
	require.Equal(t, "「形式审查」无人可办：示例-赵六（示例区准入办）已没有岗位。", one(t, b).Sentence.Text)
	require.NoError(t, b.SavePost(ctx, record.Post{ID: "3", User: "zhao", Unit: "XW-GV", Role: "supervision", RoleName: "督查", From: "2026-09-01"}))
	sweep(t, b, Now.AddDate(0, 0, 2).Add(time.Minute), detector)
	require.Empty(t, live(t, b))
}

// A case that is sent back three times between the same two stages goes in circles; what is taken back does not count, and
// communities asked side by side count once.
func testOpsCircling(t *testing.T, b bundle) {
	saveTree(t, b)
	detector := ops.CirclingDetector{Cases: b.Reader(), Stages: stage}
	s := NewScript(caseOwn)
	enter := func(s *Script, stage string, round int) {
		s.Add(procedure.StageEntered, procedure.SystemEngine, "", procedure.Entered{Stage: stage, Title: stage, Segment: "受理", Round: round})
	}
	// opens a task of a stage in a round, whose answer leads to another stage.
	task := func(s *Script, stage string, round int, h procedure.Holder, next string) string {
		id := s.Number + "/" + stage + time.Duration(len(s.Events)).String()
		s.Add(procedure.TaskOpened, procedure.SystemEngine, "", procedure.Opened{
			Task: id, Stage: stage, Title: stage, Round: round, Holder: h,
			Options: []procedure.Option{{Answer: procedure.Submit, Label: "提交", Then: []string{next}}, {Answer: procedure.Return, Label: "退回"}},
		})
		return id
	}
	answer := func(s *Script, id, stage string, round int, h procedure.Holder, a procedure.Answer, to string) {
		s.Add(procedure.TaskAnswered, Officer, "", procedure.Answered{Task: id, Stage: stage, Round: round, Holder: h, Answer: a, ReturnTo: to})
	}
	minute := 0
	look := func() []ops.Incident {
		minute++
		sweep(t, b, Now.AddDate(0, 0, 10).Add(time.Duration(minute)*time.Minute), detector)
		return live(t, b)
	}
	var first time.Time
	for round := 1; round <= 3; round++ { // 补正: the answer goes to a stage where the case was before
		enter(s, "review", round)
		r := task(s, "review", round, Office, "correction")
		answer(s, r, "review", round, Office, procedure.Submit, "")
		enter(s, "correction", round)
		c := task(s, "correction", round, StreetA, "review")
		if round == 1 {
			first = s.On()
		}
		answer(s, c, "correction", round, StreetA, procedure.Submit, "")
		more(t, b, s)
		if round < 3 {
			require.Empty(t, look(), "round %d", round)
			continue
		}
		require.Len(t, look(), 1)
		i := one(t, b)
		require.Equal(t, "在「形式审查」与「补正材料」之间退回 3 次。", i.Sentence.Text)
		require.Equal(t, first.UTC(), i.Since)
		require.Equal(t, "XW-CZ", i.Unit)
		// Taken back (撤回): two are left, until it is answered again.
		s.Add(procedure.TaskReopened, Officer, "", procedure.Tasked{Task: c})
		more(t, b, s)
		require.Empty(t, look())
		answer(s, c, "correction", round, StreetA, procedure.Submit, "")
		more(t, b, s)
		require.Len(t, look(), 1)
	}
	s.Add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Withdrawn}})
	more(t, b, s)
	require.Empty(t, look(), "a closed case goes nowhere")

	// 退回 to a chosen stage, and four communities that each say once that the money is missing.
	s = NewScript(caseOther)
	enter(s, "funding", 1)
	enter(s, "handover", 1)
	for range 4 {
		answer(s, task(s, "handover", 1, StreetB, "funding"), "handover", 1, StreetB, procedure.Submit, "")
	}
	more(t, b, s)
	require.Empty(t, look(), "side by side is one round")
	for round := 1; round <= 3; round++ {
		answer(s, task(s, "decision", round, Office, ""), "decision", round, Office, procedure.Return, "review")
	}
	more(t, b, s)
	require.Equal(t, "在「形式审查」与「审定」之间退回 3 次。", look()[0].Sentence.Text)
	rows := dump(t, b, "cases")
	_, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	require.Equal(t, rows, dump(t, b, "cases"), "the count follows from the record")
}
