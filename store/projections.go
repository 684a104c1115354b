package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// The rows folded from events. Body is the JSON that a reader gets; the other columns are what lists filter and sort by.

type caseRow struct {
	Number    string `gorm:"primaryKey"`
	Kind      string
	State     string
	Open      bool
	District  string
	Unit      string
	Initiator string
	Card      string
	StartedAt int64
	ChangedAt int64
	NextDue   int64
	Returned  int
	Search    string
	Body      string
}

func (caseRow) TableName() string { return "cases" }

const upsertCases = `INSERT INTO cases (number, kind, state, open, district, unit, initiator, card, started_at,
	changed_at, next_due, returned, search, body) VALUES ?
	ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, state = excluded.state, open = excluded.open,
		district = excluded.district, unit = excluded.unit, initiator = excluded.initiator, card = excluded.card,
		started_at = excluded.started_at, changed_at = excluded.changed_at, next_due = excluded.next_due,
		returned = excluded.returned, search = excluded.search, body = excluded.body`

func (r caseRow) values() []any {
	return []any{
		r.Number, r.Kind, r.State, r.Open, r.District, r.Unit, r.Initiator, r.Card, r.StartedAt, r.ChangedAt, r.NextDue, r.Returned,
		r.Search, r.Body,
	}
}

type holderRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Unit       string `gorm:"primaryKey"`
	Role       string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
}

func (holderRow) TableName() string { return "case_holders" }

const insertHolders = `INSERT INTO case_holders (case_number, unit, role, user_id) VALUES ?
	ON CONFLICT (case_number, unit, role, user_id) DO NOTHING`

func (r holderRow) values() []any { return []any{r.CaseNumber, r.Unit, r.Role, r.UserID} }

type taskRow struct {
	ID         string `gorm:"primaryKey"`
	CaseNumber string
	OpenedSeq  int64
	State      string
	Open       bool
	HolderUnit string
	HolderRole string
	HolderUser string
	Due        int64
	Day        string
	Card       string
	Paused     bool
	ClosedAt   int64
	ActorUser  string
	ActorFor   string
	Search     string
	Body       string
}

func (taskRow) TableName() string { return "tasks" }

const upsertTasks = `INSERT INTO tasks (id, case_number, opened_seq, state, open, holder_unit, holder_role,
	holder_user, due, day, card, paused, closed_at, actor_user, actor_for, search, body) VALUES ?
	ON CONFLICT (id) DO UPDATE SET case_number = excluded.case_number, opened_seq = excluded.opened_seq,
		state = excluded.state, open = excluded.open, holder_unit = excluded.holder_unit,
		holder_role = excluded.holder_role, holder_user = excluded.holder_user, due = excluded.due,
		day = excluded.day, card = excluded.card, paused = excluded.paused, closed_at = excluded.closed_at, actor_user = excluded.actor_user,
		actor_for = excluded.actor_for, search = excluded.search, body = excluded.body`

func (r taskRow) values() []any {
	return []any{
		r.ID, r.CaseNumber, r.OpenedSeq, r.State, r.Open, r.HolderUnit, r.HolderRole, r.HolderUser, r.Due, r.Day, r.Card, r.Paused,
		r.ClosedAt, r.ActorUser, r.ActorFor, r.Search, r.Body,
	}
}

type copyRow struct {
	CaseNumber string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	Seq        int64
	HolderUnit string
	HolderRole string
	HolderUser string
	Unread     bool
	At         int64
	Body       string
}

func (copyRow) TableName() string { return "copies" }

// bodyRow is a row that is only read by case, in the order of the events that made it: a stage.
type bodyRow struct {
	CaseNumber string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	Seq        int64
	Body       string
}

const upsertStages = `INSERT INTO stages (case_number, id, seq, body) VALUES ?
	ON CONFLICT (case_number, id) DO UPDATE SET seq = excluded.seq, body = excluded.body`

func (r bodyRow) values() []any { return []any{r.CaseNumber, r.ID, r.Seq, r.Body} }

type deadlineRow struct {
	bodyRow
	Paused bool
}

const upsertDeadlines = `INSERT INTO deadlines (case_number, id, seq, body, paused) VALUES ?
	ON CONFLICT (case_number, id) DO UPDATE SET seq = excluded.seq, body = excluded.body, paused = excluded.paused`

func (r deadlineRow) values() []any { return append(r.bodyRow.values(), r.Paused) }

type waitRow struct {
	CaseNumber string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	Seq        int64
	Open       bool
	Until      int64
	Body       string
}

func (waitRow) TableName() string { return "waits" }

// The tables of projections.
const (
	casesTable     = "cases"
	holdersTable   = "case_holders"
	areasTable     = "case_areas"
	tasksTable     = "tasks"
	copiesTable    = "copies"
	stagesTable    = "stages"
	deadlinesTable = "deadlines"
	waitsTable     = "waits"
	spellsTable    = "spells"
	noticesTable   = "notices"
	listsTable     = "list_versions"
)

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

func decode[V any](body string) (V, error) {
	var v V
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// folded lets a search ignore the case of Latin letters. Chinese has none.
func folded(parts ...string) string { return strings.ToLower(strings.Join(parts, "\n")) }

// caseDoc is a case with what its page does not show.
type caseDoc struct {
	record.Case
	Returns []returned `json:"returns,omitempty"`
}

// returned is how often a case was sent back from one stage to another, by rounds of the stage that sent it back: communities that are
// asked side by side in one round count once.
type returned struct {
	From  string    `json:"from"`
	To    string    `json:"to"`
	N     int       `json:"n"`
	Round int       `json:"round"` // the last one counted
	Since time.Time `json:"since"` // the first time
}

func newCaseRow(c caseDoc) (caseRow, error) {
	body, err := encode(c)
	return caseRow{
		Number: c.Number, Kind: string(c.Kind), State: string(c.State), Open: c.State.Open(),
		District: c.District, Unit: c.Unit, Initiator: c.Initiator, Card: c.Card,
		StartedAt: micros(c.StartedAt), ChangedAt: micros(c.ChangedAt), NextDue: microsOr(c.NextDue, never),
		Returned: c.mostReturned(), Search: folded(c.Number, c.Title, c.Initiator, c.InitiatorName), Body: body,
	}, err
}

// taskDoc is a task with what its page does not show.
type taskDoc struct {
	record.Task
	ActorUser string `json:"actor_user,omitempty"`
	ActorFor  string `json:"actor_for,omitempty"`
	Back      string `json:"back,omitempty"`  // the stage to which its answer sent the case back
	Worst     string `json:"worst,omitempty"` // the worst card that it ever had
	Stood     []span `json:"stood,omitempty"` // while its clock stood
}

func taskIsOpen(t record.Task) bool {
	return t.State == record.TaskOpen || t.State == record.TaskBlocked
}

func newTaskRow(number, id string, seq int64, t taskDoc) (taskRow, error) {
	body, err := encode(t)
	return taskRow{
		ID: id, CaseNumber: number, OpenedSeq: seq, State: string(t.State), Open: taskIsOpen(t.Task),
		HolderUnit: t.Holder.Unit, HolderRole: string(t.Holder.Role), HolderUser: t.Holder.User,
		Due: microsOr(t.Due, never), Day: t.Day, Card: t.Card, Paused: t.Paused, ClosedAt: microsOr(t.ClosedAt, never),
		ActorUser: t.ActorUser, ActorFor: t.ActorFor,
		Search: folded(t.Case, t.CaseTitle, t.Title, t.Subject), Body: body,
	}, err
}

func newCopyRow(number, id string, seq int64, c record.Copy) (copyRow, error) {
	body, err := encode(c)
	return copyRow{
		CaseNumber: number, ID: id, Seq: seq,
		HolderUnit: c.To.Unit, HolderRole: string(c.To.Role), HolderUser: c.To.User,
		Unread: c.ReadAt == nil, At: micros(c.At), Body: body,
	}, err
}

func newWaitRow(number, id string, seq int64, w record.Wait) (waitRow, error) {
	body, err := encode(w)
	return waitRow{
		CaseNumber: number, ID: id, Seq: seq, Open: w.Closed == nil, Until: microsOr(w.Until, never), Body: body,
	}, err
}

func newBodyRow[V any](number, id string, seq int64, v V) (bodyRow, error) {
	body, err := encode(v)
	return bodyRow{CaseNumber: number, ID: id, Seq: seq, Body: body}, err
}

func newDeadlineRow(number, id string, seq int64, d record.Deadline) (deadlineRow, error) {
	row, err := newBodyRow(number, id, seq, d)
	return deadlineRow{bodyRow: row, Paused: d.State == "paused"}, err
}

func newHolderRow(number string, h procedure.Holder) holderRow {
	return holderRow{CaseNumber: number, Unit: h.Unit, Role: string(h.Role), UserID: h.User}
}
