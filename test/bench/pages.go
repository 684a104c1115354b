package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongzhi/record"
	"gongzhi/store"
)

// mostPage is what a page of the console may take.
const mostPage = 100 * time.Millisecond

// page is one kind of page: the addresses it asks for. {case}, {task} and the like stand for one that the person sees.
type page struct {
	name  string
	paths []string
}

// allPages is what the console shows to everybody.
var allPages = []page{
	{"desk: todo", []string{"/tasks?box=todo", "/tasks?box=todo&due=yellow", "/tasks?box=todo&due=red", "/tasks?box=todo&due=today",
		"/tasks?box=todo&text=" + url.QueryEscape("防汛"), "/tasks?box=todo&text=" + url.QueryEscape("没有这样的")}},
	{"desk: done", []string{"/tasks?box=done", "/tasks?box=done&text=" + url.QueryEscape("防汛")}},
	{"desk: overdue", []string{"/tasks?box=overdue"}},
	{"desk: started", []string{"/cases?mine=true", "/cases?mine=true&open=true&sort=started"}},
	{"desk: copies", []string{"/copies", "/copies?unread=true"}},
	{"desk: counts", []string{"/tasks/counts"}},
	{"cases", []string{"/cases", "/cases?limit=200", "/cases?sort=started", "/cases?sort=changed", "/cases?open=true"}},
	{"cases: filters", []string{"/cases?kind=admission", "/cases?kind=refusal&sort=changed", "/cases?state=completed", "/cases?state=running&card=yellow",
		"/cases?state=withdrawn", "/cases?card=red", "/cases?unit=XW-01", "/cases?unit=0201", "/cases?unit=LH-04&kind=refusal"}},
	{"cases: search", []string{"/cases?text=" + url.QueryEscape("防汛"), "/cases?text=2026-077", "/cases?text=" + url.QueryEscape("没有这样的"),
		"/cases?text=" + url.QueryEscape("槐荫"), "/cases?sort=changed&text=" + url.QueryEscape("孙一")}},
	{"case", []string{"/cases/{case}"}},
	{"case: events", []string{"/cases/{case}/events", "/cases/{case}/events?limit=500"}},
	{"case: deadline ledger", []string{"{ledger}"}},
	{"case: verify", []string{"/cases/{case}/verify"}},
	{"task", []string{"/tasks/{task}"}},
	{"lists", []string{"/lists?district=XW"}},
	{"list: current, diff, search", []string{"/lists/XW/versions/current", "/lists/XW/versions/2026.2", "/lists/XW/diff?from=2026.1",
		"/lists/XW/search?q=" + url.QueryEscape("防汛物资清点")}},
	{"catalogue, units, people", []string{"/procedures", "/procedures/admission", "/units", "/units/XW-SGB/people", "/users?text=" + url.QueryEscape("示例"), "/session", "/drafts", "/calendars"}},
}

// readers are the people who look: offices that see a whole district, those who see little, and those whose work it is to look.
var readers = []string{"office.qian", "lxh.zhao", "zzb.he", "jd01.jin", "sq0101.tao", "tjj.sun", "dc.hua", "ops.bai", "lh-bg.admission-office", "lh-0410.community-director"}

// pages measures every page on both databases.
func pages(ctx context.Context, b *bench) error {
	fmt.Fprintln(b.out, "The time of whole requests to the API over the loopback, one after the other, for people who see much or little; every list\nalso one page further. First requests count.")
	return b.onEach(ctx, "pages", func(ctx context.Context, p *place) error { return p.pages(ctx) })
}

func (p *place) pages(ctx context.Context) error {
	var in seeded
	err := p.stored(ctx, func(s *store.Store) (err error) {
		in, err = p.seedCases(ctx, s)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d cases, %d of them open, %d events, written in %s\n", in.cases, in.open, in.events, in.took.Round(100*time.Millisecond))
	people := readers
	if p.quick {
		people = readers[:3]
	}
	var measured []look
	err = p.running(ctx, func(s *shape) error {
		for _, login := range people {
			seen, err := p.read(ctx, s.base, login, allPages, findThings)
			if err != nil {
				return err
			}
			measured = append(measured, seen...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.printPages(allPages, measured, slowestQuery)
}

// look is one request.
type look struct {
	page, who, path string
	query           string // the address before anything is filled in: what is asked for the same way several times
	took            time.Duration
	failed          error // the API's refusal
}

// read has a person look at every page, with the things that find says he sees.
func (b *bench) read(
	ctx context.Context, base, login string, list []page, find func(ctx context.Context, u *user) (things, error),
) ([]look, error) {
	u, err := signIn(ctx, base, login)
	if err != nil {
		return nil, err
	}
	defer u.close()
	seen, err := find(ctx, u)
	if err != nil {
		return nil, err
	}
	repeat := 8
	if b.quick {
		repeat = 2
	}
	var out []look
	for _, p := range list {
		for _, template := range p.paths {
			for n := range repeat {
				path, ok := seen.fill(template, n)
				if !ok {
					break // nothing of the kind is visible to this person
				}
				looks, err := u.browse(ctx, path)
				for further, l := range looks {
					l.page, l.query = p.name, fmt.Sprintf("%s %s %d", login, template, further)
					out = append(out, l)
				}
				if err != nil {
					return nil, fmt.Errorf("%s: %w", login, err)
				}
			}
		}
	}
	return out, nil
}

// browse asks for an address and, of a list, for the page after it. An error is not the API's refusal: there was no answer.
func (u *user) browse(ctx context.Context, path string) ([]look, error) {
	var out []look
	for range 2 {
		began := time.Now()
		status, raw, err := u.send(ctx, http.MethodGet, path, nil)
		out = append(out, look{who: u.login, path: path, took: time.Since(began), failed: err})
		if status == 0 || ctx.Err() != nil {
			return nil, err
		}
		var list struct{ Next string }
		if err != nil || json.Unmarshal(raw, &list) != nil || list.Next == "" { // an array, or the last page
			break
		}
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		path += mark + "after=" + url.QueryEscape(list.Next)
	}
	return out, nil
}

// things are what a person sees and may open, by what stands for it in an address. They are ready to be put there.
type things map[string][]string

func findThings(ctx context.Context, u *user) (things, error) {
	t := things{"{case}": nil, "{ledger}": nil, "{task}": nil}
	for _, sort := range []string{"due", "changed", "started"} {
		var list record.Page[record.Case]
		if err := u.get(ctx, "/cases?limit=200&sort="+sort, &list); err != nil {
			return t, err
		}
		for _, c := range list.Items {
			t["{case}"] = append(t["{case}"], url.PathEscape(c.Number))
		}
	}
	cases := t["{case}"]
	for i := 0; i < len(cases); i += max(len(cases)/20, 1) {
		var d struct {
			Tasks     []record.Task     `json:"tasks"`
			Deadlines []record.Deadline `json:"deadlines"`
		}
		if err := u.get(ctx, "/cases/"+cases[i], &d); err != nil {
			return t, err
		}
		for _, task := range d.Tasks {
			t["{task}"] = append(t["{task}"], url.PathEscape(task.ID))
		}
		for _, k := range d.Deadlines {
			t["{ledger}"] = append(t["{ledger}"], "/cases/"+cases[i]+"/deadlines/"+url.PathEscape(k.Clock))
		}
	}
	return t, nil
}

// fill puts the n-th thing that a person sees into an address.
func (t things) fill(template string, n int) (string, bool) {
	for name, list := range t {
		if strings.Contains(template, name) {
			id, ok := pick(list, n)
			return strings.Replace(template, name, id, 1), ok
		}
	}
	return template, true
}

func pick(list []string, n int) (string, bool) {
	if len(list) == 0 {
		return "", false
	}
	return list[n*37%len(list)], true
}

// judge says what of the requests for one kind of page is held against which requirement.
type judge struct {
	head string
	most time.Duration
	held func(all sample, slowest time.Duration) time.Duration
}

// slowestQuery holds the slowest query of the kind, by the median of its repetitions: a single slow request says more about the
// machine.
var slowestQuery = judge{"< 100 ms", mostPage, func(_ sample, slowest time.Duration) time.Duration { return slowest }}

// printPages prints a line for each kind of page.
func (b *bench) printPages(list []page, looks []look, j judge) error {
	var rows [][]string
	for _, p := range list {
		var took sample
		queries := map[string]sample{}
		for _, l := range looks {
			if l.page == p.name && l.failed == nil {
				took = append(took, l.took)
				queries[l.query] = append(queries[l.query], l.took)
			}
		}
		if len(took) == 0 {
			rows = append(rows, []string{p.name, "0", "", "", "", "", "", "not measured"})
			continue
		}
		which, median := slowest(queries)
		rows = append(rows, []string{p.name, strconv.Itoa(len(took)), ms(took.at(50)), ms(took.at(95)), ms(took.at(100)), ms(median),
			verdict(j.held(took, median) < j.most), which})
	}
	err := b.table("page|requests|p50 ms|p95 ms|max ms|slowest query ms|"+j.head+"|which (person, address, pages on)", rows)
	b.printRefused(looks)
	return err
}

// slowest finds the query with the greatest median.
func slowest(queries map[string]sample) (which string, median time.Duration) {
	median = -1
	for query, each := range queries {
		if m := each.at(50); m > median || m == median && query < which {
			which, median = query, m
		}
	}
	if plain, err := url.QueryUnescape(which); err == nil {
		which = plain
	}
	return which, median
}

func (b *bench) printRefused(looks []look) {
	told := map[string]bool{}
	for _, l := range looks {
		if l.failed != nil && !told[l.path] {
			told[l.path] = true
			fmt.Fprintf(b.out, "not measured, the API refuses it: %s: %v\n", l.who, l.failed)
		}
	}
}
