package storetest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// saveTree makes two cities; district XW with two streets and two communities, and its department and offices.
func saveTree(t *testing.T, b bundle) {
	t.Helper()
	for _, u := range []record.Unit{
		{Code: "T", Name: "示例市", Level: procedure.City, Path: "/T/"},
		{Code: "XW", Name: "示例区", Level: procedure.District, Parent: "T", Path: "/T/XW/"},
		{Code: "XW-CZ", Name: "示例区财政局", Level: procedure.Department, Parent: "XW", Path: "/T/XW/XW-CZ/"},
		{Code: "XW-BG", Name: "示例区准入办", Level: procedure.Department, Parent: "XW", Path: "/T/XW/XW-BG/"},
		{Code: "XW-GV", Name: "示例区政府", Level: procedure.Department, Parent: "XW", Path: "/T/XW/XW-GV/"},
		{Code: "XW-01", Name: "梧桐里街道办事处", Level: procedure.Street, Parent: "XW", Path: "/T/XW/XW-01/"},
		{Code: "XW-02", Name: "石板桥街道办事处", Level: procedure.Street, Parent: "XW", Path: "/T/XW/XW-02/"},
		{Code: "0101", Name: "桂花社区", Level: procedure.Community, Parent: "XW-01", Path: "/T/XW/XW-01/0101/"},
		{Code: "0102", Name: "银杏社区", Level: procedure.Community, Parent: "XW-01", Path: "/T/XW/XW-01/0102/"},
		{Code: "0201", Name: "石榴社区", Level: procedure.Community, Parent: "XW-02", Path: "/T/XW/XW-02/0201/"},
		{Code: "LH", Name: "另一区", Level: procedure.District, Parent: "T", Path: "/T/LH/"},
		{Code: "LH-CZ", Name: "另一区财政局", Level: procedure.Department, Parent: "LH", Path: "/T/LH/LH-CZ/"},
		{Code: "U", Name: "外市", Level: procedure.City, Path: "/U/"},
		{Code: "U-CZ", Name: "外市财政局", Level: procedure.Department, Parent: "U", Path: "/U/U-CZ/"},
	} {
		u.District = strings.SplitN(u.Code, "-", 2)[0]
		require.NoError(t, b.SaveUnit(t.Context(), u))
	}
}

var (
	caseOwn   = "XW-ZR-2026-001" // filed by XW-CZ, at the office and at street XW-01
	caseOther = "XW-ZR-2026-002" // filed by XW-CZ, at street XW-02
	caseLH    = "LH-ZR-2026-001" // another district
	caseCity  = "U-ZR-2026-001"  // another city
)

func saveCases(t *testing.T, b bundle) (own, other *Script) {
	t.Helper()
	saveTree(t, b)
	own, other = NewScript(caseOwn), NewScript(caseOther)
	own.Task(Office, 5)
	own.Task(StreetA, 2)
	own.Task(Helper, 7)
	own.Add(procedure.CaseCopied, Officer, "", procedure.Copied{Copy: caseOwn + "/c", To: Bureau, Why: "知悉"})
	other.Task(StreetB, 3)
	clerk := procedure.Actor{User: "lu", Name: "示例-陆", Unit: "LH-CZ", Role: "department.officer"}
	far := NewScriptBy(caseLH, clerk, "LH")
	far.Task(procedure.Holder{Unit: "LH-CZ", UnitName: "另一区财政局", Role: "admission.office"}, 4)
	clerk.User, clerk.Unit = "wu", "U-CZ"
	for _, s := range []*Script{own, other, far, NewScriptBy(caseCity, clerk, "U")} {
		appendAll(t, b, s)
	}
	return own, other
}

func testScopeCases(t *testing.T, b bundle) {
	own, _ := saveCases(t, b)
	all := []string{caseOwn, caseOther, caseLH, caseCity}
	for _, number := range all {
		require.NoError(t, b.PreparePoll(t.Context(), terms(number)))
	}
	for name, c := range map[string]struct {
		scope record.Scope
		want  []string
	}{
		"everything":           {everything, all},
		"nothing":              {record.Scope{}, nil},
		"empty path":           {record.Scope{{Paths: []string{""}}}, nil},
		"empty user":           {record.Scope{{Users: []string{""}}}, nil},
		"empty post":           {record.Scope{{Holders: []procedure.Holder{{}}}}, nil},
		"city":                 {record.Scope{{Paths: []string{"/T/"}}}, []string{caseOwn, caseOther, caseLH}},
		"other city":           {record.Scope{{Paths: []string{"/U/"}}}, []string{caseCity}},
		"district":             {record.Scope{{Paths: []string{"/T/XW/"}}}, []string{caseOwn, caseOther}},
		"filing department":    {record.Scope{{Paths: []string{"/T/XW/XW-CZ/"}}}, []string{caseOwn, caseOther}},
		"own street":           {record.Scope{{Paths: []string{"/T/XW/XW-01/"}}}, []string{caseOwn}},
		"other street":         {record.Scope{{Paths: []string{"/T/XW/XW-02/"}}}, []string{caseOther}},
		"community below":      {record.Scope{{Paths: []string{"/T/XW/XW-01/0101/"}}}, nil},
		"two streets":          {record.Scope{{Paths: []string{"/T/XW/XW-01/", "/T/XW/XW-02/"}}}, []string{caseOwn, caseOther}},
		"post":                 {record.Scope{{Holders: []procedure.Holder{{Unit: "XW-01", Role: "street.office"}}}}, []string{caseOwn}},
		"sibling post":         {record.Scope{{Holders: []procedure.Holder{{Unit: "XW-01", Role: "street.other"}}}}, nil},
		"same post elsewhere":  {record.Scope{{Holders: []procedure.Holder{{Unit: "LH-CZ", Role: "admission.office"}}}}, []string{caseLH}},
		"copy":                 {record.Scope{{Holders: []procedure.Holder{{Unit: "XW-GV", Role: "district.leader"}}}}, []string{caseOwn}},
		"named person":         {record.Scope{{Users: []string{"zhao"}}}, []string{caseOwn}},
		"initiator":            {record.Scope{{Users: []string{"sun"}}}, []string{caseOwn, caseOther}},
		"stranger":             {record.Scope{{Users: []string{"nobody"}}}, nil},
		"wildcard is no path":  {record.Scope{{Paths: []string{"/%/"}}}, nil},
		"underscore is no any": {record.Scope{{Paths: []string{"/_/"}}}, nil},
	} {
		page, err := b.Cases(t.Context(), c.scope, record.CaseFilter{})
		require.NoError(t, err, name)
		var got []string
		for _, item := range page.Items {
			got = append(got, item.Number)
		}
		require.ElementsMatch(t, c.want, got, name)
		polls, err := b.PollPage(t.Context(), c.scope, ballot.PollFilter{})
		require.NoError(t, err, name)
		got = nil
		for _, item := range polls.Items {
			got = append(got, item.Number)
		}
		require.ElementsMatch(t, c.want, got, "the votes of %s", name)
		for _, number := range all {
			_, err := b.Case(t.Context(), c.scope, number)
			if slices.Contains(c.want, number) {
				require.NoError(t, err, name)
			} else {
				code(t, err, store.CodeCase)
			}
		}
		_, err = b.Task(t.Context(), c.scope, own.Number+"/2")
		if slices.Contains(c.want, caseOwn) {
			require.NoError(t, err, name)
		} else {
			code(t, err, store.CodeTask)
		}
	}
	_, err := b.Case(t.Context(), everything, "XW-ZR-2026-999")
	code(t, err, store.CodeCase)

	// A task that moved away leaves the case visible to the unit that had it, and makes it visible to the new one.
	own.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: own.Number + "/3", How: procedure.ActTransfer, Holder: StreetB})
	appendAll(t, b, own)
	for _, path := range []string{"/T/XW/XW-01/", "/T/XW/XW-02/"} {
		_, err := b.Case(t.Context(), record.Scope{{Paths: []string{path}}}, own.Number)
		require.NoError(t, err)
	}
}

func testScopeBoxes(t *testing.T, b bundle) {
	own, _ := saveCases(t, b)
	ctx := t.Context()
	office := record.Scope{{Holders: []procedure.Holder{{Unit: "XW-BG", Role: "admission.office"}}, Users: []string{"li"}}}
	ids := func(s record.Scope, f record.TaskFilter) []string {
		t.Helper()
		page, err := b.Tasks(ctx, s, f)
		require.NoError(t, err)
		var list []string
		for _, item := range page.Items {
			list = append(list, item.ID)
		}
		return list
	}
	todo := record.TaskFilter{Box: record.BoxTodo}
	require.Equal(t, []string{caseOwn + "/2"}, ids(office, todo), "not the task handed to a colleague by name")
	require.Equal(t, []string{caseOwn + "/4"}, ids(record.Scope{{Users: []string{"zhao"}}}, todo))
	both := record.Scope{{Holders: []procedure.Holder{Office, StreetA}, Users: []string{"li", "zhao"}}}
	require.Equal(t, []string{caseOwn + "/3", caseOwn + "/2", caseOwn + "/4"}, ids(both, todo), "nearest deadline first")
	require.Empty(t, ids(record.Scope{{Paths: []string{"/T/"}}}, todo), "to see is not to have to do")
	require.Empty(t, ids(everything, todo))
	require.Len(t, ids(everything, record.TaskFilter{Case: caseOwn}), 3)
	require.Empty(t, ids(record.Scope{{Paths: []string{"/U/"}}}, record.TaskFilter{Case: caseOwn}))
	day := calendar.DateOf(own.Events[2].At.AddDate(0, 0, 2)).String()
	require.Equal(t, []string{caseOwn + "/3"}, ids(both, record.TaskFilter{Box: record.BoxTodo, Due: "today", Today: day}))
	require.Equal(t, []string{caseOwn + "/2"}, ids(office, record.TaskFilter{Box: record.BoxTodo, Text: "zr-2026-001"}))
	require.Empty(t, ids(office, record.TaskFilter{Box: record.BoxTodo, Text: "%"}))

	own.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: caseOwn + "/3", Rung: procedure.RungRed})
	own.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: caseOwn + "/4", Rung: procedure.RungYellow})
	own.Add(procedure.TaskAnswered, Delegate, "", answered(caseOwn+"/2"))
	appendAll(t, b, own)
	require.Equal(t, []string{caseOwn + "/3"}, ids(record.Scope{{Paths: []string{"/T/XW/"}}}, record.TaskFilter{Box: record.BoxOverdue}))
	require.Empty(t, ids(record.Scope{{Paths: []string{"/T/XW/XW-02/"}}}, record.TaskFilter{Box: record.BoxOverdue}))
	require.Equal(t, []string{caseOwn + "/3"}, ids(both, record.TaskFilter{Box: record.BoxTodo, Due: "red"}))
	for _, user := range []string{"li", "wang"} { // both the delegate and the person represented did it
		require.Equal(t, []string{caseOwn + "/2"}, ids(record.Scope{{Users: []string{user}}}, record.TaskFilter{Box: record.BoxDone}))
	}
	require.Empty(t, ids(everything, record.TaskFilter{Box: record.BoxDone}))
	require.Empty(t, ids(record.Scope{{Users: []string{""}}}, record.TaskFilter{Box: record.BoxDone}))

	both[0].Holders = append(both[0].Holders, Bureau)
	both[0].Users = append(both[0].Users, "sun")
	counts, err := b.Counts(ctx, both, day)
	require.NoError(t, err)
	require.Equal(t, record.Counts{Todo: 2, Today: 1, Yellow: 1, Red: 1, Done: 1, Started: 2, Copied: 1, Overdue: 1}, counts)
	counts, err = b.Counts(ctx, record.Scope{}, day)
	require.NoError(t, err)
	require.Equal(t, record.Counts{}, counts)

	leader := record.Scope{{Holders: []procedure.Holder{Bureau}}}
	copies, err := b.Copies(ctx, leader, true, "", 0)
	require.NoError(t, err)
	require.Len(t, copies.Items, 1)
	require.Equal(t, "社区工作准入", copies.Items[0].KindName)
	none, err := b.Copies(ctx, office, false, "", 0)
	require.NoError(t, err)
	require.Empty(t, none.Items)
	own.Add(procedure.TaskRead, Officer, "", procedure.Tasked{Task: caseOwn + "/c"})
	appendAll(t, b, own)
	copies, err = b.Copies(ctx, leader, true, "", 0)
	require.NoError(t, err)
	require.Empty(t, copies.Items)

	for _, bad := range []record.TaskFilter{{Box: "guess"}, {Due: "soon"}, {Due: "today"}} {
		_, err := b.Tasks(ctx, office, bad)
		code(t, err, store.CodeFilter)
	}
}

// testScopePrefix: one unit's path must not open another whose code merely begins alike.
func testScopePrefix(t *testing.T, b bundle) {
	for _, u := range []record.Unit{
		{Code: "XW-1", Name: "一", Path: "/T/XW-1/"}, {Code: "XW-10", Name: "十", Path: "/T/XW-10/"},
		{Code: "XW-1-中", Name: "中", Path: "/T/XW-1/中𠮷/"},
	} {
		require.NoError(t, b.SaveUnit(t.Context(), u))
		by := procedure.Actor{User: "u" + u.Code, Name: "示例", Unit: u.Code, Role: "officer"}
		appendAll(t, b, NewScriptBy("N-"+u.Code, by, "T"))
	}
	page, err := b.Cases(t.Context(), record.Scope{{Paths: []string{"/T/XW-1/"}}}, record.CaseFilter{})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	require.Equal(t, "N-XW-1", page.Items[0].Number)
	require.Equal(t, "N-XW-1-中", page.Items[1].Number)
	code(t, b.SaveUnit(t.Context(), record.Unit{Code: "X", Path: "/T/X"}), store.CodeUnit)
}

// testScopeMove: when a unit moves in the tree, its cases move with it, and a rebuild finds the same places.
func testScopeMove(t *testing.T, b bundle) {
	saveCases(t, b)
	sees := func(path string, want bool) {
		t.Helper()
		_, err := b.Case(t.Context(), record.Scope{{Paths: []string{path}}}, caseOwn)
		require.Equal(t, want, err == nil)
	}
	sees("/T/LH/", false)
	moved := record.Unit{Code: "XW-01", Name: "梧桐里街道办事处", Level: procedure.Street, Path: "/T/LH/XW-01/"}
	require.NoError(t, b.SaveUnit(t.Context(), moved))
	sees("/T/LH/", true)
	sees("/T/LH/XW-01/", true)
	sees("/T/XW/XW-01/", false)
	sees("/T/XW/", true) // through its other holders
	places := dump(t, b, "case_areas")
	_, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	sameRows(t, places, dump(t, b, "case_areas"))
	late := NewScript("XW-ZR-2026-003") // a unit that is entered after its first case
	late.Task(procedure.Holder{Unit: "NEW", UnitName: "新设单位", Role: "street.office"}, 1)
	appendAll(t, b, late)
	require.NoError(t, b.SaveUnit(t.Context(), record.Unit{Code: "NEW", Name: "新设单位", Path: "/T/NEW/"}))
	_, err = b.Case(t.Context(), record.Scope{{Paths: []string{"/T/NEW/"}}}, late.Number)
	require.NoError(t, err)
	for _, path := range []string{"", "/", "//", "/T//X/", "T/", "/T"} {
		code(t, b.SaveUnit(t.Context(), record.Unit{Code: "BAD", Path: path}), store.CodeUnit)
	}
}

func testPageWalk(t *testing.T, b bundle) {
	ctx := t.Context()
	var want []string
	for i := range 23 {
		s := NewScript(fmt.Sprintf("XW-ZR-2026-%03d", i+1))
		if i%5 != 0 { // those without a deadline come last
			s.Task(Office, i%4)
		}
		appendAll(t, b, s)
		want = append(want, s.Number)
	}
	for _, sort := range []string{"due", "started", "changed"} {
		for _, size := range []int{1, 4, 23, 24, 200} {
			var got []string
			var last record.Case
			f := record.CaseFilter{Sort: sort, Limit: size}
			for pages := 0; ; pages++ {
				require.LessOrEqual(t, pages, 23)
				page, err := b.Cases(ctx, everything, f)
				require.NoError(t, err)
				require.LessOrEqual(t, len(page.Items), size)
				for _, c := range page.Items {
					if sort == "due" && last.Number != "" && last.NextDue != nil && c.NextDue != nil {
						require.False(t, c.NextDue.Before(*last.NextDue))
					}
					if sort == "due" && last.Number != "" && last.NextDue == nil {
						require.Nil(t, c.NextDue)
					}
					got, last = append(got, c.Number), c
				}
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			require.ElementsMatch(t, want, got, "each case once")
		}
	}
	office := record.Scope{{Holders: []procedure.Holder{Office}}}
	f := record.TaskFilter{Box: record.BoxTodo, Limit: 5}
	seen := map[string]bool{}
	for {
		page, err := b.Tasks(ctx, office, f)
		require.NoError(t, err)
		for _, item := range page.Items {
			require.False(t, seen[item.ID])
			seen[item.ID] = true
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	require.Len(t, seen, 18)
}

func testPageCursor(t *testing.T, b bundle) {
	ctx := t.Context()
	saveCases(t, b)
	page, err := b.Cases(ctx, everything, record.CaseFilter{Limit: 1})
	require.NoError(t, err)
	require.NotEmpty(t, page.Next)
	good, err := base64.RawURLEncoding.DecodeString(page.Next)
	require.NoError(t, err)
	forged := []string{
		"x", "!!!!", page.Next + "A", page.Next[1:], page.Next + "=", strings.ToUpper(page.Next),
		base64.RawURLEncoding.EncodeToString([]byte(`{}`)),
		base64.RawURLEncoding.EncodeToString([]byte(`null`)),
		base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(good), "XW", "AA", 1))),
		base64.RawURLEncoding.EncodeToString([]byte("' OR 1=1 --")),
	}
	for _, after := range forged {
		_, err := b.Cases(ctx, everything, record.CaseFilter{After: after})
		code(t, err, store.CodeCursor)
	}
	_, err = b.Cases(ctx, everything, record.CaseFilter{After: page.Next, Sort: "started"})
	code(t, err, store.CodeCursor)
	_, err = b.Tasks(ctx, everything, record.TaskFilter{Box: record.BoxTodo, After: page.Next})
	code(t, err, store.CodeCursor)
	for _, limit := range []int{-1, 201} {
		_, err = b.Cases(ctx, everything, record.CaseFilter{Limit: limit})
		code(t, err, store.CodeLimit)
	}
	_, err = b.Cases(ctx, everything, record.CaseFilter{Sort: "title; DROP TABLE cases"})
	code(t, err, store.CodeFilter)

	// A cursor of somebody who sees all shows a stranger nothing.
	strange, err := b.Cases(ctx, record.Scope{{Paths: []string{"/X/"}}}, record.CaseFilter{After: page.Next})
	require.NoError(t, err)
	require.Empty(t, strange.Items)
}

func testPageFilter(t *testing.T, b bundle) {
	own, _ := saveCases(t, b)
	own.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: caseOwn + "/3", Rung: procedure.RungRed})
	own.Add(procedure.CasePhased, procedure.SystemEngine, "", procedure.Phased{State: procedure.Executing})
	appendAll(t, b, own)
	yes, no := true, false
	for name, c := range map[string]struct {
		f    record.CaseFilter
		want int
	}{
		"kind":              {record.CaseFilter{Kind: Kind}, 4},
		"other kind":        {record.CaseFilter{Kind: "lift"}, 0},
		"state":             {record.CaseFilter{State: procedure.Executing}, 1},
		"open":              {record.CaseFilter{Open: &yes}, 4},
		"closed":            {record.CaseFilter{Open: &no}, 0},
		"red":               {record.CaseFilter{Card: "red"}, 1},
		"unit":              {record.CaseFilter{Unit: "XW"}, 2},
		"unit of nothing":   {record.CaseFilter{Unit: "ZZ"}, 0},
		"mine":              {record.CaseFilter{Mine: true}, 2},
		"number":            {record.CaseFilter{Text: "lh-zr"}, 1},
		"title":             {record.CaseFilter{Text: "统计表"}, 4},
		"rare rune":         {record.CaseFilter{Text: "𠮷"}, 4},
		"person":            {record.CaseFilter{Text: "孙一"}, 2},
		"unit name":         {record.CaseFilter{Text: "外市"}, 1},
		"percent is a sign": {record.CaseFilter{Text: "100%"}, 0},
		"underscore too":    {record.CaseFilter{Text: "XW_ZR"}, 0},
		"backslash":         {record.CaseFilter{Text: `\`}, 0},
		"quote":             {record.CaseFilter{Text: `' OR '1'='1`}, 0},
		"together":          {record.CaseFilter{Text: "统计表", Unit: "XW", Open: &yes, Card: "red", Mine: true}, 1},
	} {
		s := record.Scope{{Everything: true, Users: []string{"sun"}}}
		page, err := b.Cases(t.Context(), s, c.f)
		require.NoError(t, err, name)
		require.Len(t, page.Items, c.want, name)
	}
}
