package activities

import (
	"context"
	"errors"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Housekeeping is what runs on a schedule of the engine; there is no loop of our own.
type Housekeeping struct {
	Commands  Commands
	Engine    Engine
	Leftovers Leftovers
	Opinions  Opinions
	Now       func() time.Time // engine time
}

// Leftovers clears away what nobody can use any more: sessions that have ended.
type Leftovers interface {
	ClearLeftovers(ctx context.Context) error
}

// Opinions keeps as a draft what a person wrote with an action that was refused.
type Opinions interface {
	KeepOpinion(ctx context.Context, c record.Command) error
}

// ClearLeftovers clears away what nobody can use any more.
func (r *Housekeeping) ClearLeftovers(ctx context.Context) error {
	return r.Leftovers.ClearLeftovers(ctx)
}

// Commands younger than grace are left to the request that brought them; a sweep takes at most batch of them.
const (
	grace = 5 * time.Second
	batch = 500
)

// Swept is what one sweep did.
type Swept struct {
	Done    int `json:"done"`
	Refused int `json:"refused"`
	Unknown int `json:"unknown"` // to be repeated by the next sweep
}

// RelayCommands repeats stored commands whose fate is not known, with the same ids, until their cases have taken or refused them.
func (r *Housekeeping) RelayCommands(ctx context.Context) (Swept, error) {
	var s Swept
	pending, err := r.Commands.PendingCommands(ctx, r.Now().Add(-grace), batch)
	if err != nil {
		return s, err
	}
	for _, c := range pending {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		if err := r.repeat(ctx, c, &s); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (r *Housekeeping) repeat(ctx context.Context, c record.Command, s *Swept) error {
	if err := r.Commands.TouchCommand(ctx, c.ID); err != nil {
		return err
	}
	one, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := r.Engine.Send(one, c)
	var refusal *procedure.Error
	switch {
	case err == nil:
		s.Done++
		return r.Commands.SettleCommand(ctx, c.ID, record.CommandEnd{State: record.CommandDone})
	case errors.As(err, &refusal):
		s.Refused++
		end, err := r.refused(ctx, c, refusal)
		if err != nil {
			return err
		}
		return r.Commands.SettleCommand(ctx, c.ID, end)
	}
	s.Unknown++
	return nil
}

// refused is the end of a command that came too late: nobody waits for its answer any more, so what was written with it is kept
// as a draft, as it would have been at once.
func (r *Housekeeping) refused(ctx context.Context, c record.Command, refusal *procedure.Error) (record.CommandEnd, error) {
	end := record.Refused(refusal)
	if refusal.Kind != procedure.Conflict || c.Action == procedure.ActStart || !c.HasWords() {
		return end, nil
	}
	var unkept *procedure.Error
	switch err := r.Opinions.KeepOpinion(ctx, c); {
	case errors.As(err, &unkept): // it never will be: the command stays refused, and holds the words
		return end, nil
	case err != nil:
		return end, err
	}
	end.Kept = record.OpinionKept
	end.Reason += end.Kept
	return end, nil
}
