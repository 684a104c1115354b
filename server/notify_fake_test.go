package server

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

// fakeInbox keeps messages in memory.
type fakeInbox struct {
	mu         sync.Mutex
	deliveries []notify.Delivery
	choices    map[string]notify.Choice
	templates  []notify.Edit
	told       []notify.Message
	retried    []string
}

func newFakeInbox() *fakeInbox { return &fakeInbox{choices: map[string]notify.Choice{}} }

// notifying has mail and webhooks set up, and no text messages.
func (f *fakeInbox) notifying() Notifying {
	return Notifying{Messages: f, Channels: []notify.Channel{notify.Mail, notify.Webhook}, Webhook: func(address string) error {
		if address == "https://evil.example/" {
			return errors.New("主机不在允许之列")
		}
		return nil
	}}
}

// stock gives the member a message in the case that everybody in the samples sees, and a mail that failed.
func (f *fakeInbox) stock() {
	at := time.Date(2026, 9, 21, 9, 0, 0, 0, time.UTC)
	f.add(notify.Delivery{ID: "m1", Channel: notify.InApp, State: notify.Sent, At: at, SentAt: &at})
	f.add(notify.Delivery{ID: "m2", Channel: notify.Mail, State: notify.Failed, At: at, Attempts: 9, Reason: "邮件服务器拒收（550）"})
}

func (f *fakeInbox) add(d notify.Delivery) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d.Kind, d.Case, d.Task = notify.Urged, "XW-ZR-2026-014", "XW-ZR-2026-014.7"
	if d.Person.User == "" {
		d.Person = notify.Person{User: "member", Name: "示例-李四"}
	}
	d.Letter = notify.Letter{Subject: "催办：摸底登记", Text: "请办理。"}
	f.deliveries = append(f.deliveries, d)
}

func (f *fakeInbox) Messages(_ context.Context, user string, unread bool, _ string, _ int) (record.Page[notify.Delivery], error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var p record.Page[notify.Delivery]
	for _, d := range slices.Backward(f.deliveries) {
		if d.Person.User == user && d.Channel == notify.InApp && (!unread || d.State == notify.Sent) {
			p.Items = append(p.Items, d)
		}
	}
	return p, nil
}

func (f *fakeInbox) UnreadMessages(ctx context.Context, user string) (int, error) {
	p, err := f.Messages(ctx, user, true, "", 0)
	return len(p.Items), err
}

func (f *fakeInbox) read(user string, at time.Time, which func(i int, id string) bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	found := false
	for i := range f.deliveries {
		if d := &f.deliveries[i]; d.Person.User == user && d.Channel == notify.InApp && which(i, d.ID) {
			d.State, d.ReadAt, found = notify.Read, &at, true
		}
	}
	if !found {
		return gone("message")
	}
	return nil
}

func (f *fakeInbox) ReadMessage(_ context.Context, user, id string, at time.Time) error {
	return f.read(user, at, func(_ int, other string) bool { return other == id })
}

func (f *fakeInbox) ReadMessages(_ context.Context, user, through string, at time.Time) error {
	last := slices.IndexFunc(f.deliveries, func(d notify.Delivery) bool { return d.ID == through })
	return f.read(user, at, func(i int, _ string) bool { return i <= last })
}

func (f *fakeInbox) MessagesAfter(_ context.Context, after int64) (map[string]bool, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	users := map[string]bool{}
	for _, d := range f.deliveries[after:] {
		users[d.Person.User] = true
	}
	return users, int64(len(f.deliveries)), nil
}

func (f *fakeInbox) LastMessage(context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.deliveries)), nil
}

func (f *fakeInbox) NotifyChoice(_ context.Context, user string) (notify.Choice, error) {
	if c, ok := f.choices[user]; ok {
		return c, nil
	}
	return notify.Usual(), nil
}

func (f *fakeInbox) SaveNotifyChoice(_ context.Context, user string, c notify.Choice) error {
	f.choices[user] = c
	return nil
}

func (f *fakeInbox) NotifyTemplates(context.Context) ([]notify.Edit, error) {
	return f.templates, nil
}

func (f *fakeInbox) SaveNotifyTemplate(_ context.Context, t notify.Template, user string, at time.Time) error {
	if _, err := t.Parse(); err != nil {
		return err
	}
	if t == notify.Default(t.Kind) {
		t.Subject, t.Text = "", ""
	}
	f.templates = []notify.Edit{{Template: t, By: user, ByName: "示例-" + user, At: at}}
	return nil
}

func (f *fakeInbox) CaseDeliveries(_ context.Context, number, _ string, _ int) (record.Page[notify.Delivery], error) {
	var p record.Page[notify.Delivery]
	for _, d := range f.deliveries {
		if d.Case == number {
			p.Items = append(p.Items, d)
		}
	}
	return p, nil
}

func (f *fakeInbox) RetryDelivery(_ context.Context, number, id string, _ time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range f.deliveries {
		if d.ID == id && d.Case == number && d.State == notify.Failed {
			f.retried = append(f.retried, id)
			return nil
		}
	}
	return procedure.Errorf(procedure.Conflict, "delivery.not_failed", "这一条没有失败。")
}

func (f *fakeInbox) NotifyBacklog(context.Context, notify.Tick) (notify.Backlog, error) {
	return notify.Backlog{Failed: 1}, nil
}

func (f *fakeInbox) Tell(_ context.Context, list []notify.Message) error {
	f.told = append(f.told, list...)
	return nil
}

func notifySamples() map[string]sample {
	n := "/cases/XW-ZR-2026-014/deliveries"
	words := `{"subject":"催办：{{.Title}}","text":"{{.Name}}，请办理。"}`
	return map[string]sample{
		"messages":              {path: "/me/messages?unread=true", by: "member"},
		"readMessage":           {path: "/me/messages/m1/read", by: "member", wrong: "colleague", hidden: true, status: 204},
		"readMessages":          {path: "/me/messages/read-all", by: "member", wrong: "colleague", hidden: true, body: `{"through":"m1"}`, status: 204},
		"notifyChoice":          {path: "/me/notify", by: "member"},
		"saveNotifyChoice":      {path: "/me/notify", by: "member", body: `{"channels":["mail"],"address":"li@example.cn","quiet":true,"from":"21:00","to":"08:00","digest":false}`},
		"deliveries":            {path: n, by: "member", wrong: "stranger", hidden: true},
		"retryDelivery":         {path: n + "/m2/retry", by: "operator", wrong: "member", status: 204},
		"notifyTemplates":       {path: "/notify/templates", by: "admin", wrong: "operator"},
		"notifyTemplate":        {path: "/notify/templates/urged", by: "admin", wrong: "member"},
		"saveNotifyTemplate":    {path: "/notify/templates/urged", by: "admin", wrong: "operator", body: words},
		"previewNotifyTemplate": {path: "/notify/templates/urged/preview", by: "admin", wrong: "operator", body: words},
		"notifyHealth":          {path: "/notify/health", by: "operator", wrong: "member"},
	}
}
