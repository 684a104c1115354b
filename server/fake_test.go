package server

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// fake is a store, an engine and a blob store in memory. It does what the interfaces say, and nothing more.
type fake struct {
	mu          sync.Mutex
	now         time.Time
	clock       procedure.Clock
	units       []record.Unit
	users       map[string]record.User
	hashes      map[string]string
	posts       []record.Post
	delegations []record.Delegation
	cases       map[string]record.Case
	paths       map[string]string // of the initiator's unit
	tasks       []record.Task
	copies      []record.Copy
	deadlines   map[string][]record.Deadline
	events      map[string][]procedure.Event
	commands    map[string]record.Command
	drafts      map[string]record.Draft
	files       map[string]record.Attachment
	blobs       map[string][]byte
	lists       []record.ListVersion
	notices     []record.Notice
	asked       record.NoticeFilter // last
	changes     []record.Change
	once        map[string]onceRow
	attempts    map[string]attemptRow
	sessions    map[string]sessionRow
	sent        []record.Command
	// engine answers for the fake's engine; nil means: done.
	engine   func(c record.Command) (procedure.Receipt, error)
	broken   error // what every case read fails with
	starting error // what StartCase refuses with
	figures  figures
}

type onceRow struct {
	digest string
	answer []byte
	done   bool
}

type attemptRow struct {
	n  int
	at time.Time
}

type sessionRow struct {
	data   []byte
	expiry time.Time
}

func newFake() *fake {
	return &fake{
		users: map[string]record.User{}, hashes: map[string]string{}, cases: map[string]record.Case{}, paths: map[string]string{},
		deadlines: map[string][]record.Deadline{}, events: map[string][]procedure.Event{}, commands: map[string]record.Command{},
		drafts: map[string]record.Draft{}, files: map[string]record.Attachment{}, blobs: map[string][]byte{},
		once: map[string]onceRow{}, attempts: map[string]attemptRow{}, sessions: map[string]sessionRow{},
	}
}

func gone(what string) error {
	return procedure.Errorf(procedure.NotFound, what+".not_found", "没有找到。")
}

func (f *fake) lock() func() { f.mu.Lock(); return f.mu.Unlock }

func (f *fake) sees(scope record.Scope, number string) bool {
	return slices.ContainsFunc(scope, func(g record.Grant) bool {
		if !f.about(g, number) {
			return false
		}
		return g.Everything || slices.ContainsFunc(g.Paths, func(p string) bool { return strings.HasPrefix(f.paths[number], p) }) ||
			slices.ContainsFunc(f.tasks, func(t record.Task) bool { return t.Case == number && holds(g, t.Holder) })
	})
}

// about tells whether a case is of the procedures of a grant.
func (f *fake) about(g record.Grant, number string) bool {
	return len(g.Kinds) == 0 || slices.Contains(g.Kinds, f.cases[number].Kind)
}

func (f *fake) holds(scope record.Scope, number string, h procedure.Holder) bool {
	return slices.ContainsFunc(scope, func(g record.Grant) bool { return f.about(g, number) && holds(g, h) })
}

func holds(g record.Grant, h procedure.Holder) bool {
	return slices.ContainsFunc(g.Holders, func(s procedure.Holder) bool {
		return h.User != "" && s.User == h.User || h.User == "" && s.Unit == h.Unit && s.Role == h.Role && s.Role != ""
	})
}

func (f *fake) Case(_ context.Context, scope record.Scope, number string) (record.Case, error) {
	defer f.lock()()
	if f.broken != nil {
		return record.Case{}, f.broken
	}
	c, ok := f.cases[number]
	if !ok || !f.sees(scope, number) {
		return record.Case{}, gone("case")
	}
	return c, nil
}

func (f *fake) Cases(_ context.Context, scope record.Scope, _ record.CaseFilter) (record.Page[record.Case], error) {
	defer f.lock()()
	var p record.Page[record.Case]
	for n, c := range f.cases {
		if f.sees(scope, n) {
			p.Items = append(p.Items, c)
		}
	}
	slices.SortFunc(p.Items, func(a, b record.Case) int { return strings.Compare(a.Number, b.Number) })
	return p, nil
}

func (f *fake) CaseTasks(_ context.Context, number string) ([]record.Task, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.tasks), func(t record.Task) bool { return t.Case != number }), nil
}

func (f *fake) CaseDesk(ctx context.Context, scope record.Scope, number string) (record.Desk, error) {
	c, err := f.Case(ctx, scope, number)
	if err != nil {
		return record.Desk{}, err
	}
	defer f.lock()()
	d := record.Desk{Case: c, Stages: []record.Stage{{Stage: "file", Title: "申请", Round: 1}, {Stage: "review", Title: "会审", Round: 1}}}
	for _, t := range f.tasks {
		if t.Case == number {
			d.Tasks = append(d.Tasks, t)
		}
	}
	return d, nil
}

func (f *fake) CaseDeadlines(_ context.Context, number string) ([]record.Deadline, error) {
	defer f.lock()()
	return slices.Clone(f.deadlines[number]), nil
}
func (f *fake) CaseWaits(context.Context, string) ([]record.Wait, error) { return nil, nil }
func (f *fake) CaseCopies(_ context.Context, number string) ([]record.Copy, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.copies), func(c record.Copy) bool { return c.Case != number }), nil
}
func (f *fake) CaseNotices(context.Context, string) ([]record.Notice, error) { return f.notices, nil }
func (f *fake) CaseFiling(_ context.Context, number string) (record.Filing, error) {
	return record.Filing{Case: number, Form: []byte(`{"title":"x"}`)}, nil
}
func (f *fake) Events(_ context.Context, number string, after int64, limit int) ([]procedure.Event, error) {
	defer f.lock()()
	all := f.events[number]
	all = all[min(int(after), len(all)):]
	return all[:min(limit, len(all))], nil
}

func (f *fake) VerifyCase(_ context.Context, number string) (record.Verification, error) {
	defer f.lock()()
	v := record.Verification{Case: number}
	for _, e := range f.events[number] {
		if e.Seq != v.Events+1 || e.Prev != v.Head || e.Sum() != e.Hash {
			v.Broken = append(v.Broken, record.Break{Seq: e.Seq, Why: "内容与校验值不符"})
		}
		v.Events, v.Head = e.Seq, e.Hash
	}
	return v, nil
}

func (f *fake) Task(_ context.Context, scope record.Scope, id string) (record.Task, error) {
	defer f.lock()()
	for _, t := range f.tasks {
		if t.ID == id && f.sees(scope, t.Case) {
			return t, nil
		}
	}
	return record.Task{}, gone("task")
}
func (f *fake) Tasks(_ context.Context, scope record.Scope, _ record.TaskFilter) (record.Page[record.Task], error) {
	defer f.lock()()
	var p record.Page[record.Task]
	for _, t := range f.tasks {
		if f.holds(scope, t.Case, t.Holder) {
			p.Items = append(p.Items, t)
		}
	}
	return p, nil
}
func (f *fake) Counts(_ context.Context, scope record.Scope, _ string) (record.Counts, error) {
	defer f.lock()()
	var c record.Counts
	for _, t := range f.tasks {
		if f.holds(scope, t.Case, t.Holder) && unfinished(t) {
			c.Todo++
		}
	}
	return c, nil
}
func (f *fake) Copies(_ context.Context, scope record.Scope, _ bool, _ string, _ int) (record.Page[record.Copy], error) {
	defer f.lock()()
	return record.Page[record.Copy]{Items: slices.DeleteFunc(slices.Clone(f.copies), func(c record.Copy) bool { return !f.holds(scope, c.Case, c.To) })}, nil
}

func (f *fake) Units(context.Context) ([]record.Unit, error) {
	defer f.lock()()
	return slices.Clone(f.units), nil
}
func (f *fake) Unit(_ context.Context, code string) (record.Unit, error) {
	defer f.lock()()
	for _, u := range f.units {
		if u.Code == code {
			return u, nil
		}
	}
	return record.Unit{}, gone("unit")
}
func (f *fake) Users(_ context.Context, text string) ([]record.User, error) {
	defer f.lock()()
	var out []record.User
	for _, u := range f.users {
		if strings.Contains(u.ID+u.Name, text) {
			u.Posts = f.postsOf(u.ID, "")
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b record.User) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}
func (f *fake) UserByLogin(_ context.Context, login string) (record.User, string, error) {
	defer f.lock()()
	u, ok := f.users[login]
	if !ok {
		return record.User{}, "", gone("user")
	}
	return u, f.hashes[login], nil
}
func (f *fake) PostsOf(_ context.Context, user, day string) ([]record.Post, error) {
	defer f.lock()()
	return f.postsOf(user, day), nil
}
func (f *fake) postsOf(user, day string) []record.Post {
	return slices.DeleteFunc(slices.Clone(f.posts), func(p record.Post) bool {
		return p.User != user || day != "" && (p.From > day || p.To != "" && p.To < day)
	})
}
func (f *fake) DelegationsTo(_ context.Context, user, day string) ([]record.Delegation, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.delegations), func(d record.Delegation) bool { return d.To != user || d.Begin > day || d.End < day }), nil
}
func (f *fake) DelegationsOf(_ context.Context, user string) ([]record.Delegation, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.delegations), func(d record.Delegation) bool { return d.To != user }), nil
}
func (f *fake) DelegationsFrom(_ context.Context, user string) ([]record.Delegation, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.delegations), func(d record.Delegation) bool { return d.From != user }), nil
}

func (f *fake) Lists(context.Context, string) ([]record.ListVersion, error) { return f.lists, nil }
func (f *fake) List(_ context.Context, district, version string) (record.ListVersion, error) {
	for _, l := range f.lists {
		if l.District == district && (version == "" || l.Version == version) {
			return l, nil
		}
	}
	return record.ListVersion{}, gone("list")
}
func (f *fake) Drafts(_ context.Context, user string) ([]record.Draft, error) {
	defer f.lock()()
	var out []record.Draft
	for _, d := range f.drafts {
		if d.User == user {
			out = append(out, d)
		}
	}
	return out, nil
}
func (f *fake) Draft(_ context.Context, user, id string) (record.Draft, error) {
	defer f.lock()()
	d, ok := f.drafts[id]
	if !ok || d.User != user {
		return record.Draft{}, gone("draft")
	}
	return d, nil
}
func (f *fake) Command(_ context.Context, id string) (record.Command, error) {
	defer f.lock()()
	c, ok := f.commands[id]
	if !ok {
		return record.Command{}, gone("command")
	}
	return c, nil
}
func (f *fake) Attachment(_ context.Context, id string) (record.Attachment, error) {
	defer f.lock()()
	a, ok := f.files[id]
	if !ok {
		return record.Attachment{}, gone("attachment")
	}
	return a, nil
}
func (f *fake) Attachments(_ context.Context, ids []string) ([]record.Attachment, error) {
	defer f.lock()()
	var out []record.Attachment
	for _, id := range ids {
		if a, ok := f.files[id]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}
func (f *fake) Calendar(context.Context, string) (*calendar.Calendar, error) {
	return calendar.Official(), nil
}
func (f *fake) Changes(_ context.Context, after int64, limit int) ([]record.Change, error) {
	defer f.lock()()
	var out []record.Change
	for _, c := range f.changes {
		if c.ID > after && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}
func (f *fake) LastChange(context.Context) (int64, error) {
	defer f.lock()()
	last := int64(0)
	for _, c := range f.changes {
		last = max(last, c.ID)
	}
	return last, nil
}
func (f *fake) Visible(_ context.Context, scope record.Scope, numbers []string) (map[string]bool, error) {
	defer f.lock()()
	seen := map[string]bool{}
	for _, n := range numbers {
		seen[n] = f.sees(scope, n)
	}
	return seen, nil
}
func (f *fake) NextDue(context.Context) (time.Time, bool, error) {
	return f.now.Add(time.Hour), true, nil
}
func (f *fake) Ping(context.Context) error { return f.broken }
