package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/procedure/refusal"
	"gongzhi/rules"
	"gongzhi/store"
)

// voteClients is how many people cast at the same time, and how many connections the bare side has.
const voteClients = 32

// votes measures ballots on both databases: accepting them, and counting, signing, exporting and verifying very many.
func votes(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, `A ballot: POST /vote/cast with a personal code, answered with its receipt, by %d clients at the same time.
Bare: the rows of a ballot (its leaf, its voter) are committed in the same tables with the same indexes on the same server, one
transaction a ballot, %d at the same time, nothing judged. «And the shared rows»: each transaction also moves the running sums and the
poll itself, as the product does; they wait for each other then. The ratio is held against the faster one. %d rounds in turn after one
to warm up. The poll stands on a case of another procedure: what is measured does not look at it.
`, voteClients, voteClients, rounds)
	return b.onEach(ctx, "votes", func(ctx context.Context, p *place) error {
		v := &voting{place: p}
		if err := v.file(ctx); err != nil {
			return err
		}
		if err := v.accept(ctx); err != nil {
			return err
		}
		return v.million(ctx)
	})
}

// voting is the part of a run that one database has.
type voting struct {
	*place
	secret  ballot.Secret
	numbers []string // of two cases: one to cast in, one for very many ballots
}

// file has the organiser file two cases, and reads the secret that the program has made at its first start.
func (v *voting) file(ctx context.Context) error {
	return v.running(ctx, func(s *shape) error {
		organiser, err := signIn(ctx, s.base, organiserLogin)
		if err != nil {
			return err
		}
		defer organiser.close()
		for i := range 2 {
			number, err := organiser.file(ctx, refusal.Kind, refusalForm(i))
			if err != nil {
				return err
			}
			v.numbers = append(v.numbers, number)
		}
		text, err := os.ReadFile(filepath.Join(v.dir, "ballot.key"))
		if err != nil {
			return err
		}
		key, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(key) != len(v.secret) {
			return errors.New("the secret of votes is not readable")
		}
		v.secret = ballot.Secret(key)
		return nil
	})
}

// organiserLogin is a director of a community, who organises votes and filed the cases.
const organiserLogin = "sq0101.tao"

func organiserUnit() string {
	for _, p := range demo.People() {
		if p.Login == organiserLogin {
			return p.Posts[0].Unit
		}
	}
	return ""
}

// homesEach is how many voters a building has.
const homesEach = 200

// homeArea is the area of every home, 0.01 m².
const homeArea = 8000

// estate is a roll of n homes, each with an owner of its own, in the order in which their ballots are numbered.
func estate(n int) []ballot.Line {
	lines := make([]ballot.Line, n)
	for i := range lines {
		name := "示例-业主" + strconv.Itoa(i+1)
		lines[i] = ballot.Line{Code: fmt.Sprintf("%07d", i+1), Building: building(i + 1), Use: rules.Residential, Area: homeArea,
			AreaSource: "register", Owners: []ballot.Owner{{Name: name, ID: fmt.Sprintf("990101********%04d", i%10_000)}}, Delivered: true}
	}
	return lines
}

func building(voter int) string { return strconv.Itoa((voter-1)/homesEach + 1) }

// voterNo is the number of a voter, 1 … n, in a roll of n.
func voterNo(voter, n int) string { return fmt.Sprintf("%0*d", max(4, len(strconv.Itoa(n))), voter) }

// laps are the times of one step after the other.
type laps struct {
	last time.Time
	took map[string]time.Duration
}

func newLaps() *laps { return &laps{last: time.Now(), took: map[string]time.Duration{}} }

func (l *laps) lap(name string) {
	now := time.Now()
	l.took[name] += now.Sub(l.last)
	l.last = now
}

// conductor does what a workflow asks for. Time is real until the close, which comes when the bench wants it.
func conductor(s *store.Store, secret ballot.Secret, l *laps) *ballot.Conductor {
	keeper := &ballot.Keeper{Store: s, Secret: secret, Now: time.Now}
	return &ballot.Conductor{Store: s, Secret: secret, Clock: same, Now: time.Now, Checkpoint: func(ctx context.Context, number string) error {
		l.lap("close")
		_, err := keeper.Checkpoint(ctx, number)
		l.lap("checkpoint")
		return err
	}}
}

func same(t time.Time) time.Time { return t }

// window is open now and a day longer.
const window = 24 * time.Hour

// openPoll makes a vote of n owners and opens it, as the workflow does: the roll comes in, is frozen, the window is opened.
func openPoll(ctx context.Context, s *store.Store, secret ballot.Secret, number string, n int, l *laps) error {
	rule, err := rules.FindConsentRule("cc278.special")
	if err != nil {
		return err
	}
	c := conductor(s, secret, l)
	terms := ballot.Terms{Number: number, District: demo.District, Unit: organiserUnit(), Animal: ballot.Owners278, Title: "外墙与屋面改造",
		Question: "是否同意《外墙与屋面改造方案》？", Estate: "示例花园", Rule: rule, Revisable: true,
		Options: rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet}}
	if err := c.Prepare(ctx, terms); err != nil {
		return err
	}
	if err := addRoll(ctx, s, number, n); err != nil {
		return err
	}
	l.lap("roll")
	if _, err := c.Freeze(ctx, number); err != nil {
		return err
	}
	l.lap("freeze")
	now := time.Now()
	return c.Open(ctx, number, now.Add(-time.Hour), now.Add(window))
}

func addRoll(ctx context.Context, s *store.Store, number string, n int) error {
	lines := estate(n)
	_, err := s.AddRoll(ctx, number, lines, ballot.RollVersion{Fingerprint: ballot.Fingerprint(lines), Voters: n,
		Total: rules.Weight{Heads: int64(n), Area: int64(n) * homeArea}, Why: "导入", By: "示例-度量", At: time.Now()})
	return err
}

// choice is what a voter says: four of five agree.
func choice(voter int) ballot.Choice {
	switch voter % 10 {
	case 3:
		return ballot.Abstain
	case 7:
		return ballot.No
	}
	return ballot.Yes
}

// expected is how the first n voters have voted.
func expected(n int, all int) rules.Totals {
	t := rules.Totals{Counting: rules.ByOwner, All: rules.Weight{Heads: int64(all), Area: int64(all) * homeArea}}
	for voter := 1; voter <= n; voter++ {
		w := map[ballot.Choice]*rules.Weight{ballot.Yes: &t.Yes, ballot.No: &t.No, ballot.Abstain: &t.Abstain}[choice(voter)]
		w.Heads, w.Area = w.Heads+1, w.Area+homeArea
	}
	return t
}

// counted makes sure that every ballot that was accepted is in the count, and no other.
func counted(ctx context.Context, s *store.Store, number string, n, all int) error {
	t, err := s.CountBallots(ctx, number)
	if err != nil {
		return err
	}
	if want := expected(n, all); t != want {
		return fmt.Errorf("the ballots of %s are counted as %+v, not %+v", number, t, want)
	}
	return nil
}
