package server

import (
	"time"

	"gongzhi/notify"
)

// MessageView is one message in the platform.
type MessageView struct {
	ID        string      `json:"id"`
	Kind      notify.Kind `json:"kind" enum:"opened,moved,reopened,early,yellow,due,red,escalated,urged,copied,closed,vote,digest"`
	KindTitle string      `json:"kind_title" doc:"催办"`
	Case      string      `json:"case"`
	Task      string      `json:"task,omitempty"`
	Subject   string      `json:"subject"`
	Text      string      `json:"text" doc:"plain text"`
	At        time.Time   `json:"at"`
	Unread    bool        `json:"unread"`
	ReadAt    *time.Time  `json:"read_at,omitempty"`
}

// DeliveryView is who was told what of a case, over which channel, and what became of it.
type DeliveryView struct {
	ID           string         `json:"id"`
	Kind         notify.Kind    `json:"kind" enum:"opened,moved,reopened,early,yellow,due,red,escalated,urged,copied,closed,vote,digest"`
	KindTitle    string         `json:"kind_title"`
	Channel      notify.Channel `json:"channel" enum:"inapp,mail,webhook,sms"`
	ChannelTitle string         `json:"channel_title"`
	User         string         `json:"user"`
	Name         string         `json:"name"`
	For          string         `json:"for,omitempty" doc:"name of the person whose post is looked after (代理)"`
	Task         string         `json:"task,omitempty"`
	Subject      string         `json:"subject"`
	State        notify.State   `json:"state" enum:"queued,sending,sent,failed,read,dropped"`
	At           time.Time      `json:"at"`
	Held         *time.Time     `json:"held,omitempty" doc:"not sent before: quiet hours, or the daily digest"`
	Attempts     int            `json:"attempts"`
	Next         *time.Time     `json:"next,omitempty" doc:"machine time of the next attempt"`
	Reason       string         `json:"reason,omitempty" doc:"why the last attempt failed, or why it is not sent any more"`
	SentAt       *time.Time     `json:"sent_at,omitempty"`
	ReadAt       *time.Time     `json:"read_at,omitempty" doc:"in-app only"`
}

// ChannelView is a channel outside of the platform.
type ChannelView struct {
	Channel notify.Channel `json:"channel" enum:"mail,webhook,sms"`
	Title   string         `json:"title"`
	Ready   bool           `json:"ready"`
	Why     string         `json:"why,omitempty" doc:"邮件渠道未配置"`
}

// ChoiceView is how one wants to be told. In-app is always on.
type ChoiceView struct {
	Available []ChannelView    `json:"available"`
	Channels  []notify.Channel `json:"channels" enum:"mail,webhook,sms"`
	Address   string           `json:"address" doc:"mail address"`
	Phone     string           `json:"phone"`
	URL       string           `json:"url" doc:"of the webhook"`
	Form      notify.Form      `json:"form" enum:"plain,wecom,dingtalk,feishu,"`
	HasSecret bool             `json:"has_secret" doc:"a secret is kept; it is never shown"`
	Lost      bool             `json:"lost,omitempty" doc:"address and secret of the webhook cannot be read any more"`
	Quiet     bool             `json:"quiet"`
	From      string           `json:"from" doc:"21:00"`
	To        string           `json:"to" doc:"08:00"`
	Digest    bool             `json:"digest" doc:"early reminders in one message at 08:30"`
}

// ChoiceInput is a new choice; everything is replaced, but a secret that is left out stays.
type ChoiceInput struct {
	Channels []notify.Channel `json:"channels" maxItems:"3" enum:"mail,webhook,sms"`
	Address  string           `json:"address,omitempty" maxLength:"254"`
	Phone    string           `json:"phone,omitempty" maxLength:"16"`
	URL      string           `json:"url,omitempty" maxLength:"1000"`
	Form     notify.Form      `json:"form,omitempty" enum:"plain,wecom,dingtalk,feishu"`
	Secret   *string          `json:"secret,omitempty" maxLength:"256"`
	Quiet    bool             `json:"quiet"`
	From     string           `json:"from" maxLength:"5"`
	To       string           `json:"to" maxLength:"5"`
	Digest   bool             `json:"digest"`
}

// TemplateView is the words of a kind of message.
type TemplateView struct {
	Kind    notify.Kind   `json:"kind" enum:"opened,moved,reopened,early,yellow,due,red,escalated,urged,copied,closed,vote,digest"`
	Title   string        `json:"title"`
	Subject string        `json:"subject"`
	Text    string        `json:"text"`
	Changed bool          `json:"changed" doc:"not the words that the program brings"`
	By      string        `json:"by,omitempty" doc:"who changed it last, or put it back"`
	ByName  string        `json:"by_name,omitempty"`
	At      *time.Time    `json:"at,omitempty"`
	Default TemplateWords `json:"default"`
}

// TemplateWords are the words that the program brings.
type TemplateWords struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// TemplateList is all templates, and what they may name.
type TemplateList struct {
	Items  []TemplateView     `json:"items"`
	Fields []notify.FieldName `json:"fields"`
}

// TemplateInput is new words. Those that the program brings forget the change.
type TemplateInput struct {
	Subject string `json:"subject" minLength:"1" maxLength:"4000"`
	Text    string `json:"text" minLength:"1" maxLength:"4000" text:"lines"`
}

// TemplatePreview is a template filled in with samples: the usual one, one with as little as there can be, and one with markup in
// names.
type TemplatePreview struct {
	Samples []TemplateSample `json:"samples"`
}

// TemplateSample is one of them, as each channel shows it.
type TemplateSample struct {
	Subject  string `json:"subject"`
	Text     string `json:"text"`
	HTML     string `json:"html" doc:"of a mail"`
	Markdown string `json:"markdown" doc:"of a robot"`
	SMS      string `json:"sms"`
}

// NotifyHealth is how sending goes.
type NotifyHealth struct {
	Channels []ChannelView `json:"channels"`
	notify.Backlog
}

type messagesInput struct {
	Paging
	Unread bool `query:"unread"`
}

// ReadThrough names the newest message that was seen.
type ReadThrough struct {
	Through string `json:"through" minLength:"1" maxLength:"80" doc:"id of the newest message on the screen: what came in later stays unread"`
}

type deliveriesInput struct {
	CasePath
	Paging
}

type deliveryPath struct {
	CasePath
	ID string `path:"id" maxLength:"80"`
}

// MessageKindPath names a kind of message.
type MessageKindPath struct {
	Kind notify.Kind `path:"kind" enum:"opened,moved,reopened,early,yellow,due,red,escalated,urged,copied,closed,vote,digest"`
}

type messageTemplateInput struct {
	MessageKindPath
	Body TemplateInput
}
