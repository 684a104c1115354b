package store

import (
	"context"
	"fmt"
	"iter"
	"slices"

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
		row := pollRollRow{
			Poll: number, Version: v.Version, Fingerprint: v.Fingerprint, Lines: v.Lines, Voters: v.Voters, Heads: v.Total.Heads,
			Area: v.Total.Area, Excluded: v.Excluded, Why: v.Why, ByName: v.By, At: micros(v.At),
		}
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("store the roll: %w", err)
		}
		for part := range slices.Chunk(lines, rollBatch) {
			if err := addLines(tx, number, v.Version, part); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

func addLines(tx *gorm.DB, number string, version int, lines []ballot.Line) error {
	rows := make([]pollLineRow, len(lines))
	for i, line := range lines {
		body, err := encode(line)
		if err != nil {
			return err
		}
		if err := checkText(line.Code, body); err != nil {
			return err
		}
		rows[i] = pollLineRow{Poll: number, Version: version, Code: line.Code, Body: body}
	}
	if err := tx.Create(&rows).Error; err != nil {
		return fmt.Errorf("store the lines of the roll: %w", err)
	}
	return nil
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
func (s *Store) FreezeRoll(ctx context.Context, number string, voters iter.Seq2[ballot.Voter, error], total rules.Weight) error {
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
		f := freezing{tx: tx, number: number, sums: map[string]*sumRow{}}
		if err := f.save(voters); err != nil {
			return err
		}
		if f.voters == 0 || f.total != total {
			return invalid(ballot.CodeRoll, "清册为空，或者各项之和与总数不符")
		}
		if version.Voters != f.voters || version.Heads != total.Heads || version.Area != total.Area {
			return otherRoll(p)
		}
		if err := f.sameUnits(p, version); err != nil {
			return err
		}
		p.Frozen, p.Voters, p.Heads, p.Area = true, int64(f.voters), total.Heads, total.Area
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
