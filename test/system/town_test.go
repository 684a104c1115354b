package system

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
)

// town is 星梧区 as its people see it through one program. Sessions are opened when somebody is needed first.
type town struct {
	base, password string

	mu     sync.Mutex
	people map[string]*person
}

func newTown(base, password string) *town {
	return &town{base: base, password: password, people: map[string]*person{}}
}

// moved is the same town, with its sessions, behind another program.
func (w *town) moved(base string) *town {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := newTown(base, w.password)
	for login, p := range w.people {
		next.people[login] = p.at(base)
	}
	return next
}

func (w *town) as(t *testing.T, login string) *person {
	t.Helper()
	p, err := w.person(login)
	require.NoError(t, err)
	return p
}

func (w *town) person(login string) (*person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.people[login]; p != nil {
		return p, nil
	}
	p, err := signIn(w.base, login, w.password)
	if err == nil {
		w.people[login] = p
	}
	return p, err
}

// demonstration starts a fresh `gongzhi up --demo`.
func demonstration(t *testing.T, flags ...string) (*program, *town) {
	t.Helper()
	p := up(t, nil, t.TempDir(), append([]string{"--demo"}, flags...)...)
	return p, newTown(p.url, demo.Password)
}

// detail is the page of a case.
type detail struct {
	Case      record.Case        `json:"case"`
	Tasks     []record.Task      `json:"tasks"`
	Copies    []record.Copy      `json:"copies"`
	Deadlines []record.Deadline  `json:"deadlines"`
	Waits     []record.Wait      `json:"waits"`
	Sentence  procedure.Sentence `json:"sentence"`
	Head      struct {
		Seq  int64  `json:"seq"`
		Hash string `json:"hash"`
	} `json:"head"`
}

// look reads a case as the operator, who sees the whole district.
func (w *town) look(t *testing.T, number string) detail {
	t.Helper()
	var d detail
	w.as(t, "ops.bai").get(t, "/cases/"+url.PathEscape(number), &d)
	return d
}

func (w *town) events(t *testing.T, number string) []procedure.Event {
	t.Helper()
	var events []procedure.Event
	w.as(t, "ops.bai").get(t, "/cases/"+url.PathEscape(number)+"/events?limit=500", &events)
	return events
}

// result is what a write is answered with.
type result struct {
	Command string              `json:"command"`
	State   record.CommandState `json:"state"`
	Number  string              `json:"number"`
	Seq     int64               `json:"seq"`
	Where   string              `json:"where"`
}

// file files an application that has to be taken at once, and returns its number.
func (w *town) file(t *testing.T, login string, kind procedure.Kind, form any) string {
	t.Helper()
	var r result
	got := w.as(t, login).post(t, "/cases", filing(kind, form), &r)
	require.Equal(t, http.StatusCreated, got.status, "%s", got)
	require.NotEmpty(t, r.Number)
	return r.Number
}

func filing(kind procedure.Kind, form any) map[string]any {
	return map[string]any{"kind": kind, "form": form, "files": []string{}}
}

// task waits for the open task of a stage in the hands of somebody's post.
func (w *town) task(t *testing.T, number, stage, login string) record.Task {
	t.Helper()
	seat := w.as(t, login).seat
	var found record.Task
	eventually(t, "a task of "+stage+" for "+login+" in "+number, settleLimit, func() bool {
		d := w.look(t, number)
		i := slices.IndexFunc(d.Tasks, func(x record.Task) bool {
			return x.Stage == stage && x.State == record.TaskOpen && x.Holder.Unit == seat.Unit && x.Holder.Role == seat.Role
		})
		if i >= 0 {
			found = d.Tasks[i]
		}
		return i >= 0
	})
	return found
}

func actions(task string) string { return "/tasks/" + url.PathEscape(task) + "/actions" }

func decision(a procedure.Answer, opinion string, files ...string) map[string]any {
	body := map[string]any{"action": procedure.ActAnswer, "answer": a}
	if opinion != "" {
		body["opinion"] = opinion
	}
	if len(files) > 0 {
		body["files"] = files
	}
	return body
}

// answer has somebody answer a task of a stage; it has to be taken at once.
func (w *town) answer(t *testing.T, login, number, stage string, a procedure.Answer, opinion string, files ...string) {
	t.Helper()
	task := w.task(t, number, stage, login)
	got := w.as(t, login).post(t, actions(task.ID), decision(a, opinion, files...), nil)
	require.Equal(t, http.StatusOK, got.status, "%s: %s", stage, got)
}

// attach uploads a payment voucher.
func (w *town) attach(t *testing.T, login string) string {
	t.Helper()
	var a record.Attachment
	r := w.as(t, login).do(t, upload("拨付凭证.pdf", voucher))
	require.Equal(t, http.StatusOK, r.status, "%s", r)
	r.read(t, &a)
	return a.ID
}

var voucher = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" +
	"trailer<</Root 1 0 R>>\n%%EOF\n")

// jump moves the demonstration's time.
func (w *town) jump(t *testing.T, to time.Time) {
	t.Helper()
	w.as(t, "ops.bai").post(t, "/clock/jump", map[string]any{"to": to.In(calendar.Zone).Format(time.RFC3339)}, nil)
}

// moment is a time of day in 星梧区.
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	require.NoError(t, err)
	return m
}

// date is a civil day of a form.
func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

// application is the sample application under another title.
func application(title string, communities ...string) admission.Form {
	f := demo.Sample()
	f.Title = title
	if len(communities) > 0 {
		f.Communities = communities
	}
	return f
}

// tree is a form as JSON that a test may spoil.
func tree(t *testing.T, form any) map[string]any {
	t.Helper()
	b, err := json.Marshal(form)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(b, &m))
	return m
}
