package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// testReadAfterTheEnd: a copy of a closed case can be read, once, beside a record that stays as it was; and a rebuild keeps it.
func testReadAfterTheEnd(t *testing.T, b bundle) {
	ctx := t.Context()
	const number = "XW-ZR-2026-001"
	s := scriptOf(t, number, Kind)
	appendAll(t, b, s)
	leader := procedure.Actor{User: "qu", Name: "示例-区长", Unit: Bureau.Unit, Role: Bureau.Role}
	read := func(id string) record.Command {
		c := record.Command{Request: "digest of " + id}
		c.ID, c.Case, c.Action, c.Task, c.Actor, c.At = id, number, procedure.ActRead, number+"/c", leader, Now.Add(24*time.Hour).UTC()
		return c
	}
	_, _, err := b.ReadCopy(ctx, read("early"))
	code(t, err, store.CodeCaseOpen)
	s.Add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed, Result: "办结"}})
	appendAll(t, b, s)

	bureau := record.Scope{{Holders: []procedure.Holder{Bureau}}}
	unread := func() int {
		t.Helper()
		counts, err := b.Counts(ctx, bureau, "2026-09-01")
		require.NoError(t, err)
		page, err := b.Copies(ctx, bureau, true, "", 0)
		require.NoError(t, err)
		require.Len(t, page.Items, counts.Copied)
		return counts.Copied
	}
	require.Equal(t, 1, unread())
	record0 := dump(t, b, "chains", "events")
	before, err := b.LastChange(ctx)
	require.NoError(t, err)

	var g errgroup.Group
	errs := make([]error, 10)
	for i := range errs {
		g.Go(func() error {
			_, _, errs[i] = b.ReadCopy(ctx, read("c"+string(rune('0'+i))))
			return nil
		})
	}
	require.NoError(t, g.Wait())
	first := ""
	for i, err := range errs {
		if err == nil {
			require.Empty(t, first, "one of them is the first")
			first = "c" + string(rune('0'+i))
			continue
		}
		code(t, err, store.CodeCopyRead)
	}
	require.NotEmpty(t, first)
	stored, fresh, err := b.ReadCopy(ctx, read(first))
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, record.CommandDone, stored.State)
	require.EqualValues(t, len(s.Events), stored.Seq)

	look := func() {
		t.Helper()
		require.Zero(t, unread())
		page, err := b.Copies(ctx, bureau, false, "", 0)
		require.NoError(t, err)
		list, err := b.CaseCopies(ctx, number)
		require.NoError(t, err)
		for _, c := range []record.Copy{page.Items[0], list[0]} {
			require.Equal(t, Now.Add(24*time.Hour).UTC(), *c.ReadAt)
			require.Equal(t, "示例-区长", c.ReadBy)
		}
	}
	look()
	sameRows(t, record0, dump(t, b, "chains", "events"))
	found, err := b.VerifyCase(ctx, number)
	require.NoError(t, err)
	require.True(t, found.Whole())
	news, err := b.Changes(ctx, before, 10)
	require.NoError(t, err)
	require.Len(t, news, 1, "pages that show the copy hear of it")
	require.Equal(t, procedure.TaskRead, news[0].Type)

	kept := dump(t, b, everyTable...)
	_, err = b.Rebuild(ctx)
	require.NoError(t, err)
	look()
	sameRows(t, kept, dump(t, b, everyTable...))

	wrong := read("d1")
	wrong.Task = number + "/none"
	_, _, err = b.ReadCopy(ctx, wrong)
	code(t, err, store.CodeCopy)
	wrong = read("d2")
	wrong.Case = "XW-ZR-2026-999"
	_, _, err = b.ReadCopy(ctx, wrong)
	code(t, err, store.CodeCase)
	_, err = b.Command(ctx, "d2")
	code(t, err, store.CodeCommand)
}
