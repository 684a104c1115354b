package server

import (
	"encoding/json"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// UserRef is a person as a screen shows one.
type UserRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Represented is a person for whom the session may act (代理).
type Represented struct {
	User  string           `json:"user"`
	Name  string           `json:"name"`
	Until string           `json:"until" doc:"civil day, inclusive"`
	Kinds []procedure.Kind `json:"kinds" doc:"empty: every procedure"`
}

// Me is the session: who one is, in which post, and what one may open.
type Me struct {
	User       UserRef       `json:"user"`
	Posts      []record.Post `json:"posts"`
	Active     record.Post   `json:"active"`
	Represents []Represented `json:"represents"`
	Menu       []string      `json:"menu" enum:"desk,launch,cases,votes,lists,notices,deadlines,ops,stats,admin"`
	Demo       bool          `json:"demo"`
	Now        time.Time     `json:"now"`
	Counts     record.Counts `json:"counts"`
}

// DemoAccount is an invented account of the demonstration.
type DemoAccount struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	UnitName string `json:"unit_name"`
	RoleName string `json:"role_name"`
	Password string `json:"password,omitempty"`
}

// ProcedureCard is one procedure of the catalogue (发起).
type ProcedureCard struct {
	Kind       procedure.Kind `json:"kind"`
	Name       string         `json:"name"`
	Summary    string         `json:"summary"`
	Duration   string         `json:"duration"`
	Prepare    []string       `json:"prepare"`
	WhoDecides []string       `json:"who_decides"`
	MayStart   bool           `json:"may_start"`
	WhyNot     string         `json:"why_not,omitempty"`
}

// Check is the judgement of an application that is still being typed. Money is in fen (分).
type Check struct {
	OK       bool       `json:"ok"`
	Findings []Finding  `json:"findings"`
	Hits     []ListHit  `json:"hits"`
	Plan     []PlanStep `json:"plan"`
	Money    *Money     `json:"money,omitempty"`
}

// Finding is one remark of a check.
type Finding struct {
	Level   string `json:"level" enum:"block,warn,ok"`
	Code    string `json:"code"`
	Field   string `json:"field,omitempty" doc:"path in the form, such as start"`
	Message string `json:"message"`
}

// ListHit is an item of a list that a text touches, with the words that matched.
type ListHit struct {
	Item  procedure.ListItem `json:"item"`
	Words []string           `json:"words"`
	Kind  string             `json:"kind" enum:"duty,assist,negative"`
}

// PlanStep is who will act, and until when, should the application be filed now.
type PlanStep struct {
	Stage  string          `json:"stage"`
	Title  string          `json:"title"`
	Who    []string        `json:"who"`
	From   string          `json:"from,omitempty" doc:"civil day"`
	DueDay string          `json:"due_day,omitempty" doc:"civil day"`
	Basis  procedure.Basis `json:"basis"`
}

// Money is what the department pays (费随事转), in fen.
type Money struct {
	PerCommunityFen int64 `json:"per_community_fen"`
	TotalFen        int64 `json:"total_fen"`
}

// ProcedureHead is the part of a procedure that the page of a case needs.
type ProcedureHead struct {
	Kind   procedure.Kind    `json:"kind"`
	Name   string            `json:"name"`
	Stages []procedure.Stage `json:"stages"`
}

// TaskView is a task and whether the session may act on it.
type TaskView struct {
	record.Task
	My bool `json:"my"`
}

// FilingView is what was filed.
type FilingView struct {
	Form        json.RawMessage     `json:"form"`
	Schema      json.RawMessage     `json:"schema"`
	UI          json.RawMessage     `json:"ui"`
	Attachments []record.Attachment `json:"attachments"`
	FormHash    string              `json:"form_hash"`
}

// Head is the end of a case's chain.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// CaseDetail is all that the page of a case shows.
type CaseDetail struct {
	Case      record.Case        `json:"case"`
	Procedure ProcedureHead      `json:"procedure"`
	Sentence  procedure.Sentence `json:"sentence"`
	Stages    []record.Stage     `json:"stages"`
	Tasks     []TaskView         `json:"tasks"`
	Waits     []record.Wait      `json:"waits"`
	Deadlines []record.Deadline  `json:"deadlines"`
	Copies    []record.Copy      `json:"copies"`
	Notices   []record.Notice    `json:"notices"`
	Filing    FilingView         `json:"filing"`
	Actions   []ActionOffer      `json:"actions"`
	Head      Head               `json:"head"`
}

// ActionOffer is one action on a page: every action is shown, also one that may not be used, with the reason.
type ActionOffer struct {
	Action  procedure.Action `json:"action"`
	Task    string           `json:"task,omitempty"`
	Answer  procedure.Answer `json:"answer,omitempty"`
	Label   string           `json:"label"`
	Main    bool             `json:"main"`
	Danger  bool             `json:"danger"`
	Allowed bool             `json:"allowed"`
	WhyNot  string           `json:"why_not,omitempty"`
	Needs   Needs            `json:"needs"`
	Next    string           `json:"next,omitempty"`
}

// Needs is what an action asks of the person.
type Needs struct {
	Opinion    bool        `json:"opinion"`
	Attachment bool        `json:"attachment"`
	Target     bool        `json:"target"`
	ReturnTo   []StageRef  `json:"return_to,omitempty"`
	Ground     []Ground    `json:"ground,omitempty"`
	Removable  []TaskRef   `json:"removable,omitempty"`
	Days       int         `json:"days,omitempty"`   // of an extension: at most so many
	Period     string      `json:"period,omitempty"` // which is the period itself: 5 个工作日
	Notice     []NoticeRef `json:"notice,omitempty"` // one of which is displayed again, for at most so many days
	Least      int         `json:"least,omitempty"`  // days of a display: fewer do not mend what it is for
}

// NoticeRef names a notice of the case.
type NoticeRef struct {
	Notice string `json:"notice"`
	Title  string `json:"title"`
	Until  string `json:"until"` // last day of the display
}

// StageRef names a stage.
type StageRef struct {
	Stage string `json:"stage"`
	Title string `json:"title"`
}

// TaskRef names a task.
type TaskRef struct {
	Task  string `json:"task"`
	Title string `json:"title"`
}

// Ground is a reason for which a clock may stand still.
type Ground struct {
	Ground string `json:"ground"`
	Title  string `json:"title"`
}

// TaskRow is one line of the desk (工作台).
type TaskRow struct {
	Task     TaskView           `json:"task"`
	Sentence procedure.Sentence `json:"sentence"`
	Actions  []ActionOffer      `json:"actions"`
}

// TaskDetail is a task with everything one can do to it.
type TaskDetail struct {
	Task     TaskView           `json:"task"`
	Sentence procedure.Sentence `json:"sentence"`
	Actions  []ActionOffer      `json:"actions"`
}

// EventView is one line of the record with its sentence.
type EventView struct {
	procedure.Event
	Text        string              `json:"text"`
	About       string              `json:"about,omitempty"` // whose task it concerns, where the sentence does not say so
	Icon        string              `json:"icon"`
	Attachments []record.Attachment `json:"attachments"`
}

// Verification is the result of recomputing the chain of a case.
type Verification struct {
	OK     bool     `json:"ok"`
	Events int64    `json:"events"`
	Head   string   `json:"head"`
	Broken []Broken `json:"broken"`
}

// Broken is one event that does not fit the chain.
type Broken struct {
	Seq int64  `json:"seq"`
	Why string `json:"why"`
}

// ActionResult is the answer to an action. With status 202 the engine has not answered yet: Where says where to look.
type ActionResult struct {
	Command string              `json:"command"`
	State   record.CommandState `json:"state" enum:"pending,done,refused"`
	Seq     int64               `json:"seq,omitempty"`
	Case    *record.Case        `json:"case,omitempty"`
	Where   string              `json:"where,omitempty"`
}

// FilingResult is the answer to a filing. With status 202 the engine has not answered yet: Where says where to look.
type FilingResult struct {
	Command string              `json:"command"`
	State   record.CommandState `json:"state" enum:"pending,done"`
	Number  string              `json:"number"`
	Case    *record.Case        `json:"case,omitempty"`
	Where   string              `json:"where,omitempty"`
}

// CommandView is where a command is.
type CommandView struct {
	ID     string              `json:"id"`
	State  record.CommandState `json:"state" enum:"pending,done,refused"`
	Code   string              `json:"code,omitempty"`
	Reason string              `json:"reason,omitempty"`
	Case   string              `json:"case"`
	Seq    int64               `json:"seq,omitempty"`
}

// ListDiff is what changed between two versions of a list.
type ListDiff struct {
	District string       `json:"district"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	Changes  []ItemChange `json:"changes"`
}

// ItemChange is an item that two versions of a list do not have alike.
type ItemChange struct {
	Op  string              `json:"op" enum:"add,change,remove"`
	No  string              `json:"no"`
	Old *procedure.ListItem `json:"old,omitempty" doc:"as it was; absent when added"`
	New *procedure.ListItem `json:"new,omitempty" doc:"as it is; absent when removed"`
}

// NoticeView is a notice, and what it means today to whoever reads it.
type NoticeView struct {
	record.Notice
	DistrictName string `json:"district_name"`
	Open         bool   `json:"open" doc:"still displayed and in force, or objections are still taken"`
	MayObject    bool   `json:"may_object"`
	CaseVisible  bool   `json:"case_visible" doc:"the session may open the case"`
}

// DraftView is a draft with its files described.
type DraftView struct {
	record.Draft
	Attachments []record.Attachment `json:"attachments"`
}

// RoleView is a kind of post, with its name.
type RoleView struct {
	Role procedure.Role `json:"role"`
	Name string         `json:"name"`
}

// Person is somebody in a unit.
type Person struct {
	User     string        `json:"user"`
	Name     string        `json:"name"`
	Disabled bool          `json:"disabled,omitempty"`
	Posts    []record.Post `json:"posts"`
}

// Delegations are those one gave and those one holds.
type Delegations struct {
	Given    []record.Delegation `json:"given"`
	Received []record.Delegation `json:"received"`
}

// CalendarYear is one year of the calendar in force.
type CalendarYear struct {
	Year    int      `json:"year"`
	Loaded  bool     `json:"loaded"`
	Source  string   `json:"source,omitempty"`
	Version string   `json:"version,omitempty"`
	Off     []string `json:"off" doc:"civil days off"`
	Work    []string `json:"work" doc:"make-up days (调休上班)"`
}

// Calendars is the calendar in force.
type Calendars struct {
	Version string         `json:"version"`
	Years   []CalendarYear `json:"years"`
}

// ClockView is the time of the platform; in a demonstration it is virtual.
type ClockView struct {
	Now     time.Time  `json:"now"`
	Speed   int64      `json:"speed"`
	Virtual bool       `json:"virtual"`
	Next    *NextEvent `json:"next,omitempty"`
}

// NextEvent is what comes next.
type NextEvent struct {
	At    time.Time `json:"at"`
	Case  string    `json:"case,omitempty"`
	Title string    `json:"title,omitempty"`
}

// Health is the state of the process.
type Health struct {
	Status string `json:"status"`
}
