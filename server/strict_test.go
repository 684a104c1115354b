package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestStrictInput sends bodies that encoding/json would take, or take wrongly.
func TestStrictInput(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for _, c := range []struct {
		name, body, code string
		status           int
	}{
		{"control: a good one", `{"kind":"admission","title":"x","form":{"a":1}}`, "", 200},
		{"another writing of a name", `{"kind":"admission","Title":"x","form":{}}`, "input.unknown", 422},
		{"the name twice", `{"kind":"admission","title":"x","title":"y","form":{}}`, "input.duplicate", 400},
		{"twice, once escaped", `{"kind":"admission","title":"x","t\u0069tle":"y","form":{}}`, "input.duplicate", 400},
		{"twice in free JSON", `{"kind":"admission","title":"x","form":{"a":1,"a":2}}`, "input.duplicate", 400},
		{"an unknown name", `{"kind":"admission","title":"x","form":{},"user":"admin"}`, "input.unknown", 422},
		{"a second value", `{"kind":"admission","title":"x","form":{}}{}`, "input.trailing", 400},
		{"text after the value", `{"kind":"admission","title":"x","form":{}} x`, "input.trailing", 400},
		{"broken UTF-8", "{\"kind\":\"admission\",\"title\":\"\xff\",\"form\":{}}", "input.encoding", 400},
		{"half a surrogate", `{"kind":"admission","title":"\ud800","form":{}}`, "input.control", 400},
		{"NUL", `{"kind":"admission","title":"a\u0000b","form":{}}`, "input.control", 400},
		{"line break in a title", `{"kind":"admission","title":"a\nb","form":{}}`, "input.control", 422},
		{"carriage return", `{"kind":"admission","title":"a\rb","form":{}}`, "input.control", 400},
		{"line separator", `{"kind":"admission","title":"a\u2028b","form":{}}`, "input.control", 400},
		{"direction override", `{"kind":"admission","title":"a\u202eb","form":{}}`, "input.control", 400},
		{"control character in a name", `{"kind":"admission","title":"a","form":{"a\u0007":1}}`, "input.control", 400},
		{"too deep", `{"kind":"admission","title":"a","form":` + deep + `}`, "input.depth", 400},
		{"not JSON", `kind=admission`, "input.malformed", 400},
		{"half", `{"kind":"admission"`, "input.malformed", 400},
		{"empty", ``, "input.malformed", 400},
		{"missing", `{"kind":"admission","form":{}}`, "input.required", 422},
		{"wrong type", `{"kind":"admission","title":7,"form":{}}`, "input.type", 422},
		{"too long", `{"kind":"admission","title":"` + strings.Repeat("字", 201) + `","form":{}}`, "input.long", 422},
		{"too big", `{"kind":"admission","title":"a","form":"` + strings.Repeat("x", maxBody) + `"}`, "input.too_large", 413},
		{"null for a list", `{"kind":"admission","title":"a","form":{},"files":null}`, "", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.as("clerk").do(http.MethodPost, "/drafts", c.body)
			if c.status == 200 {
				require.Equal(t, 200, r.Code, r.Body.String())
				require.Len(t, w.drafts, 1)
				return
			}
			p := refusedWithin(t, r, c.status, c.code)
			require.NotContains(t, r.Body.String(), "strict")
			require.NotContains(t, p.Detail, "expected")
			require.Empty(t, w.drafts)
		})
	}
}

// refusedWithin is refusedWith, with the code at the problem or at one of its fields.
func refusedWithin(t *testing.T, r interface {
	Result() *http.Response
}, status int, code string) Problem {
	t.Helper()
	res := r.Result()
	defer res.Body.Close()
	require.Equal(t, status, res.StatusCode)
	var p Problem
	require.NoError(t, json.NewDecoder(res.Body).Decode(&p))
	codes := []string{p.Code}
	for _, e := range p.Errors {
		require.True(t, chinese(e.Message), e.Message)
		codes = append(codes, e.Code)
	}
	require.Contains(t, codes, code, "%+v", p)
	require.True(t, chinese(p.Detail), p.Detail)
	return p
}

func TestOpinionMayHaveLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.as("member").do(http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "object", "opinion": "一、依据不足\n\t二、经费未落实"})
	require.Equal(t, 200, r.Code, r.Body.String())
	require.Equal(t, "一、依据不足\n\t二、经费未落实", w.sent[0].Opinion)
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/cbor", "multipart/form-data; boundary=x"} {
		refusedWith(t, c.do(http.MethodPost, "/drafts", `{}`, "Content-Type", kind), 415, "input.media_type")
	}
	refusedWith(t, c.do(http.MethodPost, "/attachments", `{}`), 415, "input.media_type")
	refusedWithin(t, c.do(http.MethodGet, "/tasks?box=x", nil), 422, "input.choice")
	refusedWithin(t, c.do(http.MethodGet, "/tasks?limit=201", nil), 422, "input.large")
	refusedWithin(t, c.do(http.MethodGet, "/tasks?colour=red", nil), 422, "input.unknown")
}

// FuzzStrict holds the strict reader against encoding/json: what it takes is the same value, and it takes nothing that
// encoding/json refuses.
func FuzzStrict(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[true,null,"x\n"],"c":{"d":1.5e3}}`, `{"a":1,"a":2}`, `"\ud800"`, `[[[`, "\xff", `{"Title":1}`, `1 2`, `"\u202e"`, `{"kind":"x","title":"y","form":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := parseStrict(data)
		if err != nil {
			if code, text := strictMessage(err.Error()); code == "" || !chinese(text) {
				t.Fatalf("refused without words: %v", err)
			}
			return
		}
		if !utf8.Valid(data) {
			t.Fatal("took broken UTF-8")
		}
		var plainly any
		if err := json.Unmarshal(data, &plainly); err != nil {
			t.Fatalf("encoding/json refuses it: %v", err)
		}
		ours, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseStrict(ours)
		if err != nil {
			t.Fatalf("its own canonical form is refused: %v", err)
		}
		twice, err := json.Marshal(again)
		if err != nil || string(twice) != string(ours) {
			t.Fatalf("not canonical: %s, %s", ours, twice)
		}
		var in NewDraft
		if err := strictFormat.Unmarshal(data, &in); err == nil {
			var names map[string]json.RawMessage
			if json.Unmarshal(data, &names) == nil {
				for name := range names {
					if name != "kind" && name != "title" && name != "form" && name != "files" {
						t.Fatalf("took the name %q", name)
					}
				}
			}
		}
	})
}
