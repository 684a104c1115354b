package server

import (
	"context"

	"gongzhi/notify"
)

var errDelivered = conflict("remedy.delivered", "这件办件没有需要重发的通知，可能已有人重发。")

// undelivered are the messages about a case that did not arrive; a refusal when there are none.
func (s *Server) undelivered(ctx context.Context, number string) ([]notify.Delivery, error) {
	var failed []notify.Delivery
	for after := ""; ; {
		page, err := s.Notifying.Messages.CaseDeliveries(ctx, number, after, 200)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			if d.State == notify.Failed {
				failed = append(failed, d)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(failed) == 0 {
		return nil, errDelivered
	}
	return failed, nil
}

// redeliver sends again what did not arrive about a case: the address was wrong, the gateway was away.
func (s *Server) redeliver(ctx context.Context, number string) error {
	failed, err := s.undelivered(ctx, number)
	if err != nil {
		return err
	}
	again := 0
	for _, d := range failed {
		switch err := s.Notifying.Messages.RetryDelivery(ctx, number, d.ID, s.Now()); {
		case err == nil:
			again++
		case said(err) == "": // otherwise somebody else was first
			return err
		}
	}
	if again == 0 {
		return errDelivered
	}
	return nil
}
