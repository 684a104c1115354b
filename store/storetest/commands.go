package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

func command(id string) record.Command {
	c := record.Command{Request: "digest of " + id, Opinion: "同意", Fields: json.RawMessage(`{"a":1}`)}
	c.ID, c.Case, c.Action, c.Task, c.Actor = id, "XW-ZR-2026-001", procedure.ActAnswer, "XW-ZR-2026-001/2", Officer
	c.At = Now.UTC()
	return c
}

func filing(id string) record.StartCase {
	c := record.Command{Request: "digest of " + id}
	c.ID, c.Action, c.Actor, c.At = id, procedure.ActStart, Initiator, Now.UTC()
	c.Filing = &procedure.Filing{Kind: Kind, Version: 1, District: "XW", Initiator: Initiator, Clock: procedure.RealClock()}
	return record.StartCase{
		Command: c, Prefix: "ZR", Title: "养老服务统计表", Form: json.RawMessage(`{"b": 2, "a": "统计表"}`),
	}
}

func testCommandIdempotent(t *testing.T, b bundle) {
	ctx := t.Context()
	first, fresh, err := b.SubmitCommand(ctx, command("c1"))
	require.NoError(t, err)
	require.True(t, fresh)
	require.Equal(t, record.CommandPending, first.State)
	require.Equal(t, Now.UTC(), first.Stored)
	again, fresh, err := b.SubmitCommand(ctx, command("c1"))
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, first, again)
	other := command("c1")
	other.Request = "another digest"
	_, fresh, err = b.SubmitCommand(ctx, other)
	code(t, err, store.CodeIdempotent)
	require.False(t, fresh)
	kept, err := b.Command(ctx, "c1")
	require.NoError(t, err)
	require.Equal(t, first, kept)
	_, err = b.Command(ctx, "c2")
	code(t, err, store.CodeCommand)
	bad := command("c2")
	bad.Fields = json.RawMessage(`{`)
	_, _, err = b.SubmitCommand(ctx, bad)
	code(t, err, store.CodeText)
	_, _, err = b.SubmitCommand(ctx, record.Command{})
	code(t, err, store.CodeText)
}

func testCommandConcurrent(t *testing.T, b bundle) {
	var g errgroup.Group
	results := make([]bool, 20)
	for i := range results {
		g.Go(func() error {
			_, fresh, err := b.SubmitCommand(t.Context(), command("c1"))
			results[i] = fresh
			return err
		})
	}
	require.NoError(t, g.Wait())
	n := 0
	for _, fresh := range results {
		if fresh {
			n++
		}
	}
	require.Equal(t, 1, n, "exactly one of them is the first")
}

func testCommandSettle(t *testing.T, b bundle) {
	ctx := t.Context()
	waiting, oldest, err := b.CommandBacklog(ctx)
	require.NoError(t, err)
	require.Zero(t, waiting)
	require.True(t, oldest.IsZero())
	for i := range 3 {
		_, _, err := b.SubmitCommand(ctx, command(fmt.Sprint("c", i)))
		require.NoError(t, err)
	}
	waiting, oldest, err = b.CommandBacklog(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 3, waiting)
	require.True(t, oldest.Equal(Now), "%s", oldest)
	pending, err := b.PendingCommands(ctx, Now.Add(time.Second), 2)
	require.NoError(t, err)
	require.Len(t, pending, 2)
	pending, err = b.PendingCommands(ctx, Now, 10)
	require.NoError(t, err)
	require.Empty(t, pending, "too young")
	require.NoError(t, b.TouchCommand(ctx, "c0"))
	require.NoError(t, b.TouchCommand(ctx, "c0"))
	end := record.Refused(procedure.Errorf(procedure.Forbidden, "task.holder", "待办由他人办理"))
	end.Kept = "意见已存为草稿"
	require.NoError(t, b.SettleCommand(ctx, "c0", end))
	require.NoError(t, b.SettleCommand(ctx, "c0", record.CommandEnd{State: record.CommandDone}), "settling twice is harmless")
	c, err := b.Command(ctx, "c0")
	require.NoError(t, err)
	require.Equal(t, end, record.CommandEnd{State: c.State, Refusal: c.Refusal, Code: c.Code, Reason: c.Reason, Kept: c.Kept})
	require.Equal(t, 2, c.Attempts)
	again, fresh, err := b.SubmitCommand(ctx, command("c0"))
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, c, again, "a repeat finds what was answered")
	code(t, b.SettleCommand(ctx, "c1", record.CommandEnd{State: record.CommandPending}), store.CodeFilter)

	// What is on record is done, whatever was answered before or comes after.
	s := NewScript("XW-ZR-2026-001")
	s.Add(procedure.TaskAnswered, Officer, "c0", answered(s.Task(Office, 1)))
	appendAll(t, b, s)
	require.NoError(t, b.SettleCommand(ctx, "c0", end))
	c, err = b.Command(ctx, "c0")
	require.NoError(t, err)
	require.Equal(t, record.CommandEnd{State: record.CommandDone}, record.CommandEnd{State: c.State, Refusal: c.Refusal, Code: c.Code, Reason: c.Reason, Kept: c.Kept})
	require.EqualValues(t, 3, c.Seq)
	pending, err = b.PendingCommands(ctx, Now.Add(time.Second), 10)
	require.NoError(t, err)
	require.Len(t, pending, 2)
	waiting, _, err = b.CommandBacklog(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, waiting)
}

// testKeepOpinion: what was written with a refused action becomes a draft of its writer, one for each task.
func testKeepOpinion(t *testing.T, b bundle) {
	ctx := t.Context()
	s := NewScript("XW-ZR-2026-001")
	task := s.Task(Office, 1)
	appendAll(t, b, s)
	c := command("c1")
	c.Task, c.Opinion = task, "经费未落实"
	require.NoError(t, b.KeepOpinion(ctx, c))
	drafts, err := b.Drafts(ctx, Officer.User)
	require.NoError(t, err)
	require.Len(t, drafts, 1)
	require.JSONEq(t, `{"case":"XW-ZR-2026-001","task":"`+task+`","opinion":"经费未落实","fields":{"a":1}}`, string(drafts[0].Form))
	require.Contains(t, drafts[0].Title, " · ")
	require.Equal(t, Kind, drafts[0].Kind)
	again := c
	again.ID, again.Opinion = "c2", "经费仍未落实"
	require.NoError(t, b.KeepOpinion(ctx, again))
	onCase := c
	onCase.ID, onCase.Task = "c3", ""
	require.NoError(t, b.KeepOpinion(ctx, onCase))
	found, err := b.Drafts(ctx, Officer.User)
	require.NoError(t, err)
	require.Len(t, found, 2, "one for the task, one for the case")
	newer, err := b.Draft(ctx, Officer.User, drafts[0].ID)
	require.NoError(t, err)
	require.Contains(t, string(newer.Form), "经费仍未落实")
	require.Equal(t, drafts[0].Version+1, newer.Version)
	c.Case = "XW-ZR-2026-999"
	require.Error(t, b.KeepOpinion(ctx, c))
}

func testStartNumbers(t *testing.T, b bundle) {
	numbers := make([]string, 20)
	var g errgroup.Group
	for i := range numbers {
		g.Go(func() error {
			if i%4 == 3 { // a filing that fails must give its number back
				bad := filing(fmt.Sprint("bad", i))
				bad.Files = []string{"missing"}
				if _, _, err := b.StartCase(t.Context(), bad); err == nil {
					return fmt.Errorf("a filing with a missing file was taken in")
				}
			}
			c, fresh, err := b.StartCase(t.Context(), filing(fmt.Sprint("c", i)))
			if err == nil && !fresh {
				err = fmt.Errorf("not fresh")
			}
			numbers[i] = c.Case
			return err
		})
	}
	require.NoError(t, g.Wait())
	slices.Sort(numbers)
	for i, number := range numbers {
		require.Equal(t, fmt.Sprintf("XW-ZR-2026-%03d", i+1), number)
	}
}

func testStartIdempotent(t *testing.T, b bundle) {
	ctx := t.Context()
	var g errgroup.Group
	for range 10 {
		g.Go(func() error {
			c, _, err := b.StartCase(ctx, filing("c1"))
			if err == nil && c.Case != "XW-ZR-2026-001" {
				err = fmt.Errorf("number %s", c.Case)
			}
			return err
		})
	}
	require.NoError(t, g.Wait())
	c, fresh, err := b.StartCase(ctx, filing("c1"))
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, "XW-ZR-2026-001", c.Filing.Case)
	require.Equal(t, "c1", c.Filing.Command)
	kept, err := b.Command(ctx, "c1")
	require.NoError(t, err)
	require.Equal(t, c, kept)
	f, err := b.CaseFiling(ctx, c.Case)
	require.NoError(t, err)
	require.Equal(t, `{"a":"统计表","b":2}`, string(f.Form))
	require.Len(t, f.FormHash, 64)
	_, err = b.CaseFiling(ctx, "XW-ZR-2026-002")
	code(t, err, store.CodeCase)

	other := filing("c1")
	other.Command.Request = "another"
	_, _, err = b.StartCase(ctx, other)
	code(t, err, store.CodeIdempotent)
	for _, bad := range []func(*record.StartCase){
		func(in *record.StartCase) { in.Command.Filing = nil },
		func(in *record.StartCase) { in.Command.Action = procedure.ActCopy },
		func(in *record.StartCase) { in.Prefix = "" },
		func(in *record.StartCase) { in.Form = json.RawMessage(`{`) },
	} {
		in := filing("c2")
		bad(&in)
		_, _, err = b.StartCase(ctx, in)
		code(t, err, store.CodeEvent)
	}
}

// testStartReapply: a case may be applied for again as often as the rules say, however many apply in the same moment.
func testStartReapply(t *testing.T, b bundle) {
	ctx := t.Context()
	again := func(id, number string, most int64) record.StartCase {
		in := filing(id)
		in.Form, in.Reapplications = json.RawMessage(`{"reapplies":"`+number+`"}`), most
		return in
	}
	for _, id := range []string{"c1", "c2", "c3"} {
		_, _, err := b.StartCase(ctx, filing(id))
		require.NoError(t, err)
	}
	for number, most := range map[string]int64{"XW-ZR-2026-001": 1, "XW-ZR-2026-002": 2, "XW-ZR-2026-003": 0} {
		errs := make([]error, 10)
		var g errgroup.Group
		for i := range errs {
			g.Go(func() error {
				in := again(fmt.Sprint(number, i), number, most)
				in.Command.At = in.Command.At.AddDate(i%2, 0, 0) // of two years: the counter of numbers does not line them up
				_, _, errs[i] = b.StartCase(ctx, in)
				return nil
			})
		}
		require.NoError(t, g.Wait())
		taken := int64(0)
		for i, err := range errs {
			id := fmt.Sprint(number, i)
			if err == nil {
				taken++
				repeat := again(id, number, most)
				repeat.Command.At = repeat.Command.At.AddDate(i%2, 0, 0)
				_, fresh, err := b.StartCase(ctx, repeat)
				require.NoError(t, err, "a repeat is no second application")
				require.False(t, fresh)
				continue
			}
			code(t, err, store.CodeReapplied)
			_, err = b.Command(ctx, id)
			code(t, err, store.CodeCommand)
		}
		require.Equal(t, most, taken, number)
		n, err := b.Reapplications(ctx, number)
		require.NoError(t, err)
		require.EqualValues(t, most, n)
	}
	_, _, err := b.StartCase(ctx, again("c9", "XW-ZR-2026-999", 1))
	code(t, err, store.CodeCase)
	n, err := b.Reapplications(ctx, "")
	require.NoError(t, err)
	require.Zero(t, n)
}

func testStartCounter(t *testing.T, b bundle) {
	ctx := t.Context()
	require.NoError(t, b.SetCounter(ctx, "XW", "ZR", 2026, 13))
	c, _, err := b.StartCase(ctx, filing("c1"))
	require.NoError(t, err)
	require.Equal(t, "XW-ZR-2026-014", c.Case)
	code(t, b.SetCounter(ctx, "XW", "ZR", 2026, 13), store.CodeCounter)

	// The year is the civil year in China, not that of UTC.
	in := filing("c2")
	in.Command.At = time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)
	c, _, err = b.StartCase(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "XW-ZR-2027-001", c.Case)
}
