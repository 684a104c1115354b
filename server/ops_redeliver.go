package server

import (
	"context"

	"gongzhi/notify"
)

// redeliver sends again what did not arrive about a case: the address was wrong, the gateway was away.
func (s *Server) redeliver(ctx context.Context, number string) error {
	again := 0
	for after := ""; ; {
		page, err := s.Notifying.Messages.CaseDeliveries(ctx, number, after, 200)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			if d.State != notify.Failed {
				continue
			}
			err := s.Notifying.Messages.RetryDelivery(ctx, number, d.ID, s.Now())
			switch {
			case err == nil:
				again++
			case said(err) == "": // otherwise somebody else was first
				return err
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if again == 0 {
		return conflict("remedy.delivered", "这件办件没有需要重发的通知，可能已有人重发。")
	}
	return nil
}
