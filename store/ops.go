package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongzhi/ops"
	"gongzhi/procedure"
)

var _ ops.Keeper = (*Store)(nil)

// incidentRow is an incident. Body is its JSON without its cases and without when it was last seen; the other columns are what lists
// filter and sort by.
type incidentRow struct {
	ID       string `gorm:"primaryKey"`
	Kind     string
	Cause    string
	State    string
	Live     bool
	Quiet    bool
	Version  int64
	Place    int64
	Unit     string
	Assignee string
	Opened   int64
	Seen     int64
	Ended    int64
	Entries  int64
	Affected string
	Search   string
	Body     string
}

func (incidentRow) TableName() string { return "incidents" }

const upsertIncidents = `INSERT INTO incidents (id, kind, cause, state, live, quiet, version, place, unit, assignee, opened, seen, ended,
	entries, affected, search, body) VALUES ?
	ON CONFLICT (id) DO UPDATE SET state = excluded.state, live = excluded.live, quiet = excluded.quiet,
		version = excluded.version, place = excluded.place, unit = excluded.unit, assignee = excluded.assignee,
		seen = excluded.seen, ended = excluded.ended, entries = excluded.entries, affected = excluded.affected,
		search = excluded.search, body = excluded.body`

func (r incidentRow) values() []any {
	return []any{
		r.ID, r.Kind, r.Cause, r.State, r.Live, r.Quiet, r.Version, r.Place, r.Unit, r.Assignee, r.Opened, r.Seen, r.Ended, r.Entries,
		r.Affected, r.Search, r.Body,
	}
}

type affectedRow struct {
	Incident   string
	CaseNumber string
	Task       string
}

const affectedTable = "incident_cases"

func (affectedRow) TableName() string { return affectedTable }

const insertAffected = `INSERT INTO ` + affectedTable + ` (incident, case_number, task) VALUES ? ON CONFLICT DO NOTHING`

func (r affectedRow) values() []any { return []any{r.Incident, r.CaseNumber, r.Task} }

type entryRow struct {
	Incident string
	N        int64
	At       int64
	ByUser   string
	ByName   string
	What     string
	Text     string
}

func (entryRow) TableName() string { return "incident_log" }

const insertEntries = `INSERT INTO incident_log (incident, n, at, by_user, by_name, what, text) VALUES ?`

func (r entryRow) values() []any {
	return []any{r.Incident, r.N, r.At, r.ByUser, r.ByName, r.What, r.Text}
}

func (r entryRow) entry() (ops.Entry, error) {
	return ops.Entry{Incident: r.Incident, At: moment(r.At), By: r.ByUser, ByName: r.ByName, What: r.What, Text: r.Text}, nil
}

// kindSpan is more microseconds than any moment has: kinds come first in the order of the list, then the oldest.
const kindSpan = 10_000_000_000_000_000

func place(i ops.Incident) int64 {
	return int64(slices.Index(ops.Kinds(), i.Kind))*kindSpan + micros(i.Since)
}

func newIncidentRow(i ops.Incident, entries int64, affected string) (incidentRow, error) {
	row := incidentRow{
		ID: i.ID, Kind: string(i.Kind), Cause: i.Cause, State: string(i.State), Live: i.State != ops.Resolved, Quiet: i.Quiet,
		Version: i.Version, Place: place(i), Unit: i.Unit, Assignee: i.Assignee, Opened: micros(i.Opened), Seen: micros(i.Seen),
		Ended: microsOr(i.Ended, never), Entries: entries, Affected: affected,
		Search: folded(i.Sentence.Text, i.Cause, i.Court, i.Named),
	}
	i.Cases, i.Seen = nil, time.Time{}
	i.Opened, i.Since, i.Missing, i.Ended, i.Cured = clean(i.Opened), clean(i.Since), cleanPtr(i.Missing), cleanPtr(i.Ended), cleanPtr(i.Cured)
	var err error
	row.Body, err = encode(i)
	return row, err
}

// incident is the row as it is known. What is there and not missed was seen by the last run of its detector that went well: rows of
// incidents that stay as they are, are not written anew each minute.
func (r incidentRow) incident(seen map[string]int64) (ops.Incident, error) {
	i, err := decode[ops.Incident](r.Body)
	at := r.Seen
	if r.Live && i.Missing == nil {
		at = max(at, seen[r.Kind])
	}
	i.Seen = moment(at)
	return i, err
}

type runRow struct {
	Kind   string `gorm:"primaryKey"`
	At     int64
	Took   int64
	Found  int64
	Error  string
	LastOK int64 `gorm:"column:last_ok"`
}

func (runRow) TableName() string { return "detector_runs" }

func (r runRow) run() (ops.Run, error) {
	return ops.Run{
		Kind: ops.Kind(r.Kind), At: moment(r.At), Took: time.Duration(r.Took) * time.Microsecond, Found: int(r.Found), Error: r.Error,
		LastOK: momentPtr(r.LastOK),
	}, nil
}

// lockKind keeps every other change of incidents of a kind waiting until the transaction ends, and returns the kind's last run.
func (s *Store) lockKind(tx *gorm.DB, kind ops.Kind) (runRow, error) {
	first := runRow{Kind: string(kind), LastOK: never}
	if err := once(tx, "kind").Create(&first).Error; err != nil {
		return first, fmt.Errorf("note the detector: %w", err)
	}
	text := "SELECT kind, at, took, found, error, last_ok FROM detector_runs WHERE kind = ?"
	if s.kind == postgresKind {
		text += " FOR UPDATE" // the only writer of SQLite holds the whole file
	}
	var row runRow
	if err := tx.Raw(text, string(kind)).Scan(&row).Error; err != nil {
		return row, fmt.Errorf("lock the detector: %w", err)
	}
	return row, nil
}

// Fold implements ops.Keeper. A run that began before the one stored last is dropped: what it saw may not be true any more.
func (s *Store) Fold(
	ctx context.Context, kind ops.Kind, endedAfter time.Time, run ops.Run, f func(known []ops.Incident) []ops.Change,
) error {
	return s.scripted(ctx, func(c *script) error {
		last, err := s.lockKind(c.tx, kind)
		if err != nil || last.At > micros(run.At) {
			return err
		}
		var rows []incidentRow
		err = c.tx.Where("kind = ? AND ended > ?", string(kind), micros(endedAfter)).
			Or("kind = ? AND quiet = TRUE AND (live OR quiet)", string(kind)).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("read the incidents: %w", err)
		}
		seen := map[string]int64{}
		if last.LastOK != never {
			seen[last.Kind] = last.LastOK
		}
		known, err := convert(rows, func(r incidentRow) (ops.Incident, error) { return r.incident(seen) })
		if err != nil {
			return err
		}
		byID := make(map[string]incidentRow, len(rows))
		for _, row := range rows {
			byID[row.ID] = row
		}
		if err := saveChanges(c, byID, f(known)); err != nil {
			return err
		}
		next := runRow{Kind: string(kind), At: micros(run.At), Took: run.Took.Microseconds(), Found: int64(run.Found), Error: run.Error, LastOK: last.LastOK}
		if run.Error == "" {
			next.LastOK = next.At
		}
		return c.add("UPDATE detector_runs SET at = ?, took = ?, found = ?, error = ?, last_ok = ? WHERE kind = ?",
			next.At, next.Took, next.Found, next.Error, next.LastOK, next.Kind)
	})
}

// saveChanges writes the incidents that differ from what is stored, their cases and their history.
func saveChanges(c *script, known map[string]incidentRow, changes []ops.Change) error {
	var rows []incidentRow
	var cases []affectedRow
	var entries []entryRow
	var moved []string // whose cases are others now
	for _, change := range changes {
		i, old := change.Incident, incidentRow{}
		if change.New {
			i.ID = newID("")
		} else if old = known[i.ID]; old.ID == "" {
			return fmt.Errorf("incident %s is not among those that were read", i.ID)
		}
		affected := old.Affected
		if change.Found {
			affected = digestOf(i.Cases)
		}
		row, err := newIncidentRow(i, old.Entries+int64(len(change.History)), affected)
		if err != nil {
			return err
		}
		if !change.New && row.Body == old.Body && row.Affected == old.Affected && len(change.History) == 0 {
			continue
		}
		rows = append(rows, row)
		for n, e := range change.History {
			entries = append(entries, entryRow{i.ID, old.Entries + int64(n) + 1, micros(e.At), e.By, e.ByName, e.What, e.Text})
		}
		if affected == old.Affected {
			continue
		}
		if !change.New {
			moved = append(moved, i.ID)
		}
		for _, a := range i.Cases {
			cases = append(cases, affectedRow{i.ID, a.Number, a.Task})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := insert(c, upsertIncidents, rows, incidentRow.values); err != nil {
		return fmt.Errorf("write the incidents: %w", err)
	}
	for part := range slices.Chunk(moved, 500) {
		if err := c.add("DELETE FROM "+affectedTable+" WHERE incident IN ?", part); err != nil {
			return fmt.Errorf("clear the cases of incidents: %w", err)
		}
	}
	if err := insert(c, insertAffected, cases, affectedRow.values); err != nil {
		return fmt.Errorf("write the cases of incidents: %w", err)
	}
	if err := insert(c, insertEntries, entries, entryRow.values); err != nil {
		return fmt.Errorf("write the history of incidents: %w", err)
	}
	if len(entries) == 0 {
		return nil
	}
	return announce(c, []procedure.Event{{Type: ops.ChangeType, At: moment(entries[0].At)}}) // last: it lines all commits up
}

// digestOf tells whether the cases of an incident are others than before.
func digestOf(cases []ops.Affected) string {
	if len(cases) == 0 {
		return ""
	}
	lines := make([]string, len(cases))
	for i, a := range cases {
		lines[i] = a.Number + "\n" + a.Task
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n") + strconv.Itoa(len(lines))))
	return hex.EncodeToString(sum[:])
}

// ActOnIncident does what somebody wants to do with an incident that an area sees; CodeIncident for a foreign one as for an unknown
// one.
func (s *Store) ActOnIncident(ctx context.Context, area, id string, a ops.Act) (ops.Incident, error) {
	a.At = clean(a.At)
	err := s.scripted(ctx, func(c *script) error {
		row, err := incidentIn(c.tx, area, id)
		if err != nil {
			return err
		}
		last, err := s.lockKind(c.tx, ops.Kind(row.Kind))
		if err != nil {
			return err
		}
		if row, err = incidentIn(c.tx, area, id); err != nil { // as it is behind the lock
			return err
		}
		i, err := row.incident(map[string]int64{last.Kind: lastOK(last)})
		if err != nil {
			return err
		}
		var newest entryRow
		err = c.tx.Where("incident = ?", id).Order("n DESC").Take(&newest).Error
		if err != nil {
			return fmt.Errorf("read the history: %w", err)
		}
		e, err := newest.entry()
		if err != nil {
			return err
		}
		change, err := i.Act(a, e)
		if err != nil {
			return err
		}
		return saveChanges(c, map[string]incidentRow{id: row}, []ops.Change{change})
	})
	if err != nil {
		return ops.Incident{}, err
	}
	return s.Incident(ctx, area, id)
}

func lastOK(r runRow) int64 {
	if r.LastOK == never {
		return 0
	}
	return r.LastOK
}

func incidentIn(db *gorm.DB, area, id string) (incidentRow, error) {
	var row incidentRow
	err := inArea(db.Where("id = ?", id), area).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, notFound(CodeIncident, "没有这件事，或您无权查看")
	}
	if err != nil {
		return row, fmt.Errorf("read the incident: %w", err)
	}
	return row, nil
}
