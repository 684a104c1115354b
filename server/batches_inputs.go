package server

import (
	"gongzhi/ops"
	"gongzhi/procedure"
)

// BatchCases chooses open cases.
type BatchCases struct {
	Kind  procedure.Kind      `json:"kind,omitempty" maxLength:"64"`
	State procedure.CaseState `json:"state,omitempty" enum:"running,executing"`
	Card  string              `json:"card,omitempty" enum:"yellow,red"`
	Unit  string              `json:"unit,omitempty" maxLength:"32" doc:"filed by this unit, or by one below it"`
	Stage string              `json:"stage,omitempty" maxLength:"64" doc:"those with an open task of this stage, and that task only"`
	Text  string              `json:"text,omitempty" maxLength:"100"`
}

// BatchIncidents chooses the cases that stand still for incidents that are not over.
type BatchIncidents struct {
	Kind     ops.Kind  `json:"kind" enum:"code,no_worker,disagree,sweeping,retrying,unmanned,clock,lost,overdue,silent,circling,undelivered"`
	ID       string    `json:"id,omitempty" maxLength:"80" doc:"of this one incident only"`
	State    ops.State `json:"state,omitempty" enum:"open,acknowledged,assigned"`
	Unit     string    `json:"unit,omitempty" maxLength:"32"`
	Assignee string    `json:"assignee,omitempty" maxLength:"64" doc:"user; me: the session's own"`
	Case     string    `json:"case,omitempty" maxLength:"40" doc:"those that hold up this case"`
	Text     string    `json:"text,omitempty" maxLength:"100"`
}

// BatchOrder is one remedy for many cases, which are chosen by exactly one of cases and incidents.
type BatchOrder struct {
	Cases     *BatchCases     `json:"cases,omitempty"`
	Incidents *BatchIncidents `json:"incidents,omitempty"`
	Remedy    ops.Cure        `json:"remedy" enum:"urge,reassign,escalate,extend,resume,copy,terminate,suspend,continue,retry,hold,rewind,reconcile,redeliver"`
	Reason    string          `json:"reason" minLength:"1" maxLength:"500" text:"lines"`
	Target    *Target         `json:"target,omitempty"`
	Days      int             `json:"days,omitempty" minimum:"1" maximum:"366"`
}

// BatchDecision is an act on a batch. Version is the one the batch was read with.
type BatchDecision struct {
	Version int64  `json:"version" minimum:"1"`
	Text    string `json:"text,omitempty" maxLength:"500" text:"lines"`
}

// BatchOpinion is what a second person says to a batch.
type BatchOpinion struct {
	Version int64  `json:"version" minimum:"1"`
	Reason  string `json:"reason" minLength:"1" maxLength:"500" text:"lines"`
}

type batchInput struct {
	IDPath
	Body BatchDecision
}

type batchOpinionInput struct {
	IDPath
	Body BatchOpinion
}

type batchRemediesInput struct {
	Kind ops.Kind `query:"kind" enum:"code,no_worker,disagree,sweeping,retrying,unmanned,clock,lost,overdue,silent,circling,undelivered" doc:"of incidents; empty: of cases"`
}

type batchItemsInput struct {
	IDPath
	Paging
	State ops.ItemState `query:"state" enum:"planned,sent,done,skipped,failed"`
}

// BatchView is a batch with what the session may do with it now.
type BatchView struct {
	ops.Batch
	May BatchRights `json:"may"`
}

// BatchRights is what the session may do with a batch now.
type BatchRights struct {
	Confirm bool `json:"confirm"`
	Run     bool `json:"run"`
	Stop    bool `json:"stop"`
	Resume  bool `json:"resume"`
}
