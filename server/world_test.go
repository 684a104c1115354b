package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

const testPassword = "Yunting-2026-xw"

// cheap keeps tests from spending their time and memory on hashes.
func cheap() *argon2id.Params {
	return &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// world is a small district with one case in it, and a server in front of it.
type world struct {
	*fake
	t      *testing.T
	s      *Server
	log    *bytes.Buffer
	kind   procedure.Procedure
	polls  *fakePolls
	ops    *fakeOps
	vitals fakeVitals
	inbox  *fakeInbox
	taskID string
	doneID string
}

// kindOf is a procedure with the shapes that offers and actions depend on.
func kindOf() procedure.Procedure {
	return procedure.Procedure{
		Kind: "admission", Version: 1, Name: "社区工作准入", Prefix: "ZR", Initiator: procedure.DepartmentClerk,
		Schema: []byte(`{}`), UI: []byte(`{}`),
		Stages: []procedure.Stage{{
			Name: "review", Title: "会审", Does: "填报会审意见", Seat: procedure.Seat{Role: procedure.AdmissionMember, Where: procedure.AtDistrict},
			Within: &procedure.Span{Figure: "review", Unit: calendar.Workday}, Options: options(),
		}},
	}
}

func options() []procedure.Option {
	return []procedure.Option{
		{Answer: procedure.Agree, Label: "同意", Effect: procedure.Forward},
		{Answer: procedure.Object, Label: "不同意", Effect: procedure.Stop, Opinion: true, Danger: true},
		{Answer: procedure.Paid, Label: "已拨付", Effect: procedure.Forward, Attachment: true},
		{Answer: procedure.Return, Label: "退回", Effect: procedure.Back, Opinion: true},
	}
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	f := newFake()
	w := &world{fake: f, t: t, log: &bytes.Buffer{}, kind: kindOf(), taskID: "XW-ZR-2026-014.7", doneID: "XW-ZR-2026-014.3"}
	f.now, f.clock = time.Date(2026, 9, 21, 10, 0, 0, 0, calendar.Zone), procedure.RealClock()
	unit := func(code, name string, level procedure.Level, parent, path, district string) {
		f.units = append(f.units, record.Unit{Code: code, Name: name, Level: level, Parent: parent, Path: path, District: district})
	}
	unit("YT", "云汀市", procedure.City, "", "/YT/", "")
	unit("XW", "星梧区", procedure.District, "YT", "/YT/XW/", "XW")
	unit("XW-TJ", "区统计局", procedure.Department, "XW", "/YT/XW/XW-TJ/", "XW")
	unit("XW-CZ", "区财政局", procedure.Department, "XW", "/YT/XW/XW-CZ/", "XW")
	unit("XW-SG", "区委社会工作部", procedure.Department, "XW", "/YT/XW/XW-SG/", "XW")
	unit("XW-01", "梧桐里街道办事处", procedure.Street, "XW", "/YT/XW/XW-01/", "XW")
	unit("XW-02", "望潮街道办事处", procedure.Street, "XW", "/YT/XW/XW-02/", "XW")
	unit("0101", "槐荫社区", procedure.Community, "XW-01", "/YT/XW/XW-01/0101/", "XW")
	unit("HC", "海潮区", procedure.District, "YT", "/YT/HC/", "HC")
	w.polls = newFakePolls(f.now)
	w.polls.seen = func(s record.Scope) (record.Case, bool) {
		c, err := f.Case(t.Context(), s, pollNumber)
		return c, err == nil
	}
	w.inbox = newFakeInbox()
	w.ops = newFakeOps(func() []record.Unit { return f.units })
	hash, err := argon2id.CreateHash(testPassword, cheap())
	require.NoError(t, err)
	user := func(id, name, unit string, role procedure.Role) {
		f.users[id], f.hashes[id] = record.User{ID: id, Name: name}, hash
		unitName := ""
		for _, u := range f.units {
			if u.Code == unit {
				unitName = u.Name
			}
		}
		f.posts = append(f.posts, record.Post{ID: "p-" + id, User: id, Unit: unit, UnitName: unitName, Role: role, RoleName: role.Title(), From: "2026-01-01"})
	}
	user("clerk", "示例-孙一", "XW-TJ", procedure.DepartmentClerk)
	user("office", "示例-钱二", "XW-SG", procedure.AdmissionOffice)
	user("member", "示例-李四", "XW-CZ", procedure.AdmissionMember)
	user("colleague", "示例-王五", "XW-CZ", procedure.AdmissionMember)
	user("street", "示例-周六", "XW-01", procedure.StreetOffice)
	user("street2", "示例-吴七", "XW-02", procedure.StreetOffice)
	user("director", "示例-郑八", "0101", procedure.CommunityDirector)
	user("operator", "示例-冯九", "XW", procedure.Operator)
	user("admin", "示例-陈十", "XW", procedure.Admin)
	user("auditor", "示例-褚一", "XW", procedure.Auditor)
	user("inspector", "示例-郭三", "XW", procedure.Supervision)
	user("stranger", "示例-卫二", "HC", procedure.AdmissionOffice)
	number := "XW-ZR-2026-014"
	f.cases[number] = record.Case{Number: number, Kind: "admission", KindName: "社区工作准入", Title: "摸底登记", State: procedure.Running,
		District: "XW", Unit: "XW-TJ", UnitName: "区统计局", Seq: 7}
	f.paths[number] = "/YT/XW/XW-TJ/"
	finance := procedure.Holder{Unit: "XW-CZ", UnitName: "区财政局", Role: procedure.AdmissionMember, RoleName: "联审成员"}
	due, at := time.Date(2026, 9, 24, 0, 0, 0, 0, calendar.Zone), f.now.Add(-time.Hour)
	f.tasks = []record.Task{
		{ID: w.doneID, Case: number, CaseTitle: "摸底登记", Kind: "admission", Stage: "file", Title: "补正", State: record.TaskDone,
			Holder: procedure.Holder{Unit: "XW-TJ", UnitName: "区统计局", Role: procedure.DepartmentClerk}, ClosedAt: &at, ActorName: "示例-孙一", Label: "提交"},
		{ID: w.taskID, Case: number, CaseTitle: "摸底登记", Kind: "admission", Stage: "review", Title: "会审", Does: "填报会审意见", Round: 1,
			State: record.TaskOpen, Holder: finance, Options: options(), Due: &due, Day: "2026-09-23", OpenedAt: at},
	}
	f.copies = []record.Copy{{ID: number + ".5", Case: number, To: procedure.Holder{Unit: "XW-01", UnitName: "梧桐里街道办事处", Role: procedure.StreetOffice}}}
	f.notices = []record.Notice{
		{ID: number + ".n6", Case: number, District: "XW", Title: "方案公示", From: at, Until: "2026-09-20", Objections: "2026-09-21"},
		{ID: "XW.2026.2", District: "XW", Version: "2026.2", ReplacedBy: "2026.3", Title: "社区工作清单（2026.2）", From: at},
	}
	f.lists = []record.ListVersion{
		{District: "XW", Version: "2026.3", Items: []procedure.ListItem{{No: "20", Title: "APP 下载率", Kind: "negative", Keywords: []string{"扫码率"}}, {No: "21", Title: "摸底", Kind: "assist"}}},
		{District: "XW", Version: "2026.2", Items: []procedure.ListItem{{No: "20", Title: "APP 下载率", Kind: "negative"}, {No: "3", Title: "居务公开", Kind: "duty"}}},
	}
	o := Options{
		Reader: f, Commands: f, Drafts: f, Files: f, People: f, Onces: f, Logins: f, Sessions: sessionStore{f}, Engine: f, Blobs: f,
		Polling:    Polling{Polls: w.polls, Box: w.polls, Rolls: w.polls, Ledger: w.polls, Codes: testSecret(), PublicURL: "https://vote.example"},
		Notifying:  w.inbox.notifying(),
		Operations: Operations{Incidents: w.ops, Views: w.ops, Sweeper: w.ops, Proposals: w.ops, Machine: w.ops, Batches: w.ops, Starter: w.ops, Vitals: &w.vitals},
		Catalog:    func() []procedure.Procedure { return []procedure.Procedure{w.kind} }, Intakes: map[procedure.Kind]Intake{"admission": intake{}},
		Now: func() time.Time { defer f.lock()(); return f.now }, Clock: func() procedure.Clock { defer f.lock()(); return f.clock },
		Demo: true, DemoClock: jumper{f}, DemoPassword: testPassword, DemoFaults: &fakeFaults{},
		Logger: slog.New(slog.NewJSONHandler(&lockedWriter{w: w.log}, nil)),
	}
	for _, c := range change {
		c(&o)
	}
	s, err := New(o)
	require.NoError(t, err)
	s.gate = newGate(cheap())
	s.wall = time.Now
	s.hub.every, s.beat = 2*time.Millisecond, 10*time.Millisecond
	t.Cleanup(s.Close)
	w.s = s
	return w
}

// lockedWriter lets several goroutines log.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// client is a browser: it keeps its cookie.
type client struct {
	t      *testing.T
	h      http.Handler
	cookie string
	head   http.Header
	addr   string
}

func (w *world) client() *client {
	return &client{t: w.t, h: w.s.Handler(), head: http.Header{}, addr: "127.0.0.1:5000"}
}

// as signs somebody in.
func (w *world) as(login string) *client {
	w.t.Helper()
	c := w.client()
	r := c.do(http.MethodPost, "/session", map[string]string{"login": login, "password": testPassword})
	require.Equal(w.t, http.StatusOK, r.Code, r.Body.String())
	return c
}

var keys atomic.Int64

func newKey() string { return fmt.Sprintf("key-%016d", keys.Add(1)) }

// do sends a request with a fresh key. The body is JSON, raw text, or nothing.
func (c *client) do(method, path string, body any, heads ...string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.keyed(newKey(), method, path, body, heads...)
}

func (c *client) keyed(key, method, path string, body any, heads ...string) *httptest.ResponseRecorder {
	c.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(c.t, err)
		reader = bytes.NewReader(raw)
	}
	r := httptest.NewRequestWithContext(c.t.Context(), method, prefix+path, reader)
	r.RemoteAddr = c.addr
	r.Header = c.head.Clone()
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set(keyHeader, key)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	for i := 0; i+1 < len(heads); i += 2 {
		r.Header.Set(heads[i], heads[i+1])
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	for _, k := range rec.Result().Cookies() {
		c.cookie = k.Name + "=" + k.Value
	}
	return rec
}

// read decodes an answer.
func read[T any](t *testing.T, r *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &v), r.Body.String())
	return v
}

// refusedWith proves that an answer is a problem in Chinese with a status and a code.
func refusedWith(t *testing.T, r *httptest.ResponseRecorder, status int, code string) Problem {
	t.Helper()
	require.Equal(t, status, r.Code, r.Body.String())
	require.Equal(t, problemType, r.Header().Get("Content-Type"))
	p := read[Problem](t, r)
	require.Equal(t, code, p.Code, r.Body.String())
	require.Equal(t, status, p.Status)
	require.Equal(t, procedure.FullStop(p.Detail), p.Detail, "a sentence ends with a full stop")
	require.Truef(t, chinese(p.Detail) && chinese(p.Title), "%q is not Chinese", p.Detail)
	return p
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

func (w *world) taskPath(id string) string { return "/tasks/" + id }
