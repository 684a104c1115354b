package server

import (
	"gongzhi/ops"
	"gongzhi/procedure"
)

type incidentsInput struct {
	Paging
	Kind     ops.Kind  `query:"kind" enum:"code,no_worker,disagree,sweeping,retrying,unmanned,clock,lost,overdue,silent,circling,undelivered"`
	State    ops.State `query:"state" enum:"open,acknowledged,assigned,resolved,all" doc:"empty: what is not over"`
	Unit     string    `query:"unit" maxLength:"32" doc:"in the court of this unit, or of one below it"`
	Assignee string    `query:"assignee" maxLength:"64" doc:"user; me: the session's own"`
	Case     string    `query:"case" maxLength:"40" doc:"number of a case that stands still"`
	Text     string    `query:"text" maxLength:"100"`
}

type incidentInput struct {
	IDPath
	Paging // of its cases
}

// IncidentNote is an act on an incident that may say something. Version is the one the incident was read with.
type IncidentNote struct {
	Version int64  `json:"version" minimum:"1"`
	Text    string `json:"text,omitempty" maxLength:"500" text:"lines"`
}

// IncidentReason is an act on an incident that must say something.
type IncidentReason struct {
	Version int64  `json:"version" minimum:"1"`
	Text    string `json:"text" minLength:"1" maxLength:"500" text:"lines"`
}

// IncidentAssignment gives an incident to somebody who watches over the same area.
type IncidentAssignment struct {
	Version int64  `json:"version" minimum:"1"`
	User    string `json:"user" minLength:"1" maxLength:"64"`
	Text    string `json:"text,omitempty" maxLength:"500" text:"lines"`
}

// Cure is an order to set going again what stands still.
type Cure struct {
	Remedy   ops.Cure             `json:"remedy" enum:"urge,reassign,escalate,extend,send_back,resume,copy,terminate,suspend,continue,republish,retry,hold,rewind,reconcile,redeliver"`
	Version  int64                `json:"version" minimum:"1"`
	Reason   string               `json:"reason" minLength:"1" maxLength:"500" text:"lines"`
	Cases    []string             `json:"cases,omitempty" maxItems:"50" doc:"empty: all cases of the incident"`
	Target   *Target              `json:"target,omitempty"`
	Days     int                  `json:"days,omitempty" minimum:"1" maximum:"366"`
	Notice   string               `json:"notice,omitempty" maxLength:"80" doc:"to be displayed again"`
	ReturnTo string               `json:"return_to,omitempty" maxLength:"64"`
	Mode     procedure.ReturnMode `json:"mode,omitempty" enum:"rerun,straight"`
	Files    []string             `json:"files,omitempty" maxItems:"50" doc:"what an outside body has answered"`
}

type cureInput struct {
	IDPath
	Body Cure
}

type proposalsInput struct {
	State ops.ProposalState `query:"state" enum:"pending,confirmed,declined" default:"pending"`
}

// SecondOpinion is what a second person says to a proposal.
type SecondOpinion struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" text:"lines"`
}

type proposalInput struct {
	IDPath
	Body SecondOpinion
}

type incidentNoteInput struct {
	IDPath
	Body IncidentNote
}

type incidentReasonInput struct {
	IDPath
	Body IncidentReason
}

type incidentAssignInput struct {
	IDPath
	Body IncidentAssignment
}

type viewsInput struct {
	Page string `query:"page" maxLength:"40" doc:"views of this page only"`
}

// ViewPath names a saved view. Whoever saves one gives it its id.
type ViewPath struct {
	ID string `path:"id" minLength:"16" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$"`
}

// ViewInput is a filter of a page under a name.
type ViewInput struct {
	Page  string `json:"page" minLength:"1" maxLength:"40" pattern:"^[a-z-]+$" doc:"such as ops"`
	Name  string `json:"name" minLength:"1" maxLength:"40"`
	Query string `json:"query" maxLength:"500" doc:"of the page's address, without the question mark"`
}

type viewInput struct {
	ViewPath
	Body ViewInput
}
