package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/record"
)

// user is a signed-in person with a connection of his own, as a browser has one.
type user struct {
	base  string
	login string
	http  *http.Client
}

// signIn opens a session. The accounts' password is the demonstration's.
func signIn(ctx context.Context, base, login string) (*user, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	u := &user{base: base + "/api/v1", login: login, http: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}}}
	_, err = u.call(ctx, http.MethodPost, "/session", map[string]string{"login": login, "password": demo.Password}, nil)
	return u, err
}

// signInAll opens n sessions, with the logins in turn.
func signInAll(ctx context.Context, base string, n int, logins ...string) ([]*user, error) {
	users := make([]*user, n)
	for i := range users {
		var err error
		if users[i], err = signIn(ctx, base, logins[i%len(logins)]); err != nil {
			return nil, err
		}
	}
	return users, nil
}

func (u *user) close() { u.http.CloseIdleConnections() }

// send sends JSON and reads the whole answer. A status of 400 and more is an error.
func (u *user) send(ctx context.Context, method, path string, body any) (status int, answer []byte, err error) {
	return u.sendAs(ctx, method, path, rand.Text(), body)
}

// sendAs sends under a key: sent again with the same one, it is the same act.
func (u *user) sendAs(ctx context.Context, method, path, key string, body any) (status int, answer []byte, err error) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, u.base+path, content)
	if err != nil {
		return 0, nil, err
	}
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
	}
	resp, err := u.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	answer, err = io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, bytes.TrimSpace(answer))
	}
	return resp.StatusCode, answer, err
}

// call sends JSON and decodes the answer.
func (u *user) call(ctx context.Context, method, path string, body, into any) (int, error) {
	status, answer, err := u.send(ctx, method, path, body)
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	return status, err
}

func (u *user) get(ctx context.Context, path string, into any) error {
	_, err := u.call(ctx, http.MethodGet, path, nil, into)
	return err
}

// result is what the API answers to a write.
type result struct {
	Command string       `json:"command"`
	State   string       `json:"state"`
	Number  string       `json:"number"`
	Case    *record.Case `json:"case"`
}

// file files an application and waits until its case stands.
func (u *user) file(ctx context.Context, kind procedure.Kind, form any) (string, error) {
	var r result
	if _, err := u.call(ctx, http.MethodPost, "/cases", map[string]any{"kind": kind, "form": form, "files": []string{}}, &r); err != nil {
		return "", err
	}
	return r.Number, u.settled(ctx, r)
}

// answer answers a task and waits until the answer is recorded.
func (u *user) answer(ctx context.Context, task string, a procedure.Answer) error {
	var r result
	if _, err := u.decide(ctx, task, a, &r); err != nil {
		return err
	}
	return u.settled(ctx, r)
}

// decide answers a task and returns what the API said at once.
func (u *user) decide(ctx context.Context, task string, a procedure.Answer, into *result) (int, error) {
	return u.call(ctx, http.MethodPost, "/tasks/"+url.PathEscape(task)+"/actions", map[string]any{"action": procedure.ActAnswer, "answer": a}, into)
}

// settled follows a write that the API did not confirm at once (202), for half a minute at most.
func (u *user) settled(ctx context.Context, r result) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for r.State == string(record.CommandPending) {
		var v struct{ State, Reason string }
		if err := u.get(ctx, "/commands/"+url.PathEscape(r.Command), &v); err != nil {
			return err
		}
		if r.State = v.State; r.State == string(record.CommandRefused) {
			return fmt.Errorf("refused: %s", v.Reason)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// task finds the open task of a stage in a case; unit may be empty.
func (u *user) task(ctx context.Context, number, stage, unit string) (string, error) {
	var d struct {
		Tasks []record.Task `json:"tasks"`
	}
	if err := u.get(ctx, "/cases/"+url.PathEscape(number), &d); err != nil {
		return "", err
	}
	var seen []string
	for _, t := range d.Tasks {
		if t.Stage == stage && t.State == record.TaskOpen && (unit == "" || t.Holder.Unit == unit) {
			return t.ID, nil
		}
		seen = append(seen, t.Stage+" "+string(t.State))
	}
	return "", fmt.Errorf("%s has no open task of %s: %s", number, stage, strings.Join(seen, ", "))
}
