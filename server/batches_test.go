package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// stockBatches puts a batch of each state into the world.
func (w *world) stockBatches() {
	w.ops.lots.items = map[string][]ops.BatchItem{}
	for id, state := range map[string]ops.BatchState{"b1": ops.BatchDraft, "b2": ops.BatchDraft, "b3": ops.BatchRunning, "b4": ops.BatchStopped} {
		w.ops.lots.batches = append(w.ops.lots.batches, ops.Batch{ID: id, Area: "/YT/XW/", Cure: ops.Urge, Label: "催办", State: state, Version: 1,
			Second: id == "b1", By: "operator", Runner: "operator", Post: "p-operator", Order: []byte(`{"remedy":"urge","reason":"来电"}`)})
		w.ops.lots.items[id] = []ops.BatchItem{{N: 1, Number: "XW-ZR-2026-014", Task: w.taskID, State: ops.ItemPlanned}}
	}
}

// addCases puts cases into the world, each with a task at the same bureau.
func (w *world) addCases(n int) (tasks []string) {
	for i := range n {
		number := fmt.Sprintf("XW-ZR-2026-%03d", 101+i)
		first := w.cases["XW-ZR-2026-014"]
		first.Number, first.Title = number, fmt.Sprintf("第 %d 件", i+1)
		w.cases[number], w.paths[number] = first, "/YT/XW/XW-TJ/"
		t := w.tasks[1]
		t.ID, t.Case = number+".2", number
		w.tasks = append(w.tasks, t)
		tasks = append(tasks, t.ID)
	}
	return tasks
}

func (w *world) make(c *client, body string) BatchView {
	w.t.Helper()
	r := c.do(http.MethodPost, "/batches", body)
	require.Equal(w.t, http.StatusOK, r.Code, r.Body.String())
	return read[BatchView](w.t, r)
}

func (w *world) decide(c *client, b BatchView, what string) BatchView {
	w.t.Helper()
	r := c.do(http.MethodPost, "/batches/"+b.ID+"/"+what, fmt.Sprintf(`{"version":%d}`, b.Version))
	require.Equal(w.t, http.StatusOK, r.Code, r.Body.String())
	return read[BatchView](w.t, r)
}

func (w *world) itemsOf(c *client, b BatchView) []ops.BatchItem {
	w.t.Helper()
	return read[record.Page[ops.BatchItem]](w.t, c.do(http.MethodGet, "/batches/"+b.ID+"/items", nil)).Items
}

// carry carries out a batch until nothing is left to be done at once.
func (w *world) carry(b BatchView) {
	w.t.Helper()
	for range 100 {
		more, after, err := (&Batcher{w.s}).RunItems(w.t.Context(), b.ID, 2, func() bool { return true })
		require.NoError(w.t, err)
		if !more || after > 0 {
			return
		}
	}
	w.t.Fatal("the batch does not end")
}

const urgeAll = `{"cases":{"kind":"admission"},"remedy":"urge","reason":"群众来电"}`

// The cases are chosen once; what would happen to each is said, and nothing is done before somebody says so. What is done is the
// operator's own action on each case, once.
func TestBatch_DryRunThenRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tasks := w.addCases(3)
	w.cases["XW-ZR-2026-014"] = record.Case{Number: "XW-ZR-2026-014", Kind: "admission", Title: "无人等待", State: procedure.Running}
	w.tasks = slices.DeleteFunc(w.tasks, func(t record.Task) bool { return t.ID == w.taskID })
	c := w.as("operator")
	b := w.make(c, urgeAll)
	require.Equal(t, ops.BatchCounts{Total: 4, Planned: 3, Skipped: 1}, b.Counts)
	require.Equal(t, "未办结的办件，社区工作准入", b.Chosen)
	require.Equal(t, BatchRights{Run: true}, b.May)
	require.Empty(t, w.commands, "nothing is done yet")
	items := w.itemsOf(c, b)
	require.Equal(t, "这件办件没有正在等待的待办，不能「催办」。", items[0].Plan)
	require.Equal(t, ops.ItemSkipped, items[0].State)
	require.Equal(t, "催办：「会审」，现由区财政局联审成员办理。", items[1].Plan)
	require.Equal(t, tasks[0], items[1].Task)

	w.addCases(5) // what comes later does not belong to it
	b = w.decide(c, b, "run")
	require.Equal(t, ops.BatchRunning, b.State)
	require.Equal(t, BatchRights{Stop: true}, b.May)
	require.Equal(t, []string{b.ID}, w.ops.lots.started)
	w.carry(b)
	b = read[BatchView](t, c.do(http.MethodGet, "/batches/"+b.ID, nil))
	require.Equal(t, ops.BatchDone, b.State)
	require.Equal(t, ops.BatchCounts{Total: 4, Done: 3, Skipped: 1}, b.Counts)
	require.Len(t, w.sent, 3)
	for i, sent := range w.sent {
		require.Equal(t, procedure.ActUrge, sent.Action)
		require.Equal(t, tasks[i], sent.Task)
		require.Equal(t, "operator", sent.Actor.User)
		require.Equal(t, procedure.Operator, sent.Actor.Role)
		require.Equal(t, "群众来电", sent.Opinion)
	}
	require.Empty(t, w.drafts)
	w.carry(b)
	require.Len(t, w.sent, 3, "what is done is not done again")
	require.Len(t, read[record.Page[BatchView]](t, w.as("auditor").do(http.MethodGet, "/batches", nil)).Items, 1)
	require.Empty(t, read[record.Page[BatchView]](t, c.do(http.MethodGet, "/batches?limit=1", nil)).Items[0].History[0].Incident)
}

// A case that has moved on, or cannot be done any more, is skipped with the sentence of its own refusal, and leaves no draft behind.
func TestBatch_MovedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tasks := w.addCases(4)
	w.tasks = slices.DeleteFunc(w.tasks, func(t record.Task) bool { return t.ID == w.taskID })
	delete(w.cases, "XW-ZR-2026-014")
	c := w.as("operator")
	b := w.decide(c, w.make(c, urgeAll), "run")
	for i := range w.tasks {
		if w.tasks[i].ID == tasks[0] {
			w.tasks[i].State, w.tasks[i].ActorName, w.tasks[i].Label = record.TaskDone, "示例-李四", "同意"
		}
	}
	refused := procedure.Errorf(procedure.Conflict, "task.closed", "刚刚办结")
	w.engine = func(c record.Command) (procedure.Receipt, error) {
		if c.Task == tasks[1] {
			return procedure.Receipt{}, refused
		}
		return procedure.Receipt{}, nil
	}
	delete(w.paths, "XW-ZR-2026-103") // out of sight
	w.tasks = slices.DeleteFunc(w.tasks, func(t record.Task) bool { return t.ID == tasks[2] })
	w.carry(b)
	items := w.itemsOf(c, b)
	require.Equal(t, []ops.ItemState{ops.ItemSkipped, ops.ItemSkipped, ops.ItemSkipped, ops.ItemDone},
		[]ops.ItemState{items[0].State, items[1].State, items[2].State, items[3].State})
	for _, it := range items {
		require.NotEmpty(t, it.Text)
		require.Equal(t, procedure.FullStop(it.Text), it.Text)
	}
	require.Equal(t, "刚刚办结。", items[1].Text)
	require.Equal(t, record.CommandRefused, w.commands[w.sent[0].ID].State)
	require.Empty(t, w.drafts)

	// Of a case as a whole: the tasks that were open are not those that are open now.
	body := `{"cases":{"text":"第"},"remedy":"copy","reason":"请协调","target":{"unit":"XW-01","role":"street.office"}}`
	b = w.decide(c, w.make(c, body), "run")
	for i := range w.tasks {
		if w.tasks[i].ID == tasks[3] {
			w.tasks[i].State = record.TaskDone
		}
	}
	w.carry(b)
	items = w.itemsOf(c, b)
	require.Contains(t, items[len(items)-1].Text, "有了新的进展")
	require.Equal(t, ops.ItemDone, items[0].State, "the control: what has not moved is done")
}

// A case that does not answer holds up no other; it is asked again under the same id until its fate is known.
func TestBatch_NoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addCases(2)
	c := w.as("operator")
	b := w.decide(c, w.make(c, urgeAll), "run")
	silent := "XW-ZR-2026-101"
	w.engine = func(c record.Command) (procedure.Receipt, error) {
		if c.Case == silent {
			return procedure.Receipt{}, errors.New("no answer")
		}
		return procedure.Receipt{}, nil
	}
	w.carry(b)
	require.Equal(t, 1, read[BatchView](t, c.do(http.MethodGet, "/batches/"+b.ID, nil)).Counts.Sent)
	w.carry(b)
	w.carry(b)
	now := read[BatchView](t, c.do(http.MethodGet, "/batches/"+b.ID, nil))
	require.Equal(t, ops.BatchCounts{Total: 3, Sent: 1, Done: 2}, now.Counts)
	require.Equal(t, ops.BatchRunning, now.State, "it does not end before each has its result")
	silent = ""
	w.carry(b)
	now = read[BatchView](t, c.do(http.MethodGet, "/batches/"+b.ID, nil))
	require.Equal(t, ops.BatchCounts{Total: 3, Done: 3}, now.Counts)
	require.Equal(t, ops.BatchDone, now.State)
	require.Len(t, w.commands, 3, "one command a case, however often it was sent")
}

// Whoever died after the command and before its result is found again by the id of the command: it is not done again, and it is not
// taken for one that cannot be done any more.
func TestBatch_DiedBetween(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	b := w.decide(c, w.make(c, urgeAll), "run")
	w.carry(b)
	require.Len(t, w.sent, 1)
	w.ops.lots.items[b.ID][0].State = ops.ItemPlanned
	w.ops.lots.batches[0].State = ops.BatchRunning
	for i := range w.tasks {
		w.tasks[i].State = record.TaskDone
	}
	w.carry(b)
	require.Equal(t, ops.ItemDone, w.itemsOf(c, b)[0].State)
	require.Len(t, w.sent, 1)
}

// Stop lets nothing else begin; resume goes on with what is left, in the name of whoever resumes it.
func TestBatch_StopResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addCases(4)
	c := w.as("operator")
	b := w.decide(c, w.make(c, urgeAll), "run")
	more, _, err := (&Batcher{w.s}).RunItems(t.Context(), b.ID, 2, func() bool { return true })
	require.NoError(t, err)
	require.True(t, more)
	stopped := w.decide(c, b, "stop")
	w.carry(b)
	require.Len(t, w.sent, 2)
	refusedWith(t, c.do(http.MethodPost, "/batches/"+b.ID+"/run", fmt.Sprintf(`{"version":%d}`, stopped.Version)), http.StatusConflict, ops.CodeBatchState)
	p := refusedWith(t, c.do(http.MethodPost, "/batches/"+b.ID+"/resume", `{"version":1}`), http.StatusConflict, ops.CodeBatchStale)
	require.Contains(t, p.Detail, "示例-冯九已先一步在9月21日（周一） 10:00停止了执行")

	w.users["second"] = record.User{ID: "second", Name: "示例-又一"}
	w.hashes["second"] = w.hashes["operator"]
	w.posts = append(w.posts, record.Post{ID: "p-second", User: "second", Unit: "XW", Role: procedure.Operator, From: "2026-01-01"})
	b = w.decide(w.as("second"), stopped, "resume")
	require.Equal(t, "示例-又一", b.RunnerName)
	w.carry(b)
	require.Len(t, w.sent, 5)
	require.Equal(t, "second", w.sent[4].Actor.User)
	require.Equal(t, "operator", w.sent[0].Actor.User)
	var what []string
	for _, e := range read[BatchView](t, c.do(http.MethodGet, "/batches/"+b.ID, nil)).History {
		what = append(what, e.What)
	}
	require.Equal(t, []string{ops.BatchMade, ops.BatchRun, ops.BatchStop, ops.BatchResume, ops.BatchEnd}, what)
}

// Whoever has lost the post does nothing any more: the batch stops, and says why.
func TestBatch_RunnerGone(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(w *world){
		"disabled": func(w *world) {
			w.users["operator"] = record.User{ID: "operator", Name: "示例-冯九", Disabled: true}
		},
		"no post": func(w *world) {
			w.posts = slices.DeleteFunc(w.posts, func(p record.Post) bool { return p.User == "operator" })
		},
		"another role": func(w *world) {
			for i := range w.posts {
				if w.posts[i].User == "operator" {
					w.posts[i].Role = procedure.Auditor
				}
			}
		},
	} {
		w := newWorld(t)
		c := w.as("operator")
		b := w.decide(c, w.make(c, urgeAll), "run")
		lose(w)
		w.s.directory.forget()
		w.carry(b)
		require.Empty(t, w.sent, name)
		now := read[BatchView](t, w.as("auditor").do(http.MethodGet, "/batches/"+b.ID, nil))
		require.Equal(t, ops.BatchStopped, now.State, name)
		require.Contains(t, now.Why, "已不在原岗位", name)
	}
}

// What cannot be undone waits for another person than the one who made it and the one who runs it.
func TestBatch_SecondPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.as("operator"), w.as("inspector")
	b := w.make(first, `{"cases":{"kind":"admission"},"remedy":"terminate","reason":"区划调整。"}`)
	require.True(t, b.Second)
	require.Equal(t, BatchRights{}, b.May)
	at := "/batches/" + b.ID
	refusedWith(t, first.do(http.MethodPost, at+"/run", `{"version":1}`), http.StatusConflict, ops.CodeBatchUnconfirmed)
	refusedWith(t, first.do(http.MethodPost, at+"/confirm", `{"version":1,"reason":"同意"}`), http.StatusConflict, ops.CodeBatchSame)
	require.Equal(t, http.StatusUnprocessableEntity, second.do(http.MethodPost, at+"/confirm", `{"version":1}`).Code, "a reason is compulsory")
	seen := read[BatchView](t, second.do(http.MethodGet, at, nil))
	require.Equal(t, BatchRights{Confirm: true}, seen.May)
	b = read[BatchView](t, second.do(http.MethodPost, at+"/confirm", `{"version":1,"reason":"文件已核对"}`))
	require.Equal(t, "示例-郭三", b.ConfirmerName)
	require.Equal(t, http.StatusForbidden, second.do(http.MethodPost, at+"/run", `{"version":2}`).Code)
	refusedWith(t, w.as("inspector").do(http.MethodPost, at+"/confirm", `{"version":2,"reason":"同意"}`), http.StatusConflict, ops.CodeBatchState)
	require.Empty(t, w.commands)
	w.carry(w.decide(first, b, "run"))
	require.Len(t, w.sent, 1)
	require.Equal(t, "区划调整（示例-郭三复核）", w.sent[0].Opinion)
	require.Equal(t, "operator", w.sent[0].Actor.User)
}

func TestBatch_Incidents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tasks := w.addCases(2)
	w.ops.add("late", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-101", "XW-ZR-2026-102")
	w.ops.incidents[0].Cases[0].Task, w.ops.incidents[0].Cases[1].Task = tasks[0], tasks[1]
	w.ops.add("again", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-102")
	w.ops.incidents[1].Cases[0].Task = tasks[1]
	w.ops.add("theirs", ops.Overdue, "HC", w.now, "XW-ZR-2026-014")
	c := w.as("operator")
	b := w.make(c, `{"incidents":{"kind":"overdue","unit":"XW-CZ"},"remedy":"escalate","reason":"久未办"}`)
	require.Equal(t, ops.BatchCounts{Total: 2, Planned: 2}, b.Counts, "each once, and nothing of another district")
	require.Equal(t, "卡住的事：超期未办，区财政局", b.Chosen)
	b = w.make(c, `{"incidents":{"kind":"overdue","id":"again"},"remedy":"urge","reason":"久未办"}`)
	require.Equal(t, 1, b.Counts.Total)

	// What works on the machine is done in the name of the operator, under one id for each case.
	w.ops.add("differ", ops.Disagree, "", w.now, "XW-ZR-2026-101", "XW-ZR-2026-102")
	w.carry(w.decide(c, w.make(c, `{"incidents":{"kind":"disagree"},"remedy":"reconcile","reason":"校正"}`), "run"))
	require.Equal(t, []string{"reconcile XW-ZR-2026-101 operator 校正", "reconcile XW-ZR-2026-102 operator 校正"}, w.ops.cures.done)
	w.ops.add("idle", ops.Retrying, "", w.now, "XW-ZR-2026-101")
	b = w.make(c, `{"incidents":{"kind":"retrying"},"remedy":"retry","reason":"磁盘已清理"}`)
	require.Contains(t, w.itemsOf(c, b)[0].Plan, "可能已经恢复")
	refusedWith(t, c.do(http.MethodPost, "/batches/"+b.ID+"/run", `{"version":1}`), http.StatusConflict, ops.CodeBatchNothing)

	// A fault of the machine is a result of its case, and says nothing of what is inside.
	b = w.decide(c, w.make(c, `{"incidents":{"kind":"disagree"},"remedy":"reconcile","reason":"校正"}`), "run")
	w.ops.cures.refuse = errors.New("the engine does not answer")
	w.carry(b)
	it := w.itemsOf(c, b)[0]
	require.Equal(t, ops.ItemFailed, it.State)
	require.NotContains(t, it.Text, "engine")
}

// What did not arrive is sent again, case by case: how much that is, is said before; where nothing is left to send, nothing is done.
func TestBatch_Redeliver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addCases(2)
	w.ops.add("sms", ops.Undelivered, "XW-CZ", w.now, "XW-ZR-2026-014", "XW-ZR-2026-101", "XW-ZR-2026-102")
	tell := func(id, number string, state notify.State) {
		w.inbox.deliveries = append(w.inbox.deliveries, notify.Delivery{ID: id, Case: number, State: state, Channel: notify.SMS})
	}
	tell("m1", "XW-ZR-2026-014", notify.Failed)
	tell("m2", "XW-ZR-2026-014", notify.Failed)
	tell("m3", "XW-ZR-2026-014", notify.Sent)
	tell("m4", "XW-ZR-2026-101", notify.Failed)
	tell("m5", "XW-ZR-2026-102", notify.Sent)
	c := w.as("operator")
	b := w.make(c, `{"incidents":{"kind":"undelivered"},"remedy":"redeliver","reason":"号码已更正"}`)
	require.Equal(t, ops.BatchCounts{Total: 3, Planned: 2, Skipped: 1}, b.Counts)
	items := w.itemsOf(c, b)
	require.Equal(t, "重新发送：没有送达的通知 2 条。", items[0].Plan)
	require.Equal(t, "重新发送：没有送达的通知 1 条。", items[1].Plan)
	require.Equal(t, "这件办件没有需要重发的通知，可能已有人重发。", items[2].Plan)
	require.Empty(t, w.inbox.retried, "it was a dry run")

	w.inbox.deliveries[3].State = notify.Queued // somebody else was first
	w.carry(w.decide(c, b, "run"))
	items = w.itemsOf(c, b)
	require.Equal(t, []string{"m1", "m2"}, w.inbox.retried)
	require.Equal(t, "已重新发送。", items[0].Text)
	require.Equal(t, ops.ItemSkipped, items[1].State)
	refusedWith(t, c.do(http.MethodPost, "/batches", `{"cases":{},"remedy":"redeliver","reason":"x"}`), http.StatusUnprocessableEntity, "remedy.machine")
}

func TestBatch_Refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("late", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014")
	c := w.as("operator")
	for body, code := range map[string]string{
		`{"remedy":"urge","reason":"x"}`:                                                              "batch.choice",
		`{"cases":{},"incidents":{"kind":"overdue"},"remedy":"urge","reason":"x"}`:                    "batch.choice",
		`{"cases":{},"remedy":"urge"}`:                                                                "input.invalid",
		`{"cases":{},"remedy":"send_back","reason":"x"}`:                                              "input.invalid",
		`{"cases":{},"remedy":"retry","reason":"x"}`:                                                  "remedy.machine",
		`{"incidents":{"kind":"overdue"},"remedy":"reconcile","reason":"x"}`:                          "remedy.kind",
		`{"cases":{},"remedy":"reassign","reason":"x"}`:                                               "target.choice",
		`{"cases":{},"remedy":"reassign","reason":"x","target":{"unit":"nowhere","role":"operator"}}`: "target.unit",
		`{"cases":{},"remedy":"urge","reason":"x","target":{"unit":"XW","role":"operator"}}`:          "target.unexpected",
		`{"cases":{},"remedy":"extend","reason":"x"}`:                                                 "extend.days",
		`{"cases":{"stage":"nowhere"},"remedy":"urge","reason":"x"}`:                                  "batch.empty",
		`{"incidents":{"kind":"silent","id":"late"},"remedy":"urge","reason":"x"}`:                    "batch.kind",
		`{"incidents":{"kind":"overdue","id":"foreign"},"remedy":"urge","reason":"x"}`:                "incident.not_found",
	} {
		r := c.do(http.MethodPost, "/batches", body)
		require.GreaterOrEqual(t, r.Code, 400, body)
		require.Equal(t, code, read[Problem](t, r).Code, body)
	}
	require.Empty(t, w.ops.lots.batches)
	refusedWith(t, w.as("auditor").do(http.MethodGet, "/batches/none", nil), http.StatusNotFound, "batch.not_found")
	refusedWith(t, c.do(http.MethodGet, "/batches/none/items", nil), http.StatusNotFound, "batch.not_found")

	// Another district's batch is not there.
	w.stockBatches()
	w.ops.lots.batches[0].Area = "/YT/HC/"
	refusedWith(t, c.do(http.MethodGet, "/batches/"+w.ops.lots.batches[0].ID, nil), http.StatusNotFound, "batch.not_found")

	w.addCases(mostFiltered)
	p := refusedWith(t, c.do(http.MethodPost, "/batches", urgeAll), http.StatusUnprocessableEntity, "batch.many")
	require.Contains(t, p.Detail, "1000")
}

// The engine that cannot be told now is told by housekeeping: the batch runs, as is on record.
func TestBatch_EngineAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	b := w.make(c, urgeAll)
	w.ops.lots.refuse = errors.New("no engine")
	require.Equal(t, ops.BatchRunning, w.decide(c, b, "run").State)

	// The same request again makes the same batch.
	key := newKey()
	one := read[BatchView](t, c.keyed(key, http.MethodPost, "/batches", urgeAll))
	require.Equal(t, one.ID, read[BatchView](t, c.keyed(key, http.MethodPost, "/batches", urgeAll)).ID)
	require.Len(t, w.ops.lots.batches, 2)
}

func TestBatcher_Missing(t *testing.T) {
	t.Parallel()
	_, err := NewBatcher(newWorld(t).s.Options)
	require.NoError(t, err)
	_, err = NewBatcher(Options{})
	require.Error(t, err)
	require.Equal(t, 10, strings.Count(err.Error(), "is missing"))
}

// What many cases may get at once is offered, and nothing else is taken.
func TestBatch_Remedies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	offered := func(query string) (list []ops.Cure) {
		for _, o := range read[[]CureOffer](t, c.do(http.MethodGet, "/batches/remedies"+query, nil)) {
			require.True(t, o.Allowed)
			list = append(list, o.Remedy)
		}
		return list
	}
	require.NotContains(t, offered(""), ops.Retry)
	require.Contains(t, offered(""), ops.Terminate)
	require.Equal(t, []ops.Cure{ops.Retry, ops.Hold}, offered("?kind=retrying"))
	require.NotContains(t, offered("?kind=overdue"), ops.SendBack)
	for _, k := range ops.Kinds() {
		for _, cure := range batched(k) {
			require.Contains(t, k.Cures(), cure)
		}
	}
}
