package activities

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
	"gongzhi/procedure"
)

// drawer is a table of deliveries in memory: each is claimed once.
type drawer struct {
	mu      sync.Mutex
	waiting []notify.Delivery
	results map[string]notify.Result
}

func (d *drawer) FanOut(context.Context, notify.Tick) (notify.Fanned, error) {
	return notify.Fanned{}, nil
}

func (d *drawer) ClaimDeliveries(_ context.Context, _ notify.Tick, _ time.Time, limit int) ([]notify.Delivery, error) {
	n := min(limit, len(d.waiting))
	list := d.waiting[:n]
	d.waiting = d.waiting[n:]
	return list, nil
}

func (d *drawer) SettleDeliveries(ctx context.Context, claim string, results []notify.Result) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range results {
		if _, twice := d.results[r.ID]; twice || claim != "claim" {
			return errors.New("settled twice")
		}
		d.results[r.ID] = r
	}
	return ctx.Err()
}

func (d *drawer) NotifyWords(_ context.Context, k notify.Kind) (notify.Words, error) {
	return notify.Default(k).Parse()
}

// bag is a sender that keeps what it was given. A station named in stuck does not answer before the caller gives up.
type bag struct {
	mu    sync.Mutex
	sent  []notify.Parcel
	stuck string
	fail  error
}

func (b *bag) Station(p notify.Parcel) string { return p.Choice.URL }

func (b *bag) Send(ctx context.Context, parcels []notify.Parcel) []error {
	errs := make([]error, len(parcels))
	if b.stuck != "" && parcels[0].Choice.URL == b.stuck {
		<-ctx.Done()
		for i := range errs {
			errs[i] = errors.New("没有回答")
		}
		return errs
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, parcels...)
	for i := range errs {
		errs[i] = b.fail
	}
	return errs
}

var monday = time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)

func postman(d *drawer, senders map[notify.Channel]notify.Sender) *Postman {
	return &Postman{Outbox: d, Senders: senders, Now: func() time.Time { return monday }, Clock: procedure.RealClock, PublicURL: "https://gongzhi.example"}
}

func delivery(id, user string, c notify.Channel, choice notify.Choice) notify.Delivery {
	return notify.Delivery{
		ID: id, Channel: c, Person: notify.Person{User: user, Name: "示例-" + user}, Kind: notify.Early, Case: "XW-ZR-2026-014", Claim: "claim",
		Attempts: 1, Began: &monday, Letter: notify.Letter{Subject: "单条", Text: "单条"}, Choice: choice,
		Message: notify.Message{Case: "XW-ZR-2026-" + id, Title: "统计表", TaskTitle: "会审", Day: "2026-09-09"},
	}
}

// TestDigest: the early reminders of one person over one channel leave as one letter; each of them is settled.
func TestDigest(t *testing.T) {
	t.Parallel()
	d := &drawer{results: map[string]notify.Result{}}
	for i := range 3 {
		for _, user := range []string{"li", "wang"} {
			one := delivery(fmt.Sprintf("%s%d", user, i), user, notify.Mail, notify.Choice{})
			one.Digest = true
			d.waiting = append(d.waiting, one)
		}
	}
	d.waiting = append(d.waiting, delivery("li9", "li", notify.Mail, notify.Choice{}))
	mail := &bag{}
	posted, err := postman(d, map[notify.Channel]notify.Sender{notify.Mail: mail}).SendDeliveries(t.Context())
	require.NoError(t, err)
	require.Equal(t, Posted{Sent: 7}, posted)
	require.Len(t, mail.sent, 3)
	require.Equal(t, "li0", mail.sent[0].ID)
	require.Equal(t, "今日汇总：3 件即将到期", mail.sent[0].Subject)
	for i := range 3 {
		require.Contains(t, mail.sent[0].Text, fmt.Sprintf("XW-ZR-2026-li%d「统计表」的会审，2026-09-09 到期", i))
	}
	require.NotContains(t, mail.sent[0].Text, "wang")
	require.Equal(t, "https://gongzhi.example/desk", mail.sent[0].Link)
	require.Equal(t, "单条", mail.sent[2].Text, "what is no digest leaves by itself")
	require.Equal(t, "https://gongzhi.example/cases/XW-ZR-2026-014", mail.sent[2].Link)
	require.Len(t, d.results, 7)
}

// TestStations: a robot that hangs holds up neither another robot nor the mail, and what cannot be sent says why.
func TestStations(t *testing.T) {
	t.Parallel()
	d := &drawer{results: map[string]notify.Result{}, waiting: []notify.Delivery{
		delivery("a", "li", notify.Webhook, notify.Choice{URL: "https://stuck"}),
		delivery("b", "li", notify.Webhook, notify.Choice{URL: "https://good"}),
		delivery("c", "li", notify.Mail, notify.Choice{}),
		delivery("d", "li", notify.SMS, notify.Choice{}),
	}}
	robots, mail := &bag{stuck: "https://stuck"}, &bag{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan Posted, 1)
	go func() {
		posted, _ := postman(d, map[notify.Channel]notify.Sender{notify.Webhook: robots, notify.Mail: mail}).SendDeliveries(ctx)
		done <- posted
	}()
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.results) == 3
	}, 10*time.Second, time.Millisecond, "the others are sent and written down while one hangs")
	cancel() // the program stops
	require.Equal(t, Posted{Sent: 2, Again: 1, Failed: 1}, <-done)
	require.Equal(t, notify.Queued, d.results["a"].State, "written down even then")
	require.Equal(t, monday.Add(10*time.Second), d.results["a"].Next)
	require.Equal(t, notify.Sent, d.results["b"].State)
	require.Equal(t, notify.Sent, d.results["c"].State)
	require.Equal(t, "短信渠道未配置", d.results["d"].Reason)
	require.Equal(t, notify.Failed, d.results["d"].State)
}

// TestMore: a full batch is followed by the next one, unless its station fails.
func TestMore(t *testing.T) {
	t.Parallel()
	for fail, more := range map[error]bool{nil: true, errors.New("没有回答"): false} {
		d := &drawer{results: map[string]notify.Result{}}
		for i := range deliveryBatch + 1 {
			d.waiting = append(d.waiting, delivery(fmt.Sprint(i), "li", notify.Mail, notify.Choice{}))
		}
		posted, err := postman(d, map[notify.Channel]notify.Sender{notify.Mail: &bag{fail: fail}}).SendDeliveries(t.Context())
		require.NoError(t, err)
		require.Equal(t, more, posted.More)
		require.Len(t, d.results, deliveryBatch)
	}
}
