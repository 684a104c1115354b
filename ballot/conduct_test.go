package ballot_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// kept is a store of one poll that has what a test gives it.
type kept struct {
	ballot.Store
	poll       *ballot.Poll
	objections []ballot.Objection
	ballots    rules.Totals
	sums       rules.Totals
	saved      *ballot.Result
	voided     bool
	finished   bool
	lines      []ballot.Line // in the order of their codes
	broken     error         // when the last page of them is read
	frozen     []ballot.Voter
	total      rules.Weight
}

func (k *kept) Poll(context.Context, string) (ballot.Poll, error) {
	if k.poll == nil {
		return ballot.Poll{}, procedure.Errorf(procedure.NotFound, ballot.CodePoll, "没有")
	}
	return *k.poll, nil
}
func (k *kept) Objections(context.Context, string, string) ([]ballot.Objection, error) {
	return k.objections, nil
}
func (k *kept) RollLines(_ context.Context, _ string, _ int, after string, limit int) ([]ballot.Line, error) {
	i := sort.Search(len(k.lines), func(i int) bool { return k.lines[i].Code > after })
	page := k.lines[i:min(i+limit, len(k.lines))]
	if len(page) < limit && k.broken != nil {
		return nil, k.broken
	}
	return page, nil
}
func (k *kept) FreezeRoll(_ context.Context, _ string, voters iter.Seq2[ballot.Voter, error], total rules.Weight) error {
	for v, err := range voters {
		if err != nil {
			return err
		}
		k.frozen = append(k.frozen, v)
	}
	k.total, k.poll.Frozen, k.poll.Voters, k.poll.All = total, true, int64(len(k.frozen)), total
	return nil
}
func (k *kept) CountBallots(context.Context, string) (rules.Totals, error) { return k.ballots, nil }
func (k *kept) Totals(context.Context, string) (rules.Totals, error)       { return k.sums, nil }
func (k *kept) RollVersions(context.Context, string) ([]ballot.RollVersion, error) {
	if k.lines == nil {
		return nil, nil
	}
	return []ballot.RollVersion{{Version: 1, Fingerprint: "ab"}}, nil
}
func (k *kept) LastCheckpoints(context.Context, string, int) ([]ballot.Checkpoint, error) {
	return nil, nil
}
func (k *kept) SaveResult(_ context.Context, _ string, r ballot.Result) error {
	k.saved = &r
	return nil
}
func (k *kept) VoidPoll(context.Context, string) error   { k.voided = true; return nil }
func (k *kept) FinishPoll(context.Context, string) error { k.finished = true; return nil }

func conduct(k *kept) *ballot.Conductor {
	return &ballot.Conductor{Store: k, Now: func() time.Time { return time.Unix(0, 0).UTC() }}
}

func households(yes int64) rules.Totals {
	return rules.Totals{Counting: rules.ByHousehold, All: rules.Weight{Heads: 1640}, Yes: rules.Weight{Heads: yes}}
}

func closed(t *testing.T) *ballot.Poll {
	t.Helper()
	rule, err := rules.FindConsentRule("seed75.of_all")
	require.NoError(t, err)
	return &ballot.Poll{Terms: ballot.Terms{Number: "XW-BJ-2026-003", Rule: rule}, State: ballot.Closed}
}

// 1,230 of 1,640 households are exactly three quarters (domain E.7); one fewer is not.
func TestConductor_CountsExactly(t *testing.T) {
	t.Parallel()
	for yes, passed := range map[int64]bool{1230: true, 1229: false} {
		k := &kept{poll: closed(t), ballots: households(yes), sums: households(yes)}
		tally, err := conduct(k).Count(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, passed, tally.Passed)
		require.Equal(t, passed, k.saved.Verdict.Outcome == rules.Passed)
	}
}

// The roll is read page by page and never held whole: the voters are those that the import counted, whatever page their units are on.
func TestConductor_FreezesTheVotersThatWereCounted(t *testing.T) {
	t.Parallel()
	var lines []ballot.Line
	for i := range 4_321 {
		owner := ballot.Owner{Name: fmt.Sprintf("示例-业主%d", i%4_000), ID: fmt.Sprint(i % 4_000)} // 321 have one of the first and one of the last
		lines = append(lines, ballot.Line{Code: fmt.Sprintf("%06d", i), Building: fmt.Sprint(i / 100), Use: rules.Residential, Area: 8000,
			Owners: []ballot.Owner{owner}, Delivered: true})
	}
	o := rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet}
	k := &kept{poll: &ballot.Poll{Terms: ballot.Terms{Options: o}}, lines: lines, broken: errors.New("the last page")}
	_, err := conduct(k).Freeze(t.Context(), "")
	require.ErrorIs(t, err, k.broken)

	k.broken, k.frozen = nil, nil
	frozen, err := conduct(k).Freeze(t.Context(), "")
	require.NoError(t, err)
	voters, total, _, err := ballot.BuildVoters("", lines, o, ballot.Secret{})
	require.NoError(t, err)
	require.Len(t, voters, 4_000)
	require.Equal(t, total, frozen.Total)
	require.EqualValues(t, 4_000, frozen.Voters)
	slices.SortFunc(k.frozen, func(a, b ballot.Voter) int { return strings.Compare(a.No, b.No) })
	require.Equal(t, voters, k.frozen)
	require.Equal(t, []string{"000000", "004000"}, k.frozen[0].Units)
}

// When the running sums, which everybody looked at, are not what the ballots say, there is no result.
func TestConductor_SumsThatDifferAreAFault(t *testing.T) {
	t.Parallel()
	k := &kept{poll: closed(t), ballots: households(1230), sums: households(1229)}
	_, err := conduct(k).Count(t.Context(), "")
	require.Error(t, err)
	require.Nil(t, k.saved)
}

// The result of an official platform counts when a second person has confirmed it.
func TestConductor_ACertifiedResultNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	p := closed(t)
	p.State, p.Imported = ballot.Preparing, &ballot.Certified{Platform: "省级平台", Totals: households(1230), By: "甲"}
	k := &kept{poll: p}
	_, err := conduct(k).Count(t.Context(), "")
	var refusal *procedure.Error
	require.ErrorAs(t, err, &refusal)
	p.Imported.Second = "乙"
	tally, err := conduct(k).Count(t.Context(), "")
	require.NoError(t, err)
	require.True(t, tally.Passed)
}

func TestConductor_FinishWaitsForAnswers(t *testing.T) {
	t.Parallel()
	k := &kept{poll: closed(t), objections: []ballot.Objection{{ID: "1"}}}
	var refusal *procedure.Error
	require.ErrorAs(t, conduct(k).Finish(t.Context(), ""), &refusal)
	require.False(t, k.finished)
	k.objections[0].Answered = &time.Time{}
	require.NoError(t, conduct(k).Finish(t.Context(), ""))
	require.True(t, k.finished)
}

// A case may end before its poll was prepared, and after its result is final: neither keeps it from ending.
func TestConductor_VoidNeverHoldsUpTheEndOfACase(t *testing.T) {
	t.Parallel()
	require.NoError(t, conduct(&kept{}).Void(t.Context(), ""))
	final := closed(t)
	final.State = ballot.Final
	k := &kept{poll: final}
	require.NoError(t, conduct(k).Void(t.Context(), ""))
	require.False(t, k.voided)
	open := &kept{poll: closed(t)}
	require.NoError(t, conduct(open).Void(t.Context(), ""))
	require.True(t, open.voided)
}
