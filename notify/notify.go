// Package notify says what is told to whom, when, and in which words (通知). It is pure: the store keeps messages and deliveries,
// the package channel sends them.
//
// A message is written to the outbox in the transaction that records its event. Later it is fanned out: one delivery for each
// person and channel. A delivery is the proof of who was told what, when it left and when it was read.
package notify

import (
	"time"

	"gongzhi/procedure"
)

// Kind is what a message is about. Each kind has a template.
type Kind string

// The kinds of messages.
const (
	Opened    Kind = "opened"    // 待办开启
	Moved     Kind = "moved"     // 转办、委派、交回
	Reopened  Kind = "reopened"  // 撤回后重新开启
	Early     Kind = "early"     // 提前提醒
	Yellow    Kind = "yellow"    // 黄牌
	Due       Kind = "due"       // 到期
	Red       Kind = "red"       // 红牌
	Escalated Kind = "escalated" // 上报上级
	Urged     Kind = "urged"     // 催办
	Copied    Kind = "copied"    // 抄送
	Closed    Kind = "closed"    // 办件结束
	Vote      Kind = "vote"      // 组织者的表决提醒
	Digest    Kind = "digest"    // 每日汇总：提前提醒合为一条
)

// Kinds lists all kinds in the order of the page of templates.
func Kinds() []Kind {
	return []Kind{Opened, Moved, Reopened, Early, Yellow, Due, Red, Escalated, Urged, Copied, Closed, Vote, Digest}
}

var titles = map[Kind]string{
	Opened: "新待办", Moved: "待办转来", Reopened: "待办重新开启", Early: "提前提醒", Yellow: "黄牌提醒", Due: "到期提醒", Red: "红牌提醒",
	Escalated: "上报上级", Urged: "催办", Copied: "抄送", Closed: "办件结束", Vote: "表决提醒", Digest: "每日汇总",
}

// Title is the kind as the screen shows it.
func (k Kind) Title() string { return titles[k] }

// Known tells whether there is such a kind.
func (k Kind) Known() bool { return titles[k] != "" }

// Urgent kinds do not wait for the morning: a period is over.
func (k Kind) Urgent() bool { return k == Red || k == Escalated }

// Channel is a way to reach a person.
type Channel string

// The channels.
const (
	InApp   Channel = "inapp"   // 站内
	Mail    Channel = "mail"    // 邮件
	Webhook Channel = "webhook" // 机器人
	SMS     Channel = "sms"     // 短信
)

// Outside lists the channels that leave the platform, in the order of the page. In-app is always on.
func Outside() []Channel { return []Channel{Mail, Webhook, SMS} }

var channelTitles = map[Channel]string{InApp: "站内", Mail: "邮件", Webhook: "机器人", SMS: "短信"}

// Title is the channel as the screen shows it.
func (c Channel) Title() string { return channelTitles[c] }

// State is where a delivery is.
type State string

// The states of a delivery.
const (
	Queued  State = "queued"
	Sending State = "sending" // one sender has it
	Sent    State = "sent"    // the next station has taken it over; in-app: it can be read
	Failed  State = "failed"  // given up
	Read    State = "read"
	Dropped State = "dropped" // its task was done before it was sent
)

// Message is one line of the outbox: an event that somebody is told. It holds no opinions.
type Message struct {
	Source    string              `json:"source"` // the event, «XW-ZR-2026-014.7», or what else caused it: nobody is told of it twice
	To        procedure.Holder    `json:"to"`
	Kind      Kind                `json:"kind"`
	At        time.Time           `json:"at"` // case time
	Case      string              `json:"case"`
	Title     string              `json:"title"` // of the case
	Procedure procedure.Kind      `json:"procedure"`
	Seq       int64               `json:"seq,omitempty"`
	Task      string              `json:"task,omitempty"` // id
	TaskTitle string              `json:"task_title,omitempty"`
	Subject   string              `json:"subject,omitempty"` // of the task: 2026年10月
	Day       string              `json:"day,omitempty"`     // the civil day of the deadline
	Who       string              `json:"who,omitempty"`     // the holder of the task, when somebody else is told
	From      string              `json:"from,omitempty"`    // who urged, moved or copied
	State     procedure.CaseState `json:"state,omitempty"`   // of a case that has ended
	Silent    int64               `json:"silent,omitempty"`  // voters without a ballot
	Building  string              `json:"building,omitempty"`
}

// Person is one who is told. For names the person whose post is looked after (代理).
type Person struct {
	User string `json:"user"`
	Name string `json:"name"`
	For  string `json:"for,omitempty"`
}

// Letter is a message in words, for one person.
type Letter struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Delivery is one message to one person over one channel.
type Delivery struct {
	ID       string     `json:"id"` // also its Message-ID and its idempotency key
	Channel  Channel    `json:"channel"`
	Person   Person     `json:"person"`
	Kind     Kind       `json:"kind"`
	Case     string     `json:"case"`
	Task     string     `json:"task,omitempty"`
	State    State      `json:"state"`
	At       time.Time  `json:"at"`   // case time of the message
	Held     time.Time  `json:"held"` // case time before which it is not sent
	Digest   bool       `json:"digest,omitempty"`
	Attempts int        `json:"attempts"`
	Began    *time.Time `json:"began,omitempty"` // engine time of the first attempt
	Next     *time.Time `json:"next,omitempty"`  // engine time of the next attempt, after one that failed
	Reason   string     `json:"reason,omitempty"`
	SentAt   *time.Time `json:"sent_at,omitempty"` // case time
	ReadAt   *time.Time `json:"read_at,omitempty"` // case time
	Letter
	Message Message `json:"-"`
	// Choice is what the person has chosen, as of the moment of sending. Claim is the sender that has the delivery.
	Choice Choice `json:"-"`
	Claim  string `json:"-"`
}
