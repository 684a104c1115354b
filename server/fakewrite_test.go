package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func (f *fake) SubmitCommand(_ context.Context, c record.Command) (record.Command, bool, error) {
	defer f.lock()()
	return f.submit(c)
}
func (f *fake) submit(c record.Command) (record.Command, bool, error) {
	if old, ok := f.commands[c.ID]; ok {
		if old.Request != c.Request {
			return record.Command{}, false, errKeyReused
		}
		return old, false, nil
	}
	f.commands[c.ID] = c
	return c, true, nil
}
func (f *fake) StartCase(_ context.Context, in Filed) (record.Command, bool, error) {
	defer f.lock()()
	if f.starting != nil {
		return record.Command{}, false, f.starting
	}
	if _, known := f.commands[in.Command.ID]; !known {
		number := fmt.Sprintf("XW-ZR-2026-%03d", len(f.cases)+1)
		filing := *in.Command.Filing
		filing.Case = number
		in.Command.Filing, in.Command.Case = &filing, number
	}
	return f.submit(in.Command)
}
func (f *fake) SettleCommand(_ context.Context, id string, end record.CommandEnd) error {
	defer f.lock()()
	c := f.commands[id]
	c.State, c.Refusal, c.Code, c.Reason, c.Kept = end.State, end.Refusal, end.Code, end.Reason, end.Kept
	f.commands[id] = c
	return nil
}
func (f *fake) ReadCopy(_ context.Context, c record.Command) (record.Command, bool, error) {
	defer f.lock()()
	for i := range f.copies {
		if f.copies[i].ID == c.Task {
			f.copies[i].ReadAt, f.copies[i].ReadBy = &c.At, c.Actor.Title()
		}
	}
	c.State, c.Seq = record.CommandDone, 7
	return f.submit(c)
}

func (f *fake) Send(_ context.Context, c record.Command) (procedure.Receipt, error) {
	defer f.lock()()
	f.sent = append(f.sent, c)
	if f.engine != nil {
		if r, err := f.engine(c); err != nil {
			return r, err
		}
	}
	if c.Filing != nil {
		f.cases[c.Case] = record.Case{Number: c.Case, Kind: c.Filing.Kind, State: procedure.Running, Unit: c.Actor.Unit, Seq: 1}
		f.paths[c.Case] = f.path(c.Actor.Unit)
	}
	c.State, c.Seq = record.CommandDone, 7
	f.commands[c.ID] = c
	return procedure.Receipt{Command: c.ID, Case: c.Case, Seq: 7}, nil
}
func (f *fake) path(unit string) string {
	for _, u := range f.units {
		if u.Code == unit {
			return u.Path
		}
	}
	return ""
}

func (f *fake) SaveDraft(_ context.Context, d record.Draft) (record.Draft, error) {
	defer f.lock()()
	if old, ok := f.drafts[d.ID]; ok && old.Version != d.Version {
		return record.Draft{}, conflict("draft.stale", "草稿已改。")
	}
	d.Version++
	f.drafts[d.ID] = d
	return d, nil
}
func (f *fake) DeleteDraft(_ context.Context, user, id string) error {
	defer f.lock()()
	if f.drafts[id].User != user {
		return gone("draft")
	}
	delete(f.drafts, id)
	return nil
}
func (f *fake) KeepOpinion(_ context.Context, c record.Command) error {
	defer f.lock()()
	d, err := c.OpinionDraft(f.cases[c.Case], "")
	f.drafts[d.ID] = d
	return err
}
func (f *fake) SaveAttachment(_ context.Context, a record.Attachment) (record.Attachment, error) {
	defer f.lock()()
	f.files[a.ID] = a
	return a, nil
}
func (f *fake) Put(_ context.Context, key string, content []byte, _ string) error {
	defer f.lock()()
	f.blobs[key] = content
	return nil
}
func (f *fake) Open(_ context.Context, key string) (io.ReadCloser, error) {
	defer f.lock()()
	b, ok := f.blobs[key]
	if !ok {
		return nil, errors.New("no blob")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (f *fake) CreateUser(_ context.Context, u record.User, hash string) error {
	defer f.lock()()
	if _, taken := f.users[u.ID]; taken {
		return conflict("user.exists", "登录名已被使用。")
	}
	f.users[u.ID], f.hashes[u.ID] = u, hash
	return nil
}
func (f *fake) SaveUser(_ context.Context, u record.User) error {
	defer f.lock()()
	f.users[u.ID] = u
	return nil
}
func (f *fake) SetPassword(_ context.Context, user, hash string) error {
	defer f.lock()()
	f.hashes[user] = hash
	return nil
}
func (f *fake) SavePost(_ context.Context, p record.Post) (record.Post, error) {
	defer f.lock()()
	f.posts = append(f.posts, p)
	return p, nil
}
func (f *fake) EndPost(_ context.Context, id, last string) error {
	defer f.lock()()
	for i := range f.posts {
		if f.posts[i].ID == id {
			f.posts[i].To = last
			return nil
		}
	}
	return gone("post")
}
func (f *fake) SaveUnit(_ context.Context, u record.Unit) error {
	defer f.lock()()
	f.units = append(slices.DeleteFunc(slices.Clone(f.units), func(old record.Unit) bool { return old.Code == u.Code }), u)
	return nil
}
func (f *fake) SaveDelegation(_ context.Context, d record.Delegation) (record.Delegation, error) {
	defer f.lock()()
	f.delegations = append(f.delegations, d)
	return d, nil
}
func (f *fake) RevokeDelegation(_ context.Context, user, id string, at time.Time) error {
	defer f.lock()()
	for i := range f.delegations {
		if f.delegations[i].ID == id && f.delegations[i].From == user {
			f.delegations[i].Revoked = &at
		}
	}
	return nil
}
func (f *fake) SaveCalendarYear(context.Context, calendar.YearTable) error { return nil }

func (f *fake) Once(_ context.Context, user, key, digest string) ([]byte, bool, error) {
	defer f.lock()()
	row, ok := f.once[user+key]
	switch {
	case !ok:
		f.once[user+key] = onceRow{digest: digest}
		return nil, true, nil
	case row.digest != digest:
		return nil, false, errKeyReused
	case !row.done:
		return nil, false, conflict("idempotency.running", "还在办理。")
	}
	return row.answer, false, nil
}
func (f *fake) OnceDone(_ context.Context, user, key string, answer []byte) error {
	defer f.lock()()
	row := f.once[user+key]
	row.answer, row.done = answer, true
	f.once[user+key] = row
	return nil
}
func (f *fake) OnceDrop(_ context.Context, user, key string) error {
	defer f.lock()()
	delete(f.once, user+key)
	return nil
}

func (f *fake) LoginAttempt(_ context.Context, key string, at time.Time, within time.Duration, limit int) (int, time.Time, error) {
	defer f.lock()()
	row := f.attempts[key]
	if !row.at.After(at.Add(-within)) {
		row.n = 0
	}
	if row.n >= limit {
		return 0, row.at, nil
	}
	f.attempts[key] = attemptRow{row.n + 1, at}
	return row.n + 1, at, nil
}
func (f *fake) DropLoginAttempt(_ context.Context, key string) error {
	defer f.lock()()
	f.attempts[key] = attemptRow{f.attempts[key].n - 1, f.attempts[key].at}
	return nil
}
func (f *fake) ClearLoginAttempts(_ context.Context, keys ...string) error {
	defer f.lock()()
	for _, key := range keys {
		delete(f.attempts, key)
	}
	return nil
}

// sessionStore is the fake's table of sessions.
type sessionStore struct{ f *fake }

func (s sessionStore) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	defer s.f.lock()()
	row, ok := s.f.sessions[token]
	return row.data, ok, nil
}
func (s sessionStore) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	defer s.f.lock()()
	s.f.sessions[token] = sessionRow{b, expiry}
	return nil
}
func (s sessionStore) DeleteCtx(_ context.Context, token string) error {
	defer s.f.lock()()
	delete(s.f.sessions, token)
	return nil
}
func (s sessionStore) Find(string) ([]byte, bool, error)      { panic("without context") }
func (s sessionStore) Commit(string, []byte, time.Time) error { panic("without context") }
func (s sessionStore) Delete(string) error                    { panic("without context") }

// intake is a judge that blocks titles containing 扫码率, as the sample list's negative item does.
type intake struct{}

func (intake) Check(_ context.Context, form []byte, _ Applicant, _ time.Time) (Check, error) {
	c := Check{Findings: []Finding{{Level: "ok", Code: "list.clear", Message: "不在负面清单"}}, Money: &Money{PerCommunityFen: 960_000, TotalFen: 4_800_000}}
	if bytes.Contains(form, []byte("扫码率")) {
		c.Findings = append(c.Findings, Finding{Level: "block", Code: "list.negative", Field: "title", Message: "属于负面清单第 20 项，不得要求社区承担。"})
	}
	return c, nil
}
func (intake) File(_ context.Context, _ []byte, who Applicant, _ time.Time) (procedure.Filing, string, error) {
	return procedure.Filing{District: who.District, Facts: []byte(`{}`)}, "摸底登记", nil
}

// jumper moves the time of cases; the engine's time, by which sessions live, stays.
type jumper struct{ f *fake }

func (j jumper) Jump(_ context.Context, to time.Time) (procedure.Clock, error) {
	defer j.f.lock()()
	j.f.clock = procedure.Clock{Since: j.f.now, At: to, Speed: 1}
	return j.f.clock, nil
}
