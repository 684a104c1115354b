package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// voterRow is a voter of the frozen roll, with the ballot that counts now.
type voterRow struct {
	Poll      string `gorm:"primaryKey"`
	No        string `gorm:"primaryKey"`
	Pseudonym string
	Building  string
	Heads     int64
	Area      int64
	CodeHash  string
	Search    string
	Body      string // JSON of ballot.Voter as frozen
	Choice    string
	Channel   string
	N         int
	Leaf      int64
	Proxy     string
	Signed    bool
}

func (voterRow) TableName() string { return "poll_voters" }

func newVoterRow(number string, v ballot.Voter) (voterRow, error) {
	v.Choice, v.Channel, v.N, v.Signed = "", "", 0, false
	if v.No == "" || v.Pseudonym == "" || v.Key == "" || len(v.Units) == 0 || v.Weight.Heads < 1 || v.Weight.Area < 0 {
		return voterRow{}, invalid(ballot.CodeRoll, "清册中第 %.20q 号不完整：须有编号、代号、户号，且计一票以上", v.No)
	}
	body, err := encode(v)
	if err != nil {
		return voterRow{}, err
	}
	return voterRow{
		Poll: number, No: v.No, Pseudonym: v.Pseudonym, Building: v.Building, Heads: v.Weight.Heads, Area: v.Weight.Area,
		CodeHash: v.CodeHash, Search: folded(v.No, v.Address, strings.Join(v.Names, "\n"), strings.Join(v.Units, "\n")), Body: body,
		Leaf: -1,
	}, checkText(body)
}

func (r voterRow) voter() (ballot.Voter, error) {
	v, err := decode[ballot.Voter](r.Body)
	v.Choice, v.Channel, v.N, v.Signed = ballot.Choice(r.Choice), ballot.Channel(r.Channel), r.N, r.Signed
	v.CodeHash = r.CodeHash
	return v, err
}

func (r voterRow) weight() rules.Weight { return rules.Weight{Heads: r.Heads, Area: r.Area} }

func noVoter(no string) error {
	return notFound(ballot.CodeVoter, "清册上没有第 %.20q 号", no)
}

// pageOf is how many rows a list of a poll gives: as asked, or a thousand.
func pageOf(limit int) int {
	if limit < 1 {
		return 1000
	}
	return limit
}

// Voters lists voters in the order of their numbers, after a number.
func (r *Reader) Voters(ctx context.Context, number string, f ballot.VoterFilter, after string, limit int) ([]ballot.Voter, error) {
	q := r.read(ctx).Where("poll = ? AND no > ?", number, after)
	if f.Building != "" {
		q = q.Where("building = ?", f.Building)
	}
	if f.Silent {
		q = q.Where("choice = ''")
	}
	if f.Text != "" {
		q = containing(q, "search", f.Text)
	}
	var rows []voterRow
	if err := q.Order("no").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read voters: %w", err)
	}
	return convert(rows, voterRow.voter)
}

// Voter finds a voter by number.
func (r *Reader) Voter(ctx context.Context, number, no string) (ballot.Voter, error) {
	return r.voter(r.read(ctx).Where("poll = ? AND no = ?", number, no), noVoter(no))
}

// VoterByKey finds a voter by one of its units.
func (r *Reader) VoterByKey(ctx context.Context, number, unit string) (ballot.Voter, error) {
	q := r.read(ctx).Where("poll = ? AND no = (SELECT no FROM poll_units WHERE poll = ? AND unit = ?)", number, number, unit)
	return r.voter(q, notFound(ballot.CodeVoter, "清册上没有 %.40q", unit))
}

func (r *Reader) voter(q *gorm.DB, none error) (ballot.Voter, error) {
	row, err := takeVoter(q, none)
	if err != nil {
		return ballot.Voter{}, err
	}
	return row.voter()
}

func takeVoter(q *gorm.DB, none error) (voterRow, error) {
	var row voterRow
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
	row, err := takeVoter(r.read(ctx).Where("code_hash <> '' AND code_hash = ?", hash), none)
	if err != nil {
		return "", ballot.Voter{}, err
	}
	v, err := row.voter()
	return row.Poll, v, err
}

// Represented counts the voters whom an agent has voted for.
func (r *Reader) Represented(ctx context.Context, number, agent string) (int64, error) {
	var n int64
	err := r.read(ctx).Model(&voterRow{}).Where("poll = ? AND proxy <> '' AND proxy = ?", number, agent).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the voters of an agent: %w", err)
	}
	return n, nil
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
