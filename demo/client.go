package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Client is one signed-in person at the API, as the console is.
type Client struct {
	base string
	http *http.Client
	Name string
}

// Problem is a refusal of the API (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Path    string `json:"path"`
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%d %s：%s", p.Status, p.Code, p.Detail) }

// Says tells whether the refusal, or one of its parts, has a code.
func (p *Problem) Says(code string) bool {
	if p.Code == code {
		return true
	}
	for _, e := range p.Errors {
		if e.Code == code {
			return true
		}
	}
	return false
}

// SignIn opens a session.
func SignIn(ctx context.Context, base, login, password string) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &Client{base: strings.TrimRight(base, "/") + "/api/v1", http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
	var me struct {
		User record.User `json:"user"`
	}
	err = c.Do(ctx, http.MethodPost, "/session", map[string]string{"login": login, "password": password}, &me)
	c.Name = me.User.Name
	return c, err
}

// Anonymous is somebody without a session: a resident with a code, or anybody who reads what is public.
func Anonymous(base string) *Client {
	return &Client{base: strings.TrimRight(base, "/") + "/api/v1", http: &http.Client{Timeout: 30 * time.Second}}
}

// Do sends JSON and reads JSON. Every write carries a fresh key.
func (c *Client) Do(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.send(r, into)
}

func (c *Client) send(r *http.Request, into any) error {
	if r.Method != http.MethodGet {
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 400 {
		p := &Problem{Status: resp.StatusCode, Detail: strings.TrimSpace(string(b))}
		if json.Unmarshal(b, p) == nil {
			p.Status = resp.StatusCode
		}
		return p
	}
	if into == nil || len(b) == 0 {
		return nil
	}
	if file, ok := into.(*raw); ok {
		*file = b
		return nil
	}
	return json.Unmarshal(b, into)
}

// Get reads JSON.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.Do(ctx, http.MethodGet, path, nil, into)
}

// Attach uploads a file and returns its id.
func (c *Client) Attach(ctx context.Context, name string, content []byte) (string, error) {
	var a record.Attachment
	err := c.Upload(ctx, "/attachments", name, content, nil, &a)
	return a.ID, err
}

// Upload sends a file with the fields of a form.
func (c *Client) Upload(ctx context.Context, path, name string, content []byte, fields map[string]string, into any) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := w.WriteField(field, value); err != nil {
			return err
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, &body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.send(r, into)
}

// Fetch reads a file of up to 16 MiB.
func (c *Client) Fetch(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, err
	}
	var content raw
	err = c.send(r, &content)
	return content, err
}

// raw takes an answer as it is.
type raw []byte

// File files an application and returns the case's number.
func (c *Client) File(ctx context.Context, kind procedure.Kind, form any) (string, error) {
	var r struct {
		Command string `json:"command"`
		State   string `json:"state"`
		Number  string `json:"number"`
	}
	if err := c.Do(ctx, http.MethodPost, "/cases", map[string]any{"kind": kind, "form": form, "files": []string{}}, &r); err != nil {
		return "", err
	}
	return r.Number, c.settled(ctx, r.Command, r.State)
}

// Act does something to a task.
func (c *Client) Act(ctx context.Context, task string, action map[string]any) error {
	return c.act(ctx, "/tasks/"+url.PathEscape(task)+"/actions", action)
}

// ActOnCase does something to a case.
func (c *Client) ActOnCase(ctx context.Context, number string, action map[string]any) error {
	return c.act(ctx, "/cases/"+url.PathEscape(number)+"/actions", action)
}

func (c *Client) act(ctx context.Context, path string, action map[string]any) error {
	var r struct {
		Command string `json:"command"`
		State   string `json:"state"`
	}
	if err := c.Do(ctx, http.MethodPost, path, action, &r); err != nil {
		return err
	}
	return c.settled(ctx, r.Command, r.State)
}

// settled follows a command that the API could not answer at once (202) to its end.
func (c *Client) settled(ctx context.Context, id, state string) error {
	return until(ctx, "操作 "+id, func() (bool, error) {
		if state == string(record.CommandDone) {
			return true, nil
		}
		var v struct{ State, Code, Reason string }
		if err := c.Get(ctx, "/commands/"+url.PathEscape(id), &v); err != nil {
			return false, err
		}
		if v.State == string(record.CommandRefused) {
			return false, &Problem{Status: http.StatusConflict, Code: v.Code, Detail: v.Reason}
		}
		state = v.State
		return false, nil
	})
}

// until repeats a question until it is answered with yes; it gives up after half a minute.
func until(ctx context.Context, what string, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := ask()
		if err != nil || yes {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s：等待超时", what)
		case <-tick.C:
		}
	}
}
