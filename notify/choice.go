package notify

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Form is how a webhook wants its messages.
type Form string

// The forms of webhooks.
const (
	Plain    Form = "plain"    // our own JSON, signed in a header
	WeCom    Form = "wecom"    // 企业微信
	DingTalk Form = "dingtalk" // 钉钉
	Feishu   Form = "feishu"   // 飞书
)

// Choice is how a person wants to be told.
type Choice struct {
	Channels []Channel `json:"channels"` // outside of the platform; in-app is always on
	Address  string    `json:"address,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	URL      string    `json:"url,omitempty"`
	Form     Form      `json:"form,omitempty"`
	Secret   string    `json:"secret,omitempty"` // with which the webhook's messages are signed
	Quiet    bool      `json:"quiet"`
	From     string    `json:"from"` // 21:00, case time: when it becomes quiet
	To       string    `json:"to"`   // 08:00
	Digest   bool      `json:"digest"`
	// Lost: address and secret of the robot cannot be opened any more, because the installation has another key.
	Lost bool `json:"-"`
}

// Usual is the choice of whoever has not chosen.
func Usual() Choice {
	return Choice{Channels: []Channel{}, Quiet: true, From: "21:00", To: "08:00"}
}

// digestAt is when the daily digest is sent.
const digestAt = "08:30"

// Wants tells whether the person has chosen a channel.
func (c Choice) Wants(ch Channel) bool { return ch == InApp || slices.Contains(c.Channels, ch) }

// InDigest tells whether a message waits for the daily digest: early reminders do, where the person wants one. In-app messages
// are shown at once.
func (c Choice) InDigest(k Kind, ch Channel) bool { return c.Digest && k == Early && ch != InApp }

// Hold is the moment before which a message is not sent, given the time of cases. What is urgent, and what does not leave the
// platform, is never held.
func (c Choice) Hold(k Kind, ch Channel, now time.Time) time.Time {
	if ch == InApp || k.Urgent() {
		return now
	}
	at := now
	if c.InDigest(k, ch) {
		at = next(now, digestAt)
	}
	if end, quiet := c.quiet(at); quiet {
		at = end
	}
	return at
}

// quiet tells whether it is quiet at a moment, and until when.
func (c Choice) quiet(at time.Time) (end time.Time, quiet bool) {
	if !c.Quiet || c.From == c.To {
		return at, false
	}
	clock := at.In(calendar.Zone).Format("15:04")
	if c.From < c.To {
		quiet = clock >= c.From && clock < c.To
	} else { // over midnight
		quiet = clock >= c.From || clock < c.To
	}
	if !quiet {
		return at, false
	}
	return next(at, c.To), true
}

// next is the first moment from at on at which a clock shows hhmm.
func next(at time.Time, hhmm string) time.Time {
	t, err := time.Parse("15:04", hhmm)
	if err != nil { // a choice is checked before it is kept
		return at
	}
	local := at.In(calendar.Zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), t.Hour(), t.Minute(), 0, 0, calendar.Zone)
	if day.Before(at) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// CodeChoice is the code of a refused choice.
const CodeChoice = "notify.choice"

var (
	clockPattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	phonePattern = regexp.MustCompile(`^\+?[0-9]{5,15}$`)
)

// Check refuses a choice that cannot work.
func (c Choice) Check() error {
	for _, ch := range c.Channels {
		if !slices.Contains(Outside(), ch) {
			return refuse("没有「%.20s」这种渠道。", ch)
		}
	}
	if !clockPattern.MatchString(c.From) || !clockPattern.MatchString(c.To) {
		return refuse("免打扰时段应写作 21:00 至 08:00。")
	}
	if c.Address != "" {
		a, err := mail.ParseAddress(c.Address)
		if err != nil || a.Name != "" || a.Address != c.Address || !strings.Contains(a.Address[strings.LastIndexByte(a.Address, '@')+1:], ".") {
			return refuse("邮件地址「%.60s」无效。", c.Address)
		}
	}
	if c.Phone != "" && !phonePattern.MatchString(c.Phone) {
		return refuse("手机号「%.30s」无效：只写数字，可以 + 开头。", c.Phone)
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" {
			return refuse("机器人地址应以 https:// 开头，不带账号。")
		}
	}
	switch c.Form {
	case "", Plain, WeCom, DingTalk, Feishu:
	default:
		return refuse("没有「%.20s」这种机器人。", c.Form)
	}
	for ch, missing := range map[Channel]bool{Mail: c.Address == "", Webhook: c.URL == "" || c.Form == "", SMS: c.Phone == ""} {
		if missing && c.Wants(ch) {
			return refuse("选择了%s，但没有写地址。", ch.Title())
		}
	}
	if c.Wants(Webhook) && c.Form == Plain && c.Secret == "" {
		return refuse("通用机器人须有签名密钥。")
	}
	return nil
}

func refuse(format string, args ...any) error {
	return procedure.Errorf(procedure.Invalid, CodeChoice, format, args...)
}
