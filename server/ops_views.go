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
	History  []ops.Entry               `json:"history"` // oldest first
	Cases    record.Page[ops.Affected] `json:"cases"`   // a page of those that the session sees
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
