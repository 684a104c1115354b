package system

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
	"net/textproto"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
)

// person is a signed-in official who sends whatever a test wants to send.
type person struct {
	base  string // of the program one speaks to
	login string
	seat  demo.Seat
	http  *http.Client
}

// request is one call. Without a key a write gets a fresh one; NoKey sends none.
type request struct {
	method, path string
	body         any // []byte and string go as they are, everything else as JSON
	key          string
	header       map[string]string
}

// noKey as a request's key leaves the header out.
const noKey = "-"

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// problem is the body of a refusal.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Path, Code, Message string
	} `json:"errors"`
}

// stranger is somebody without a session.
func stranger(base string) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // never: there are no options
	}
	return &person{base: base, http: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
}

// signIn opens a session.
func signIn(base, login, password string) (*person, error) {
	p := stranger(base)
	p.login = login
	for _, known := range demo.People() {
		if known.Login == login {
			p.seat = known.Posts[0]
		}
	}
	r, err := p.send(request{method: "POST", path: "/session", body: map[string]string{"login": login, "password": password}})
	if err == nil && r.status != http.StatusOK {
		err = fmt.Errorf("sign in %s: %s", login, r)
	}
	return p, err
}

// at is the same person, with the same session, at another server.
func (p *person) at(base string) *person {
	q := *p
	q.base = base
	return &q
}

// send makes a call. Its error means that no answer came.
func (p *person) send(q request) (reply, error) { return p.sendWithin(context.Background(), q) }

func (p *person) sendWithin(ctx context.Context, q request) (reply, error) {
	var content []byte
	switch b := q.body.(type) {
	case nil:
	case []byte:
		content = b
	case string:
		content = []byte(b)
	default:
		var err error
		if content, err = json.Marshal(b); err != nil {
			return reply{}, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, q.method, p.base+"/api/v1"+q.path, bytes.NewReader(content))
	if err != nil {
		return reply{}, err
	}
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	switch {
	case q.key == noKey || q.method == http.MethodGet:
	case q.key == "":
		r.Header.Set("Idempotency-Key", rand.Text())
	default:
		r.Header.Set("Idempotency-Key", q.key)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	resp, err := p.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	return reply{resp.StatusCode, resp.Header, b}, err
}

// do makes a call that has to be answered, and checks what holds for every answer.
func (p *person) do(t *testing.T, q request) reply {
	t.Helper()
	r, err := p.send(q)
	require.NoError(t, err, "%s %s", q.method, q.path)
	if fault := r.fault(); fault != "" {
		t.Fatalf("%s %s %.2000v: %s", q.method, q.path, q.body, fault)
	}
	return r
}

// get reads what must be there.
func (p *person) get(t *testing.T, path string, into any) {
	t.Helper()
	r := p.do(t, request{method: "GET", path: path})
	require.Equal(t, http.StatusOK, r.status, "%s: %s", path, r)
	r.read(t, into)
}

// post writes what must be taken.
func (p *person) post(t *testing.T, path string, body, into any) reply {
	t.Helper()
	r := p.do(t, request{method: "POST", path: path, body: body})
	require.Less(t, r.status, 300, "%s: %s", path, r)
	if into != nil {
		r.read(t, into)
	}
	return r
}

func (r reply) read(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.body, into), "%s", r)
}

func (r reply) String() string { return fmt.Sprintf("%d %.1000s", r.status, r.body) }

// refusal is the problem of an answer; a zero one when it is none.
func (r reply) refusal() (p problem) {
	if json.Unmarshal(r.body, &p) != nil {
		return problem{}
	}
	return p
}

var stableCode = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

// fault says what is wrong with an answer whatever was asked: 5xx, or a refusal that is not a problem in Chinese with a code.
func (r reply) fault() string {
	if r.status < 400 {
		return ""
	}
	p := r.refusal()
	switch {
	case r.status >= 500:
		return "a fault: " + r.String()
	case !strings.HasPrefix(r.header.Get("Content-Type"), "application/problem+json"):
		return "a refusal as " + r.header.Get("Content-Type") + ": " + r.String()
	case p.Status != r.status || p.Title == "" || !stableCode.MatchString(p.Code) || p.Type != "urn:gongzhi:"+p.Code:
		return "a refusal without status, title, type and code: " + r.String()
	case !chinese(p.Detail):
		return "a refusal without a Chinese sentence: " + r.String()
	}
	for _, e := range p.Errors {
		if !stableCode.MatchString(e.Code) || !chinese(e.Message) {
			return "a part of a refusal without code or Chinese message: " + r.String()
		}
	}
	return ""
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// says tells whether a refusal, or a part of it, has a code.
func (r reply) says(code string) bool {
	p := r.refusal()
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

// upload is a request that carries a file, as a browser's form does.
func upload(name string, content []byte) request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.ReplaceAll(name, `"`, `\"`)+`"`)
	h.Set("Content-Type", "application/octet-stream")
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // never: it is written to memory
	}
	return request{method: "POST", path: "/attachments", body: body.Bytes(), header: map[string]string{"Content-Type": w.FormDataContentType()}}
}
