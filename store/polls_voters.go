package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// voterRow is a voter of the frozen roll, with the ballot that counts now. Who that is stands in another row: what casting, counting
// and the public roll read of a million voters stays small.
type voterRow struct {
	Poll      string `gorm:"primaryKey"`
	No        string `gorm:"primaryKey"`
	Pseudonym string
	Masked    string
	Building  string
	Heads     int64
	Area      int64
	CodeHash  string
	Choice    string
	Channel   string
	N         int
	Leaf      int64
	Proxy     string
	Signed    bool
}

func (voterRow) TableName() string { return "poll_voters" }

// personRow is who a voter is.
type personRow struct {
	Poll   string `gorm:"primaryKey"`
	No     string `gorm:"primaryKey"`
	Search string
	Body   string // JSON of ballot.Voter as frozen
}

func (personRow) TableName() string { return "poll_persons" }

// knownVoter is a voter with the person.
type knownVoter struct {
	Row  voterRow `gorm:"embedded"`
	Body string
}

// known chooses voters with their persons.
func known(q *gorm.DB) *gorm.DB {
	return q.Table("poll_voters").Select("poll_voters.*, poll_persons.body").Joins("JOIN poll_persons USING (poll, no)")
}

func newVoterRows(number string, v ballot.Voter) (voterRow, personRow, error) {
	v.Choice, v.Channel, v.N, v.Signed = "", "", 0, false
	if v.No == "" || v.Pseudonym == "" || v.Key == "" || len(v.Units) == 0 || v.Weight.Heads < 1 || v.Weight.Area < 0 {
		return voterRow{}, personRow{}, invalid(ballot.CodeRoll, "清册中第 %.20q 号不完整：须有编号、代号、户号，且计一票以上", v.No)
	}
	body, err := encode(v)
	if err != nil {
		return voterRow{}, personRow{}, err
	}
	person := personRow{
		Poll: number, No: v.No, Body: body, Search: folded(v.No, v.Address, strings.Join(v.Names, "\n"), strings.Join(v.Units, "\n")),
	}
	return voterRow{
		Poll: number, No: v.No, Pseudonym: v.Pseudonym, Masked: v.Masked, Building: v.Building, Heads: v.Weight.Heads,
		Area: v.Weight.Area, CodeHash: v.CodeHash, Leaf: -1,
	}, person, checkText(body)
}

func (r knownVoter) voter() (ballot.Voter, error) {
	v, err := decode[ballot.Voter](r.Body)
	row := r.Row
	v.Choice, v.Channel, v.N, v.Signed = ballot.Choice(row.Choice), ballot.Channel(row.Channel), row.N, row.Signed
	v.CodeHash = row.CodeHash
	return v, err
}

func (r voterRow) weight() rules.Weight { return rules.Weight{Heads: r.Heads, Area: r.Area} }

func noVoter(no string) error {
	return notFound(ballot.CodeVoter, "清册上没有第 %.20q 号", no)
}

// mostAtOnce is for how many rows of a list there is room from the start.
const mostAtOnce = 4096

// pageOf is how many rows a list of a poll gives: as asked, or a thousand.
func pageOf(limit int) int {
	if limit < 1 {
		return 1000
	}
	return limit
}

// Voters lists voters in the order of their numbers, after a number.
func (r *Reader) Voters(ctx context.Context, number string, f ballot.VoterFilter, after string, limit int) ([]ballot.Voter, error) {
	q := known(r.read(ctx)).Where("poll = ? AND no > ?", number, after)
	if f.Building != "" {
		q = q.Where("building = ?", f.Building)
	}
	if f.Silent {
		q = q.Where("choice = ''")
	}
	if f.Text != "" {
		q = containing(q, "search", f.Text)
	}
	var rows []knownVoter
	if err := q.Order("no").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read voters: %w", err)
	}
	return convert(rows, knownVoter.voter)
}

// MaskedVoters lists the voters as the public roll shows them, in the order of their numbers, after a number.
func (r *Reader) MaskedVoters(ctx context.Context, number, after string, limit int) ([]ballot.MaskedVoter, error) {
	list := make([]ballot.MaskedVoter, 0, min(pageOf(limit), mostAtOnce))
	var v ballot.MaskedVoter
	read := func(rows *sql.Rows) error {
		err := rows.Scan(&v.No, &v.Pseudonym, &v.Masked, &v.Building, &v.Weight.Heads, &v.Weight.Area, &v.Signed)
		list = append(list, v)
		return err
	}
	err := each(r.read(ctx), read, `SELECT no, pseudonym, masked, building, heads, area, signed FROM poll_voters
		WHERE poll = ? AND no > ? ORDER BY no LIMIT ?`, []any{number, after, pageOf(limit)})
	if err != nil {
		return nil, fmt.Errorf("read the masked roll: %w", err)
	}
	return list, nil
}

// Voter finds a voter by number.
func (r *Reader) Voter(ctx context.Context, number, no string) (ballot.Voter, error) {
	row, err := takeVoter[knownVoter](known(r.read(ctx)).Where("poll = ? AND no = ?", number, no), noVoter(no))
	if err != nil {
		return ballot.Voter{}, err
	}
	return row.voter()
}

func takeVoter[R voterRow | knownVoter](q *gorm.DB, none error) (R, error) {
	var row R
	err := q.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, none
	}
	if err != nil {
		return row, fmt.Errorf("read the voter: %w", err)
	}
	return row, nil
}

// VoterByCode finds the voter whose personal code has the hash.
func (r *Reader) VoterByCode(ctx context.Context, hash string) (string, ballot.Voter, error) {
	none := notFound(ballot.CodeCode, "这个表决码无效，请核对后重新输入")
	if hash == "" {
		return "", ballot.Voter{}, none
	}
	row, err := takeVoter[knownVoter](known(r.read(ctx)).Where("code_hash <> '' AND code_hash = ?", hash), none)
	if err != nil {
		return "", ballot.Voter{}, err
	}
	v, err := row.voter()
	return row.Row.Poll, v, err
}

// RollVersions lists the versions of a roll, newest first.
func (r *Reader) RollVersions(ctx context.Context, number string) ([]ballot.RollVersion, error) {
	var rows []pollRollRow
	if err := r.read(ctx).Where("poll = ?", number).Order("version DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the versions of the roll: %w", err)
	}
	return convert(rows, pollRollRow.version)
}

// RollLines lists the lines of a version in the order of their codes, after a code; version 0 is the newest.
func (r *Reader) RollLines(ctx context.Context, number string, version int, after string, limit int) ([]ballot.Line, error) {
	q := r.read(ctx).Where("poll = ? AND code > ?", number, after)
	if version == 0 {
		q = q.Where("version = (SELECT roll FROM polls WHERE number = ?)", number)
	} else {
		q = q.Where("version = ?", version)
	}
	var rows []pollLineRow
	if err := q.Order("code").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	return convert(rows, func(row pollLineRow) (ballot.Line, error) { return decode[ballot.Line](row.Body) })
}
