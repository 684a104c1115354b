package store

import (
	"context"
	"errors"

	"gongzhi/procedure"
	"gongzhi/record"
)

// KeepOpinion keeps as a draft what a person wrote with an action that was refused. What was kept of the same task before gives
// way to it.
func (s *Store) KeepOpinion(ctx context.Context, c record.Command) error {
	all := record.Scope{{Everything: true}}
	kase, err := s.Case(ctx, all, c.Case)
	if err != nil {
		return err
	}
	var task record.Task
	if c.Task != "" {
		if task, err = s.Task(ctx, all, c.Task); err != nil && !absent(err) {
			return err
		}
	}
	d, err := c.OpinionDraft(kase, task.Title)
	if err != nil {
		return err
	}
	old, err := s.Draft(ctx, d.User, d.ID)
	if err != nil && !absent(err) {
		return err
	}
	d.Version = old.Version
	_, err = s.SaveDraft(ctx, d)
	return err
}

// absent tells whether a read found nothing.
func absent(err error) bool {
	var refusal *procedure.Error
	return errors.As(err, &refusal) && refusal.Kind == procedure.NotFound
}
