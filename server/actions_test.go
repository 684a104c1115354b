package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

func (w *world) answer(c *client, key string, body map[string]any) (int, string) {
	w.t.Helper()
	body["action"] = "answer"
	r := c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", body)
	return r.Code, r.Body.String()
}

func TestAnswerTravels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("member")
	key := newKey()
	r := c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{
		"action": "answer", "answer": "return", "opinion": " 请补充经费说明 ", "return_to": "file", "mode": "straight", "fields": map[string]any{"days": 3},
	})
	require.Equal(t, 200, r.Code, r.Body.String())
	res := read[ActionResult](t, r)
	require.Equal(t, record.CommandDone, res.State)
	require.Equal(t, int64(7), res.Seq)
	require.Equal(t, "XW-ZR-2026-014", res.Case.Number)
	require.Len(t, w.sent, 1)
	got := w.sent[0]
	require.Equal(t, procedure.Command{
		ID: key, Case: "XW-ZR-2026-014", Action: procedure.ActAnswer, Task: w.taskID, Answer: procedure.Return, ReturnTo: "file", Mode: procedure.Straight, Head: 7,
		Actor: procedure.Actor{User: "member", Name: "示例-李四", Unit: "XW-CZ", Role: procedure.AdmissionMember}, At: w.now,
	}, got.Command)
	require.Equal(t, "请补充经费说明", got.Opinion)
	require.JSONEq(t, `{"days":3}`, string(got.Fields))

	where := read[CommandView](t, c.do(http.MethodGet, "/commands/"+key, nil))
	require.Equal(t, CommandView{ID: key, State: record.CommandDone, Case: "XW-ZR-2026-014", Seq: 7}, where)
}

// TestIdempotency repeats requests: with the same content, with another, by another person, and after a refusal.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("member")
	for key, code := range map[string]string{"": "idempotency.missing", "short": "idempotency.invalid", "with space in it 12345": "idempotency.invalid"} {
		refusedWith(t, c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "agree"}), 422, code)
	}
	require.Empty(t, w.sent)

	key := newKey()
	code, first := w.answer(c, key, map[string]any{"answer": "agree", "opinion": "同意"})
	require.Equal(t, 200, code, first)
	w.tasks[1].State = record.TaskDone // the case went on
	code, second := w.answer(c, key, map[string]any{"opinion": "同意", "answer": "agree"})
	require.Equal(t, 200, code)
	require.Equal(t, first, second)
	require.Len(t, w.sent, 1, "the engine was asked once")

	r := c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "agree", "opinion": "另一意见"})
	refusedWith(t, r, 409, "idempotency.conflict")
	r = w.as("colleague").keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "agree", "opinion": "同意"})
	refusedWith(t, r, 409, "idempotency.conflict")

	// A write that is not a command.
	key = newKey()
	d := read[record.Draft](t, c.keyed(key, http.MethodPost, "/drafts", `{"kind":"admission","title":"x","form":{"b":1,"a":2}}`))
	again := read[record.Draft](t, c.keyed(key, http.MethodPost, "/drafts", ` {"form":{"a":2,"b":1},"title":"x","kind":"admission"}`))
	require.Equal(t, d, again)
	require.Len(t, w.drafts, 1)
	refusedWith(t, c.keyed(key, http.MethodPost, "/drafts", `{"kind":"admission","title":"y","form":{}}`), 409, "idempotency.conflict")
	refusedWith(t, c.keyed(key, http.MethodPost, "/delegations", `{"to":"clerk","begin":"2026-09-21","end":"2026-09-30"}`), 409, "idempotency.conflict")
	// The key is given back after a refusal.
	key = newKey()
	refusedWith(t, c.keyed(key, http.MethodPost, "/drafts", `{"kind":"nothing","title":"y","form":{}}`), 404, "procedure.not_found")
	require.Equal(t, 200, c.keyed(key, http.MethodPost, "/drafts", `{"kind":"admission","title":"y","form":{}}`).Code)
}

func TestPasswordsLeaveNoDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := newKey()
	c := w.as("admin")
	require.Equal(t, 200, c.keyed(key, http.MethodPost, "/users", `{"id":"newbie","name":"示例-新","password":"Lingqi-2026-ab"}`).Code)
	require.Equal(t, digest(http.MethodPost, prefix+"/users", "p-admin", []byte(nil)), w.once["admin"+key].digest)
	require.NotContains(t, string(w.once["admin"+key].answer), "Lingqi")
}

// TestRefusals is what the API refuses before anything is stored.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by     string
		body   map[string]any
		status int
		code   string
	}{
		"not the holder":         {"office", map[string]any{"action": "answer", "answer": "agree"}, 403, "task.not_holder"},
		"unknown answer":         {"member", map[string]any{"action": "answer", "answer": "silent"}, 422, "answer.unknown"},
		"no opinion":             {"member", map[string]any{"action": "answer", "answer": "object", "opinion": " \n"}, 422, "opinion.required"},
		"no file":                {"member", map[string]any{"action": "answer", "answer": "paid"}, 422, "attachment.required"},
		"foreign file":           {"member", map[string]any{"action": "answer", "answer": "paid", "files": []string{"f1"}}, 422, "attachment.unknown"},
		"file of another case":   {"member", map[string]any{"action": "answer", "answer": "paid", "files": []string{"f2"}}, 422, "attachment.used"},
		"nowhere to return":      {"member", map[string]any{"action": "answer", "answer": "return", "opinion": "x", "return_to": "review", "mode": "rerun"}, 422, "return.stage"},
		"return without a mode":  {"member", map[string]any{"action": "answer", "answer": "return", "opinion": "x", "return_to": "file"}, 422, "return.mode"},
		"return where none is":   {"member", map[string]any{"action": "answer", "answer": "agree", "return_to": "file"}, 422, "return.unexpected"},
		"no target":              {"member", map[string]any{"action": "transfer"}, 422, "target.choice"},
		"post and person":        {"member", map[string]any{"action": "transfer", "target": map[string]string{"unit": "XW-TJ", "role": "admin", "user": "clerk"}}, 422, "target.choice"},
		"unknown unit":           {"member", map[string]any{"action": "transfer", "target": map[string]string{"unit": "ZZ", "role": "admin"}}, 422, "target.unit"},
		"unknown role":           {"member", map[string]any{"action": "transfer", "target": map[string]string{"unit": "XW", "role": "king"}}, 422, "target.role"},
		"person elsewhere":       {"member", map[string]any{"action": "delegate", "target": map[string]string{"unit": "XW", "user": "clerk"}}, 422, "target.absent"},
		"target where none is":   {"member", map[string]any{"action": "read", "target": map[string]string{"unit": "XW", "user": "operator"}}, 422, "target.unexpected"},
		"nobody to remove":       {"member", map[string]any{"action": "remove_signer", "removed": "x"}, 409, "signer.none"},
		"nothing to take back":   {"member", map[string]any{"action": "take_back"}, 409, "task.not_answered"},
		"urging oneself":         {"member", map[string]any{"action": "urge"}, 409, "urge.self"},
		"case action on a task":  {"member", map[string]any{"action": "terminate"}, 422, "input.invalid"},
		"unknown task in scope":  {"stranger", map[string]any{"action": "answer", "answer": "agree"}, 404, "task.not_found"},
		"delegating for another": {"office", map[string]any{"action": "delegate", "target": map[string]string{"unit": "XW-CZ", "user": "colleague"}}, 403, "task.not_holder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.files["f1"] = attachment("f1", "clerk")
			used := attachment("f2", "member")
			used.Case = "XW-ZR-2026-001"
			w.files["f2"] = used
			r := w.as(c.by).do(http.MethodPost, w.taskPath(w.taskID)+"/actions", c.body)
			if c.code == "input.invalid" {
				refusedWithin(t, r, c.status, "input.choice")
			} else {
				refusedWith(t, r, c.status, c.code)
			}
			require.Empty(t, w.sent)
			require.Empty(t, w.commands)
		})
	}
}

// TestTooLate is the race of two colleagues: the loser's opinion is kept.
func TestTooLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("colleague")
	done := func() {
		w.tasks[1].State, w.tasks[1].ActorName, w.tasks[1].Label = record.TaskDone, "示例-李四", "同意"
	}
	// The colleague was first by so little that only the engine knows.
	w.engine = func(record.Command) (procedure.Receipt, error) {
		done()
		return procedure.Receipt{}, conflict("task.closed", "待办已办结。")
	}
	body := map[string]any{"action": "answer", "answer": "object", "opinion": "经费未落实"}
	key := newKey()
	r := c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", body)
	p := refusedWith(t, r, 409, "task.closed")
	require.Equal(t, "两位同事同时处理了这件待办，示例-李四已先一步「同意」。您填写的意见已保存为草稿。", p.Detail)
	require.NotEmpty(t, p.Kept)
	require.Equal(t, record.CommandRefused, w.commands[key].State)
	require.Len(t, w.drafts, 1)
	// The same key gives the same refusal, and the engine is not asked again.
	require.Equal(t, p, refusedWith(t, c.keyed(key, http.MethodPost, w.taskPath(w.taskID)+"/actions", body), 409, "task.closed"))
	require.Len(t, w.sent, 1)
	// Another try is refused before it is stored; the draft is the same one, with the newer text.
	body["opinion"] = "经费仍未落实"
	refusedWith(t, c.do(http.MethodPost, w.taskPath(w.taskID)+"/actions", body), 409, "task.closed")
	drafts := read[[]record.Draft](t, c.do(http.MethodGet, "/drafts", nil))
	require.Len(t, drafts, 1)
	require.Contains(t, string(drafts[0].Form), "经费仍未落实")
	require.Contains(t, string(drafts[0].Form), w.taskID)
}

// TestUnknown is a time-out: the command stays pending, 202 says where to look, and a repeat with the same key finishes it.
func TestUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("member")
	w.engine = func(record.Command) (procedure.Receipt, error) { return procedure.Receipt{}, context.DeadlineExceeded }
	key := newKey()
	code, text := w.answer(c, key, map[string]any{"answer": "agree"})
	require.Equal(t, 202, code, text)
	require.JSONEq(t, `{"command":"`+key+`","state":"pending","where":"/api/v1/commands/`+key+`"}`, text)
	require.Equal(t, record.CommandPending, w.commands[key].State)
	w.engine = nil
	code, text = w.answer(c, key, map[string]any{"answer": "agree"})
	require.Equal(t, 200, code, text)
}

// TestDeputy acts under a delegation: «B 代 A».
func TestDeputy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.delegations = append(w.delegations, delegation("g1", "member", "street2"))
	c := w.as("street2")
	me := read[Me](t, c.do(http.MethodGet, "/session", nil))
	require.Equal(t, "member", me.Represents[0].User)
	require.Equal(t, 1, me.Counts.Todo)
	code, text := w.answer(c, newKey(), map[string]any{"answer": "agree"})
	require.Equal(t, 200, code, text)
	require.Equal(t, "示例-吴七 代 示例-李四", w.sent[0].Actor.Title())
	require.Equal(t, "XW-CZ", w.sent[0].Actor.Unit)
}

func TestOperatorReassigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.as("operator").do(http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "transfer", "target": map[string]string{"unit": "XW-CZ", "user": "colleague"}})
	require.Equal(t, 200, r.Code, r.Body.String())
	require.Equal(t, procedure.Holder{Unit: "XW-CZ", UnitName: "区财政局", User: "colleague", UserName: "示例-王五"}, *w.sent[0].Target)
	require.Equal(t, "operator", w.sent[0].Actor.User)
}

func TestCaseActions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by     string
		body   map[string]any
		status int
		code   string
	}{
		"withdraw":               {"clerk", map[string]any{"action": "withdraw", "opinion": "不再需要"}, 200, ""},
		"withdraw of others":     {"office", map[string]any{"action": "withdraw", "opinion": "x"}, 403, "case.not_initiator"},
		"withdraw says nothing":  {"clerk", map[string]any{"action": "withdraw"}, 422, "opinion.required"},
		"terminate":              {"operator", map[string]any{"action": "terminate", "opinion": "重复立项"}, 200, ""},
		"pause":                  {"office", map[string]any{"action": "pause", "ground": "hearing", "opinion": "召开听证会"}, 200, ""},
		"pause without a ground": {"office", map[string]any{"action": "pause", "opinion": "x"}, 422, "ground.choice"},
		"pause by the applicant": {"clerk", map[string]any{"action": "pause", "ground": "hearing", "opinion": "x"}, 403, "auth.forbidden"},
		"resume what runs":       {"office", map[string]any{"action": "resume"}, 409, "clock.running"},
		"copy":                   {"clerk", map[string]any{"action": "copy", "target": map[string]string{"unit": "XW-02", "role": "street.office"}}, 200, ""},
		"suspend":                {"operator", map[string]any{"action": "suspend", "opinion": "核查"}, 200, ""},
		"suspend says nothing":   {"operator", map[string]any{"action": "suspend"}, 422, "opinion.required"},
		"suspend by the office":  {"office", map[string]any{"action": "suspend", "opinion": "核查"}, 403, "auth.forbidden"},
		"continue what runs":     {"operator", map[string]any{"action": "continue", "opinion": "查清"}, 409, "case.not_suspended"},
		"display again":          {"operator", map[string]any{"action": "republish", "opinion": "公示不足", "notice": "n1", "days": 15}, 200, ""},
		"display what stays":     {"operator", map[string]any{"action": "republish", "opinion": "公示不足", "notice": "n2", "days": 15}, 422, "notice.choice"},
		"display for no days":    {"operator", map[string]any{"action": "republish", "opinion": "公示不足", "notice": "n1"}, 422, "notice.days"},
		"display for too long":   {"operator", map[string]any{"action": "republish", "opinion": "公示不足", "notice": "n1", "days": 91}, 422, "input.invalid"},
		"display by the office":  {"office", map[string]any{"action": "republish", "opinion": "公示不足", "notice": "n1", "days": 15}, 403, "auth.forbidden"},
		"a notice nobody asked":  {"operator", map[string]any{"action": "terminate", "opinion": "x", "notice": "n1"}, 422, "notice.unexpected"},
		"complain too early":     {"director", map[string]any{"action": "complain", "opinion": "要求加装台账"}, 409, "complain.early"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stock()
			w.tasks = append(w.tasks, record.Task{ID: "XW-ZR-2026-014.9", Case: "XW-ZR-2026-014", State: record.TaskOpen,
				Holder: procedure.Holder{Unit: "0101", Role: procedure.CommunityDirector}})
			w.notices = []record.Notice{{ID: "n1", Title: "表决公告", Text: "全文", Until: "2026-09-12"}, {ID: "n2", Title: "清单变更"}}
			r := w.as(c.by).do(http.MethodPost, "/cases/XW-ZR-2026-014/actions", c.body)
			if c.code != "" {
				refusedWith(t, r, c.status, c.code)
				return
			}
			require.Equal(t, c.status, r.Code, r.Body.String())
			require.Equal(t, procedure.Action(c.body["action"].(string)), w.sent[0].Action)
			if c.body["notice"] != nil {
				require.Equal(t, &procedure.Posted{Title: "表决公告", Text: "全文"}, w.sent[0].Notice)
				require.Equal(t, 15, w.sent[0].Days)
			}
		})
	}
}

func TestFiling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	d := read[record.Draft](t, c.do(http.MethodPost, "/drafts", `{"kind":"admission","title":"x","form":{}}`))
	p := refusedWith(t, c.do(http.MethodPost, "/cases", `{"kind":"admission","form":{"title":"商户扫码率 95%"},"draft":"`+d.ID+`"}`), 422, "case.blocked")
	require.Equal(t, []ProblemError{{"form.title", "list.negative", "属于负面清单第 20 项，不得要求社区承担。"}}, p.Errors)
	require.Empty(t, w.commands)
	require.Len(t, w.drafts, 1)

	check := read[Check](t, c.do(http.MethodPost, "/procedures/admission/check", `{"form":{"title":"商户扫码率 95%"}}`))
	require.False(t, check.OK)
	check = read[Check](t, c.keyed("", http.MethodPost, "/procedures/admission/check", `{"form":{}}`))
	require.True(t, check.OK)
	require.Equal(t, int64(4_800_000), check.Money.TotalFen)

	key := newKey()
	body := `{"kind":"admission","form":{"title":"摸底"},"draft":"` + d.ID + `"}`
	r := c.keyed(key, http.MethodPost, "/cases", body)
	require.Equal(t, 201, r.Code, r.Body.String())
	first := read[FilingResult](t, r)
	require.Equal(t, "XW-ZR-2026-002", first.Number)
	require.Empty(t, w.drafts, "the draft is used up")
	f := w.sent[0].Filing
	require.Equal(t, "XW", f.District)
	require.Equal(t, key, f.Command)
	require.Equal(t, "clerk", f.Initiator.User)
	require.Equal(t, first.Number, read[FilingResult](t, c.keyed(key, http.MethodPost, "/cases", body)).Number)
	require.Len(t, w.cases, 2)
	require.Len(t, w.sent, 1)

	w.engine = func(record.Command) (procedure.Receipt, error) { return procedure.Receipt{}, errors.New("no engine") }
	r = c.do(http.MethodPost, "/cases", `{"kind":"admission","form":{}}`)
	require.Equal(t, 202, r.Code, r.Body.String())
	late := read[FilingResult](t, r)
	require.NotEmpty(t, late.Where)
	require.NotEmpty(t, late.Number)
	require.NotContains(t, r.Body.String(), "no engine")
}

// TestCasePage reads the page of a case: the sentence, every action with its reason, and lists that are never null.
func TestCasePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	r := w.as("office").do(http.MethodGet, "/cases/XW-ZR-2026-014", nil)
	require.Equal(t, 200, r.Code, r.Body.String())
	require.NotContains(t, r.Body.String(), `":null`)
	d := read[CaseDetail](t, r)
	require.Equal(t, "现在等 区财政局 填报会审意见，9月23日（周三） 前，还剩 2 个工作日。", d.Sentence.Text)
	require.False(t, d.Tasks[1].My)
	require.Empty(t, d.Deadlines[0].Deadline.Ledger)
	for _, a := range d.Actions {
		require.Equal(t, a.Allowed, a.WhyNot == "", "%+v", a)
	}
	i := slices.IndexFunc(d.Actions, func(a ActionOffer) bool { return a.Answer == procedure.Agree })
	require.Equal(t, "这件待办由区财政局的联审成员办理，您不是办理人。", d.Actions[i].WhyNot)

	ledger := read[record.Deadline](t, w.as("office").do(http.MethodGet, "/cases/XW-ZR-2026-014/deadlines/approval", nil))
	require.Equal(t, "2026-09-28", ledger.Deadline.Day.String())
	require.NotEmpty(t, ledger.Deadline.Ledger)
	refusedWith(t, w.as("office").do(http.MethodGet, "/cases/XW-ZR-2026-014/deadlines/none", nil), 404, "deadline.not_found")

	rows := read[record.Page[TaskRow]](t, w.as("member").do(http.MethodGet, "/tasks", nil))
	require.Len(t, rows.Items, 1)
	require.True(t, rows.Items[0].Task.My)
	require.Equal(t, "同意", rows.Items[0].Actions[0].Label)
	require.True(t, rows.Items[0].Actions[0].Main)
}

func TestVerifyAndEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := func() []procedure.Event {
		var events []procedure.Event
		prev := ""
		for i := range 3 {
			e := procedure.NewEvent(procedure.TaskRead, time.Unix(int64(i), 0), procedure.SystemEngine, "", procedure.Tasked{Task: "x"})
			e.Case, e.Seq, e.Prev = "XW-ZR-2026-014", int64(i+1), prev
			e.Hash = e.Sum()
			prev = e.Hash
			events = append(events, e)
		}
		return events
	}
	verify := func(change func([]procedure.Event)) Verification {
		events := chain()
		change(events)
		w.events["XW-ZR-2026-014"] = events
		return read[Verification](t, w.as("auditor").do(http.MethodGet, "/cases/XW-ZR-2026-014/verify", nil))
	}
	good := verify(func([]procedure.Event) {})
	require.True(t, good.OK)
	require.Equal(t, int64(3), good.Events)
	bad := verify(func(e []procedure.Event) { e[1].Note = "改过" })
	require.False(t, bad.OK)
	require.Equal(t, []Broken{{2, "内容与校验值不符"}}, bad.Broken)
	bad = verify(func(e []procedure.Event) { e[1].Note = "改过"; e[1].Hash = e[1].Sum() })
	require.Equal(t, []Broken{{3, "内容与校验值不符"}}, bad.Broken)

	lines := read[[]EventView](t, w.as("auditor").do(http.MethodGet, "/cases/XW-ZR-2026-014/events?after_seq=1", nil))
	require.Len(t, lines, 2)
	require.Equal(t, "系统·流程 已阅。", lines[0].Text)
	require.Empty(t, lines[0].About, "no such task")
	w.events["XW-ZR-2026-014"] = []procedure.Event{procedure.NewEvent(procedure.TaskReminded, w.now, procedure.SystemClock, "",
		procedure.Reminded{Task: w.taskID, Rung: procedure.RungYellow})}
	lines = read[[]EventView](t, w.as("auditor").do(http.MethodGet, "/cases/XW-ZR-2026-014/events", nil))
	require.Equal(t, "区财政局「会审」", lines[0].About)
}
