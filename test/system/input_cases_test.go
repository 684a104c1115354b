package system

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure/admission"
)

// spoiled is one application that may not be taken, and why.
type spoiled struct {
	name   string
	body   any // what is sent instead of the good application
	status int
	code   string // of the refusal or of a part of it
}

// with is the good application after a change of its form.
func with(t *testing.T, change func(form map[string]any)) map[string]any {
	t.Helper()
	form := tree(t, application("坏输入"))
	change(form)
	return filing(admission.Kind, form)
}

func set(name string, value any) func(map[string]any) {
	return func(form map[string]any) { form[name] = value }
}

func spoiledApplications(t *testing.T) []spoiled {
	t.Helper()
	good := string(mustJSON(t, filing(admission.Kind, application("坏输入"))))
	form := string(mustJSON(t, application("坏输入")))
	text := func(old, with string) string {
		require.Contains(t, good, old)
		return strings.Replace(good, old, with, 1)
	}
	renamed := func(from, to string) map[string]any {
		return with(t, func(f map[string]any) { f[to] = f[from]; delete(f, from) })
	}
	return []spoiled{
		{"no body", "", 400, "input.malformed"},
		{"null", "null", 422, ""},
		{"a list", "[]", 422, ""},
		{"a text", `"x"`, 422, ""},
		{"cut off", good[:len(good)-2], 400, "input.malformed"},
		{"more after the end", good + " {}", 400, "input.trailing"},
		{"not JSON", "kind=admission", 400, "input.malformed"},
		{"broken UTF-8", text("坏输入", "\xff\xfe"), 400, "input.encoding"},
		{"very deep", `{"kind":"admission","form":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, 400, "input.depth"},
		{"2 MB", text("坏输入", strings.Repeat("长", 700_000)), 413, "input.too_large"},
		{"257 KiB", text("坏输入", strings.Repeat("x", 257<<10)), 413, "input.too_large"},
		{"unknown field", `{"kind":"admission","form":` + form + `,"priority":1}`, 422, "input.unknown"},
		{"Kind for kind", `{"Kind":"admission","form":` + form + `}`, 422, "input.unknown"},
		{"kind twice", `{"kind":"refusal","kind":"admission","form":` + form + `}`, 400, "input.duplicate"},
		{"title twice", text(`{"title":`, `{"title":"另一件","title":`), 400, "input.duplicate"},
		{"no kind", map[string]any{"form": application("x")}, 422, "input.required"},
		{"no form", map[string]any{"kind": "admission"}, 422, "input.required"},
		{"form is null", map[string]any{"kind": "admission", "form": nil}, 422, ""},
		{"form is a list", map[string]any{"kind": "admission", "form": []int{1}}, 422, "form.malformed"},
		{"unknown procedure", filing("sorcery", application("x")), 404, "procedure.not_found"},
		{"kind is a number", map[string]any{"kind": 7, "form": application("x")}, 422, "input.type"},
		{"files is a text", map[string]any{"kind": "admission", "form": application("x"), "files": "a"}, 422, "input.type"},
		{"unknown file", map[string]any{"kind": "admission", "form": application("x"), "files": []string{"nothing"}}, 422, "attachment.unknown"},
		{"too many files", map[string]any{"kind": "admission", "form": application("x"), "files": make([]string, 51)}, 422, "input.many"},

		{"unknown field of the form", with(t, set("priority", 1)), 422, "form.malformed"},
		{"Title for title", renamed("title", "Title"), 422, ""},
		{"PERSON_DAYS for person_days", renamed("person_days", "PERSON_DAYS"), 422, ""},
		{"no title", with(t, func(f map[string]any) { delete(f, "title") }), 422, "form.required"},
		{"empty title", with(t, set("title", "   ")), 422, "form.required"},
		{"endless title", with(t, set("title", strings.Repeat("长", 10_000))), 422, "form.too_long"},
		{"title is a number", with(t, set("title", 5)), 422, "form.malformed"},
		{"title is null", with(t, set("title", nil)), 422, "form.required"},
		{"title with a NUL", with(t, set("title", "甲\x00乙")), 400, "input.control"},
		{"title with an escape", with(t, set("title", "甲\x1b[31m乙")), 400, "input.control"},
		{"title that turns round", with(t, set("title", "甲\u202e乙")), 400, "input.control"},
		{"title of two lines", with(t, set("title", "甲\n乙")), 422, ""},
		{"half a character", text("坏输入", `\ud800`), 400, "input.control"},
		{"money with a fraction", with(t, set("fen", 9600.5)), 422, "form.malformed"},
		{"money as a text", with(t, set("fen", "9600")), 422, "form.malformed"},
		{"money beyond all numbers", text(`"fen":960000`, `"fen":1e400`), 422, ""},
		{"money below nothing", with(t, set("fen", -1)), 422, "form.money"},
		{"no work", with(t, set("person_days", 0)), 422, "form.person_days"},
		{"unknown term", with(t, set("term", "forever")), 422, "form.term"},
		{"past start", with(t, set("start", "2026-09-04")), 422, "form.start_past"},
		{"start too soon", with(t, set("start", "2026-10-08")), 422, "admission.lead"},
		{"30 February", with(t, set("start", "2027-02-30")), 422, "form.date"},
		{"month 13", with(t, set("start", "2026-13-01")), 422, "form.date"},
		{"an American date", with(t, set("start", "10/26/2026")), 422, "form.date"},
		{"a date with a time", with(t, set("start", "2026-10-26T00:00:00Z")), 422, "form.date"},
		{"date is a number", with(t, set("start", 20261026)), 422, "form.malformed"},
		{"year 9999", with(t, func(f map[string]any) { f["start"], f["end"] = "9999-12-30", "9999-12-31" }), 422, "form.date_far"},
		{"year 0", with(t, set("start", "0000-01-01")), 422, ""},
		{"end before start", with(t, set("end", "2026-10-01")), 422, "form.end_before_start"},
		{"long-term with an end", with(t, set("term", "long_term")), 422, "form.end_of_long_term"},
		{"no community", with(t, set("communities", []string{})), 422, "form.communities"},
		{"unknown community", with(t, set("communities", []string{"9999"})), 422, "form.community_unknown"},
		{"a department as community", with(t, set("communities", []string{"XW-CZJ"})), 422, "form.community_unknown"},
		{"a community twice", with(t, set("communities", []string{"0101", "0101"})), 422, "form.community_twice"},
		{"10,000 communities", with(t, set("communities", strings.Split(strings.Repeat("0101 ", 10_000), " "))), 422, "form.communities_many"},
		{"urgent without declaration", with(t, set("urgent", true)), 422, "form.declaration"},
		{"renews what is not ours", with(t, set("renews", "XW-ZR-2026-001")), 422, "admission.renews_unknown"},
		{"reapplies what is not ours", with(t, set("reapplies", "XW-ZR-2026-001")), 422, "admission.reapplies_unknown"},
		{"on the negative list", with(t, set("content", "督促辖区商户扫码，商户扫码率达到 95%")), 422, "admission.negative_list"},
	}
}

// TestBadApplications: each is refused with its reason, and nothing of it is kept.
func TestBadApplications(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	clerk := w.as(t, "tjj.sun")
	for _, c := range spoiledApplications(t) {
		r := clerk.do(t, request{method: "POST", path: "/cases", body: c.body})
		if c.status != r.status || c.code != "" && !r.says(c.code) {
			t.Errorf("%s: want %d %s, got %s", c.name, c.status, c.code, r)
		}
	}
	// The check beside the form says the same and never writes.
	for _, c := range spoiledApplications(t) {
		body, isTree := c.body.(map[string]any)
		if !isTree || body["form"] == nil || body["kind"] != admission.Kind {
			continue
		}
		clerk.do(t, request{method: "POST", path: "/procedures/admission/check", body: map[string]any{"form": body["form"]}, key: noKey})
	}
	var page struct{ Items []struct{ Number string } }
	w.as(t, "ops.bai").get(t, "/cases", &page)
	require.Empty(t, page.Items, "a refused application became a case")
	// The control: the same application unspoiled is taken, and gets the first number.
	require.Equal(t, "XW-ZR-2026-014", w.file(t, "tjj.sun", admission.Kind, application("坏输入")), "a refused application took a number")
}

// TestBadRequests: what is wrong with a request before its content is looked at.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	clerk, foreign := w.as(t, "tjj.sun"), w.as(t, "swj.zhou")
	number := w.file(t, "tjj.sun", admission.Kind, application("门外"))
	task := w.task(t, number, "formal-review", "office.qian")
	good := filing(admission.Kind, application("门内"))
	file := clerk.do(t, upload("凭证.pdf", voucher))
	var attachment, draft struct{ ID string }
	file.read(t, &attachment)
	clerk.post(t, "/drafts", map[string]any{"kind": "admission", "title": "草稿", "form": map[string]any{}}, &draft)
	var acted result
	w.as(t, "tjj.sun").post(t, "/cases", good, &acted)

	for name, c := range map[string]struct {
		who    *person
		q      request
		status int
		code   string
	}{
		"no session":          {stranger(w.base), request{method: "GET", path: "/cases"}, 401, "auth.signed_out"},
		"write, no session":   {stranger(w.base), request{method: "POST", path: "/cases", body: good}, 401, "auth.signed_out"},
		"no key":              {clerk, request{method: "POST", path: "/cases", body: good, key: noKey}, 422, "idempotency.missing"},
		"short key":           {clerk, request{method: "POST", path: "/cases", body: good, key: "abc"}, 422, "idempotency.invalid"},
		"long key":            {clerk, request{method: "POST", path: "/cases", body: good, key: strings.Repeat("k", 65)}, 422, "idempotency.invalid"},
		"key with spaces":     {clerk, request{method: "POST", path: "/cases", body: good, key: "abcdefgh ijklmnop"}, 422, "idempotency.invalid"},
		"key of an action":    {w.as(t, "office.qian"), request{method: "POST", path: actions(task.ID), body: decision("accept", ""), key: noKey}, 422, "idempotency.missing"},
		"plain text":          {clerk, request{method: "POST", path: "/cases", body: good, header: map[string]string{"Content-Type": "text/plain"}}, 415, "input.media_type"},
		"a form":              {clerk, request{method: "POST", path: "/cases", body: "kind=admission", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, 415, "input.media_type"},
		"from another site":   {clerk, request{method: "POST", path: "/cases", body: good, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403, "csrf.refused"},
		"another origin":      {clerk, request{method: "POST", path: "/cases", body: good, header: map[string]string{"Origin": "https://example.org"}}, 403, "csrf.refused"},
		"unknown address":     {clerk, request{method: "GET", path: "/secrets"}, 404, "route.not_found"},
		"unknown method":      {clerk, request{method: "PATCH", path: "/cases"}, 405, "route.method"},
		"not an initiator":    {w.as(t, "sq0101.tao"), request{method: "POST", path: "/cases", body: good}, 403, ""},
		"foreign case":        {foreign, request{method: "GET", path: "/cases/" + number}, 404, ""},
		"foreign record":      {foreign, request{method: "GET", path: "/cases/" + number + "/events"}, 404, ""},
		"foreign chain":       {foreign, request{method: "GET", path: "/cases/" + number + "/verify"}, 404, ""},
		"foreign deadline":    {foreign, request{method: "GET", path: "/cases/" + number + "/deadlines/acceptance"}, 404, ""},
		"foreign task":        {foreign, request{method: "GET", path: "/tasks/" + task.ID}, 404, ""},
		"act on foreign task": {foreign, request{method: "POST", path: actions(task.ID), body: decision("accept", "")}, 404, ""},
		"act on foreign case": {foreign, request{method: "POST", path: "/cases/" + number + "/actions", body: map[string]any{"action": "withdraw", "opinion": "x"}}, 404, ""},
		"foreign file":        {foreign, request{method: "GET", path: "/attachments/" + attachment.ID}, 404, ""},
		"foreign draft":       {foreign, request{method: "GET", path: "/drafts/" + draft.ID}, 404, ""},
		"foreign draft gone":  {foreign, request{method: "DELETE", path: "/drafts/" + draft.ID}, 404, ""},
		"foreign command":     {foreign, request{method: "GET", path: "/commands/" + acted.Command}, 404, ""},
		"no such case":        {clerk, request{method: "GET", path: "/cases/XW-ZR-2026-999"}, 404, ""},
		"no such task":        {clerk, request{method: "GET", path: "/tasks/XW-ZR-2026-999.1"}, 404, ""},
		"a NUL in a path":     {clerk, request{method: "GET", path: "/cases/%00"}, 404, ""},
		"broken UTF-8 path":   {clerk, request{method: "GET", path: "/cases/%ff%fe"}, 404, ""},
		"endless path":        {clerk, request{method: "GET", path: "/cases/" + strings.Repeat("x", 5000)}, 422, "input.long"},
		"no such list":        {clerk, request{method: "GET", path: "/lists/XW/versions/1999.1"}, 404, ""},
		"limit of a text":     {clerk, request{method: "GET", path: "/cases?limit=many"}, 422, "input.type"},
		"limit of nothing":    {clerk, request{method: "GET", path: "/cases?limit=0"}, 422, "input.small"},
		"limit of everything": {clerk, request{method: "GET", path: "/cases?limit=100000"}, 422, "input.large"},
		"unknown filter":      {clerk, request{method: "GET", path: "/cases?colour=red"}, 422, "input.unknown"},
		"unknown state":       {clerk, request{method: "GET", path: "/cases?state=lost"}, 422, "input.choice"},
		"forged cursor":       {clerk, request{method: "GET", path: "/cases?after=' OR 1=1 --"}, 422, ""},
		"office as admin":     {w.as(t, "office.qian"), request{method: "POST", path: "/users", body: map[string]any{"id": "mole", "name": "x", "password": "Nine-Rivers-2026"}}, 403, "auth.forbidden"},
		"a name with control": {w.as(t, "admin.shui"), request{method: "POST", path: "/users", body: map[string]any{"id": "mole", "name": "甲\r\n乙", "password": "Nine-Rivers-2026"}}, 400, "input.control"},
		"a name that turns":   {w.as(t, "admin.shui"), request{method: "POST", path: "/users", body: map[string]any{"id": "mole", "name": "甲\u202e乙", "password": "Nine-Rivers-2026"}}, 400, "input.control"},
		"a weak password":     {w.as(t, "admin.shui"), request{method: "POST", path: "/users", body: map[string]any{"id": "mole", "name": "x", "password": "password"}}, 422, "password.weak"},
		"a unit with control": {w.as(t, "admin.shui"), request{method: "POST", path: "/units", body: map[string]any{"code": "XW-99", "name": "甲\x07", "level": "department", "parent": "XW"}}, 400, "input.control"},
		"time backwards":      {w.as(t, "ops.bai"), request{method: "POST", path: "/clock/jump", body: map[string]any{"to": "2020-01-01T00:00:00+08:00"}}, 422, "clock.past"},
		"time too far":        {w.as(t, "ops.bai"), request{method: "POST", path: "/clock/jump", body: map[string]any{"to": "2099-01-01T00:00:00+08:00"}}, 422, "clock.far"},
		"no time":             {w.as(t, "ops.bai"), request{method: "POST", path: "/clock/jump", body: map[string]any{"to": "soon"}}, 422, "clock.time"},
	} {
		c.q.path = strings.ReplaceAll(c.q.path, " ", "%20")
		r, err := c.who.send(c.q)
		require.NoError(t, err, name)
		if fault := r.fault(); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
		if r.status != c.status || c.code != "" && !r.says(c.code) {
			t.Errorf("%s: want %d %s, got %s", name, c.status, c.code, r)
		}
	}
	require.EqualValues(t, w.look(t, number).Case.Seq, w.look(t, number).Head.Seq)
	require.Len(t, w.events(t, number), int(w.look(t, number).Case.Seq))
}

// TestFiles: a file is what its name says, and its name is one line without folders.
func TestFiles(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	clerk := w.as(t, "tjj.sun")
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")
	for name, c := range map[string]struct {
		file    string
		content []byte
		status  int
		code    string
	}{
		"a picture as PDF":    {"a.pdf", png, 422, "file.mismatch"},
		"a PDF as picture":    {"a.png", voucher, 422, "file.mismatch"},
		"a page as PDF":       {"a.pdf", []byte("<html><script>alert(1)</script></html>"), 422, "file.mismatch"},
		"a program as text":   {"a.txt", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 422, "file.mismatch"},
		"a program":           {"a.exe", []byte("MZ"), 422, "file.type"},
		"a page":              {"a.html", []byte("<html>"), 422, "file.type"},
		"a drawing":           {"a.svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "file.type"},
		"no ending":           {"凭证", voucher, 422, "file.type"},
		"two endings":         {"凭证.pdf.exe", voucher, 422, "file.type"},
		"empty":               {"a.pdf", nil, 422, "file.empty"},
		"hidden":              {".pdf", voucher, 422, "file.name"},
		"name with a tab":     {"凭\t证.pdf", voucher, 422, "file.name"},
		"name with an escape": {"凭\x1b[0m证.pdf", voucher, 400, "input.malformed"},
		"name that turns":     {"凭\u202efdp.pdf", voucher, 422, "file.name"},
		"endless name":        {strings.Repeat("证", 200) + ".pdf", voucher, 422, "file.name"},
		"21 MiB":              {"a.pdf", append(append([]byte{}, voucher...), make([]byte, 21<<20)...), 413, "file.too_large"},
	} {
		r := clerk.do(t, upload(c.file, c.content))
		if r.status != c.status || !r.says(c.code) {
			t.Errorf("%s: want %d %s, got %s", name, c.status, c.code, r)
		}
	}
	for _, q := range []request{
		{method: "POST", path: "/attachments", body: "no form at all", header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}},
		{method: "POST", path: "/attachments", body: "{}", header: map[string]string{"Content-Type": "application/json"}},
		{method: "POST", path: "/attachments", body: "--x\r\n", header: map[string]string{"Content-Type": "multipart/form-data"}},
	} {
		r := clerk.do(t, q)
		require.GreaterOrEqual(t, r.status, 400, "%s", r)
	}

	// The controls: honest files are taken; a folder in the name is dropped; the file comes back as it was, as a download.
	var a struct{ ID, Name, Type string }
	r := clerk.do(t, upload(`..\..\etc\凭证.PDF`, voucher))
	require.Equal(t, http.StatusOK, r.status, "%s", r)
	r.read(t, &a)
	require.Equal(t, "凭证.PDF", a.Name)
	require.Equal(t, "application/pdf", a.Type)
	r = clerk.do(t, request{method: "GET", path: "/attachments/" + a.ID})
	require.Equal(t, voucher, r.body)
	require.Contains(t, r.header.Get("Content-Disposition"), "attachment;")
	require.Equal(t, "nosniff", r.header.Get("X-Content-Type-Options"))
	require.Equal(t, http.StatusOK, clerk.do(t, upload("a.png", png)).status)
	require.Equal(t, http.StatusOK, clerk.do(t, upload("说明.txt", []byte("情况说明\n第二行\n"))).status)
}

func (s spoiled) String() string { return fmt.Sprintf("%s (%d %s)", s.name, s.status, s.code) }
