package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/demo"
	"gongzhi/ops"
	"gongzhi/record"
	"gongzhi/server"
)

// stuckPages are the pages of whoever watches over what stands still.
var stuckPages = []page{
	{"list", []string{"/incidents", "/incidents?limit=200", "/incidents?state=assigned", "/incidents?state=all", "/incidents?state=resolved"}},
	{"list: filters", []string{"/incidents?kind=overdue", "/incidents?kind=silent", "/incidents?unit={unit}", "/incidents?case={case}",
		"/incidents?assignee=me", "/incidents?text=" + url.QueryEscape("形式审查"), "/incidents?text=" + url.QueryEscape("没有这样的")}},
	{"list: counts, trend", []string{"/incidents/counts"}},
	{"list: saved views", []string{"/views", "/views?page=ops"}},
	{"incident", []string{"/incidents/{incident}", "/incidents/{large}"}},
	{"case of an operator", []string{"/cases/{case}"}},
	{"case: inside the engine", []string{"/cases/{begun}/inside"}},
	{"case: events, deliveries", []string{"/cases/{case}/events", "/cases/{case}/deliveries"}},
	{"health: detectors", []string{"/incidents/runs"}},
	{"health: messages", []string{"/notify/health"}},
	{"health: queues, database, engine", []string{"/ops/health"}},
	{"second opinions, batches", []string{"/remedies", "/batches"}},
	{"board of deadlines", []string{"/board/deadlines", "/board/deadlines?days=60", "/board/deadlines?unit=XW-01",
		"/board/deadlines/tasks?column=overdue", "/board/deadlines/tasks?column=undated", "/board/deadlines/tasks?column={day}"}},
	{"figures of a quarter", []string{"/reports/performance", "/reports/performance?kind=admission", "/reports/performance?unit=XW-SGB"}},
}

// watchmen are those who look at these pages.
var watchmen = []string{"ops.bai", "dc.hua", "audit.dou", "admin.shui"}

// p95 holds the 95th percentile of all requests for a kind of page.
var p95 = judge{"p95 < 200 ms", mostLook, func(all sample, _ time.Duration) time.Duration { return all.at(95) }}

// pages has those who watch look at every page.
func (x *standstill) pages(ctx context.Context, s *shape) error {
	people := watchmen
	if x.quick {
		people = people[:1]
	}
	var measured []look
	for _, login := range people {
		seen, err := x.read(ctx, s.base, login, stuckPages, x.find)
		if err != nil {
			return err
		}
		measured = append(measured, seen...)
	}
	var counts ops.Counts
	if err := x.operator.get(ctx, "/incidents/counts", &counts); err != nil {
		return err
	}
	var kinds []string
	for _, k := range counts.Kinds {
		if k.Count > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %d", k.Kind, k.Count))
		}
	}
	fmt.Fprintf(x.out, "\non the list: %d (%s)\n", counts.Total, strings.Join(kinds, ", "))
	return x.printPages(stuckPages, measured, p95)
}

// find is what somebody who watches sees.
func (x *standstill) find(ctx context.Context, u *user) (things, error) {
	t := things{"{incident}": nil, "{large}": nil, "{case}": nil, "{unit}": {demo.District, "XW-SGB", "XW-01", "0202"}, "{begun}": nil, "{day}": nil}
	for i := range 7 {
		t["{day}"] = append(t["{day}"], calendar.DateOf(time.Now()).AddDays(i+1).String())
	}
	for _, number := range x.real() {
		if strings.HasPrefix(number, demo.District) {
			t["{begun}"] = append(t["{begun}"], url.PathEscape(number))
		}
	}
	for _, kind := range ops.Kinds() {
		var list record.Page[server.IncidentView]
		if err := u.get(ctx, "/incidents?limit=20&kind="+string(kind), &list); err != nil {
			return t, err
		}
		for _, i := range list.Items {
			name := "{incident}"
			if i.Count > 30 {
				name = "{large}"
			}
			t[name] = append(t[name], i.ID)
			for _, c := range i.Cases {
				t["{case}"] = append(t["{case}"], url.PathEscape(c.Number))
			}
		}
	}
	return t, nil
}
