package server

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// sample is a valid request for every route, and somebody who may make it. The matrix below is complete by construction: a
// route without a sample fails.
func (w *world) samples() map[string]sample {
	n := "/cases/XW-ZR-2026-014"
	all := map[string]sample{
		"login":            {path: "/session", body: `{"login":"clerk","password":"` + testPassword + `"}`},
		"logout":           {path: "/session", by: "clerk", status: 204},
		"me":               {path: "/session", by: "clerk"},
		"switchPost":       {path: "/session/post", by: "clerk", body: `{"post":"p-clerk"}`, foreign: `{"post":"p-admin"}`},
		"changePassword":   {path: "/session/password", by: "clerk", body: `{"old":"` + testPassword + `","new":"Xingwu-2027-tj"}`, status: 204},
		"demoAccounts":     {path: "/demo/accounts"},
		"procedures":       {path: "/procedures", by: "clerk"},
		"procedure":        {path: "/procedures/admission", by: "clerk"},
		"check":            {path: "/procedures/admission/check", by: "clerk", wrong: "street", body: `{"form":{}}`},
		"drafts":           {path: "/drafts", by: "clerk"},
		"createDraft":      {path: "/drafts", by: "clerk", body: `{"kind":"admission","title":"x","form":{}}`},
		"draft":            {path: "/drafts/d1", by: "clerk", wrong: "admin", hidden: true},
		"saveDraft":        {path: "/drafts/d1", by: "clerk", wrong: "admin", hidden: true, body: `{"version":1,"title":"x","form":{}}`},
		"deleteDraft":      {path: "/drafts/d1", by: "clerk", wrong: "admin", hidden: true, status: 204},
		"upload":           {path: "/attachments", by: "clerk", upload: true},
		"download":         {path: "/attachments/f1", by: "clerk", wrong: "stranger", hidden: true},
		"startCase":        {path: "/cases", by: "clerk", wrong: "member", body: `{"kind":"admission","form":{}}`, status: 201},
		"cases":            {path: "/cases", by: "clerk"},
		"case":             {path: n, by: "clerk", wrong: "street2", hidden: true},
		"caseEvents":       {path: n + "/events", by: "member", wrong: "stranger", hidden: true},
		"caseDeadline":     {path: n + "/deadlines/approval", by: "office", wrong: "stranger", hidden: true},
		"verifyCase":       {path: n + "/verify", by: "auditor", wrong: "stranger", hidden: true},
		"actOnCase":        {path: n + "/actions", by: "operator", wrong: "clerk", body: `{"action":"terminate","opinion":"依据不足"}`},
		"tasks":            {path: "/tasks", by: "member"},
		"counts":           {path: "/tasks/counts", by: "member"},
		"task":             {path: w.taskPath(w.taskID), by: "member", wrong: "stranger", hidden: true},
		"actOnTask":        {path: w.taskPath(w.taskID) + "/actions", by: "member", wrong: "office", body: `{"action":"answer","answer":"agree"}`},
		"copies":           {path: "/copies", by: "street"},
		"readCopy":         {path: "/copies/XW-ZR-2026-014.5/read", by: "street", wrong: "clerk", hidden: true},
		"command":          {path: "/commands/c1", by: "clerk", wrong: "member", hidden: true},
		"lists":            {path: "/lists", by: "street"},
		"list":             {path: "/lists/XW/versions/current", by: "street"},
		"listDiff":         {path: "/lists/XW/diff?from=2026.2&to=2026.3", by: "street"},
		"searchList":       {path: "/lists/XW/search?q=%E6%89%AB%E7%A0%81%E7%8E%87", by: "street"},
		"notices":          {path: "/notices?kind=list&open=true", by: "street"},
		"notice":           {path: "/notices/XW-ZR-2026-014.n6", by: "stranger"},
		"roles":            {path: "/roles", by: "street"},
		"units":            {path: "/units", by: "street"},
		"createUnit":       {path: "/units", by: "admin", wrong: "operator", body: `{"code":"0102","name":"石榴巷社区","level":"community","parent":"XW-01"}`},
		"changeUnit":       {path: "/units/XW-01", by: "admin", wrong: "operator", body: `{"name":"梧桐里街道"}`},
		"unitPeople":       {path: "/units/XW-CZ/people", by: "street"},
		"users":            {path: "/users?text=cl", by: "street"},
		"createUser":       {path: "/users", by: "admin", wrong: "clerk", body: `{"id":"newbie","name":"示例-新","password":"Lingqi-2026-ab"}`},
		"changeUser":       {path: "/users/street2", by: "admin", wrong: "auditor", body: `{"disabled":true}`},
		"createPost":       {path: "/posts", by: "admin", wrong: "office", body: `{"user":"street2","unit":"XW-01","role":"street.office","from":"2026-09-01"}`},
		"endPost":          {path: "/posts/p-street2", by: "admin", wrong: "street2", status: 204},
		"delegations":      {path: "/delegations", by: "member"},
		"createDelegation": {path: "/delegations", by: "member", body: `{"to":"clerk","begin":"2026-09-21","end":"2026-09-30"}`},
		"revokeDelegation": {path: "/delegations/g1", by: "member", wrong: "clerk", hidden: true, status: 204},
		"calendars":        {path: "/calendars", by: "clerk"},
		"saveCalendar":     {path: "/calendars/2026", by: "admin", wrong: "clerk", body: w.calendar2026()},
		"clock":            {path: "/clock", by: "clerk"},
		"jump":             {path: "/clock/jump", by: "clerk", body: `{"to":"next"}`},
		"stream":           {path: "/stream", by: "clerk", streaming: true},
		"openapi":          {path: "/openapi.json"},
	}
	maps.Copy(all, w.pollSamples())
	maps.Copy(all, opsSamples())
	maps.Copy(all, faultSamples())
	maps.Copy(all, notifySamples())
	maps.Copy(all, reportSamples())
	return all
}

type sample struct {
	path, by, wrong   string
	body, foreign     string
	status            int  // 200 when zero
	hidden            bool // the wrong one gets 404, not 403
	upload, streaming bool
	roll              map[string]string // fields of a form with the file of a roll
	prepare           func(*world)
}

func (s sample) send(c *client, method string) int {
	var body any
	if s.body != "" {
		body = s.body
	}
	if s.upload {
		form, kind := multipartFile(c.t, "清单.txt", []byte("内容"))
		return c.do(method, s.path, form, "Content-Type", kind).Code
	}
	if s.roll != nil {
		form, kind := rollForm(c.t, "清册.csv", []byte("户号\n"), s.roll)
		return c.do(method, s.path, form, "Content-Type", kind).Code
	}
	return c.do(method, s.path, body).Code
}

func (w *world) calendar2026() string {
	cal, err := w.Calendar(w.t.Context(), "")
	require.NoError(w.t, err)
	for _, y := range cal.Years() {
		if y.Year == 2026 {
			raw, err := json.Marshal(y)
			require.NoError(w.t, err)
			return string(raw)
		}
	}
	w.t.Fatal("no calendar of 2026")
	return ""
}

// stock puts the things into the world that the samples name.
func (w *world) stock() {
	w.drafts["d1"] = draft("d1", "clerk")
	w.files["f1"] = attachment("f1", "clerk")
	w.blobs["sha"] = []byte("内容")
	w.commands["c1"] = command("c1", "clerk")
	w.delegations = append(w.delegations, delegation("g1", "member", "colleague"))
	w.deadlines["XW-ZR-2026-014"] = deadlines(w.t)
	w.stockPoll()
	w.stockOps()
	w.inbox.stock()
}

// TestRouteMatrix calls every route as nobody, as somebody who may not, and as somebody who may.
func TestRouteMatrix(t *testing.T) {
	t.Parallel()
	samples := newWorld(t).samples()
	for _, r := range newWorld(t).s.table {
		s, ok := samples[r.id]
		if !ok {
			t.Errorf("route %s has no sample", r.id)
			continue
		}
		t.Run(r.id, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stock()
			if s.prepare != nil {
				s.prepare(w)
			}
			if s.streaming {
				require.Equal(t, http.StatusUnauthorized, s.send(w.client(), r.method))
				return // stream_test.go
			}
			want := s.status
			if want == 0 {
				want = http.StatusOK
			}
			if r.policy.Who == Public {
				require.Equal(t, want, s.send(w.client(), r.method), "public")
				return
			}
			require.Equal(t, http.StatusUnauthorized, s.send(w.client(), r.method), "anonymous")
			if s.wrong != "" {
				refused := http.StatusForbidden
				if s.hidden {
					refused = http.StatusNotFound
				}
				require.Equal(t, refused, s.send(w.as(s.wrong), r.method), "as %s", s.wrong)
			} else if r.policy.Who == InRole || r.policy.Object == Visible && strings.Contains(r.path, "{") {
				t.Errorf("route %s needs somebody who may not", r.id)
			}
			if s.foreign != "" {
				require.Equal(t, http.StatusNotFound, w.as(s.by).do(r.method, s.path, s.foreign).Code)
			}
			c := w.as(s.by)
			if body := bodyOf(s); body != nil {
				res := c.do(r.method, s.path, body)
				require.Equal(t, want, res.Code, res.Body.String())
				return
			}
			require.Equal(t, want, s.send(c, r.method), "as %s", s.by)
		})
	}
	require.Len(t, samples, len(newWorld(t).s.table), "a sample without a route")
}

func bodyOf(s sample) any {
	if s.body == "" {
		return nil
	}
	return s.body
}

// TestRoutesDocumentPolicies compares the route table, the OpenAPI document, what Gin serves, and the policies.
func TestRoutesDocumentPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	served := map[string]bool{}
	for _, r := range w.s.gin.Routes() {
		served[r.Method+" "+r.Path] = true
	}
	paths := w.s.api.OpenAPI().Paths
	documented := 0
	for _, item := range paths {
		for _, present := range []bool{item.Get != nil, item.Post != nil, item.Put != nil, item.Delete != nil, item.Patch != nil, item.Head != nil} {
			if present {
				documented++
			}
		}
	}
	require.Equal(t, len(w.s.table), documented)
	require.Len(t, served, len(w.s.table))
	ids := map[string]bool{}
	for _, r := range w.s.table {
		path := prefix + r.path
		require.True(t, served[r.method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)], "%s %s is not served", r.method, path)
		item := paths[path]
		require.NotNil(t, item, path)
		op := map[string]any{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete}[r.method]
		raw, err := json.Marshal(op)
		require.NoError(t, err)
		require.Contains(t, string(raw), `"x-policy":"`+string(r.policy.Who)+`"`)
		require.Equal(t, r.needsKey(), strings.Contains(string(raw), keyHeader), "%s: key in the document", r.id)
		require.False(t, ids[r.id], "id %s twice", r.id)
		require.True(t, r.policy.declared(), r.id)
		require.True(t, chinese(r.summary), r.id)
		ids[r.id] = true
	}
}

// TestUndeclaredPolicy is the control: a route without a policy, or with an empty set of roles, cannot be registered.
func TestUndeclaredPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range []Policy{{}, {Who: InRole}, {Who: "anyone"}, {Who: SignedIn, Roles: []procedure.Role{procedure.Admin}}} {
		err := w.s.register([]route{{http.MethodGet, "/secret", "secret", p, "秘密", bind(w.s.me), 0}})
		require.ErrorContains(t, err, "has no policy")
	}
}

// TestEveryActionHasAPolicy holds the action table against the actions that the API accepts.
func TestEveryActionHasAPolicy(t *testing.T) {
	t.Parallel()
	schemas := newWorld(t).s.api.OpenAPI().Components.Schemas.Map()
	n := 1 // ActStart has a route of its own
	for _, name := range []string{"TaskAction", "CaseAction"} {
		for _, a := range schemas[name].Properties["action"].Enum {
			p, ok := actionPolicies[procedure.Action(a.(string))]
			require.True(t, ok, "%v has no policy", a)
			require.True(t, p.By != ByRole || len(p.Roles) > 0, "%v: no role", a)
			require.NotEqual(t, a, procedure.Action(a.(string)).Title())
			n++
		}
	}
	require.Len(t, actionPolicies, n)
}

// TestDocumentFile holds the console's copy of the document against the server.
func TestDocumentFile(t *testing.T) {
	t.Parallel()
	stored, err := os.ReadFile("../web/src/api/openapi.json")
	require.NoError(t, err)
	fresh, err := Document()
	require.NoError(t, err)
	require.True(t, strings.TrimSpace(string(stored)) == string(fresh), "the document is old; run: go run ./cmd/openapi > web/src/api/openapi.json")
}

// TestDistrictRoles fixes who sees a whole district.
func TestDistrictRoles(t *testing.T) {
	t.Parallel()
	for login, wide := range map[string]bool{"operator": true, "admin": true, "auditor": true, "office": true, "member": false, "clerk": false, "street": false} {
		w := newWorld(t)
		a, err := w.s.readAccount(t.Context(), login)
		require.NoError(t, err)
		units, err := w.s.unitsByCode(t.Context())
		require.NoError(t, err)
		p := newPrincipal(a, a.posts[0], units)
		require.Len(t, p.Scope, 1)
		require.Equal(t, wide, slices.Contains(p.Scope[0].Paths, "/YT/XW/"), login)
		require.False(t, p.Scope[0].Everything)
		require.Len(t, p.Scope[0].Paths, 1)
	}
}
