package store

// The rows of the log and of what people sent. Projections are in projections.go, people in people.go.

type chainRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Head       int64
	Hash       string
}

func (chainRow) TableName() string { return "chains" }

const upsertChains = `INSERT INTO chains (case_number, head, hash) VALUES ?
	ON CONFLICT (case_number) DO UPDATE SET head = excluded.head, hash = excluded.hash`

func (r chainRow) values() []any { return []any{r.CaseNumber, r.Head, r.Hash} }

type eventRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Seq        int64  `gorm:"primaryKey;autoIncrement:false"`
	Type       string
	At         int64
	Actor      string
	Command    string
	Data       string
	Note       string
	Fields     string
	Files      string
	Prev       string
	Hash       string
}

func (eventRow) TableName() string { return "events" }

const insertEvents = `INSERT INTO events (case_number, seq, type, at, actor, command, data, note, fields, files, prev,
	hash) VALUES ?`

func (r eventRow) values() []any {
	return []any{r.CaseNumber, r.Seq, r.Type, r.At, r.Actor, r.Command, r.Data, r.Note, r.Fields, r.Files, r.Prev, r.Hash}
}

type changeRow struct {
	ID         int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseNumber string
	Seq        int64
	Type       string
	At         int64
}

func (changeRow) TableName() string { return "changes" }

type commandRow struct {
	ID         string `gorm:"primaryKey"`
	CaseNumber string
	Request    string
	Body       string // JSON of record.Command as sent; the columns below are what happened to it
	State      string
	JoinedSeq  int64 // event that carries what the person wrote
	Seq        int64 // last event recorded because of it
	Code       string
	Reason     string
	Refusal    string
	Kept       string
	Stored     int64
	Attempts   int
}

func (commandRow) TableName() string { return "commands" }

const insertCommand = `INSERT INTO commands (id, case_number, request, body, state, joined_seq, seq, code, reason, refusal, kept, stored,
	attempts) VALUES ? ON CONFLICT (id) DO NOTHING`

func (r commandRow) values() []any {
	return []any{
		r.ID, r.CaseNumber, r.Request, r.Body, r.State, r.JoinedSeq, r.Seq, r.Code, r.Reason, r.Refusal, r.Kept, r.Stored, r.Attempts,
	}
}

type filingRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Command    string
	Title      string
	Form       string
	FormHash   string
	Reapplies  string
	Files      string
	At         int64
}

func (filingRow) TableName() string { return "filings" }

type attachmentRow struct {
	ID         string `gorm:"primaryKey"`
	Name       string
	Type       string
	Size       int64
	SHA256     string `gorm:"column:sha256"`
	CaseNumber string
	Ballot     bool
	ByUser     string
	ByName     string
	Unit       string
	At         int64
}

func (attachmentRow) TableName() string { return "attachments" }

type draftRow struct {
	UserID  string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	Unit    string
	Kind    string
	Title   string
	Form    string
	Files   string
	Saved   int64
	Version int64
}

func (draftRow) TableName() string { return "drafts" }
