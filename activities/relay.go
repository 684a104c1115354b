package activities

import (
	"context"
	"errors"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Relay repeats stored commands whose fate is not known until the case has taken or refused them. It runs on a schedule of the
// engine; there is no loop of our own.
type Relay struct {
	Commands Commands
	Engine   Engine
	Now      func() time.Time // engine time
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

// RelayCommands sends what is pending again, with the same ids.
func (r *Relay) RelayCommands(ctx context.Context) (Swept, error) {
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

func (r *Relay) repeat(ctx context.Context, c record.Command, s *Swept) error {
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
		return r.Commands.SettleCommand(ctx, c.ID, record.CommandDone, "", "")
	case errors.As(err, &refusal):
		s.Refused++
		return r.Commands.SettleCommand(ctx, c.ID, record.CommandRefused, refusal.Code, refusal.Message)
	}
	s.Unknown++
	return nil
}
