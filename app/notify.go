package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	sdkworker "go.temporal.io/sdk/worker"

	"gongzhi/activities"
	"gongzhi/notify"
	"gongzhi/notify/channel"
	"gongzhi/ops"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/worker"
)

// tellEvery is how often what was recorded is told to people.
const tellEvery = 10 * time.Second

// senders makes the channels that are set up, and says where webhooks may go.
func (c Config) senders() (map[notify.Channel]notify.Sender, channel.Allowed, error) {
	senders := map[notify.Channel]notify.Sender{}
	var errs []error
	if c.SMTPAddress != "" {
		m, err := channel.NewMail(channel.MailConfig{
			Address: c.SMTPAddress, User: c.SMTPUser, Password: c.SMTPPassword, From: c.SMTPFrom, TLS: c.SMTPTLS,
		}, time.Now)
		if err != nil {
			errs = append(errs, fmt.Errorf("GONGZHI_SMTP：%w", err))
		}
		senders[notify.Mail] = m
	}
	allowed, err := channel.ParseAllowed(c.WebhookHosts)
	if err != nil {
		errs = append(errs, fmt.Errorf("GONGZHI_WEBHOOK_HOSTS：%w", err))
	}
	if allowed.Any() {
		senders[notify.Webhook] = channel.NewWebhook(allowed, time.Now)
	}
	if c.SMSFile != "" {
		senders[notify.SMS] = channel.NewFileSMS(c.SMSFile, time.Now)
	}
	return senders, allowed, errors.Join(errs...)
}

// postman lets a worker of the sweeps tell people what was recorded.
func (a *App) postman(w sdkworker.Worker, cfg Config, s *store.Store, k *clock) error {
	senders, _, err := cfg.senders()
	if err != nil {
		return err
	}
	if a.faults != nil {
		a.faults.Senders(senders)
	}
	worker.Messages(w, &activities.Postman{
		Outbox: s, Senders: senders, Now: time.Now, Clock: k.Mapping, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/"),
	})
	return nil
}

// notifying is what the routes of messages stand on.
func notifying(cfg Config, s *store.Store) (server.Notifying, error) {
	senders, allowed, err := cfg.senders()
	n := server.Notifying{Messages: s, Webhook: allowed.Check}
	for _, c := range notify.Outside() {
		if senders[c] != nil {
			n.Channels = append(n.Channels, c)
		}
	}
	return n, err
}

// failures are what did not arrive, for the list of what does not move.
type failures struct{ *store.Reader }

// mostFailures bounds one sweep; the causes are few: an address, a server.
const mostFailures = 5000

// FailedDeliveries implements ops.FailedDeliveries.
func (f failures) FailedDeliveries(ctx context.Context) ([]ops.FailedDelivery, error) {
	lost, err := f.Undelivered(ctx, mostFailures)
	list := make([]ops.FailedDelivery, 0, len(lost))
	for _, d := range lost {
		to := d.Message.To
		list = append(list, ops.FailedDelivery{
			ID: d.ID, Case: d.Case, Title: d.Message.Title, Person: d.Person.Name + "（" + d.Person.User + "）", Unit: to.Unit, UnitName: to.UnitName,
			Channel: d.Channel.Title(), Why: d.Reason, At: d.At,
		})
	}
	return list, err
}
