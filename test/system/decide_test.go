package system

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

// together sends requests at the same moment and returns their answers in order.
func together(t *testing.T, calls ...func() (reply, error)) []reply {
	t.Helper()
	replies, errs := make([]reply, len(calls)), make([]error, len(calls))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, call := range calls {
		all.Go(func() {
			<-start
			replies[i], errs[i] = call()
		})
	}
	close(start)
	all.Wait()
	for i, err := range errs {
		require.NoError(t, err)
		require.Empty(t, replies[i].fault())
	}
	return replies
}

// answers counts the decisions in a case's record that one command made; an empty command counts all of a stage.
func answers(t *testing.T, w *town, number, stage, command string) int {
	t.Helper()
	n := 0
	for _, e := range w.events(t, number) {
		var a procedure.Answered
		if e.Type == procedure.TaskAnswered && json.Unmarshal(e.Data, &a) == nil && a.Stage == stage && (command == "" || e.Command == command) {
			n++
		}
	}
	return n
}

// TestTwoOfficialsDecideAtOnce: one is first; the other is told who, and loses nothing of what he wrote.
func TestTwoOfficialsDecideAtOnce(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	names := map[int]string{0: "示例-钱二", 1: "示例-徐明"}
	officials := []*person{w.as(t, "office.qian"), w.as(t, "office.xu")}
	for round := range 8 {
		number := w.file(t, "tjj.sun", admission.Kind, application("两人同办"))
		task := w.task(t, number, "formal-review", "office.qian")
		const opinion = "材料不全，请补正"
		replies := together(t,
			func() (reply, error) {
				return officials[0].send(request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, "")})
			},
			func() (reply, error) {
				return officials[1].send(request{method: "POST", path: actions(task.ID), body: decision(procedure.Supplement, opinion)})
			})
		first := slices.IndexFunc(replies, func(r reply) bool { return r.status == http.StatusOK })
		require.GreaterOrEqual(t, first, 0, "round %d: nobody was first: %s | %s", round, replies[0], replies[1])
		second := 1 - first
		require.Equal(t, http.StatusConflict, replies[second].status, "round %d: %s", round, replies[second])
		p := replies[second].refusal()
		require.Contains(t, []string{"task.closed", "task.answered"}, p.Code, "round %d: by the server, or by the case", round)
		require.Contains(t, p.Detail, names[first]+"已先一步", "round %d", round)
		if second == 1 {
			require.Contains(t, p.Detail, "已保存为草稿", "round %d", round)
			var drafts []struct {
				Form struct{ Opinion, Task string }
			}
			officials[1].get(t, "/drafts", &drafts)
			require.True(t, slices.ContainsFunc(drafts, func(d struct {
				Form struct{ Opinion, Task string }
			}) bool {
				return d.Form.Task == task.ID && d.Form.Opinion == opinion
			}), "round %d: the opinion is lost", round)
		}
		require.Equal(t, 1, answers(t, w, number, "formal-review", ""), "round %d", round)
	}
}

// TestSameKey: repeated it is the same answer and one effect; with other content it is a conflict.
func TestSameKey(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	clerk, office, key := w.as(t, "tjj.sun"), w.as(t, "office.qian"), rand.Text()

	file := request{method: "POST", path: "/cases", body: filing(admission.Kind, application("只此一件")), key: key}
	first := clerk.do(t, file)
	require.Equal(t, http.StatusCreated, first.status, "%s", first)
	var filed result
	first.read(t, &filed)
	var again result
	clerk.do(t, file).read(t, &again)
	require.Equal(t, filed, again)
	// The order of names and white space are no other content.
	clerk.do(t, request{method: "POST", path: "/cases", key: key, body: `{ "files": [], "form": ` + string(mustJSON(t, application("只此一件"))) +
		`, "kind": "admission" }`}).read(t, &again)
	require.Equal(t, filed, again)

	for name, other := range map[string]request{
		"another body":   {method: "POST", path: "/cases", body: filing(admission.Kind, application("另一件")), key: key},
		"another route":  {method: "POST", path: "/cases/" + filed.Number + "/actions", body: map[string]any{"action": "withdraw", "opinion": "x"}, key: key},
		"another person": {method: "POST", path: "/cases/" + filed.Number + "/actions", body: map[string]any{"action": "terminate", "opinion": "x"}, key: key},
	} {
		who := clerk
		if name == "another person" {
			who = w.as(t, "ops.bai")
		}
		r := who.do(t, other)
		require.Equal(t, http.StatusConflict, r.status, "%s: %s", name, r)
		require.Equal(t, "idempotency.conflict", r.refusal().Code, name)
	}

	task := w.task(t, filed.Number, "formal-review", "office.qian")
	act := request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, ""), key: rand.Text()}
	replies := together(t, repeat(4, func() (reply, error) { return office.send(act) })...)
	for _, r := range replies {
		require.Equal(t, http.StatusOK, r.status, "%s", r)
		var a, b result
		r.read(t, &a)
		replies[0].read(t, &b)
		require.Equal(t, b.Command, a.Command)
	}
	require.Equal(t, 1, answers(t, w, filed.Number, "formal-review", ""))
	require.Equal(t, http.StatusOK, office.do(t, act).status, "also when the task is long closed")
	act.body = decision(procedure.Refuse, "改主意了")
	r := office.do(t, act)
	require.Equal(t, "idempotency.conflict", r.refusal().Code, "%s", r)

	// Of what is no command, too: one draft, however often it is sent.
	save := request{method: "POST", path: "/drafts", key: rand.Text(), body: map[string]any{"kind": "admission", "title": "草稿", "form": map[string]any{}}}
	one, two := clerk.do(t, save), clerk.do(t, save)
	require.Equal(t, one.status, two.status)
	require.JSONEq(t, string(one.body), string(two.body))
	save.body = map[string]any{"kind": "admission", "title": "别的", "form": map[string]any{}}
	require.Equal(t, "idempotency.conflict", clerk.do(t, save).refusal().Code)

	// A refusal by the case is remembered as well: the same key never turns into another answer.
	closed := request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, ""), key: rand.Text()}
	x, y := office.do(t, closed), office.do(t, closed)
	require.Equal(t, http.StatusConflict, x.status)
	require.Equal(t, x.refusal().Code, y.refusal().Code)
}

func repeat[T any](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// TestActionsThatAreRefused: on closed tasks, in another's place, with too little: a reason each, and the record stays as it was.
func TestActionsThatAreRefused(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	number := w.file(t, "tjj.sun", admission.Kind, application("不该办的"))
	done := w.task(t, number, "formal-review", "office.qian")
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	open := w.task(t, number, "street-hearing", "jd01.jin")
	w.task(t, number, "community-hearing", "sq0202.zou") // all tasks stand: nothing moves by itself now
	before := w.look(t, number).Head

	for name, c := range map[string]struct {
		login  string
		path   string
		body   map[string]any
		status int
		code   string
	}{
		"closed":               {"office.xu", actions(done.ID), decision(procedure.Accept, ""), 409, "task.closed"},
		"another's":            {"ops.bai", actions(open.ID), decision(procedure.Agree, ""), 403, "task.not_holder"},
		"the applicant":        {"tjj.sun", actions(open.ID), decision(procedure.Agree, ""), 403, "task.not_holder"},
		"another street":       {"jd02.wei", actions(open.ID), decision(procedure.Agree, ""), 403, "task.not_holder"},
		"no opinion":           {"jd01.jin", actions(open.ID), decision(procedure.Object, ""), 422, "opinion.required"},
		"white opinion":        {"jd01.jin", actions(open.ID), decision(procedure.Object, " \n\t "), 422, "opinion.required"},
		"no such answer":       {"jd01.jin", actions(open.ID), decision("maybe", ""), 422, "answer.unknown"},
		"no answer":            {"jd01.jin", actions(open.ID), map[string]any{"action": "answer"}, 422, "answer.unknown"},
		"no such action":       {"jd01.jin", actions(open.ID), map[string]any{"action": "burn"}, 422, "input.choice"},
		"action of a case":     {"jd01.jin", actions(open.ID), map[string]any{"action": "terminate"}, 422, "input.choice"},
		"no action":            {"jd01.jin", actions(open.ID), map[string]any{}, 422, "input.required"},
		"a target too many":    {"jd01.jin", actions(open.ID), map[string]any{"action": "answer", "answer": "agree", "target": map[string]any{"unit": "XW-02", "role": "street_office"}}, 422, "target.unexpected"},
		"hand to nobody":       {"jd01.jin", actions(open.ID), map[string]any{"action": "transfer"}, 422, "target.choice"},
		"hand to no unit":      {"jd01.jin", actions(open.ID), map[string]any{"action": "transfer", "target": map[string]any{"unit": "??", "role": "street_office"}}, 422, "target.unit"},
		"hand to no role":      {"jd01.jin", actions(open.ID), map[string]any{"action": "transfer", "target": map[string]any{"unit": "XW-02", "role": "king"}}, 422, "target.role"},
		"hand to a stranger":   {"jd01.jin", actions(open.ID), map[string]any{"action": "transfer", "target": map[string]any{"unit": "XW-02", "user": "nobody"}}, 404, ""},
		"hand to an absentee":  {"jd01.jin", actions(open.ID), map[string]any{"action": "transfer", "target": map[string]any{"unit": "XW-02", "user": "tjj.sun"}}, 422, "target.absent"},
		"urge oneself":         {"jd01.jin", actions(open.ID), map[string]any{"action": "urge"}, 409, "urge.self"},
		"another's file":       {"jd01.jin", actions(open.ID), decision(procedure.Agree, "", "AAAA"), 422, "attachment.unknown"},
		"terminate":            {"tjj.sun", "/cases/" + number + "/actions", map[string]any{"action": "terminate", "opinion": "x"}, 403, ""},
		"terminate in silence": {"ops.bai", "/cases/" + number + "/actions", map[string]any{"action": "terminate"}, 422, "opinion.required"},
		"withdraw another's":   {"ops.bai", "/cases/" + number + "/actions", map[string]any{"action": "withdraw", "opinion": "x"}, 403, "case.not_initiator"},
		"complain too early":   {"sq0101.tao", "/cases/" + number + "/actions", map[string]any{"action": "complain", "opinion": "x"}, 409, "complain.early"},
		"pause without ground": {"office.qian", "/cases/" + number + "/actions", map[string]any{"action": "pause", "opinion": "x", "ground": "weather"}, 422, "ground.choice"},
		"resume what runs":     {"office.qian", "/cases/" + number + "/actions", map[string]any{"action": "resume"}, 409, "clock.running"},
	} {
		r := w.as(t, c.login).do(t, request{method: "POST", path: c.path, body: c.body})
		if r.status != c.status || c.code != "" && !r.says(c.code) {
			t.Errorf("%s: want %d %s, got %s", name, c.status, c.code, r)
		}
	}
	require.Equal(t, before, w.look(t, number).Head, "a refused action left something in the record")
	// The control: what is allowed changes it.
	w.answer(t, "jd01.jin", number, "street-hearing", procedure.Agree, "")
	require.NotEqual(t, before, w.look(t, number).Head)
}
