package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

func TestMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.inbox.stock()
	c := w.as("member")
	require.Equal(t, 1, read[Me](t, c.do(http.MethodGet, "/session", nil)).Counts.Messages)
	require.Equal(t, 1, read[record.Counts](t, c.do(http.MethodGet, "/tasks/counts", nil)).Messages)
	page := read[record.Page[MessageView]](t, c.do(http.MethodGet, "/me/messages?unread=true", nil))
	require.Equal(t, []MessageView{{
		ID: "m1", Kind: notify.Urged, KindTitle: "催办", Case: "XW-ZR-2026-014", Task: "XW-ZR-2026-014.7", Subject: "催办：摸底登记", Text: "请办理。",
		At: time.Date(2026, 9, 21, 9, 0, 0, 0, time.UTC), Unread: true,
	}}, page.Items)
	require.Empty(t, read[record.Page[MessageView]](t, w.as("colleague").do(http.MethodGet, "/me/messages", nil)).Items, "another's messages are not shown")

	for range 2 {
		require.Equal(t, 204, c.keyed("", http.MethodPost, "/me/messages/m1/read", nil).Code, "without a key, and as often as one likes")
	}
	require.Zero(t, read[record.Counts](t, c.do(http.MethodGet, "/tasks/counts", nil)).Messages)
	page = read[record.Page[MessageView]](t, c.do(http.MethodGet, "/me/messages", nil))
	require.False(t, page.Items[0].Unread)
	require.True(t, w.now.Equal(*page.Items[0].ReadAt))
	refusedWith(t, c.do(http.MethodPost, "/me/messages/m2/read", nil), 404, "message.not_found") // a mail is not read here
}

// TestMessagesLive: a new message changes the numbers of whoever it is for, and of nobody else.
func TestMessagesLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.listen("member", ""), w.listen("colleague", "")
	for _, l := range []*listener{mine, other} {
		require.Equal(t, ": ok", l.first())
	}
	w.inbox.add(notify.Delivery{ID: "m1", Channel: notify.InApp, State: notify.Sent, Person: notify.Person{User: "member"}})
	require.Contains(t, mine.next().data, `"messages":1`)
	w.inbox.add(notify.Delivery{ID: "m2", Channel: notify.InApp, State: notify.Sent, Person: notify.Person{User: "colleague"}})
	require.Contains(t, other.next().data, `"messages":1`, "the first it hears is of its own")
}

func TestCaseDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.inbox.stock()
	list := read[record.Page[DeliveryView]](t, w.as("operator").do(http.MethodGet, "/cases/XW-ZR-2026-014/deliveries", nil)).Items
	require.Len(t, list, 2)
	require.Equal(t, "站内", list[0].ChannelTitle)
	require.NotNil(t, list[0].SentAt)
	require.Equal(t, notify.Failed, list[1].State)
	require.Equal(t, "邮件服务器拒收（550）", list[1].Reason)
	require.Equal(t, 9, list[1].Attempts)
	n := "/cases/XW-ZR-2026-014/deliveries/"
	refusedWith(t, w.as("operator").do(http.MethodPost, n+"m1/retry", nil), 409, "delivery.not_failed")
	require.Equal(t, 204, w.as("operator").do(http.MethodPost, n+"m2/retry", nil).Code)
	require.Equal(t, []string{"m2"}, w.inbox.retried)
}

func TestChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("member")
	v := read[ChoiceView](t, c.do(http.MethodGet, "/me/notify", nil))
	require.Equal(t, []ChannelView{{Channel: notify.Mail, Title: "邮件", Ready: true}, {Channel: notify.Webhook, Title: "机器人", Ready: true},
		{Channel: notify.SMS, Title: "短信", Why: "短信渠道未配置"}}, v.Available)
	require.True(t, v.Quiet)
	require.Empty(t, v.Channels)

	put := func(body string) *ChoiceView {
		t.Helper()
		r := c.do(http.MethodPut, "/me/notify", body)
		require.Equal(t, 200, r.Code, r.Body.String())
		require.NotContains(t, r.Body.String(), "秘密")
		v := read[ChoiceView](t, r)
		return &v
	}
	rest := `,"quiet":false,"from":"21:00","to":"08:00","digest":true}`
	robot := `{"channels":["webhook"],"url":"https://robot.example/send","form":"dingtalk"`
	require.True(t, put(robot+`,"secret":"秘密"`+rest).HasSecret)
	require.True(t, put(robot+rest).HasSecret, "a secret that is left out stays")
	require.Equal(t, "秘密", w.inbox.choices["member"].Secret)
	require.False(t, put(robot+`,"secret":""`+rest).HasSecret)
	w.inbox.choices["member"] = notify.Choice{Channels: []notify.Channel{notify.Webhook}, Form: notify.DingTalk, Lost: true, From: "21:00", To: "08:00"}
	v = read[ChoiceView](t, c.do(http.MethodGet, "/me/notify", nil))
	require.True(t, v.Lost, "what cannot be read any more is said to be lost")
	require.False(t, v.HasSecret)
	require.False(t, put(robot+`,"secret":"秘密"`+rest).Lost)
	require.Empty(t, w.once, "an answer that holds the address of a robot is not kept for repetitions")
	for body, code := range map[string]string{
		`{"channels":["sms"],"phone":"13800000000"` + rest:                            "notify.unconfigured",
		`{"channels":["mail"]` + rest:                                                 notify.CodeChoice,
		`{"channels":["webhook"],"url":"https://evil.example/","form":"wecom"` + rest: notify.CodeChoice,
		`{"channels":["mail"],"address":"li@example.cn\r\nBcc: x@example.cn"` + rest:  "input.control",
		`{"channels":["fax"]` + rest:                                                  "input.invalid",
		`{"channels":[],"quiet":true,"from":"21:00","to":"25:00","digest":false}`:     notify.CodeChoice,
		`{"channels":["mail"],"address":"示例 <li@example.cn>"` + rest:                  notify.CodeChoice,
	} {
		r := c.do(http.MethodPut, "/me/notify", body)
		require.GreaterOrEqual(t, r.Code, 400, body)
		require.Equal(t, code, read[Problem](t, r).Code, body)
	}
}

func TestTemplateRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("admin")
	list := read[TemplateList](t, c.do(http.MethodGet, "/notify/templates", nil))
	require.Len(t, list.Items, len(notify.Kinds()))
	require.NotEmpty(t, list.Fields)
	n := "/notify/templates/urged"
	refusedWith(t, c.do(http.MethodPut, n, `{"subject":"x","text":"{{.Password}}"}`), 422, notify.CodeTemplate)
	refusedWith(t, c.do(http.MethodPost, n+"/preview", `{"subject":"x","text":"{{range 1000000000}}{{end}}"}`), 422, notify.CodeTemplate)
	require.Empty(t, w.inbox.templates)
	words := `{"subject":"催办：{{.Title}}","text":"{{.Name}}，请办理。\n谢谢。"}`
	p := read[TemplatePreview](t, c.do(http.MethodPost, n+"/preview", words))
	require.Len(t, p.Samples, 3)
	marked := p.Samples[2]
	require.Contains(t, marked.Text, "<img src=x onerror=alert(1)>")
	require.Contains(t, marked.HTML, "&lt;img src=x onerror=alert(1)&gt;")
	require.NotContains(t, marked.HTML, "<img")
	require.Equal(t, 1, strings.Count(marked.Markdown, "]("))
	require.Empty(t, w.inbox.templates, "a preview writes nothing")
	require.Nil(t, list.Items[0].At, "nobody has changed it")
	v := read[TemplateView](t, c.do(http.MethodPut, n, words))
	require.True(t, v.Changed)
	require.Equal(t, "示例-admin", v.ByName)
	require.True(t, w.now.Equal(*v.At))
	require.NotEmpty(t, w.once, "the control of TestChoice: other answers are kept")
	require.Equal(t, "{{.Name}}，请办理。\n谢谢。", read[TemplateView](t, c.do(http.MethodGet, n, nil)).Text)
	require.Equal(t, notify.Default(notify.Urged).Text, v.Default.Text)
	require.Equal(t, 422, c.do(http.MethodGet, "/notify/templates/nothing", nil).Code)

	// What is refused is said at its field.
	for field, body := range map[string]string{"subject": `{"subject":"{{.Name","text":"x"}`, "text": `{"subject":"x","text":"{{call .Name}}"}`} {
		for _, call := range [][2]string{{http.MethodPut, n}, {http.MethodPost, n + "/preview"}} {
			p := refusedWith(t, c.do(call[0], call[1], body), 422, notify.CodeTemplate)
			require.Len(t, p.Errors, 1)
			require.Equal(t, field, p.Errors[0].Path)
			require.Equal(t, p.Detail, p.Errors[0].Message)
		}
	}

	// The words of the program again: nothing is changed any more, and it is known who has put them back.
	own, err := json.Marshal(v.Default)
	require.NoError(t, err)
	v = read[TemplateView](t, c.do(http.MethodPut, n, string(own)))
	require.False(t, v.Changed)
	require.Equal(t, v.Default.Text, v.Text)
	require.Equal(t, "示例-admin", v.ByName)
}

func TestNotifyHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := read[NotifyHealth](t, w.as("operator").do(http.MethodGet, "/notify/health", nil))
	require.Equal(t, 1, h.Failed)
	require.Equal(t, "短信渠道未配置", h.Channels[2].Why)
}

// TestRemindersTell: the posts that serve the buildings are told, each once a day of each building.
func TestRemindersTell(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/reminders"
	r := read[Reminder](t, w.as("director").do(http.MethodPost, n, `{"building":"1"}`))
	require.Equal(t, []string{"槐荫社区社区主任"}, r.Told)
	require.Len(t, w.inbox.told, 1)
	m := w.inbox.told[0]
	require.Equal(t, procedure.CommunityDirector, m.To.Role)
	require.Equal(t, "vote."+pollNumber+".2026-09-21.1", m.Source)
	require.Equal(t, r.Silent, m.Silent)
	require.Equal(t, notify.Vote, m.Kind)
	require.Empty(t, m.To.User, "whoever holds the post then")
}
