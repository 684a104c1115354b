package storetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// otherKind is a second procedure.
const otherKind procedure.Kind = "revision"

// scriptOf begins the record of a case of a procedure, with a task at the office, one that the officer has answered, a red one
// at a street, and a copy to the bureau.
func scriptOf(t *testing.T, number string, kind procedure.Kind) *Script {
	t.Helper()
	s := NewScript(number)
	var p procedure.Started
	require.NoError(t, json.Unmarshal(s.Events[0].Data, &p))
	p.Filing.Kind = kind
	data, err := json.Marshal(p)
	require.NoError(t, err)
	s.Events[0].Data = data
	s.Task(Office, 5)                                                            // /2
	s.Add(procedure.TaskAnswered, Officer, "", answered(s.Task(Office, 5)))      // /3
	red := procedure.Reminded{Task: s.Task(StreetA, 1), Rung: procedure.RungRed} // /5
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", red)
	return s.Add(procedure.CaseCopied, Officer, "", procedure.Copied{Copy: number + "/c", To: Bureau, Why: "知悉"})
}

// testScopeKinds: what was delegated for one procedure is seen for that procedure only: in lists, boxes, counts, copies and the
// feed. Each way in which a grant lets one see is tried alone.
func testScopeKinds(t *testing.T, b bundle) {
	saveTree(t, b)
	ctx := t.Context()
	const first, second = "XW-ZR-2026-001", "XW-TZ-2026-001"
	appendAll(t, b, scriptOf(t, first, Kind))
	appendAll(t, b, scriptOf(t, second, otherKind))
	numbers := []string{first, second}
	day := Now.Format("2006-01-02")

	// see reads everything that a scope shows, by case.
	see := func(s record.Scope) map[string][]string {
		t.Helper()
		got := map[string][]string{}
		saw := func(where, number string) { got[where] = append(got[where], number) }
		for where, f := range map[string]record.CaseFilter{"cases": {}, "mine": {Mine: true}} {
			page, err := b.Cases(ctx, s, f)
			require.NoError(t, err)
			for _, c := range page.Items {
				saw(where, c.Number)
			}
		}
		for where, f := range map[string]record.TaskFilter{
			"tasks": {}, "todo": {Box: record.BoxTodo}, "done": {Box: record.BoxDone}, "overdue": {Box: record.BoxOverdue},
		} {
			page, err := b.Tasks(ctx, s, f)
			require.NoError(t, err)
			for _, task := range page.Items {
				saw(where, task.Case)
			}
		}
		for where, unread := range map[string]bool{"copies": false, "unread": true} {
			page, err := b.Copies(ctx, s, unread, "", 0)
			require.NoError(t, err)
			for _, c := range page.Items {
				saw(where, c.Case)
			}
		}
		feed, err := b.Visible(ctx, s, numbers)
		require.NoError(t, err)
		for _, number := range numbers {
			if feed[number] {
				saw("feed", number)
			}
			if _, err := b.Case(ctx, s, number); err == nil {
				saw("case", number)
			}
			if _, err := b.Task(ctx, s, number+"/2"); err == nil {
				saw("task", number)
			}
		}
		counts, err := b.Counts(ctx, s, day)
		require.NoError(t, err)
		require.Equal(t, record.Counts{
			Todo: len(got["todo"]), Red: counts.Red, Yellow: counts.Yellow, Today: counts.Today, Done: len(got["done"]), Started: len(got["mine"]),
			Copied: len(got["unread"]), Overdue: len(got["overdue"]),
		}, counts, "counts are those of the lists")
		return got
	}
	open := []string{"cases", "case", "task", "feed"} // whatever lets one see a case shows it here
	for name, c := range map[string]struct {
		grant record.Grant
		where []string
	}{
		"everything": {record.Grant{Everything: true}, append([]string{"tasks", "overdue"}, open...)},
		"subtree":    {record.Grant{Paths: []string{"/T/XW/"}}, append([]string{"tasks", "overdue"}, open...)},
		"post":       {record.Grant{Holders: []procedure.Holder{Office}}, append([]string{"tasks", "overdue", "todo"}, open...)},
		"copied":     {record.Grant{Holders: []procedure.Holder{Bureau}}, append([]string{"tasks", "overdue", "copies", "unread"}, open...)},
		"initiator":  {record.Grant{Users: []string{"sun"}}, append([]string{"tasks", "overdue", "mine"}, open...)},
		"decided":    {record.Grant{Users: []string{"li"}}, []string{"done"}},
	} {
		all := see(record.Scope{c.grant})
		limited := c.grant
		limited.Kinds = []procedure.Kind{otherKind, "none"}
		some := see(record.Scope{limited})
		limited.Kinds = []procedure.Kind{"none"}
		require.Empty(t, see(record.Scope{limited}), name)
		for _, where := range c.where {
			require.Subset(t, all[where], numbers, "%s: %s shows both", name, where) // or the next line proves nothing
			require.Contains(t, some[where], second, "%s: %s", name, where)
			require.NotContains(t, some[where], first, "%s: %s", name, where)
		}
		require.Len(t, some, len(c.where), name)
		require.Len(t, all, len(c.where), name)
		// One's own grant and a delegated one beside it: each shows its own.
		own := record.Grant{Kinds: []procedure.Kind{Kind}, Holders: []procedure.Holder{StreetA}}
		both := see(record.Scope{own, {Kinds: []procedure.Kind{otherKind}, Paths: c.grant.Paths, Holders: c.grant.Holders, Users: c.grant.Users, Everything: c.grant.Everything}})
		require.Contains(t, both["todo"], first, name)
		for _, where := range c.where {
			require.Contains(t, both[where], second, "%s: %s", name, where)
		}
		if where := "mine"; len(all[where]) > 0 {
			require.NotContains(t, both[where], first, "the initiator is represented for the other procedure only")
		}
	}
}
