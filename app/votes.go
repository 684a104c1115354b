package app

import (
	"context"
	"errors"
	"io"
	"time"

	"gongzhi/ballot"
	"gongzhi/rules"
	"gongzhi/server"
	"gongzhi/store"
)

// votes is what votes stand on in this program.
type votes struct {
	store  *store.Store
	secret ballot.Secret
	clock  *clock
	keeper *ballot.Keeper
	box    *ballot.Box
}

func (a *App) votes(ctx context.Context, cfg Config, s *store.Store, k *clock) (*votes, error) {
	secret, err := ballotSecret(ctx, cfg, s)
	if err != nil {
		return nil, err
	}
	v := &votes{store: s, secret: secret, clock: k}
	v.box = &ballot.Box{Store: s, Clock: v.caseTime}
	a.onClose("ballots", func(context.Context) error { v.box.Wait(); return nil })
	v.keeper = &ballot.Keeper{Store: s, Secret: secret, Now: k.Now, Failed: func(number string, err error) {
		a.log.Error("checkpoint not signed", "poll", number, "error", err)
	}}
	return v, nil
}

// caseTime turns the database's time into case time.
func (v *votes) caseTime(t time.Time) time.Time { return v.clock.Mapping().Case(t) }

// conductor does what workflows ask for.
func (v *votes) conductor() *ballot.Conductor {
	return &ballot.Conductor{Store: v.store, Secret: v.secret, Clock: v.caseTime, Now: v.clock.Now, Checkpoint: func(ctx context.Context, number string) error {
		_, err := v.keeper.Checkpoint(ctx, number)
		return err
	}}
}

// polling is what the routes of votes stand on.
func (v *votes) polling(publicURL string) server.Polling {
	return server.Polling{
		Polls: v.store, Box: v.box, Rolls: rolls{v.secret}, Ledger: ledger{v}, Codes: v.secret,
		PublicURL: publicURL,
	}
}

// sign signs checkpoints until the program ends.
func (a *App) sign(v *votes) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- v.keeper.Run(ctx) }()
	a.onClose("checkpoints", func(context.Context) error {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
}

// rolls reads rolls for the server.
type rolls struct{ secret ballot.Secret }

// Read implements server.Rolls.
func (rolls) Read(name string, content []byte, c rules.Counting) (ballot.Report, error) {
	return ballot.ReadRoll(name, content, c, ballot.DefaultLimits())
}

// Count implements server.Rolls. It counts as the freezing of the roll will.
func (r rolls) Count(number string, lines []ballot.Line, o rules.RollOptions) (server.RollCount, error) {
	voters, total, excluded, err := ballot.BuildVoters(number, lines, o, r.secret)
	return server.RollCount{Voters: len(voters), Total: total, Excluded: excluded, Fingerprint: ballot.Fingerprint(lines)}, err
}

// Template implements server.Rolls.
func (rolls) Template(c rules.Counting, format string) ([]byte, error) {
	return ballot.Template(c, format)
}

// ledger is what is public of ballots.
type ledger struct{ *votes }

// Proof implements server.Ledger.
func (l ledger) Proof(ctx context.Context, number, tracker string) (ballot.Proof, error) {
	return l.keeper.Proof(ctx, number, tracker)
}

// Verifier implements server.Ledger.
func (l ledger) Verifier(number string) (string, error) {
	return l.secret.Verifier(ballot.Origin(number))
}

// Export implements server.Ledger.
func (l ledger) Export(ctx context.Context, w io.Writer, number string) error {
	return ballot.Export(ctx, w, l.store, l.secret, number)
}
