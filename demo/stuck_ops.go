package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// trouble is one kind of standstill that the story has made.
type trouble struct {
	kind   string
	number string // of the case; empty: of the program
	mend   func(*trouble) error

	incident
}

// incident is a line of the list.
type incident struct {
	ID        string                `json:"id"`
	KindTitle string                `json:"kind_title"`
	State     string                `json:"state"`
	Version   int64                 `json:"version"`
	Since     time.Time             `json:"since"`
	Missing   *time.Time            `json:"missing"`
	How       string                `json:"how"`
	Sentence  struct{ Text string } `json:"sentence"`
	Facts     map[string]string     `json:"facts"`
}

func (s *stuck) add(kind, number string, mend func(*trouble) error) {
	s.troubles = append(s.troubles, &trouble{kind: kind, number: number, mend: mend})
}

// fault makes something that does not happen by itself, or takes it away.
func (s *stuck) fault(name, number string, on bool) error {
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	body := map[string]any{"on": on}
	if number != "" {
		body["case"] = number
	}
	if err := c.Do(s.ctx, http.MethodPut, "/demo/faults/"+name, body, nil); err != nil {
		return fmt.Errorf("演示故障 %s：%w", name, err)
	}
	return nil
}

func (s *stuck) account(login string, enabled bool) error {
	c, err := s.as("admin.shui")
	if err != nil {
		return err
	}
	return c.Do(s.ctx, http.MethodPut, "/users/"+login, map[string]any{"disabled": !enabled}, nil)
}

// failing tells whether an activity of a case fails again and again; it gives the case a moment to begin one.
func (s *stuck) failing(number string) (failing bool, err error) {
	c, err := s.as("ops.bai")
	if err != nil {
		return false, err
	}
	tries := 0
	err = until(s.ctx, number+" 的重试", func() (bool, error) {
		var in struct{ Pending []struct{ Attempt int32 } }
		err := c.Get(s.ctx, "/cases/"+number+"/inside", &in)
		tries++
		failing = len(in.Pending) > 0 && in.Pending[0].Attempt > 3
		return failing || len(in.Pending) == 0 && tries > 30, err
	})
	return failing, err
}

// sweep has the detectors look at once.
func (s *stuck) sweep() error {
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	return c.Do(s.ctx, http.MethodPost, "/incidents/sweep", map[string]any{}, nil)
}

// listed are the incidents of the list that a query chooses.
func (s *stuck) listed(query url.Values) ([]incident, error) {
	c, err := s.as("ops.bai")
	if err != nil {
		return nil, err
	}
	query.Set("limit", "200")
	var page struct{ Items []incident }
	err = c.Get(s.ctx, "/incidents?"+query.Encode(), &page)
	return page.Items, err
}

// find looks for a trouble on the list.
func (s *stuck) find(t *trouble) (bool, error) {
	q := url.Values{"kind": {t.kind}}
	if t.number != "" {
		q.Set("case", t.number)
	}
	list, err := s.listed(q)
	if err != nil || len(list) == 0 {
		return false, err
	}
	t.incident = list[0]
	return true, nil
}

// found has the detectors look until every trouble is on the list.
func (s *stuck) found() error {
	s.note("检测，直到 %d 件都在清单上（反复重试要满 20 秒才算）", len(s.troubles))
	return s.patiently(90*time.Second, func() (string, error) {
		var missing []string
		for _, t := range s.troubles {
			found, err := s.find(t)
			if err != nil {
				return "", err
			}
			if !found {
				missing = append(missing, t.kind+" "+t.number)
			}
		}
		return strings.Join(missing, "、"), nil
	})
}

// patiently sweeps until nothing is missing any more. What is missing at the end is an error.
func (s *stuck) patiently(limit time.Duration, missing func() (string, error)) error {
	ctx, cancel := context.WithTimeout(s.ctx, limit)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if err := s.sweep(); err != nil {
			return err
		}
		left, err := missing()
		if err != nil || left == "" {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("等了 %s，还差：%s", limit, left)
		case <-tick.C:
		}
	}
}

// breakProgram stops the workers and blinds a detector, which keeps no other from looking, and shows the list.
func (s *stuck) breakProgram() error {
	s.add("sweeping", "", func(t *trouble) error { return s.fault("detector", "", false) })
	s.add("no_worker", "", func(t *trouble) error { return s.fault("workers", "", false) })
	for _, name := range []string{"detector", "workers"} {
		if err := s.fault(name, "", true); err != nil {
			return err
		}
	}
	if err := s.pass(time.Minute); err != nil { // every open case wants to take notice
		return err
	}
	s.note("一个检测失败，办理程序全部停止（演示故障）：此后由接口程序自己检测")
	if err := s.found(); err != nil {
		return err
	}
	s.note("二、清单（%d 件）：", len(s.troubles))
	s.show()
	return nil
}

func (s *stuck) show() {
	for i, t := range s.troubles {
		fmt.Fprintf(s.out, "  %2d. 【%s】%s\n      自 %s%s\n", i+1, t.KindTitle, t.Sentence.Text,
			t.Since.In(calendar.Zone).Format("2006-01-02 15:04"), map[bool]string{true: "", false: "，办件 " + t.number}[t.number == ""])
	}
}

// mendAll mends one after the other, the program first: without it nothing else can be.
func (s *stuck) mendAll() error {
	s.note("三、处置：")
	for _, t := range slices.Backward(s.troubles) {
		s.note("【%s】%s", t.KindTitle, t.number)
		if err := t.mend(t); err != nil {
			return fmt.Errorf("处置【%s】%s：%w", t.KindTitle, t.number, err)
		}
		if t.kind == "no_worker" {
			if err := s.working(); err != nil {
				return err
			}
		}
	}
	s.note("机器的原因要安静半分钟到一分钟才算消除：演示时间走两分钟")
	waited := false
	return s.patiently(90*time.Second, func() (string, error) {
		var left []string
		quiet := true
		for _, t := range s.troubles {
			if err := s.refresh(t); err != nil {
				return "", err
			}
			if t.State == "resolved" {
				continue
			}
			left = append(left, fmt.Sprintf("【%s】%s %s", t.KindTitle, t.number, t.Sentence.Text))
			quiet = quiet && t.Missing != nil
		}
		// That a message is not known to have failed is not enough: it has to have left.
		if sent, err := s.sent(); err != nil || !sent {
			return "短信还没有发出", err
		}
		if len(left) > 0 && quiet && !waited {
			waited = true
			return strings.Join(left, "；"), s.pass(2 * time.Minute)
		}
		return strings.Join(left, "；"), nil
	})
}

// sent tells whether the text message that was refused has left.
func (s *stuck) sent() (bool, error) {
	c, err := s.as("ops.bai")
	if err != nil {
		return false, err
	}
	t := s.troubles[slices.IndexFunc(s.troubles, func(t *trouble) bool { return t.kind == "undelivered" })]
	var page struct {
		Items []struct{ Channel, State string }
	}
	err = c.Get(s.ctx, "/cases/"+t.number+"/deliveries?limit=200", &page)
	for _, d := range page.Items {
		if d.Channel == "sms" && d.State == "sent" {
			return true, err
		}
	}
	return false, err
}

// working waits until the workers have taken up their work.
func (s *stuck) working() error {
	t := s.troubles[slices.IndexFunc(s.troubles, func(t *trouble) bool { return t.kind == "no_worker" })]
	return s.patiently(60*time.Second, func() (string, error) {
		err := s.refresh(t)
		if t.State == "resolved" || t.Missing != nil {
			return "", err
		}
		return t.Sentence.Text, err
	})
}

func (s *stuck) refresh(t *trouble) error {
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	var page struct{ Incident incident }
	err = c.Get(s.ctx, "/incidents/"+t.ID, &page)
	t.incident = page.Incident
	return err
}

// cure carries out a remedy of the list on the case of a trouble; what cannot be undone is confirmed by 督查.
func (s *stuck) cure(t *trouble, order map[string]any) error {
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	var r struct {
		Results []struct {
			Case, Text string
			Done       bool
		}
		Pending, Text string
	}
	order["cases"] = []string{t.number}
	for tries := 0; ; tries++ { // a sweep may have changed it meanwhile
		if err := s.refresh(t); err != nil {
			return err
		}
		order["version"] = t.Version
		err := c.Do(s.ctx, http.MethodPost, "/incidents/"+t.ID+"/remedies", order, &r)
		var problem *Problem
		if errors.As(err, &problem) && problem.Says("incident.stale") && tries < 5 {
			continue
		}
		if err != nil {
			return err
		}
		break
	}
	if r.Pending != "" {
		second, err := s.as("dc.hua")
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "                  %s 提出，%s 复核同意\n", c.Name, second.Name)
		if err := second.Do(s.ctx, http.MethodPost, "/remedies/"+r.Pending+"/confirm", map[string]any{"reason": "情况属实"}, &r); err != nil {
			return err
		}
	}
	for _, one := range r.Results {
		fmt.Fprintf(s.out, "                  %s %s\n", one.Case, one.Text)
		s.expect("办成", one.Done, true)
	}
	fmt.Fprintf(s.out, "                  %s\n", r.Text)
	return nil
}

// empty shows that nothing of what was made is on the list any more.
func (s *stuck) empty() error {
	for _, t := range s.troubles {
		fmt.Fprintf(s.out, "  【%s】%s\n", t.KindTitle, t.How)
	}
	all, err := s.listed(url.Values{})
	if err != nil {
		return err
	}
	mine := 0
	for _, t := range s.troubles {
		q := url.Values{"kind": {t.kind}}
		if t.number != "" {
			q = url.Values{"case": {t.number}}
		}
		list, err := s.listed(q)
		if err != nil {
			return err
		}
		for _, i := range list {
			fmt.Fprintf(s.out, "  ✗ 仍在清单上：【%s】%s\n", i.KindTitle, i.Sentence.Text)
		}
		mine += len(list)
	}
	s.note("四、清单上还有的：")
	s.expect("这次制造的", mine, 0)
	fmt.Fprintf(s.out, "                    与这次无关的 %d 件\n", len(all)-mine)
	for _, i := range all[:min(len(all), 10)] {
		fmt.Fprintf(s.out, "                    【%s】%s\n", i.KindTitle, i.Sentence.Text)
	}
	return nil
}

// whole has the auditor verify the record of every case that was broken and mended.
func (s *stuck) whole() error {
	c, err := s.as("audit.dou")
	if err != nil {
		return err
	}
	broken, whole := 0, 0
	for _, t := range s.troubles {
		if t.number == "" {
			continue
		}
		var v struct{ OK bool }
		if err := c.Get(s.ctx, "/cases/"+t.number+"/verify", &v); err != nil {
			return err
		}
		if broken++; v.OK {
			whole++
		}
	}
	s.expect("记录链完整的办件", whole, broken)
	return nil
}

// tidy has whoever filed the cases withdraw them, so that they do not become late by themselves.
func (s *stuck) tidy() error {
	for _, l := range s.left {
		if err := s.onCase(l.login, l.number, map[string]any{"action": procedure.ActWithdraw, "opinion": "演示完毕"}); err != nil {
			return err
		}
	}
	s.note("演示用的 %d 件办件已撤回", len(s.left))
	return nil
}

// choice is how a person is told.
type choice struct {
	Channels []string `json:"channels"`
	Address  string   `json:"address,omitempty"`
	Phone    string   `json:"phone,omitempty"`
	URL      string   `json:"url,omitempty"`
	Form     string   `json:"form,omitempty"`
	Quiet    bool     `json:"quiet"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Digest   bool     `json:"digest"`
}

// sound takes away everything that was broken, whatever happened before.
func (s *stuck) sound() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 30*time.Second)
	defer cancel()
	s.ctx = ctx
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	var on []struct{ Fault, Case string }
	errs := []error{c.Get(ctx, "/demo/faults", &on), s.account(gone, true)}
	for _, f := range on {
		errs = append(errs, s.fault(f.Fault, f.Case, false))
	}
	if s.before != nil {
		if c, err = s.as("wjj.wu"); err == nil {
			err = c.Do(ctx, http.MethodPut, "/me/notify", s.before, nil)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
