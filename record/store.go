package record

import (
	"encoding/json"
	"time"
)

// StartCase is what the store needs to take a filing in: it gives the case its number.
type StartCase struct {
	Command Command // Action start, with a Filing that has no number yet
	Prefix  string  // of the procedure: ZR in XW-ZR-2026-014
	Form    json.RawMessage
	Title   string
	Files   []string
	// Reapplications is how often a case may be applied for again (再次申请), should the form name one under «reapplies».
	Reapplications int64
}

// Verification is what a check of one case's record found.
type Verification struct {
	Case   string  `json:"case"`
	Events int64   `json:"events"`
	Head   string  `json:"head"` // hash of the last event
	Broken []Break `json:"broken"`
}

// Whole tells whether nothing was found.
func (v Verification) Whole() bool { return len(v.Broken) == 0 }

// Break is one place where a record was changed after it was made.
type Break struct {
	Seq int64  `json:"seq"` // 0: the record as a whole
	Why string `json:"why"` // 中文
}

// Rebuilt is what a rebuild of the projections did.
type Rebuilt struct {
	Cases  int64         `json:"cases"`
	Events int64         `json:"events"`
	Took   time.Duration `json:"took"`
}
