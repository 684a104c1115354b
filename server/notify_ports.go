package server

import (
	"context"
	"errors"
	"time"

	"gongzhi/notify"
	"gongzhi/record"
)

// Notifying is what the routes of messages stand on.
type Notifying struct {
	Messages Messages
	// Channels are those that are set up in this program, outside of the platform.
	Channels []notify.Channel
	// Webhook refuses an address that webhooks may not go to. Nil: webhooks are not set up.
	Webhook func(address string) error
}

func (n Notifying) missing() error {
	if n.Messages == nil {
		return errors.New("server: option Notifying.Messages is missing")
	}
	return nil
}

// Messages keeps messages (通知): what each person was told, and how a person wants to be told.
type Messages interface {
	// Messages lists a user's in-app messages, newest first.
	Messages(ctx context.Context, user string, unread bool, after string, limit int) (record.Page[notify.Delivery], error)
	UnreadMessages(ctx context.Context, user string) (int, error)
	// ReadMessage and ReadMessages refuse with message.not_found what the user has not got.
	ReadMessage(ctx context.Context, user, id string, at time.Time) error
	ReadMessages(ctx context.Context, user, through string, at time.Time) error
	// MessagesAfter names the users who got in-app messages after a number, and the newest number.
	MessagesAfter(ctx context.Context, after int64) (users map[string]bool, last int64, err error)
	LastMessage(ctx context.Context) (int64, error)

	NotifyChoice(ctx context.Context, user string) (notify.Choice, error)
	SaveNotifyChoice(ctx context.Context, user string, c notify.Choice) error
	// NotifyTemplates are the templates that were changed, or put back: these have no words.
	NotifyTemplates(ctx context.Context) ([]notify.Edit, error)
	SaveNotifyTemplate(ctx context.Context, t notify.Template, user string, at time.Time) error

	// CaseDeliveries is asked after the case has been found visible.
	CaseDeliveries(ctx context.Context, number, after string, limit int) (record.Page[notify.Delivery], error)
	RetryDelivery(ctx context.Context, number, id string, now time.Time) error
	NotifyBacklog(ctx context.Context, t notify.Tick) (notify.Backlog, error)
	// Tell puts messages into the outbox; one whose source and holder are there already is passed over.
	Tell(ctx context.Context, list []notify.Message) error
}
