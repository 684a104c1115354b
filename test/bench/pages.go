package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongzhi/record"
)

// mostPage is what a page of the console may take.
const mostPage = 100 * time.Millisecond

// page is one kind of page: the addresses it asks for. {case}, {clock} and {task} stand for one that the person sees.
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
	{"case: deadline ledger", []string{clockPath}},
	{"case: verify", []string{"/cases/{case}/verify"}},
	{"task", []string{"/tasks/{task}"}},
	{"lists", []string{"/lists?district=XW"}},
	{"list: current, diff, search", []string{"/lists/XW/versions/current", "/lists/XW/versions/2026.2", "/lists/XW/diff?from=2026.1",
		"/lists/XW/search?q=" + url.QueryEscape("防汛物资清点")}},
	{"catalogue, units, people", []string{"/procedures", "/procedures/admission", "/units", "/units/XW-SGB/people", "/users?text=" + url.QueryEscape("示例"), "/session", "/drafts", "/calendars"}},
}

// clockPath stands for the ledger of a clock that the person sees.
const clockPath = "/cases/{case}/deadlines/{clock}"

// readers are the people who look: offices that see a whole district, those who see little, and those whose work it is to look.
var readers = []string{"office.qian", "lxh.zhao", "zzb.he", "jd01.jin", "sq0101.tao", "tjj.sun", "dc.hua", "ops.bai", "lh-bg.admission-office", "lh-0410.community-director"}

// pages measures every page on both databases.
func pages(ctx context.Context, b *bench) error {
	fmt.Fprintln(b.out, "The time of whole requests to the API over the loopback, one after the other, for people who see much or little; every list\nalso one page further. First requests count.")
	for _, d := range b.databases() {
		if err := b.databasePages(ctx, d); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}

func (b *bench) databasePages(ctx context.Context, d database) (err error) {
	dir, err := b.folder("pages-" + d.name)
	if err != nil {
		return err
	}
	address, drop, err := d.make(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	st, err := prepare(ctx, address)
	if err != nil {
		return err
	}
	in, err := b.seedCases(ctx, st)
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n%s: %d cases, %d of them open, %d events, written in %s\n", d.name, in.cases, in.open, in.events, in.took.Round(100*time.Millisecond))
	s, err := b.start(ctx, dir, address, d.split)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	var measured []look
	people := readers
	if b.quick {
		people = readers[:3]
	}
	for _, login := range people {
		seen, err := b.read(ctx, s.base, login)
		if err != nil {
			return err
		}
		measured = append(measured, seen...)
	}
	return b.printPages(measured)
}

// look is one request.
type look struct {
	page, who, path string
	query           string // the address before anything is filled in: what is asked for the same way several times
	took            time.Duration
	failed          error // the API's refusal
}

// read has a person look at every page.
func (b *bench) read(ctx context.Context, base, login string) ([]look, error) {
	u, err := signIn(ctx, base, login)
	if err != nil {
		return nil, err
	}
	defer u.close()
	things, err := findThings(ctx, u)
	if err != nil {
		return nil, err
	}
	repeat := 8
	if b.quick {
		repeat = 2
	}
	var out []look
	for _, p := range allPages {
		for _, template := range p.paths {
			for n := range repeat {
				path, ok := things.fill(template, n)
				if !ok {
					break // nothing of the kind is visible to this person
				}
				for further := range 2 {
					began := time.Now()
					status, raw, err := u.send(ctx, http.MethodGet, path, nil)
					out = append(out, look{p.name, login, path, fmt.Sprintf("%s %s %d", login, template, further), time.Since(began), err})
					if status == 0 || ctx.Err() != nil {
						return nil, fmt.Errorf("%s: %w", login, err)
					}
					if err != nil {
						break
					}
					var list struct{ Next string }
					if json.Unmarshal(raw, &list) != nil || list.Next == "" { // an array, or the last page
						break
					}
					mark := "?"
					if strings.Contains(path, "?") {
						mark = "&"
					}
					path += mark + "after=" + url.QueryEscape(list.Next)
				}
			}
		}
	}
	return out, nil
}

// things are what a person sees and may open.
type things struct{ cases, clocks, tasks []string }

func findThings(ctx context.Context, u *user) (things, error) {
	var t things
	for _, sort := range []string{"due", "changed", "started"} {
		var list record.Page[record.Case]
		if err := u.get(ctx, "/cases?limit=200&sort="+sort, &list); err != nil {
			return t, err
		}
		for _, c := range list.Items {
			t.cases = append(t.cases, c.Number)
		}
	}
	for i := 0; i < len(t.cases); i += max(len(t.cases)/20, 1) {
		var d struct {
			Tasks     []record.Task     `json:"tasks"`
			Deadlines []record.Deadline `json:"deadlines"`
		}
		if err := u.get(ctx, "/cases/"+url.PathEscape(t.cases[i]), &d); err != nil {
			return t, err
		}
		for _, task := range d.Tasks {
			t.tasks = append(t.tasks, task.ID)
		}
		for _, k := range d.Deadlines {
			t.clocks = append(t.clocks, "/cases/"+url.PathEscape(t.cases[i])+"/deadlines/"+url.PathEscape(k.Clock))
		}
	}
	return t, nil
}

// fill puts the n-th thing that a person sees into an address.
func (t things) fill(template string, n int) (string, bool) {
	if template == clockPath {
		return pick(t.clocks, n)
	}
	for name, list := range map[string][]string{"{case}": t.cases, "{task}": t.tasks} {
		if !strings.Contains(template, name) {
			continue
		}
		id, ok := pick(list, n)
		return strings.Replace(template, name, url.PathEscape(id), 1), ok
	}
	return template, true
}

func pick(list []string, n int) (string, bool) {
	if len(list) == 0 {
		return "", false
	}
	return list[n*37%len(list)], true
}

// printPages prints a line for each kind of page. What is held against the requirement is the slowest query of the kind, by the
// median of its repetitions: a single slow request says more about the machine.
func (b *bench) printPages(looks []look) error {
	var rows [][]string
	for _, p := range allPages {
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
		slowest, median := "", time.Duration(-1)
		for query, each := range queries {
			if m := each.at(50); m > median || m == median && query < slowest {
				slowest, median = query, m
			}
		}
		if plain, err := url.QueryUnescape(slowest); err == nil {
			slowest = plain
		}
		rows = append(rows, []string{p.name, strconv.Itoa(len(took)), ms(took.at(50)), ms(took.at(95)), ms(took.at(100)), ms(median),
			verdict(median < mostPage), slowest})
	}
	if err := b.table("page|requests|p50 ms|p95 ms|max ms|slowest query ms|< 100 ms|which (person, address, pages on)", rows); err != nil {
		return err
	}
	told := map[string]bool{}
	for _, l := range looks {
		if l.failed != nil && !told[l.path] {
			told[l.path] = true
			fmt.Fprintf(b.out, "not measured, the API refuses it: %s: %v\n", l.who, l.failed)
		}
	}
	return nil
}
