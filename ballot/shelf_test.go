package ballot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// shelf is one poll in memory. What it does not have panics.
type shelf struct {
	ballot.Reader
	mu     sync.Mutex
	poll   ballot.Poll
	voters []ballot.Voter
	leaves []ballot.LeafRow
	points []ballot.Checkpoint
	reads  int // leaves read
}

func (s *shelf) Poll(_ context.Context, number string) (ballot.Poll, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number != s.poll.Number {
		return ballot.Poll{}, procedure.Errorf(procedure.NotFound, ballot.CodePoll, "没有这次表决")
	}
	p := s.poll
	p.Leaves = int64(len(s.leaves))
	return p, nil
}

func (s *shelf) OpenPolls(context.Context) ([]string, error) { return []string{s.poll.Number}, nil }

func (s *shelf) MaskedVoters(_ context.Context, _, after string, limit int) ([]ballot.MaskedVoter, error) {
	var found []ballot.MaskedVoter
	for _, v := range s.voters {
		if v.No > after && len(found) < limit {
			found = append(found, ballot.MaskedVoter{No: v.No, Pseudonym: v.Pseudonym, Masked: v.Masked, Building: v.Building, Weight: v.Weight, Signed: v.Signed})
		}
	}
	return found, nil
}

func (s *shelf) Leaves(_ context.Context, _ string, from int64, limit int) ([]ballot.LeafRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := s.leaves[min(int(from), len(s.leaves)):min(int(from)+limit, len(s.leaves))]
	s.reads += len(rows)
	return append([]ballot.LeafRow(nil), rows...), nil
}

func (s *shelf) LeafByTracker(_ context.Context, _, tracker string) (ballot.LeafRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.leaves {
		if ballot.Tracker(l.Text) == tracker {
			return l, nil
		}
	}
	return ballot.LeafRow{}, procedure.Errorf(procedure.NotFound, ballot.CodeReceipt, "没有这张回执")
}

func (s *shelf) Checkpoints(context.Context, string) ([]ballot.Checkpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]ballot.Checkpoint(nil), s.points...), nil
}

func (s *shelf) LastCheckpoints(ctx context.Context, number string, limit int) ([]ballot.Checkpoint, error) {
	newest, err := s.Checkpoints(ctx, number)
	slices.Reverse(newest)
	return newest[:min(limit, len(newest))], err
}

func (s *shelf) AddCheckpoint(_ context.Context, _ string, c ballot.Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.points = append(s.points, c)
	return nil
}

func (s *shelf) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaves = append(s.leaves, ballot.LeafRow{Index: int64(len(s.leaves)), Text: text})
}

const number = "XW-ZR-2026-014"

var (
	opens  = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 9, 16, 10, 0, 0, 0, time.UTC)
	secret = ballot.Secret{1, 2, 3}
)

// vote fills a shelf with n owners of 80.00 m² who vote in turn, every second at one second after the other.
func vote(t *testing.T, n int) *shelf {
	rule, err := rules.FindConsentRule("cc278.special")
	require.NoError(t, err)
	s := &shelf{poll: ballot.Poll{Terms: ballot.Terms{Number: number, Animal: ballot.Owners278, Title: "听雨花园<外墙>改造", Question: "是否同意",
		Estate: "听雨花园", Rule: rule, Options: rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet}},
		State: ballot.Open, Roll: 1, Frozen: true, Opens: &opens, Closes: &closes, Voters: int64(n)}}
	for i := range n {
		no := fmt.Sprintf("%04d", i+1)
		v := ballot.Voter{No: no, Pseudonym: secret.Pseudonym(number, no), Masked: fmt.Sprintf("1-%d** 张*", i), Building: "1\t号楼",
			Weight: rules.Weight{Heads: 1, Area: 8000}, Names: []string{"张三丰"}, Contact: "13800000000"}
		s.voters = append(s.voters, v)
		s.poll.All = rules.Weight{Heads: s.poll.All.Heads + 1, Area: s.poll.All.Area + 8000}
	}
	return s
}

func (s *shelf) cast(i int, c ballot.Choice) string {
	v := &s.voters[i]
	v.N, v.Choice = v.N+1, c
	text := ballot.LeafText(number, v.Pseudonym, v.N, c, v.Weight, ballot.Web, opens.Add(time.Duration(len(s.leaves))*time.Second), "cc278.special")
	s.add(text)
	return text
}

// count closes the poll and judges it.
func (s *shelf) count(t *testing.T, k *ballot.Keeper) {
	totals := rules.Totals{Counting: rules.ByOwner, All: s.poll.All}
	for _, v := range s.voters {
		part := map[ballot.Choice]*rules.Weight{ballot.Yes: &totals.Yes, ballot.No: &totals.No, ballot.Abstain: &totals.Abstain}[v.Choice]
		if part != nil {
			part.Heads, part.Area = part.Heads+v.Weight.Heads, part.Area+v.Weight.Area
		}
	}
	s.add(ballot.CloseText(number, totals, int64(len(s.leaves)), closes))
	verdict, err := rules.Judge(s.poll.Rule, totals)
	require.NoError(t, err)
	c, err := k.Checkpoint(t.Context(), number)
	require.NoError(t, err)
	s.poll.State = ballot.Counted
	s.poll.Result = &ballot.Result{Totals: totals, Verdict: verdict, Roll: 1, Print: "ab12", Leaves: c.Size, Root: c.Root, At: closes}
}

func keeper(s *shelf) *ballot.Keeper {
	return &ballot.Keeper{Store: s, Secret: secret, Now: func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		return opens.Add(time.Duration(len(s.leaves)) * time.Second)
	}}
}

func verifierKey(t *testing.T) string {
	key, err := secret.Verifier(ballot.Origin(number))
	require.NoError(t, err)
	return key
}
