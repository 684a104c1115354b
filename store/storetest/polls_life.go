package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/rules"
	"gongzhi/store"
)

const poll = "XW-YZ-2026-001"

func testPollLife(t *testing.T, b bundle) {
	ctx := t.Context()
	_, err := b.Poll(ctx, poll)
	code(t, err, ballot.CodePoll)
	code(t, b.OpenPoll(ctx, poll, opens, closes), ballot.CodePoll)

	require.NoError(t, b.PreparePoll(ctx, terms(poll)))
	require.NoError(t, b.PreparePoll(ctx, terms(poll)), "the same terms again")
	other := terms(poll)
	other.Hidden = true
	code(t, b.PreparePoll(ctx, other), ballot.CodeTerms)
	code(t, b.OpenPoll(ctx, poll, opens, closes), ballot.CodeRoll)
	_, err = b.ClosePoll(ctx, poll, at(closes))
	code(t, err, ballot.CodeNotOpen)

	frozenPoll(t, b, terms(poll), 10)
	code(t, b.OpenPoll(ctx, poll, closes, opens), ballot.CodeTerms)
	code(t, b.ExtendPoll(ctx, poll, 1, closes), ballot.CodeNotOpen)
	for range 2 {
		require.NoError(t, b.OpenPoll(ctx, poll, opens, closes))
	}
	code(t, b.OpenPoll(ctx, poll, opens, closes.Add(time.Hour)), ballot.CodeTerms)
	p, err := b.Poll(ctx, poll)
	require.NoError(t, err)
	require.Equal(t, ballot.Open, p.State)
	require.Equal(t, terms(poll), p.Terms)
	require.True(t, p.Opens.Equal(opens) && p.Closes.Equal(closes))
	require.EqualValues(t, 10, p.Voters)
	require.Equal(t, 1, p.Roll)

	code(t, b.ExtendPoll(ctx, poll, 1, closes), ballot.CodeTerms)
	code(t, b.ExtendPoll(ctx, poll, 2, closes.Add(time.Hour)), ballot.CodeTerms)
	later := closes.AddDate(0, 0, 10)
	require.NoError(t, b.ExtendPoll(ctx, poll, 1, later))
	require.NoError(t, b.ExtendPoll(ctx, poll, 1, later.AddDate(0, 0, 10)), "each extension is carried out once")
	require.NoError(t, b.OpenPoll(ctx, poll, opens, closes), "a retry that comes late changes nothing")
	p, err = b.Poll(ctx, poll)
	require.NoError(t, err)
	require.True(t, p.Closes.Equal(later))

	casts(t, b, web(poll, 1, ballot.Yes, "r1"))
	require.NoError(t, b.MarkSigned(ctx, poll, "0002", within))
	_, err = b.ClosePoll(ctx, poll, at(later.Add(-time.Microsecond)))
	code(t, err, ballot.CodeEarly)
	result := ballot.Result{Roll: 1, Leaves: 2, Root: "00", Print: "print", At: later}
	code(t, b.SaveResult(ctx, poll, result), ballot.CodeResult)
	first, err := b.ClosePoll(ctx, poll, at(later))
	require.NoError(t, err)
	again, err := b.ClosePoll(ctx, poll, at(later.Add(time.Hour)))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, ballot.Closed, first.State)
	require.EqualValues(t, 2, first.Leaves)
	totals := exact(t, b, poll)
	leaves, err := b.Leaves(ctx, poll, 1, 10)
	require.NoError(t, err)
	require.Equal(t, []ballot.LeafRow{{Index: 1, Text: ballot.CloseText(poll, totals, 1, later)}}, leaves)
	code(t, b.ExtendPoll(ctx, poll, 2, later.AddDate(0, 0, 10)), ballot.CodeOver)
	code(t, b.MarkSigned(ctx, poll, "0003", at(later)), ballot.CodeOver)

	for _, wrong := range []ballot.Result{{Roll: 2, Leaves: 2}, {Roll: 1, Leaves: 1}} {
		code(t, b.SaveResult(ctx, poll, wrong), ballot.CodeResult)
	}
	code(t, b.FinishPoll(ctx, poll), ballot.CodeResult)
	result.Totals = totals
	for range 2 {
		require.NoError(t, b.SaveResult(ctx, poll, result))
	}
	wrong := result
	wrong.Root = "01"
	code(t, b.SaveResult(ctx, poll, wrong), ballot.CodeResult)
	for range 2 {
		require.NoError(t, b.FinishPoll(ctx, poll))
	}
	code(t, b.VoidPoll(ctx, poll), ballot.CodeResult)
	p, err = b.Poll(ctx, poll)
	require.NoError(t, err)
	require.Equal(t, ballot.Final, p.State)
	require.Equal(t, result.Totals, p.Result.Totals)
	require.Equal(t, later.UTC(), p.Result.At)
}

func testPollLists(t *testing.T, b bundle) {
	ctx := t.Context()
	for i := range 3 {
		openPoll(t, b, terms(fmt.Sprintf("XW-YZ-2026-%03d", i+1)), 2)
	}
	foreign := terms("XW-YZ-2026-004")
	foreign.Unit = "XW-02"
	require.NoError(t, b.PreparePoll(ctx, foreign))
	for range 2 {
		require.NoError(t, b.VoidPoll(ctx, "XW-YZ-2026-002"))
	}
	_, err := cast(t, b, web("XW-YZ-2026-002", 1, ballot.Yes, "r"), within)
	code(t, err, ballot.CodeOver)
	_, err = b.ClosePoll(ctx, "XW-YZ-2026-002", at(closes))
	code(t, err, ballot.CodeOver)
	_, err = b.ClosePoll(ctx, "XW-YZ-2026-003", at(closes))
	require.NoError(t, err)

	open, err := b.OpenPolls(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"XW-YZ-2026-001", "XW-YZ-2026-003"}, open)
	own, err := b.PollsOf(ctx, "XW-01", 2)
	require.NoError(t, err)
	require.Len(t, own, 2)
	require.Equal(t, "XW-YZ-2026-003", own[0].Number)
	require.Equal(t, "XW-YZ-2026-002", own[1].Number)
}

func testPollRoll(t *testing.T, b bundle) {
	ctx := t.Context()
	require.NoError(t, b.PreparePoll(ctx, terms(poll)))
	lines, voters, total := estate(poll, 120)
	code(t, b.FreezeRoll(ctx, poll, each(voters), total), ballot.CodeRoll)
	_, err := b.AddRoll(ctx, poll, nil, ballot.RollVersion{Fingerprint: "x"})
	code(t, err, ballot.CodeRoll)

	less, fewer, part := estate(poll, 119)
	v1, err := b.AddRoll(ctx, poll, less, version(less, fewer, part))
	require.NoError(t, err)
	require.Equal(t, 1, v1.Version)
	same, err := b.AddRoll(ctx, poll, less, version(less, fewer, part))
	require.NoError(t, err)
	require.Equal(t, v1.Version, same.Version, "a retry adds no version")
	v2, err := b.AddRoll(ctx, poll, lines, version(lines, voters, total))
	require.NoError(t, err)
	require.Equal(t, 2, v2.Version)
	require.Equal(t, len(lines), v2.Lines)
	versions, err := b.RollVersions(ctx, poll)
	require.NoError(t, err)
	require.Len(t, versions, 2)
	require.Equal(t, v2, versions[0])
	page, err := b.RollLines(ctx, poll, 0, lines[2].Code, 3)
	require.NoError(t, err)
	require.Equal(t, lines[3:6], page)
	old, err := b.RollLines(ctx, poll, 1, "", 1000)
	require.NoError(t, err)
	require.Len(t, old, len(less), "a correction leaves the version before as it was")

	// The voters must have been made from the newest version.
	code(t, b.FreezeRoll(ctx, poll, each(nil), rules.Weight{}), ballot.CodeRoll)
	code(t, b.FreezeRoll(ctx, poll, each(fewer), part), ballot.CodeRoll)
	code(t, b.FreezeRoll(ctx, poll, each(voters), part), ballot.CodeRoll)
	for name, edit := range map[string]func(v *ballot.Voter){
		"another unit":   func(v *ballot.Voter) { v.Units = []string{v.Units[0], "9-9999-0"} },
		"a unit twice":   func(v *ballot.Voter) { v.Units = voters[0].Units },
		"a unit missing": func(v *ballot.Voter) { v.Units = v.Units[:1] },
		"a number twice": func(v *ballot.Voter) { v.No = voters[0].No },
		"a pseudonym":    func(v *ballot.Voter) { v.Pseudonym = voters[0].Pseudonym },
		"no head":        func(v *ballot.Voter) { v.Weight.Heads = 0 },
	} {
		_, wrong, _ := estate(poll, 120)
		edit(&wrong[2])
		err := b.FreezeRoll(ctx, poll, each(wrong), total)
		require.Error(t, err, name)
		code(t, err, ballot.CodeRoll)
	}

	o, err := b.AddObjection(ctx, poll, ballot.Objection{About: "roll", Who: "示例-钱", Line: lines[0].Code, Text: "面积不对", At: Now})
	require.NoError(t, err)
	code(t, b.FreezeRoll(ctx, poll, each(voters), total), ballot.CodeObjection)
	answered := Now.AddDate(0, 0, 1)
	o.Answer, o.Answered, o.By = "登记簿为准", &answered, reader1.Name
	require.NoError(t, b.AnswerObjection(ctx, poll, o))
	p, err := b.Poll(ctx, poll)
	require.NoError(t, err)
	require.False(t, p.Frozen)
	broken := func(yield func(ballot.Voter, error) bool) {
		for _, v := range voters[:119] {
			if !yield(v, nil) {
				return
			}
		}
		yield(ballot.Voter{}, errors.New("the roll cannot be read"))
	}
	before := dump(t, b, pollTables...)
	require.ErrorContains(t, b.FreezeRoll(ctx, poll, broken, total), "cannot be read")
	sameRows(t, before, dump(t, b, pollTables...))
	shuffled := slices.Clone(voters)
	slices.Reverse(shuffled)
	for range 2 {
		require.NoError(t, b.FreezeRoll(ctx, poll, each(shuffled), total))
	}
	require.NoError(t, b.FreezeRoll(ctx, poll, each(fewer), part), "a frozen roll stays as it is")
	_, err = b.AddRoll(ctx, poll, less, version(less, fewer, part))
	code(t, err, ballot.CodeRoll)
	_, err = b.AddObjection(ctx, poll, ballot.Objection{About: "roll", Who: "示例-钱", Text: "晚了", At: Now})
	code(t, err, ballot.CodeRoll)
	require.Equal(t, total, exact(t, b, poll).All)
}

func testPollVoters(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 120)
	openPoll(t, b, terms("XW-YZ-2026-002"), 5)
	_, voters, _ := estate(poll, 120)
	v, err := b.Voter(ctx, poll, "0003")
	require.NoError(t, err)
	require.Equal(t, voters[2], v)
	require.Len(t, v.Units, 2)
	number, byCode, err := b.VoterByCode(ctx, v.CodeHash)
	require.NoError(t, err)
	require.Equal(t, poll, number)
	require.Equal(t, v, byCode)
	_, err = b.Voter(ctx, poll, "9999")
	code(t, err, ballot.CodeVoter)
	for _, hash := range []string{"", "guessed"} {
		_, _, err = b.VoterByCode(ctx, hash)
		code(t, err, ballot.CodeCode)
	}

	require.NoError(t, b.MarkSigned(ctx, poll, "0004", within))
	masked, err := b.MaskedVoters(ctx, poll, "0002", 2)
	require.NoError(t, err)
	show := func(v ballot.Voter, signed bool) ballot.MaskedVoter {
		return ballot.MaskedVoter{No: v.No, Pseudonym: v.Pseudonym, Masked: v.Masked, Building: v.Building, Weight: v.Weight, Signed: signed}
	}
	require.Equal(t, []ballot.MaskedVoter{show(voters[2], false), show(voters[3], true)}, masked)

	casts(t, b, web(poll, 52, ballot.Yes, "r"))
	numbers := func(f ballot.VoterFilter, after string, limit int) string {
		t.Helper()
		list, err := b.Voters(ctx, poll, f, after, limit)
		require.NoError(t, err)
		text := ""
		for _, v := range list {
			text += v.No + " "
		}
		return text
	}
	require.Equal(t, "0051 0052 0053 ", numbers(ballot.VoterFilter{Building: "2"}, "", 3))
	require.Equal(t, "0051 0053 0054 ", numbers(ballot.VoterFilter{Building: "2", Silent: true}, "", 3))
	require.Equal(t, "0119 0120 ", numbers(ballot.VoterFilter{}, "0118", 10))
	require.Equal(t, "0117 ", numbers(ballot.VoterFilter{Text: "业主117"}, "", 10))
	require.Equal(t, "0003 ", numbers(ballot.VoterFilter{Text: "1-0003-1"}, "", 10))
	require.Empty(t, numbers(ballot.VoterFilter{Text: "%"}, "", 10), "a wildcard is a character")
}

func testPollKept(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 4)
	casts(t, b, web(poll, 1, ballot.Yes, "r1"))
	casts(t, b, web(poll, 2, ballot.No, "r2"))
	for _, size := range []int64{1, 2, 2} {
		require.NoError(t, b.AddCheckpoint(ctx, poll, ballot.Checkpoint{Size: size, Root: fmt.Sprint(size), Note: "n", At: opens}))
	}
	require.Error(t, b.AddCheckpoint(ctx, poll, ballot.Checkpoint{Size: 2, Root: "other", Note: "n", At: opens}))
	require.Error(t, b.AddCheckpoint(ctx, poll, ballot.Checkpoint{Size: 3, Root: "3", Note: "n", At: opens}))
	points, err := b.Checkpoints(ctx, poll)
	require.NoError(t, err)
	require.Equal(t, []ballot.Checkpoint{
		{Size: 1, Root: "1", Note: "n", At: opens.UTC()}, {Size: 2, Root: "2", Note: "n", At: opens.UTC()},
	}, points)
	last, err := b.LastCheckpoints(ctx, poll, 1)
	require.NoError(t, err)
	require.Equal(t, points[1:], last)
	last, err = b.LastCheckpoints(ctx, poll, 3)
	require.NoError(t, err)
	require.Equal(t, []ballot.Checkpoint{points[1], points[0]}, last)

	object := ballot.Objection{About: "result", Who: "示例-钱", Text: "再数一遍", At: closes}
	_, err = b.AddObjection(ctx, poll, object)
	code(t, err, ballot.CodeResult)
	_, err = b.ClosePoll(ctx, poll, at(closes))
	require.NoError(t, err)
	require.NoError(t, b.SaveResult(ctx, poll, ballot.Result{Roll: 1, Leaves: 3, At: closes}))
	for _, wrong := range []ballot.Objection{{About: "all", Who: "a", Text: "b"}, {About: "result", Text: "b"}, {About: "result", Who: "a"}} {
		_, err = b.AddObjection(ctx, poll, wrong)
		code(t, err, ballot.CodeObjection)
	}
	first, err := b.AddObjection(ctx, poll, object)
	require.NoError(t, err)
	object.ID = "own"
	for range 2 {
		second, err := b.AddObjection(ctx, poll, object)
		require.NoError(t, err)
		require.Equal(t, "own", second.ID)
	}
	changed := object
	changed.Text = "不同"
	_, err = b.AddObjection(ctx, poll, changed)
	code(t, err, ballot.CodeAgain)

	when := closes.Add(time.Hour)
	answer := ballot.Objection{ID: first.ID, Answer: "已复核", Upheld: true, Answered: &when, By: reader1.Name}
	for range 2 {
		require.NoError(t, b.AnswerObjection(ctx, poll, answer))
	}
	answer.Upheld = false
	code(t, b.AnswerObjection(ctx, poll, answer), ballot.CodeObjection)
	answer.ID = "none"
	code(t, b.AnswerObjection(ctx, poll, answer), ballot.CodeObjection)
	list, err := b.Objections(ctx, poll, "result")
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, first.ID, list[0].ID)
	require.True(t, list[0].Upheld && list[0].Answered.Equal(when))
	require.Nil(t, list[1].Answered)
	list, err = b.Objections(ctx, poll, "roll")
	require.NoError(t, err)
	require.Empty(t, list)
}

func testPollCertified(t *testing.T, b bundle) {
	ctx := t.Context()
	outside := terms(poll)
	outside.Platform = "省业主决策平台"
	frozenPoll(t, b, outside, 4)
	c := ballot.Certified{
		Platform: "省业主决策平台", Document: "2026-1", File: "f1", By: "ye",
		Totals: rules.Totals{Counting: rules.ByOwner, All: rules.Weight{Heads: 4, Area: 40_000}, Yes: rules.Weight{Heads: 4, Area: 40_000}},
	}
	code(t, b.SaveCertified(ctx, poll, c), store.CodeAttachment)
	uploads(t, b, ballot.Cast{By: reader1, Files: []string{"f1"}})
	alone := c
	alone.Second = c.By
	code(t, b.SaveCertified(ctx, poll, alone), ballot.CodeResult)
	typo := c
	typo.Totals.Yes.Heads = 3
	require.NoError(t, b.SaveCertified(ctx, poll, typo))
	file, err := b.Attachment(ctx, "f1")
	require.NoError(t, err)
	require.Equal(t, poll, file.Case, "whoever sees the case sees the certificate")
	require.False(t, file.Ballot)
	require.NoError(t, b.SaveCertified(ctx, poll, c), "until it is confirmed it may be entered anew")
	require.NoError(t, b.SaveCertified(ctx, poll, c))
	imported := func() ballot.Certified {
		p, err := b.Poll(ctx, poll)
		require.NoError(t, err)
		return *p.Imported
	}
	require.Equal(t, c, imported(), "the same person again confirms nothing")
	c.By = "he"
	require.NoError(t, b.SaveCertified(ctx, poll, c))
	require.Equal(t, "ye", imported().By)
	require.Equal(t, "he", imported().Second)
	code(t, b.SaveCertified(ctx, poll, typo), ballot.CodeResult)
	require.NoError(t, b.SaveResult(ctx, poll, ballot.Result{Totals: c.Totals, Roll: 1, At: closes}))
	code(t, b.SaveCertified(ctx, poll, typo), ballot.CodeResult)
	require.NoError(t, b.FinishPoll(ctx, poll))

	// Where the ballots are cast here, nothing from outside takes their place.
	here := terms("XW-BJ-2026-777")
	frozenPoll(t, b, here, 4)
	code(t, b.SaveCertified(ctx, here.Number, c), ballot.CodeResult)
}
