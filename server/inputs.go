package server

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// none is the input of a route without parameters.
type none struct{}

// body is an input that is a JSON body only.
type body[T any] struct {
	Body T
}

// reply is an output that is a JSON body only.
type reply[T any] struct {
	Body T
}

// statusReply is an output whose status depends on the result.
type statusReply[T any] struct {
	Status int
	Body   T
}

// done is an empty output (204).
type done struct{}

func answer[T any](v T) *reply[T] { return &reply[T]{Body: v} }

// Paging is a page of a list.
type Paging struct {
	After string `query:"after" maxLength:"200" doc:"cursor of the previous page"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// IDPath names a thing by its id.
type IDPath struct {
	ID string `path:"id" maxLength:"80"`
}

// CasePath names a case by its number.
type CasePath struct {
	Number string `path:"number" maxLength:"40"`
}

// TaskPath names a task.
type TaskPath struct {
	ID string `path:"id" maxLength:"80" doc:"number.seq: XW-ZR-2026-014.7"`
}

// DistrictPath names a district by its unit code.
type DistrictPath struct {
	District string `path:"district" maxLength:"32"`
}

// LoginInput opens a session.
type LoginInput struct {
	Login    string `json:"login" minLength:"1" maxLength:"64"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
}

// PostInput chooses the post one acts in.
type PostInput struct {
	Post string `json:"post" minLength:"1" maxLength:"80"`
}

// PasswordInput changes one's password.
type PasswordInput struct {
	Old string `json:"old" minLength:"1" maxLength:"256"`
	New string `json:"new" minLength:"1" maxLength:"256"`
}

// CheckInput is a form to be judged.
type CheckInput struct {
	Form  json.RawMessage `json:"form"`
	Draft string          `json:"draft,omitempty" maxLength:"80"`
}

// NewDraft is a draft to be kept.
type NewDraft struct {
	Kind  procedure.Kind  `json:"kind" minLength:"1" maxLength:"64"`
	Title string          `json:"title" maxLength:"200"`
	Form  json.RawMessage `json:"form"`
	Files []string        `json:"files" maxItems:"50" required:"false"`
}

// DraftSave is a further save of a draft; Version is the one it was read with.
type DraftSave struct {
	Version int64           `json:"version" minimum:"1"`
	Title   string          `json:"title" maxLength:"200"`
	Form    json.RawMessage `json:"form"`
	Files   []string        `json:"files" maxItems:"50" required:"false"`
}

type draftSaveInput struct {
	IDPath
	Body DraftSave
}

// CaseInput files a case.
type CaseInput struct {
	Kind  procedure.Kind  `json:"kind" minLength:"1" maxLength:"64"`
	Form  json.RawMessage `json:"form"`
	Files []string        `json:"files" maxItems:"50" required:"false"`
	Draft string          `json:"draft,omitempty" maxLength:"80" doc:"the draft it was written in, removed when the case is filed"`
}

type casesInput struct {
	Paging
	Kind  string `query:"kind" maxLength:"64"`
	State string `query:"state" enum:"running,executing,completed,rejected,refused,withdrawn,cancelled,revoked,lapsed,terminated"`
	Open  string `query:"open" enum:"true,false"`
	Card  string `query:"card" enum:"yellow,red"`
	Unit  string `query:"unit" maxLength:"32" doc:"subtree of this unit"`
	Mine  bool   `query:"mine"`
	Text  string `query:"text" maxLength:"100"`
	Sort  string `query:"sort" enum:"due,started,changed" default:"due"`
}

type eventsInput struct {
	CasePath
	AfterSeq int64 `query:"after_seq" minimum:"0"`
	Limit    int   `query:"limit" minimum:"1" maximum:"500" default:"200"`
}

type ClockPath struct {
	CasePath
	Clock string `path:"clock" maxLength:"80"`
}

// Target is to whom: a post in a unit, or a person in a unit.
type Target struct {
	Unit string         `json:"unit" minLength:"1" maxLength:"32"`
	Role procedure.Role `json:"role,omitempty" maxLength:"64"`
	User string         `json:"user,omitempty" maxLength:"64"`
}

// CaseAction is an action on a case.
type CaseAction struct {
	Action  procedure.Action `json:"action" enum:"withdraw,terminate,copy,pause,resume,complain,suspend,continue,republish"`
	Opinion string           `json:"opinion,omitempty" maxLength:"20000" text:"lines"`
	Target  *Target          `json:"target,omitempty"`
	Ground  string           `json:"ground,omitempty" maxLength:"32"`
	Notice  string           `json:"notice,omitempty" maxLength:"80" doc:"to be displayed again"`
	Days    int              `json:"days,omitempty" minimum:"1" maximum:"90" doc:"of that display"`
	Files   []string         `json:"files,omitempty" maxItems:"50"`
}

type caseActionInput struct {
	CasePath
	Body CaseAction
}

type tasksInput struct {
	Paging
	Box  string `query:"box" enum:"todo,done,overdue" default:"todo"`
	Due  string `query:"due" enum:"today,yellow,red"`
	Text string `query:"text" maxLength:"100"`
}

// TaskAction is an action on a task.
type TaskAction struct {
	Action   procedure.Action     `json:"action" enum:"answer,transfer,delegate,add_before,add_after,remove_signer,take_back,urge,read,escalate,extend,send_back"`
	Answer   procedure.Answer     `json:"answer,omitempty" maxLength:"32"`
	Opinion  string               `json:"opinion,omitempty" maxLength:"20000" text:"lines"`
	Files    []string             `json:"files,omitempty" maxItems:"50"`
	Fields   json.RawMessage      `json:"fields,omitempty"`
	Target   *Target              `json:"target,omitempty"`
	ReturnTo string               `json:"return_to,omitempty" maxLength:"64"`
	Mode     procedure.ReturnMode `json:"mode,omitempty" enum:"rerun,straight"`
	Removed  string               `json:"removed,omitempty" maxLength:"80"`
	Days     int                  `json:"days,omitempty" minimum:"1" maximum:"366"` // of an extension
}

type taskActionInput struct {
	TaskPath
	Body TaskAction
}

type copiesInput struct {
	Paging
	Unread bool `query:"unread"`
}

type listsInput struct {
	District string `query:"district" maxLength:"32"`
}

type listInput struct {
	DistrictPath
	Version string `path:"version" maxLength:"32" doc:"a version such as 2026.3, or current"`
}

type diffInput struct {
	DistrictPath
	From string `query:"from" required:"true" maxLength:"32"`
	To   string `query:"to" maxLength:"32" doc:"the newest when left out"`
}

type searchInput struct {
	DistrictPath
	Q string `query:"q" required:"true" minLength:"1" maxLength:"500"`
}

type noticesInput struct {
	Paging
	Kind     string `query:"kind" enum:"list,case" doc:"list: announces a version of a list; case: any other notice"`
	District string `query:"district" maxLength:"32"`
	Text     string `query:"text" maxLength:"100"`
	Open     bool   `query:"open" doc:"only those still displayed and in force, or to which one may still object"`
}

// UnitPath names a unit.
type UnitPath struct {
	Code string `path:"code" maxLength:"32"`
}

type usersInput struct {
	Text string `query:"text" maxLength:"50"`
}

// NewUser opens an account.
type NewUser struct {
	ID       string `json:"id" minLength:"2" maxLength:"64" pattern:"^[a-z0-9][a-z0-9._-]*$"`
	Name     string `json:"name" minLength:"1" maxLength:"50"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
}

// UserChange changes an account; what is left out stays.
type UserChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"50"`
	Disabled *bool   `json:"disabled,omitempty"`
	Password *string `json:"password,omitempty" minLength:"1" maxLength:"256"`
}

type userChangeInput struct {
	IDPath
	Body UserChange
}

// NewPost gives a post to a user for a term.
type NewPost struct {
	User string         `json:"user" minLength:"1" maxLength:"64"`
	Unit string         `json:"unit" minLength:"1" maxLength:"32"`
	Role procedure.Role `json:"role" minLength:"1" maxLength:"64"`
	From string         `json:"from" format:"date"`
	To   string         `json:"to,omitempty" format:"date"`
}

// NewUnit adds a unit to the tree.
type NewUnit struct {
	Code   string          `json:"code" minLength:"1" maxLength:"32" pattern:"^[A-Za-z0-9-]+$"`
	Name   string          `json:"name" minLength:"1" maxLength:"80"`
	Level  procedure.Level `json:"level" enum:"city,district,department,street,community"`
	Parent string          `json:"parent,omitempty" maxLength:"32"`
}

// UnitChange renames a unit, or takes it out of use and back; what is left out stays.
type UnitChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"80"`
	Disabled *bool   `json:"disabled,omitempty"`
}

type unitChangeInput struct {
	UnitPath
	Body UnitChange
}

// NewDelegation lets another person act for oneself (委托授权).
type NewDelegation struct {
	To    string           `json:"to" minLength:"1" maxLength:"64"`
	Kinds []procedure.Kind `json:"kinds" maxItems:"50" required:"false" doc:"empty: every procedure"`
	Begin string           `json:"begin" format:"date"`
	End   string           `json:"end" format:"date"`
}

type yearInput struct {
	Year int `path:"year" minimum:"1900" maximum:"2300"`
	Body calendar.YearTable
}

// JumpInput moves the demonstration's time.
type JumpInput struct {
	To string `json:"to" minLength:"1" maxLength:"40" doc:"next, or an RFC 3339 time"`
}

type uploadInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

type streamInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"20"`
}

// KindPath names a procedure by its kind.
type KindPath struct {
	Kind string `path:"kind" maxLength:"64"`
}

type checkInput struct {
	KindPath
	Body CheckInput
}

// downloadReply is a file.
type downloadReply struct {
	Body func(huma.Context)
}

// streamReply is a stream of server-sent events.
type streamReply struct {
	Body func(huma.Context)
}
