package server

import (
	"time"

	"gongzhi/ops"
	"gongzhi/record"
)

// IncidentView is an incident as the list shows it. Its cases are the first few that the session sees; count is how many it holds up.
type IncidentView struct {
	ops.Incident
	KindTitle string         `json:"kind_title"`
	UnitName  string         `json:"unit_name,omitempty"`
	Cases     []ops.Affected `json:"cases"`
	May       IncidentRights `json:"may"`
}

// IncidentRights is what the session may do to an incident now.
type IncidentRights struct {
	Acknowledge bool `json:"acknowledge"`
	Assign      bool `json:"assign"`
	Comment     bool `json:"comment"`
	Resolve     bool `json:"resolve"`
}

// IncidentPage is an incident with all that became of it.
type IncidentPage struct {
	Incident IncidentView              `json:"incident"`
	Remedies []CureOffer               `json:"remedies"`
	History  []ops.Entry               `json:"history"` // oldest first
	Cases    record.Page[ops.Affected] `json:"cases"`   // a page of those that the session sees
}

// CureOffer is a remedy of an incident: all are shown, also one that may not be used, with the reason.
type CureOffer struct {
	Remedy  ops.Cure `json:"remedy"`
	Label   string   `json:"label"`
	Next    string   `json:"next"`
	Second  bool     `json:"second"` // a second person must confirm it
	Allowed bool     `json:"allowed"`
	WhyNot  string   `json:"why_not,omitempty"`
	Needs   Needs    `json:"needs"` // beside a reason, which every remedy needs
}

// CureResult is what a remedy did.
type CureResult struct {
	Results []CaseCured `json:"results"`
	Pending string      `json:"pending,omitempty"` // it waits for a second person, under this id
	Mended  bool        `json:"mended"`            // the cause is gone: outcome is mended or gone
	Outcome ops.Outcome `json:"outcome,omitempty" enum:"mended,gone,waiting,stands,closed,unknown" doc:"empty: nothing is done yet"`
	Until   *time.Time  `json:"until,omitempty" doc:"of waiting: a cause that is not seen until then is gone"`
	Text    string      `json:"text"`
}

// InsideView is what the engine knows of a case. URL is where Temporal's own console shows it, for operators of an installation that
// has one.
type InsideView struct {
	record.Inside
	URL string `json:"url,omitempty"`
}

// CaseCured is what a remedy did to one case.
type CaseCured struct {
	Case  string `json:"case"`
	Title string `json:"title,omitempty"`
	Done  bool   `json:"done"`
	Text  string `json:"text"`
}

// RunView is the last run of a detector.
type RunView struct {
	Kind   ops.Kind   `json:"kind"`
	Title  string     `json:"title"`
	At     time.Time  `json:"at"`
	TookMS int64      `json:"took_ms"`
	Found  int        `json:"found"`
	Error  string     `json:"error,omitempty"`
	LastOK *time.Time `json:"last_ok,omitempty"`
}

// RunsView is when the detectors looked the last time.
type RunsView struct {
	Now  time.Time `json:"now"`
	Runs []RunView `json:"runs"`
	// Lag is for how many seconds of case time the list may be behind: since the oldest last good run. -1: one never went well.
	Lag int64 `json:"lag"`
}

// Swept is the end of a sweep on demand.
type Swept struct {
	Done bool `json:"done" doc:"false: it goes on; the list changes when it is done"`
}
