package activities

import (
	"context"
	"errors"
	"time"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

// Polls conducts votes. No ballot passes through it: a workflow opens the window, waits, closes it and asks for the count.
type Polls interface {
	Prepare(ctx context.Context, t ballot.Terms) error
	// Freeze turns the newest roll into voters. A refusal (no roll, an objection without answer) is for people to mend.
	Freeze(ctx context.Context, number string) (ballot.Frozen, error)
	Open(ctx context.Context, number string, opens, closes time.Time) error
	// Quorate tells whether as many take part as the rule asks.
	Quorate(ctx context.Context, number string) (bool, error)
	Extend(ctx context.Context, number string, n int, closes time.Time) error
	Close(ctx context.Context, number string) error
	Count(ctx context.Context, number string) (ballot.Tally, error)
	Finish(ctx context.Context, number string) error
	Void(ctx context.Context, number string) error
}

// FrozenRoll is a frozen roll, or why it could not be frozen.
type FrozenRoll struct {
	ballot.Frozen
	Why string `json:"why,omitempty"`
}

// Window is when a vote is open.
type Window struct {
	Number string    `json:"number"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	N      int       `json:"n,omitempty"` // of an extension
}

// PreparePoll creates the poll of a case.
func (a *Activities) PreparePoll(ctx context.Context, t ballot.Terms) error {
	return a.Polls.Prepare(ctx, t)
}

// FreezeRoll freezes the newest roll.
func (a *Activities) FreezeRoll(ctx context.Context, number string) (FrozenRoll, error) {
	f, err := a.Polls.Freeze(ctx, number)
	var refusal *procedure.Error
	if errors.As(err, &refusal) {
		return FrozenRoll{Why: refusal.Message}, nil
	}
	return FrozenRoll{Frozen: f}, err
}

// OpenPoll opens the window.
func (a *Activities) OpenPoll(ctx context.Context, w Window) error {
	return a.Polls.Open(ctx, w.Number, w.Opens, w.Closes)
}

// QuoratePoll tells whether enough take part.
func (a *Activities) QuoratePoll(ctx context.Context, number string) (bool, error) {
	return a.Polls.Quorate(ctx, number)
}

// ExtendPoll moves the close.
func (a *Activities) ExtendPoll(ctx context.Context, w Window) error {
	return a.Polls.Extend(ctx, w.Number, w.N, w.Closes)
}

// ClosePoll closes the window. The database's clock decides: a call that comes a moment too early is repeated by the engine.
func (a *Activities) ClosePoll(ctx context.Context, number string) error {
	return a.Polls.Close(ctx, number)
}

// CountPoll counts the ballots and judges the result, or judges the certified one. A certified result that is missing is for
// people to mend.
func (a *Activities) CountPoll(ctx context.Context, number string) (ballot.Tally, error) {
	c, err := a.Polls.Count(ctx, number)
	var refusal *procedure.Error
	if errors.As(err, &refusal) {
		return ballot.Tally{Why: refusal.Message}, nil
	}
	return c, err
}

// Finished says whether 询异 could be ended, or why not.
type Finished struct {
	Why string `json:"why,omitempty"`
}

// FinishPoll ends 询异: the result is final. An objection without answer is for people to mend.
func (a *Activities) FinishPoll(ctx context.Context, number string) (Finished, error) {
	err := a.Polls.Finish(ctx, number)
	var refusal *procedure.Error
	if errors.As(err, &refusal) {
		return Finished{Why: refusal.Message}, nil
	}
	return Finished{}, err
}

// VoidPoll ends a poll whose case ended before.
func (a *Activities) VoidPoll(ctx context.Context, number string) error {
	return a.Polls.Void(ctx, number)
}
