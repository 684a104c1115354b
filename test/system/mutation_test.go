package system

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

// seedFlag repeats the random choices of an earlier run.
var seedFlag = flag.Uint64("seed", 0, "seed of the random tests; 0 takes one from the clock")

// random is a source of choices whose seed is printed when the test fails.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (repeat with -args -seed=%d)", seed, seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// mutant spoils valid requests at random.
type mutant struct{ *rand.Rand }

func pick[T any](m mutant, from []T) T { return from[m.IntN(len(from))] }

// odd are values that programs stumble over.
func (m mutant) odd() any {
	return pick(m, []any{
		nil, true, false, 0, -1, 1, int64(1) << 62, -9_007_199_254_740_993, 0.1, json.Number("1e400"), json.Number("-0"),
		json.Number("99999999999999999999999999"), "", " ", "0", "null", "true", "é", "甲\x00乙", "甲\u202e乙", "甲\r\n乙", "😀😀",
		"../../etc/passwd", "' OR 1=1 --", "%s%n%d", "${jndi:x}", "<script>", "2026-02-30", "0000-00-00", "9999-12-31", "-1-1-1", "2026-10-26",
		"XW-ZR-2026-014", "XW-ZR-2026-014.99999999999999999999", strings.Repeat("长", 3000), strings.Repeat("x", 70_000), "\u2028", "\ufeff",
		[]any{}, []any{nil}, []any{[]any{[]any{}}}, map[string]any{}, map[string]any{"": nil}, map[string]any{"title": map[string]any{"title": 1}},
		repeat(200, any("0101")), repeat(60, any("x")),
	})
}

// spoil changes one thing somewhere in a tree.
func (m mutant) spoil(v any) any {
	switch x := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(x))
		if len(names) == 0 || m.IntN(8) == 0 {
			x[pick(m, []string{"x", "", "Title", "title", "__proto__", "id", strings.Repeat("n", 500), "a\x00b"})] = m.odd()
			return x
		}
		name := pick(m, names)
		switch m.IntN(6) {
		case 0:
			delete(x, name)
		case 1:
			x[strings.ToUpper(name)] = x[name]
			if m.IntN(2) == 0 {
				delete(x, name)
			}
		case 2:
			x[name] = x[pick(m, names)]
		case 3:
			x[name] = m.odd()
		default:
			x[name] = m.spoil(x[name])
		}
		return x
	case []any:
		if len(x) > 0 && m.IntN(3) > 0 {
			i := m.IntN(len(x))
			x[i] = m.spoil(x[i])
			return x
		}
		return append(x, m.odd())
	}
	return m.odd()
}

// scramble changes the bytes of a body.
func (m mutant) scramble(b []byte) []byte {
	b = slices.Clone(b)
	for range 1 + m.IntN(3) {
		if len(b) == 0 {
			return b
		}
		i := m.IntN(len(b))
		switch m.IntN(4) {
		case 0:
			b[i] = byte(m.IntN(256))
		case 1:
			b = b[:i]
		case 2:
			b = slices.Insert(b, i, byte(m.IntN(256)))
		default:
			j := min(len(b), i+1+m.IntN(20))
			b = append(b[:j:j], b[i:]...)
		}
	}
	return b
}

// change spoils a request: its tree, its bytes, its headers or its address.
func (m mutant) change(q request) request {
	raw, err := json.Marshal(q.body)
	if err != nil {
		panic(err) // never: the valid requests are plain data
	}
	q.body = raw
	switch n := m.IntN(20); {
	case n < 13:
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			panic(err)
		}
		for range 1 + m.IntN(2) {
			v = m.spoil(v)
		}
		if q.body, err = json.Marshal(v); err != nil {
			panic(err)
		}
	case n < 16:
		q.body = m.scramble(raw)
	case n < 17:
		q.key = pick(m, []string{noKey, "x", strings.Repeat("k", 64), strings.Repeat("k", 65), "0123456789 abcdef", "0123456789abcde;"})
	case n < 18:
		q.header = map[string]string{"Content-Type": pick(m, []string{"text/plain", "application/json; charset=utf-16", "multipart/form-data", "a/b/c", "application/xml"})}
	default:
		i := strings.LastIndexByte(q.path, '/') + 1
		q.path = q.path[:i] + url.PathEscape(pick(m, []string{"x", "\x00", "\xff", "..", "XW-ZR-2026-014.1", strings.Repeat("y", 300), "' OR 1=1"})) +
			pick(m, []string{"", "/actions", "?limit=-1", "?after=%ff", "/"})
	}
	return q
}

// valid builds requests that would be taken, on the open task of a case.
func valid(t *testing.T, number, task string) map[string]func() (string, request) {
	t.Helper()
	target := map[string]any{"unit": "XW-02", "role": "street_office"}
	post := func(login, path string, body any) func() (string, request) {
		return func() (string, request) { return login, request{method: "POST", path: path, body: body} }
	}
	onCase := "/cases/" + number + "/actions"
	return map[string]func() (string, request){
		"file":      post("tjj.sun", "/cases", filing(admission.Kind, application("变异"))),
		"urgent":    post("wjj.wu", "/cases", filing(admission.Kind, urgent(t, "变异"))),
		"refuse":    post("sq0101.tao", "/cases", filing(refusal.Kind, refusal.Form{Matter: "变异", Department: "XW-SWJ", Demanded: "2026-09-04", Reason: refusal.OffList})),
		"revise":    post("office.qian", "/cases", filing(revision.Kind, revision.Form{Title: "变异", Why: "变异", Changes: []procedure.ListChange{{Op: "add", Item: procedure.ListItem{Title: "变异", Kind: "duty"}}}})),
		"check":     post("tjj.sun", "/procedures/admission/check", map[string]any{"form": application("变异")}),
		"draft":     post("tjj.sun", "/drafts", map[string]any{"kind": "admission", "title": "变异", "form": map[string]any{"title": "变异"}, "files": []string{}}),
		"answer":    post("jd01.jin", actions(task), decision(procedure.AgreeIf, "变异")),
		"transfer":  post("jd01.jin", actions(task), map[string]any{"action": "transfer", "target": target, "opinion": "变异"}),
		"delegate":  post("jd01.jin", actions(task), map[string]any{"action": "delegate", "target": target}),
		"add":       post("jd01.jin", actions(task), map[string]any{"action": "add_before", "target": target}),
		"urge":      post("tjj.sun", actions(task), map[string]any{"action": "urge"}),
		"copy":      post("tjj.sun", onCase, map[string]any{"action": "copy", "target": target}),
		"pause":     post("office.qian", onCase, map[string]any{"action": "pause", "ground": "hearing", "opinion": "变异"}),
		"terminate": post("ops.bai", onCase, map[string]any{"action": "terminate", "opinion": "变异"}),
		"delegation": post("jd01.jin", "/delegations", map[string]any{"to": "jd02.wei", "kinds": []string{"admission"}, "begin": "2026-09-07",
			"end": "2026-09-30"}),
		"user": post("admin.shui", "/users", map[string]any{"id": "mole", "name": "示例-变异", "password": "Nine-Rivers-2026"}),
		"post": post("admin.shui", "/posts", map[string]any{"user": "sq0103.qi", "unit": "0102", "role": "community_director", "from": "2026-09-07", "to": "2026-09-30"}),
		"unit": post("admin.shui", "/units", map[string]any{"code": "XW-77", "name": "变异局", "level": "department", "parent": "XW"}),
		"calendar": func() (string, request) {
			return "admin.shui", request{method: "PUT", path: "/calendars/2027", body: map[string]any{"year": 2027, "source": "变异",
				"version": "1", "off": []string{"2027-01-01"}, "work": []string{}}}
		},
	}
}

// TestRandomMutations: whatever is sent, the answer is a result or a refusal with its reason, and a refusal changes nothing.
func TestRandomMutations(t *testing.T) {
	t.Parallel()
	const rounds = 1000
	m := mutant{random(t)}
	_, w := demonstration(t)
	number, task := freshTask(t, w)
	head := w.look(t, number).Head
	refused, taken := 0, map[string]int{}
	for round := range rounds {
		requests := valid(t, number, task)
		kind := pick(m, slices.Sorted(maps.Keys(requests)))
		login, q := requests[kind]()
		q = m.change(q)
		r, err := w.as(t, login).send(q)
		what := fmt.Sprintf("round %d, %s as %s: %s %.200q %.1500s", round, kind, login, q.method, q.path, q.body)
		require.NoError(t, err, what)
		if fault := r.fault(); fault != "" {
			t.Errorf("%s\n  %s", what, fault)
		}
		now := w.look(t, number)
		switch {
		case r.status >= 400:
			refused++
			require.Equal(t, head, now.Head, "refused, and yet something happened: %s\n  %s", what, r)
		default:
			taken[kind]++
		}
		if now.Head != head { // it was valid after all: go on with a fresh case
			number, task = freshTask(t, w)
			now = w.look(t, number)
		}
		head = now.Head
	}
	t.Logf("%d refused, taken: %v", refused, taken)
	require.Greater(t, refused, rounds/2, "the mutations are too tame")
	require.NotEmpty(t, taken, "the requests are not valid even before they are spoiled")
}

// freshTask files a case and brings it to a hearing, where all its tasks stand.
func freshTask(t *testing.T, w *town) (number, task string) {
	t.Helper()
	number = w.file(t, "tjj.sun", admission.Kind, application("变异的对象", "0101"))
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	w.task(t, number, "community-hearing", "sq0101.tao")
	return number, w.task(t, number, "street-hearing", "jd01.jin").ID
}
