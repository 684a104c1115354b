package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

type pollRollRow struct {
	Poll        string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey;autoIncrement:false"`
	Fingerprint string
	Lines       int
	Voters      int
	Heads       int64
	Area        int64
	Excluded    int
	Why         string
	ByName      string
	At          int64
}

func (pollRollRow) TableName() string { return "poll_rolls" }

func (r pollRollRow) version() (ballot.RollVersion, error) {
	return ballot.RollVersion{
		Version: r.Version, Fingerprint: r.Fingerprint, Lines: r.Lines, Voters: r.Voters,
		Total: rules.Weight{Heads: r.Heads, Area: r.Area}, Excluded: r.Excluded, Why: r.Why, By: r.ByName, At: moment(r.At),
	}, nil
}

type pollLineRow struct {
	Poll    string `gorm:"primaryKey"`
	Version int    `gorm:"primaryKey;autoIncrement:false"`
	Code    string `gorm:"primaryKey"`
	Body    string
}

func (pollLineRow) TableName() string { return "poll_lines" }

type pollUnitRow struct {
	Poll string `gorm:"primaryKey"`
	Unit string `gorm:"primaryKey"`
	No   string
}

func (pollUnitRow) TableName() string { return "poll_units" }

// rollBatch rows go into one statement: few enough for the parameters that SQLite allows.
const rollBatch = 500

func frozenRoll(number string) error {
	return conflict(ballot.CodeRoll, "表决 %s 的清册已经确定，不能更改", number)
}

// AddRoll stores a new version of the roll. The newest version again, as after a cut connection, adds none.
func (s *Store) AddRoll(ctx context.Context, number string, lines []ballot.Line, v ballot.RollVersion) (ballot.RollVersion, error) {
	if len(lines) == 0 || v.Fingerprint == "" {
		return v, invalid(ballot.CodeRoll, "清册是空的")
	}
	rows := make([]pollLineRow, len(lines))
	for i, line := range lines {
		body, err := encode(line)
		if err != nil {
			return v, err
		}
		if err := checkText(line.Code, body); err != nil {
			return v, err
		}
		rows[i] = pollLineRow{Poll: number, Code: line.Code, Body: body}
	}
	v.At = clean(v.At)
	err := s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		if p.Frozen || p.State != string(ballot.Preparing) {
			return frozenRoll(number)
		}
		newest, err := rollVersion(tx, number, p.Roll)
		if err != nil {
			return err
		}
		if p.Roll > 0 && newest.Fingerprint == v.Fingerprint {
			v, err = newest.version()
			return err
		}
		p.Roll++
		v.Version, v.Lines = p.Roll, len(lines)
		for i := range rows {
			rows[i].Version = v.Version
		}
		row := pollRollRow{
			Poll: number, Version: v.Version, Fingerprint: v.Fingerprint, Lines: v.Lines, Voters: v.Voters, Heads: v.Total.Heads,
			Area: v.Total.Area, Excluded: v.Excluded, Why: v.Why, ByName: v.By, At: micros(v.At),
		}
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("store the roll: %w", err)
		}
		if err := tx.CreateInBatches(rows, rollBatch).Error; err != nil {
			return fmt.Errorf("store the lines of the roll: %w", err)
		}
		return nil
	})
	return v, err
}

// rollVersion reads a version; the zero row for version 0.
func rollVersion(tx *gorm.DB, number string, version int) (pollRollRow, error) {
	var row pollRollRow
	if version == 0 {
		return row, nil
	}
	if err := tx.Where("poll = ? AND version = ?", number, version).Take(&row).Error; err != nil {
		return row, fmt.Errorf("read the roll: %w", err)
	}
	return row, nil
}

// FreezeRoll turns the newest version into voters. Freezing a frozen roll changes nothing.
func (s *Store) FreezeRoll(ctx context.Context, number string, voters []ballot.Voter, total rules.Weight) error {
	roll, err := newFrozen(number, voters)
	if err != nil {
		return err
	}
	if len(voters) == 0 || roll.total != total {
		return invalid(ballot.CodeRoll, "清册为空，或者各项之和与总数不符")
	}
	return s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		switch {
		case p.Frozen:
			return nil
		case p.State != string(ballot.Preparing):
			return frozenRoll(number)
		case p.Roll == 0:
			return conflict(ballot.CodeRoll, "表决 %s 还没有清册", number)
		}
		if err := allAnswered(tx, number); err != nil {
			return err
		}
		version, err := rollVersion(tx, number, p.Roll)
		if err != nil {
			return err
		}
		if version.Voters != len(voters) || version.Heads != total.Heads || version.Area != total.Area {
			return otherRoll(p)
		}
		if err := roll.save(tx); err != nil {
			return err
		}
		if err := sameUnits(tx, p, version, len(roll.units)); err != nil {
			return err
		}
		p.Frozen, p.Voters, p.Heads, p.Area = true, int64(len(voters)), total.Heads, total.Area
		return nil
	})
}

func otherRoll(p *pollRow) error {
	return conflict(ballot.CodeRoll, "计票清册与表决 %s 的清册第 %d 版不符：清册可能刚被更正，请重新核对", p.Number, p.Roll)
}

// allAnswered refuses while an objection to the roll has no answer.
func allAnswered(tx *gorm.DB, number string) error {
	var open int64
	err := tx.Model(&objectionRow{}).Where("poll = ? AND about = ? AND answered = ?", number, aboutRoll, false).Count(&open).Error
	if err != nil {
		return fmt.Errorf("count objections: %w", err)
	}
	if open > 0 {
		return conflict(ballot.CodeObjection, "对清册的异议还有 %d 件没有答复，答复后才能确定清册", open)
	}
	return nil
}

// sameUnits refuses voters that were not made from the newest version: all units of the voters are its lines, and the lines that
// are left are the excluded ones.
func sameUnits(tx *gorm.DB, p *pollRow, v pollRollRow, units int) error {
	var foreign int64
	// A set operation: PostgreSQL knows nothing yet of rows that are new, and might join each unit with each line.
	err := tx.Raw(`SELECT COUNT(*) FROM (SELECT unit FROM poll_units WHERE poll = ?
		EXCEPT SELECT code FROM poll_lines WHERE poll = ? AND version = ?) others`, p.Number, p.Number, p.Roll).Scan(&foreign).Error
	if err != nil {
		return fmt.Errorf("compare the roll: %w", err)
	}
	if foreign > 0 || units+v.Excluded != v.Lines {
		return otherRoll(p)
	}
	return nil
}

// frozen are the rows of a roll that is being frozen.
type frozen struct {
	voters []voterRow
	units  []pollUnitRow
	sums   []sumRow
	total  rules.Weight
}

func newFrozen(number string, voters []ballot.Voter) (frozen, error) {
	f := frozen{voters: make([]voterRow, len(voters))}
	sums := map[string]sumRow{}
	known := map[string]bool{}
	for i, v := range voters {
		row, err := newVoterRow(number, v)
		if err != nil {
			return f, err
		}
		own := append([]string{"no " + v.No, "pseudonym " + v.Pseudonym}, prefixed("unit ", v.Units)...)
		for _, name := range own {
			if known[name] {
				return f, invalid(ballot.CodeRoll, "清册中 %.60s 出现两次", strings.TrimPrefix(name, "unit "))
			}
			known[name] = true
		}
		f.voters[i] = row
		for _, unit := range v.Units {
			f.units = append(f.units, pollUnitRow{Poll: number, Unit: unit, No: v.No})
		}
		f.total.Heads += v.Weight.Heads
		f.total.Area += v.Weight.Area
		sum := sums[v.Building]
		sum.Voters++
		sum.Heads += v.Weight.Heads
		sum.Area += v.Weight.Area
		sums[v.Building] = sum
	}
	for building, sum := range sums {
		sum.Poll, sum.Building, sum.Choice = number, building, sumAll
		f.sums = append(f.sums, sum)
		for _, choice := range []string{string(ballot.Yes), string(ballot.No), string(ballot.Abstain), sumSigned} {
			f.sums = append(f.sums, sumRow{Poll: number, Building: building, Choice: choice})
		}
	}
	return f, nil
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = prefix + text
	}
	return out
}

func (f frozen) save(tx *gorm.DB) error {
	if err := tx.CreateInBatches(f.voters, rollBatch).Error; err != nil {
		return fmt.Errorf("store the voters: %w", err)
	}
	if err := tx.CreateInBatches(f.units, rollBatch).Error; err != nil {
		return fmt.Errorf("store the units of voters: %w", err)
	}
	if err := tx.CreateInBatches(f.sums, rollBatch).Error; err != nil {
		return fmt.Errorf("store the sums: %w", err)
	}
	return nil
}
