package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// tick is the moment of a fan-out, by day, with every channel set up.
func tick() notify.Tick { return notify.Tick{Engine: Now, Case: Now, Channels: notify.Outside()} }

// staff gives the office li and wang, the street A zhou, and the bureau nobody; sun has filed the cases and holds a post.
func staff(t *testing.T, b bundle) {
	t.Helper()
	saveTree(t, b)
	saveUsers(t, b, "li", "wang", "zhou", "sun", "zhao", "past", "off")
	for i, p := range []record.Post{
		{User: "li", Unit: "XW-BG", Role: "admission.office"}, {User: "wang", Unit: "XW-BG", Role: "admission.office"},
		{User: "zhou", Unit: "XW-01", Role: "street.office"}, {User: "sun", Unit: "XW-CZ", Role: "department.officer"},
		{User: "zhao", Unit: "XW-BG", Role: "clerk"}, {User: "past", Unit: "XW-BG", Role: "admission.office", To: "2026-08-31"},
		{User: "off", Unit: "XW-BG", Role: "admission.office"},
	} {
		p.ID, p.From, p.RoleName = fmt.Sprint("p", i), "2026-01-01", "岗位"
		require.NoError(t, b.SavePost(t.Context(), p))
	}
	require.NoError(t, b.DisableUser(t.Context(), "off"))
}

// outboxOf lists what waits: kind and holder.
func outboxOf(t *testing.T, b bundle) []string {
	t.Helper()
	var list []string
	rows, err := b.raw(t).QueryContext(t.Context(), "SELECT source, unit, role, user_id, body FROM outbox ORDER BY at, source")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var source, unit, role, user, body string
		require.NoError(t, rows.Scan(&source, &unit, &role, &user, &body))
		kind := strings.SplitN(strings.SplitN(body, `"kind":"`, 2)[1], `"`, 2)[0]
		list = append(list, strings.TrimSpace(kind+" "+unit+" "+role+" "+user))
		require.NotContains(t, body, "同意", "no opinions")
	}
	require.NoError(t, rows.Err())
	return list
}

func testOutbox(t *testing.T, b bundle) {
	s := Full("XW-ZR-2026-001")
	appendAll(t, b, s)
	want := []string{
		"opened XW-BG admission.office", "yellow XW-BG admission.office", "escalated XW-GV district.leader", "urged XW-BG admission.office",
		"moved XW-BG admission.office zhao", "moved XW-BG admission.office", "reopened XW-BG admission.office",
		"opened XW-01 street.office", "opened XW-02 street.office", "copied XW-GV district.leader", "closed XW-CZ  sun",
	}
	require.Equal(t, want, outboxOf(t, b))
	for _, e := range s.Events { // what was recorded is not told again
		_, err := b.Append(t.Context(), s.Number, []procedure.Event{e})
		require.NoError(t, err)
	}
	require.Equal(t, want, outboxOf(t, b))

	// One by one is as all at once: a message says what is true after its event.
	one := Full("XW-ZR-2026-002")
	for _, e := range one.Events {
		if e.Type == procedure.ListPublished {
			e.Type, e.Data = procedure.CaseComplained, []byte(`{}`) // its version is taken
		}
		_, err := b.Append(t.Context(), one.Number, []procedure.Event{e})
		require.NoError(t, err)
	}
	require.Len(t, outboxOf(t, b), 2*len(want))
	bodies := func(number string) (list []string) {
		for _, row := range dump(t, b, "outbox") {
			if strings.Contains(row, "case_number="+number) {
				list = append(list, strings.ReplaceAll(row, number, "N"))
			}
		}
		return list
	}
	require.Equal(t, bodies(s.Number), bodies(one.Number))
}

// testOutboxRebuild: what was sent stays sent. A rebuild writes no message, not even one that is missing.
func testOutboxRebuild(t *testing.T, b bundle) {
	appendAll(t, b, Full("XW-ZR-2026-001"))
	_, err := b.raw(t).ExecContext(t.Context(), "DELETE FROM outbox")
	require.NoError(t, err)
	_, err = b.Rebuild(t.Context())
	require.NoError(t, err)
	require.Empty(t, outboxOf(t, b))
	next := NewScript("XW-ZR-2026-002")
	next.Task(Office, 3)
	appendAll(t, b, next)
	require.Len(t, outboxOf(t, b), 1, "the control: an append does")
}

// messagesOf lists what a user can read: kind and state, newest first.
func messagesOf(t *testing.T, b bundle, user string) []string {
	t.Helper()
	page, err := b.Messages(t.Context(), user, false, "", 0)
	require.NoError(t, err)
	list := []string{}
	for _, d := range page.Items {
		require.Equal(t, notify.InApp, d.Channel)
		list = append(list, string(d.Kind))
	}
	return list
}

func testFanOut(t *testing.T, b bundle) {
	staff(t, b)
	s := NewScript("XW-ZR-2026-001")
	task := s.Task(Office, 3)
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: task, Rung: procedure.RungEscalate, To: &Bureau})
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: task, How: procedure.ActDelegate, Holder: Helper})
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: task, How: procedure.ActAnswer, Holder: procedure.Holder{Unit: "XW-BG", Role: "admission.office", User: "off"}})
	appendAll(t, b, s)
	f, err := b.FanOut(t.Context(), tick())
	require.NoError(t, err)
	require.Equal(t, notify.Fanned{Messages: 4, Deliveries: 3, Nobody: 2}, f)
	require.Equal(t, []string{"opened"}, messagesOf(t, b, "li"))
	require.Equal(t, []string{"opened"}, messagesOf(t, b, "wang"))
	require.Equal(t, []string{"moved"}, messagesOf(t, b, "zhao"))
	require.Empty(t, messagesOf(t, b, "past"), "the term is over")
	require.Empty(t, messagesOf(t, b, "off"), "the account is out of use")

	page, err := b.Messages(t.Context(), "li", true, "", 0)
	require.NoError(t, err)
	d := page.Items[0]
	require.Equal(t, "新待办：养老服务 统计表进社区 𠮷", d.Subject)
	require.Contains(t, d.Text, "示例-li，您有一件新待办：XW-ZR-2026-001「养老服务\t统计表进社区 𠮷」的形式审查，2026-09-04到期。")
	require.Equal(t, notify.ID("XW-ZR-2026-001.2", "li", notify.InApp), d.ID)
	require.Equal(t, Now.UTC(), *d.SentAt)

	f, err = b.FanOut(t.Context(), tick())
	require.NoError(t, err)
	require.Equal(t, notify.Fanned{}, f, "once")
	backlog, err := b.NotifyBacklog(t.Context(), tick())
	require.NoError(t, err)
	ran := Now.UTC()
	require.Equal(t, notify.Backlog{Nobody: 2, Ran: &ran}, backlog)
	all, err := b.CaseDeliveries(t.Context(), s.Number, "", 0)
	require.NoError(t, err)
	require.Len(t, all.Items, 3)
}

// testFanOutTogether: however many run at the same time, everybody is told once.
func testFanOutTogether(t *testing.T, b bundle) {
	staff(t, b)
	for i := range 30 {
		s := NewScript(fmt.Sprintf("XW-ZR-2026-%03d", i+1))
		for range 20 {
			s.Task(Office, 3)
		}
		appendAll(t, b, s)
	}
	last, err := b.LastMessage(t.Context())
	require.NoError(t, err)
	var g errgroup.Group
	for range 6 {
		g.Go(func() error {
			for {
				f, err := b.FanOut(t.Context(), tick())
				if err != nil || f.Messages == 0 {
					return err
				}
			}
		})
	}
	require.NoError(t, g.Wait())
	for _, user := range []string{"li", "wang"} {
		n, err := b.UnreadMessages(t.Context(), user)
		require.NoError(t, err)
		require.Equal(t, 600, n)
	}
	users, newest, err := b.MessagesAfter(t.Context(), last)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"li": true, "wang": true}, users)
	require.EqualValues(t, 1000, newest-last, "a thousand at a time")
	_, newest, err = b.MessagesAfter(t.Context(), newest)
	require.NoError(t, err)
	require.EqualValues(t, 1200, newest-last)
	head, err := b.LastMessage(t.Context())
	require.NoError(t, err)
	require.Equal(t, newest, head)
}

func testFanOutDeputies(t *testing.T, b bundle) {
	staff(t, b)
	for i, d := range []record.Delegation{
		{From: "li", To: "sun", Kinds: []procedure.Kind{Kind}, Begin: "2026-08-01", End: "2026-09-01"},
		{From: "li", To: "wang", Begin: "2026-08-01", End: "2026-09-30"}, // holds the post himself
		{From: "li", To: "zhou", Kinds: []procedure.Kind{"consent"}, Begin: "2026-08-01", End: "2026-09-30"},
		{From: "li", To: "zhao", Begin: "2026-09-02", End: "2026-09-30"}, // still to begin
		{From: "li", To: "off", Begin: "2026-08-01", End: "2026-09-30"},
	} {
		d.ID = fmt.Sprint("d", i)
		require.NoError(t, b.SaveDelegation(t.Context(), d))
	}
	s := NewScript("XW-ZR-2026-001")
	s.Task(Office, 3)
	appendAll(t, b, s)
	f, err := b.FanOut(t.Context(), tick())
	require.NoError(t, err)
	require.Equal(t, 3, f.Deliveries)
	page, err := b.Messages(t.Context(), "sun", false, "", 0)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, notify.Person{User: "sun", Name: "示例-sun", For: "示例-li"}, page.Items[0].Person)
	require.Contains(t, page.Items[0].Text, "您代示例-li有一件新待办")
	page, err = b.Messages(t.Context(), "wang", false, "", 0)
	require.NoError(t, err)
	require.Len(t, page.Items, 1, "once, in his own post")
	require.Empty(t, page.Items[0].Person.For)
	require.Empty(t, messagesOf(t, b, "zhou"), "for another procedure")
	require.Empty(t, messagesOf(t, b, "zhao"))
}

func mailing() notify.Choice {
	c := notify.Usual()
	c.Channels, c.Address = []notify.Channel{notify.Mail}, "li@example.cn"
	return c
}

func testFanOutChannels(t *testing.T, b bundle) {
	staff(t, b)
	require.NoError(t, b.SaveNotifyChoice(t.Context(), "li", mailing()))
	sms := notify.Usual()
	sms.Channels, sms.Phone = []notify.Channel{notify.SMS}, "13800000000"
	require.NoError(t, b.SaveNotifyChoice(t.Context(), "wang", sms))
	s := NewScript("XW-ZR-2026-001")
	task := s.Task(Office, 3)
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: task, Rung: procedure.RungRed})
	appendAll(t, b, s)
	night := notify.Tick{Engine: Now, Case: time.Date(2026, 9, 1, 23, 0, 0, 0, Now.Location()), Channels: []notify.Channel{notify.Mail}}
	f, err := b.FanOut(t.Context(), night)
	require.NoError(t, err)
	require.Equal(t, 8, f.Deliveries)
	require.True(t, f.Due, "the red card does not wait")
	all, err := b.CaseDeliveries(t.Context(), s.Number, "", 0)
	require.NoError(t, err)
	var seen []string
	for _, d := range all.Items {
		seen = append(seen, fmt.Sprintf("%s %s %s %s %s", d.Person.User, d.Kind, d.Channel, d.State, d.Held.In(Now.Location()).Format("02 15:04")))
	}
	require.Equal(t, []string{
		"li opened inapp sent 01 23:00", "li opened mail queued 02 08:00", "wang opened inapp sent 01 23:00", "wang opened sms failed 02 08:00",
		"li red inapp sent 01 23:00", "li red mail queued 01 23:00", "wang red inapp sent 01 23:00", "wang red sms failed 01 23:00",
	}, seen)
	require.Equal(t, "短信渠道未配置", all.Items[3].Reason)
}

// queued makes n deliveries by mail to li, of n cases.
func queued(t *testing.T, b bundle, n int) {
	t.Helper()
	staff(t, b)
	require.NoError(t, b.SaveNotifyChoice(t.Context(), "li", mailing()))
	for i := range n {
		s := NewScript(fmt.Sprintf("XW-ZR-2026-%03d", i+1))
		s.Task(Office, 3)
		appendAll(t, b, s)
	}
	f, err := b.FanOut(t.Context(), tick())
	require.NoError(t, err)
	require.Equal(t, 3*n, f.Deliveries)
}

func testClaim(t *testing.T, b bundle) {
	queued(t, b, 40)
	// Many senders: each delivery goes to exactly one.
	got := make(chan []notify.Delivery, 20)
	var g errgroup.Group
	for range 10 {
		g.Go(func() error {
			list, err := b.ClaimDeliveries(t.Context(), tick(), Now.Add(time.Minute), 7)
			got <- list
			return err
		})
	}
	require.NoError(t, g.Wait())
	close(got)
	seen := map[string]bool{}
	for list := range got {
		require.LessOrEqual(t, len(list), 7)
		for _, d := range list {
			require.False(t, seen[d.ID], "two senders have one delivery")
			seen[d.ID] = true
			require.Equal(t, notify.Mail, d.Channel)
			require.Equal(t, "li@example.cn", d.Choice.Address)
			require.Equal(t, 1, d.Attempts)
			require.Equal(t, Now.UTC(), *d.Began)
			require.NotEmpty(t, d.Claim)
			require.NotEmpty(t, d.Text)
			require.Equal(t, list[0].Claim, d.Claim)
		}
	}
	// A sender may find nothing while others hold the rows; what is left is found later.
	for {
		list, err := b.ClaimDeliveries(t.Context(), tick(), Now.Add(time.Minute), 7)
		require.NoError(t, err)
		if len(list) == 0 {
			break
		}
		for _, d := range list {
			require.False(t, seen[d.ID])
			seen[d.ID] = true
		}
	}
	require.Len(t, seen, 40)
}

// testClaimLost: what a sender has not settled in time goes to another, and the first one changes nothing any more.
func testClaimLost(t *testing.T, b bundle) {
	queued(t, b, 1)
	first, err := b.ClaimDeliveries(t.Context(), tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, first, 1)
	later := tick()
	later.Engine = Now.Add(59 * time.Second)
	none, err := b.ClaimDeliveries(t.Context(), later, later.Engine.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, none)
	later.Engine = Now.Add(time.Minute)
	second, err := b.ClaimDeliveries(t.Context(), later, later.Engine.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, second, 1)
	require.Equal(t, first[0].ID, second[0].ID, "the same Message-ID")
	require.Equal(t, 2, second[0].Attempts)
	require.Equal(t, Now.UTC(), *second[0].Began, "since the first attempt")

	late := notify.Result{ID: first[0].ID, State: notify.Failed, Attempts: 1, Next: Now, Held: Now, Reason: "迟到", At: Now}
	require.NoError(t, b.SettleDeliveries(t.Context(), first[0].Claim, []notify.Result{late}))
	require.Equal(t, notify.Sending, stateOf(t, b, first[0].ID).State)
	late.State = notify.Sent
	require.NoError(t, b.SettleDeliveries(t.Context(), second[0].Claim, []notify.Result{late}))
	require.Equal(t, notify.Sent, stateOf(t, b, first[0].ID).State, "the control: whoever has it does")
}

func stateOf(t *testing.T, b bundle, id string) notify.Delivery {
	t.Helper()
	return deliveryOf(t, b, "XW-ZR-2026-001", id)
}

func deliveryOf(t *testing.T, b bundle, number, id string) notify.Delivery {
	t.Helper()
	page, err := b.CaseDeliveries(t.Context(), number, "", 200)
	require.NoError(t, err)
	for _, d := range page.Items {
		if d.ID == id {
			return d
		}
	}
	t.Fatal("no such delivery")
	return notify.Delivery{}
}

// testClaimDropped: whoever has done the task in the meantime is not asked to do it.
func testClaimDropped(t *testing.T, b bundle) {
	queued(t, b, 2)
	s := NewScript("XW-ZR-2026-001")
	s.Add(procedure.TaskAnswered, Officer, "", answered(s.Task(Office, 3)))
	appendAll(t, b, s)
	list, err := b.ClaimDeliveries(t.Context(), tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "XW-ZR-2026-002", list[0].Case)
	d := stateOf(t, b, notify.ID("XW-ZR-2026-001.2", "li", notify.Mail))
	require.Equal(t, notify.Dropped, d.State)
	require.Equal(t, "待办已办结，不再发送", d.Reason)
}

func testSettle(t *testing.T, b bundle) {
	queued(t, b, 1)
	list, err := b.ClaimDeliveries(t.Context(), tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	d := list[0]
	at := Now.Add(time.Second)
	require.NoError(t, b.SettleDeliveries(t.Context(), d.Claim, []notify.Result{{
		ID: d.ID, State: notify.Queued, Attempts: 1, Next: Now.Add(10 * time.Second), Held: Now, Reason: "邮件服务器连接不上", At: at,
	}}))
	got := stateOf(t, b, d.ID)
	require.Equal(t, notify.Queued, got.State)
	require.Equal(t, "邮件服务器连接不上", got.Reason)
	require.Equal(t, Now.Add(10*time.Second).UTC(), *got.Next)
	require.Nil(t, got.SentAt)
	later := tick()
	later.Engine = Now.Add(9 * time.Second)
	list, err = b.ClaimDeliveries(t.Context(), later, later.Engine.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, list, "not before its time")
	later.Engine = Now.Add(10 * time.Second)
	backlog, err := b.NotifyBacklog(t.Context(), later)
	require.NoError(t, err)
	require.Equal(t, 1, backlog.Retrying)
	list, err = b.ClaimDeliveries(t.Context(), later, later.Engine.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, b.SettleDeliveries(t.Context(), list[0].Claim, []notify.Result{{
		ID: d.ID, State: notify.Sent, Attempts: 2, Next: at, Held: Now, At: at,
	}}))
	got = stateOf(t, b, d.ID)
	require.Equal(t, notify.Sent, got.State)
	require.Equal(t, at.UTC(), *got.SentAt)
	require.Empty(t, got.Reason)
	later.Engine = Now.Add(48 * time.Hour)
	list, err = b.ClaimDeliveries(t.Context(), later, later.Engine.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, list, "nothing is sent twice")
}

func testReadMessages(t *testing.T, b bundle) {
	queued(t, b, 5)
	ctx := t.Context()
	first, err := b.Messages(ctx, "li", true, "", 2)
	require.NoError(t, err)
	require.Len(t, first.Items, 2)
	require.Equal(t, "XW-ZR-2026-005", first.Items[0].Case, "the newest first")
	second, err := b.Messages(ctx, "li", true, first.Next, 2)
	require.NoError(t, err)
	require.Equal(t, "XW-ZR-2026-003", second.Items[0].Case)
	at := Now.Add(time.Minute)
	require.NoError(t, b.ReadMessage(ctx, "li", first.Items[0].ID, at))
	require.NoError(t, b.ReadMessage(ctx, "li", first.Items[0].ID, at.Add(time.Hour)), "again")
	code(t, b.ReadMessage(ctx, "wang", first.Items[1].ID, at), store.CodeMessage)
	code(t, b.ReadMessage(ctx, "li", notify.ID("XW-ZR-2026-001.2", "li", notify.Mail), at), store.CodeMessage)
	all, err := b.Messages(ctx, "li", false, "", 0)
	require.NoError(t, err)
	require.Equal(t, notify.Read, all.Items[0].State)
	require.Equal(t, at.UTC(), *all.Items[0].ReadAt, "when it was first read")
	n, err := b.UnreadMessages(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, 4, n)
	code(t, b.ReadMessages(ctx, "wang", second.Items[0].ID, at), store.CodeMessage)
	require.NoError(t, b.ReadMessages(ctx, "li", second.Items[0].ID, at))
	n, err = b.UnreadMessages(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, 1, n, "what came in after the one that was seen stays unread")
	n, err = b.UnreadMessages(ctx, "wang")
	require.NoError(t, err)
	require.Equal(t, 5, n, "another's stay as they are")
}

func testUndelivered(t *testing.T, b bundle) {
	queued(t, b, 3)
	ctx := t.Context()
	list, err := b.ClaimDeliveries(ctx, tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	var results []notify.Result
	for _, d := range list {
		results = append(results, notify.Result{ID: d.ID, State: notify.Failed, Attempts: 1, Next: Now, Held: Now, Reason: "邮件服务器拒收（550）", At: Now})
	}
	require.NoError(t, b.SettleDeliveries(ctx, list[0].Claim, results))
	cases := func() (numbers []string) {
		t.Helper()
		list, err := b.Undelivered(ctx, 10)
		require.NoError(t, err)
		for _, d := range list {
			require.Equal(t, "邮件服务器拒收（550）", d.Reason)
			numbers = append(numbers, d.Case)
		}
		return numbers
	}
	require.Equal(t, []string{"XW-ZR-2026-001", "XW-ZR-2026-002", "XW-ZR-2026-003"}, cases())
	require.NoError(t, b.ReadMessage(ctx, "li", notify.ID("XW-ZR-2026-001.2", "li", notify.InApp), Now))
	require.Equal(t, []string{"XW-ZR-2026-002", "XW-ZR-2026-003"}, cases(), "who has read it in the platform knows")
	s := NewScript("XW-ZR-2026-002")
	s.Add(procedure.TaskAnswered, Officer, "", answered(s.Task(Office, 3)))
	appendAll(t, b, s)
	require.Equal(t, []string{"XW-ZR-2026-003"}, cases(), "it is done")
	id := notify.ID("XW-ZR-2026-003.2", "li", notify.Mail)
	code(t, b.RetryDelivery(ctx, "XW-ZR-2026-001", id, Now), store.CodeDelivery)
	require.NoError(t, b.RetryDelivery(ctx, "XW-ZR-2026-003", id, Now))
	require.Empty(t, cases())
	require.Equal(t, notify.Queued, deliveryOf(t, b, "XW-ZR-2026-003", id).State)
	code(t, b.RetryDelivery(ctx, "XW-ZR-2026-003", id, Now), store.CodeDelivery)
	again, err := b.ClaimDeliveries(ctx, tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, again, 1)
	require.Equal(t, 1, again[0].Attempts, "it begins anew")
}

// testUndeliveredOtherWay: who got the message over another channel has been told; a case that is over matters to nobody.
func testUndeliveredOtherWay(t *testing.T, b bundle) {
	staff(t, b)
	ctx := t.Context()
	both := mailing()
	both.Channels, both.Phone = append(both.Channels, notify.SMS), "13800000000"
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", both))
	for i := range 2 {
		s := NewScript(fmt.Sprintf("XW-ZR-2026-%03d", i+1))
		s.Task(Office, 3)
		appendAll(t, b, s)
	}
	_, err := b.FanOut(ctx, tick())
	require.NoError(t, err)
	list, err := b.ClaimDeliveries(ctx, tick(), Now.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, list, 4)
	var results []notify.Result
	for _, d := range list {
		r := notify.Result{ID: d.ID, State: notify.Failed, Attempts: 1, Next: Now, Held: Now, At: Now}
		if d.Channel == notify.SMS && d.Case == "XW-ZR-2026-001" {
			r.State = notify.Sent
		}
		results = append(results, r)
	}
	require.NoError(t, b.SettleDeliveries(ctx, list[0].Claim, results))
	lost := func() (cases []string) {
		list, err := b.Undelivered(ctx, 10)
		require.NoError(t, err)
		for _, d := range list {
			cases = append(cases, d.Case+" "+string(d.Channel))
		}
		return cases
	}
	require.Equal(t, []string{"XW-ZR-2026-002 mail", "XW-ZR-2026-002 sms"}, lost())
	over := NewScript("XW-ZR-2026-002")
	over.Task(Office, 3)
	over.Add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed}})
	appendAll(t, b, over)
	require.Empty(t, lost())
}

func testTemplates(t *testing.T, b bundle) {
	staff(t, b)
	ctx := t.Context()
	mine := notify.Template{Kind: notify.Opened, Subject: "请办：{{.Title}}", Text: "{{.Name}}：{{.Case}} <{{.Task}}>"}
	require.NoError(t, b.SaveNotifyTemplate(ctx, mine, "wang", Now))
	list, err := b.NotifyTemplates(ctx)
	require.NoError(t, err)
	require.Equal(t, []notify.Edit{{Template: mine, By: "wang", ByName: "示例-wang", At: Now.UTC()}}, list)
	bad := mine
	bad.Text = "{{.Password}}"
	code(t, b.SaveNotifyTemplate(ctx, bad, "admin", Now), notify.CodeTemplate)
	s := NewScript("XW-ZR-2026-001")
	s.Task(Office, 3)
	appendAll(t, b, s)
	_, err = b.FanOut(ctx, tick())
	require.NoError(t, err)
	page, err := b.Messages(ctx, "li", false, "", 0)
	require.NoError(t, err)
	require.Equal(t, "示例-li：XW-ZR-2026-001 <形式审查>", page.Items[0].Text)

	// A template that a program cannot use any more gives way to the program's own.
	_, err = b.raw(t).ExecContext(ctx, "UPDATE notify_templates SET text = '{{.Gone}}'")
	require.NoError(t, err)
	words, err := b.NotifyWords(ctx, notify.Opened)
	require.NoError(t, err)
	l, err := words.Write(notify.Samples(notify.Opened)[0])
	require.NoError(t, err)
	require.Contains(t, l.Subject, "新待办")

	// One that is put back has no words of its own, but it is known who did it.
	require.NoError(t, b.SaveNotifyTemplate(ctx, notify.Default(notify.Opened), "admin", Now.Add(time.Hour)))
	list, err = b.NotifyTemplates(ctx)
	require.NoError(t, err)
	require.Equal(t, []notify.Edit{{Template: notify.Template{Kind: notify.Opened}, By: "admin", At: Now.Add(time.Hour).UTC()}}, list)
	words, err = b.NotifyWords(ctx, notify.Opened)
	require.NoError(t, err)
	l, err = words.Write(notify.Samples(notify.Opened)[0])
	require.NoError(t, err)
	require.Contains(t, l.Subject, "新待办")
}

func testChoices(t *testing.T, b bundle) {
	saveUsers(t, b, "li")
	ctx := t.Context()
	c, err := b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, notify.Usual(), c)
	mine := mailing()
	mine.Digest, mine.Quiet, mine.Secret = true, false, "密"
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", mine))
	c, err = b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, mine, c)
	mine.Address = "nobody"
	code(t, b.SaveNotifyChoice(ctx, "li", mine), notify.CodeChoice)
	mine.Address = "li@example.org"
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", mine))
	c, err = b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, "li@example.org", c.Address)
	require.Error(t, b.SaveNotifyChoice(ctx, "nobody", mine), "no such account")
}
