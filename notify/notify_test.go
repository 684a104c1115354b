package notify_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	require.NoError(t, err)
	return moment
}

func TestHold(t *testing.T) {
	t.Parallel()
	usual := notify.Usual()
	digest := usual
	digest.Digest = true
	never := usual
	never.Quiet = false
	noon := usual
	noon.From, noon.To = "12:00", "14:00"
	late := digest
	late.To = "09:30"
	for name, c := range map[string]struct {
		choice    notify.Choice
		kind      notify.Kind
		channel   notify.Channel
		now, want string
	}{
		"by day":                           {usual, notify.Urged, notify.Mail, "2026-09-07 10:00", "2026-09-07 10:00"},
		"at night":                         {usual, notify.Urged, notify.Mail, "2026-09-07 22:00", "2026-09-08 08:00"},
		"after midnight":                   {usual, notify.Urged, notify.Mail, "2026-09-08 03:00", "2026-09-08 08:00"},
		"the first quiet minute":           {usual, notify.Urged, notify.Mail, "2026-09-07 21:00", "2026-09-08 08:00"},
		"the minute before":                {usual, notify.Urged, notify.Mail, "2026-09-07 20:59", "2026-09-07 20:59"},
		"the first minute of the morning":  {usual, notify.Urged, notify.Mail, "2026-09-08 08:00", "2026-09-08 08:00"},
		"a red card does not wait":         {usual, notify.Red, notify.Mail, "2026-09-08 00:00", "2026-09-08 00:00"},
		"nor does what goes to a superior": {usual, notify.Escalated, notify.SMS, "2026-09-08 00:00", "2026-09-08 00:00"},
		"in the platform":                  {digest, notify.Early, notify.InApp, "2026-09-08 00:00", "2026-09-08 00:00"},
		"without quiet hours":              {never, notify.Urged, notify.Mail, "2026-09-08 03:00", "2026-09-08 03:00"},
		"over noon":                        {noon, notify.Urged, notify.Mail, "2026-09-08 12:30", "2026-09-08 14:00"},
		"at night, quiet at noon":          {noon, notify.Urged, notify.Mail, "2026-09-08 03:00", "2026-09-08 03:00"},
		"the digest of tomorrow":           {digest, notify.Early, notify.Mail, "2026-09-07 09:00", "2026-09-08 08:30"},
		"the digest of today":              {digest, notify.Early, notify.Mail, "2026-09-07 07:00", "2026-09-07 08:30"},
		"a digest in quiet hours":          {late, notify.Early, notify.Mail, "2026-09-07 09:00", "2026-09-08 09:30"},
		"no digest for a yellow card":      {digest, notify.Yellow, notify.Mail, "2026-09-07 09:00", "2026-09-07 09:00"},
	} {
		got := c.choice.Hold(c.kind, c.channel, at(t, c.now))
		require.Equal(t, at(t, c.want), got.In(calendar.Zone), name)
	}
}

func TestCheckChoice(t *testing.T) {
	t.Parallel()
	good := notify.Usual()
	good.Channels = notify.Outside()
	good.Address, good.Phone, good.URL, good.Form = "li@example.cn", "13800000000", "https://qyapi.example.cn/send?key=1", notify.WeCom
	require.NoError(t, good.Check())
	require.NoError(t, notify.Usual().Check())
	for name, spoil := range map[string]func(*notify.Choice){
		"邮件地址":   func(c *notify.Choice) { c.Address = "示例 <li@example.cn>" },
		"没有写地址":  func(c *notify.Choice) { c.Address = "" },
		"免打扰时段":  func(c *notify.Choice) { c.From = "25:00" },
		"手机号":    func(c *notify.Choice) { c.Phone = "13800000000\nBcc" },
		"机器人地址":  func(c *notify.Choice) { c.URL = "ftp://example.cn" },
		"不带账号":   func(c *notify.Choice) { c.URL = "https://a:b@example.cn" },
		"这种机器人":  func(c *notify.Choice) { c.Form = "slack" },
		"这种渠道":   func(c *notify.Choice) { c.Channels = []notify.Channel{"fax"} },
		"须有签名密钥": func(c *notify.Choice) { c.Form = notify.Plain },
	} {
		bad := good
		spoil(&bad)
		require.ErrorContains(t, bad.Check(), name)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-09-07 10:00")
	began := now
	d := notify.Delivery{ID: "d", Kind: notify.Urged, Attempts: 1, Began: &began, Held: now, Choice: notify.Usual()}

	require.Equal(t, notify.Sent, notify.Settle(d, nil, now, now).State)

	var gaps []time.Duration
	for d.Attempts = 1; d.Attempts <= 12; d.Attempts++ {
		r := notify.Settle(d, errors.New("连接不上"), now, now)
		require.Equal(t, notify.Queued, r.State)
		require.Equal(t, "连接不上", r.Reason)
		gaps = append(gaps, r.Next.Sub(now))
	}
	require.Equal(t, []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 320 * time.Second,
		640 * time.Second, 1280 * time.Second, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute}, gaps)

	d.Attempts = 40
	r := notify.Settle(d, errors.New("连接不上"), now.Add(23*time.Hour), now)
	require.Equal(t, notify.Queued, r.State, "the last one within a day")
	r = notify.Settle(d, errors.New("连接不上"), now.Add(23*time.Hour+31*time.Minute), now)
	require.Equal(t, notify.Failed, r.State, "given up after a day")

	d.Attempts = 1
	require.Equal(t, notify.Failed, notify.Settle(d, &notify.Hopeless{Reason: "拒收"}, now, now).State, "no repetition helps")
	r = notify.Settle(d, &notify.Postponed{Reason: "连接不上"}, now, now)
	require.Equal(t, notify.Queued, r.State)
	require.Zero(t, r.Attempts, "it was not tried")

	night := at(t, "2026-09-07 21:10")
	r = notify.Settle(d, errors.New("连接不上"), now, night)
	require.Equal(t, at(t, "2026-09-08 08:00"), r.Held.In(calendar.Zone), "a repetition keeps the quiet hours")
	d.Kind = notify.Red
	require.Equal(t, now, notify.Settle(d, errors.New("连接不上"), now, night).Held)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, k := range notify.Kinds() {
		require.NotEmpty(t, k.Title())
		words, err := notify.Default(k).Parse()
		require.NoError(t, err, k)
		for _, f := range notify.Samples(k) {
			l, err := words.Write(f)
			require.NoError(t, err)
			require.NotContains(t, l.Subject+l.Text, "<no value>")
			require.NotContains(t, l.Text, "（）")
		}
	}
	good := notify.Template{Kind: notify.Urged, Subject: "催办：{{.Title}}", Text: "{{.Name}}，{{if and .Day (ne .Day \"\")}}{{.Day}}{{else}}尽快{{end}}"}
	_, err := good.Parse()
	require.NoError(t, err)
	for bad, why := range map[string]string{
		"{{.Name":         "正文写法有误：{{ 没有用 }} 结束。",
		"{{.Name}":        "{{ 没有用 }} 结束",
		"{{.Password}}":   "正文不能填写：没有「Password」这个字段。",
		"{{Name}}":        "没有「Name」；字段前面要有一个点",
		"{{if .Name}}x":   "缺少 {{end}}",
		"x{{end}}":        "多了一个 {{end}}",
		"{{}}":            "{{ }} 里没有写内容",
		"{{len .Silent}}": "「len」不能用在这里",
		"{{range .Items}}{{.Name.X}}{{end}}x{{.Name.X}}": "没有「X」这个字段",
		"{{$y}}":                                "没有定义「$y」",
		"{{.Name .Name}}":                       "这样的写法不认识",
		"{{range 1000000000}}{{end}}x":          "range 只能用于",
		"{{printf \"%1000000000d\" 1}}":         "不能使用函数 printf",
		"{{call .Name}}":                        "不能使用函数 call",
		"{{define \"a\"}}{{end}}x":              "不能定义别的模板",
		"{{template \"正文\" .}}":                 "不能使用",
		"{{$x := .Name}}{{$x}}":                 "不能定义变量",
		"{{with .For}}{{.}}{{end}}":             "是空的",
		"{{.Name | html}}":                      "不能使用函数 html",
		"{{block \"b\" .}}x{{end}}":             "不能定义别的模板",
		"   ":                                   "正文没有写",
		strings.Repeat("长", 4001):               "至多",
		"{{if (index .Items 7)}}a{{end}}":       "不能使用函数 index",
		"{{range .Items}}{{break}}{{end}}{{.}}": "不能使用",
	} {
		_, err := notify.Template{Kind: notify.Urged, Subject: "x", Text: bad}.Parse()
		var refusal *procedure.Error
		require.ErrorAs(t, err, &refusal, bad)
		require.Equal(t, notify.CodeTemplate, refusal.Code, bad)
		require.Contains(t, refusal.Message, why, bad)
		require.NotContains(t, refusal.Message, "notify.", "nothing of our own code is shown")
		var part *notify.PartError
		require.ErrorAs(t, err, &part, bad)
		require.Equal(t, notify.TextPart, part.Part, bad)

		_, err = notify.Template{Kind: notify.Urged, Subject: bad, Text: "x"}.Parse()
		require.ErrorAs(t, err, &part, bad)
		require.Equal(t, notify.SubjectPart, part.Part, "the same words in the subject are refused there: %s", bad)
	}
}

// TestMarkup: a name with markup stays text, and no line end of it reaches a header.
func TestMarkup(t *testing.T) {
	t.Parallel()
	words, err := notify.Default(notify.Urged).Parse()
	require.NoError(t, err)
	l, err := words.Write(notify.Fields{
		Name: "<script>alert(1)</script>", Case: "XW-ZR-2026-014", From: "a&b\"'", Task: "会审",
		Title: "[点我](https://evil.example)\r\nBcc: x@y.z\u2028<b>粗</b>",
	})
	require.NoError(t, err)
	require.NotContains(t, l.Subject, "\n")
	require.NotContains(t, l.Subject, "\r")
	require.NotContains(t, l.Subject, "\u2028")
	html := l.HTML("https://gongzhi.example/cases/XW-ZR-2026-014")
	require.NotContains(t, html, "<script")
	require.NotContains(t, html, "<b>")
	require.Contains(t, html, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.Contains(t, html, `<a href="https://gongzhi.example/cases/XW-ZR-2026-014">`)
	markdown := l.Markdown("https://gongzhi.example/cases/XW-ZR-2026-014")
	require.NotContains(t, markdown, "](https://evil.example)")
	require.NotContains(t, markdown, "<script")
	require.Equal(t, 1, strings.Count(markdown, "]("), "the only link is ours")
	require.Contains(t, l.PlainText(""), "<script>alert(1)</script>", "the control: in plain text it is just text")
}

func TestOf(t *testing.T) {
	t.Parallel()
	office := procedure.Holder{Unit: "XW-SG", UnitName: "准入办", Role: procedure.AdmissionOffice}
	above := procedure.Holder{Unit: "XW-ZF", UnitName: "区政府办", Role: procedure.GovernmentOffice}
	by := procedure.Actor{User: "sun", Name: "示例-孙一", Unit: "XW-TJ"}
	task := record.Task{ID: "XW-ZR-2026-014.4", Title: "会审", Day: "2026-09-28", Holder: office}
	kase := record.Case{Number: "XW-ZR-2026-014", Title: "摸底登记", Kind: "admission", Unit: "XW-TJ", Initiator: "sun", InitiatorName: "示例-孙一", State: procedure.Completed}
	for _, c := range []struct {
		kind    procedure.EventType
		payload any
		want    notify.Kind
		to      procedure.Holder
	}{
		{procedure.TaskOpened, procedure.Opened{Task: task.ID, Holder: office}, notify.Opened, office},
		{procedure.TaskMoved, procedure.Moved{Task: task.ID, Holder: office}, notify.Moved, office},
		{procedure.TaskReopened, procedure.Tasked{Task: task.ID}, notify.Reopened, office},
		{procedure.TaskUrged, procedure.Urged{Task: task.ID}, notify.Urged, office},
		{procedure.TaskReminded, procedure.Reminded{Task: task.ID, Rung: procedure.RungEarly}, notify.Early, office},
		{procedure.TaskReminded, procedure.Reminded{Task: task.ID, Rung: procedure.RungYellow}, notify.Yellow, office},
		{procedure.TaskReminded, procedure.Reminded{Task: task.ID, Rung: procedure.RungDue}, notify.Due, office},
		{procedure.TaskReminded, procedure.Reminded{Task: task.ID, Rung: procedure.RungRed}, notify.Red, office},
		{procedure.TaskReminded, procedure.Reminded{Task: task.ID, Rung: procedure.RungEscalate, To: &above}, notify.Escalated, above},
		{procedure.CaseCopied, procedure.Copied{Copy: "c", To: above}, notify.Copied, above},
		{procedure.CaseClosed, procedure.Closed{}, notify.Closed, procedure.Holder{Unit: "XW-TJ", User: "sun", UserName: "示例-孙一"}},
	} {
		require.True(t, notify.Told(c.kind))
		e := procedure.NewEvent(c.kind, time.Now(), by, "", c.payload)
		e.Case, e.Seq, e.Note = kase.Number, 9, "机密意见"
		m, err := notify.Of(e, kase, func(id string) (record.Task, error) {
			require.Equal(t, task.ID, id)
			return task, nil
		})
		require.NoError(t, err)
		require.Equal(t, c.want, m.Kind)
		require.Equal(t, c.to, m.To)
		require.Equal(t, "XW-ZR-2026-014.9", m.Source)
		if c.want == notify.Escalated {
			require.Equal(t, "准入办", m.Who)
		}
		words, err := notify.Default(m.Kind).Parse()
		require.NoError(t, err)
		l, err := words.Write(notify.FieldsOf(m, notify.Person{Name: "示例-李四"}))
		require.NoError(t, err)
		require.NotContains(t, l.Text, "机密", "no opinions")
		require.Contains(t, l.Text, kase.Number)
	}
	require.False(t, notify.Told(procedure.TaskAnswered))
}

func TestIDs(t *testing.T) {
	t.Parallel()
	id := notify.ID("XW-ZR-2026-014.9", "li", notify.Mail)
	require.Equal(t, id, notify.ID("XW-ZR-2026-014.9", "li", notify.Mail))
	require.NotEqual(t, id, notify.ID("XW-ZR-2026-014.9", "li", notify.InApp))
	require.NotEqual(t, id, notify.ID("XW-ZR-2026-014.9", "wang", notify.Mail))
	require.Regexp(t, "^[a-z2-7]{26}$", id)
}
