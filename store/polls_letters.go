package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

// letterRow is one run of letters with personal codes.
type letterRow struct {
	Poll     string `gorm:"primaryKey"`
	N        int    `gorm:"primaryKey;autoIncrement:false"`
	ByUser   string
	ByName   string
	At       int64
	Building string
	Silent   bool
	FirstNo  string
	LastNo   string
	Letters  int64
}

func (letterRow) TableName() string { return "poll_letters" }

func (r letterRow) run() (ballot.LetterRun, error) {
	return ballot.LetterRun{
		N: r.N, By: r.ByUser, Name: r.ByName, At: moment(r.At), Building: r.Building, Silent: r.Silent, First: r.FirstNo, Last: r.LastNo,
		Letters: r.Letters,
	}, nil
}

// AddLetters keeps that letters with personal codes leave the platform. Letters that go on after the last ones of the same person
// belong to the same run.
func (s *Store) AddLetters(ctx context.Context, number, after string, l ballot.LetterRun) error {
	if err := checkText(l.By, l.Name, l.Building, l.First, l.Last, after); err != nil {
		return err
	}
	if l.By == "" || l.First == "" || l.Last == "" || l.Letters < 1 {
		return invalid(ballot.CodeVoter, "投票口令信的登记须写明打印人和票号")
	}
	row := letterRow{
		Poll: number, N: 1, ByUser: l.By, ByName: l.Name, At: micros(clean(l.At)), Building: l.Building, Silent: l.Silent, FirstNo: l.First,
		LastNo: l.Last, Letters: l.Letters,
	}
	return s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		if !p.Frozen || p.State != string(ballot.Preparing) && p.State != string(ballot.Open) {
			return procedure.Errorf(procedure.Conflict, ballot.CodeRoll, "清册确定以后、表决结束以前才能打印投票口令信")
		}
		var last letterRow
		err := tx.Where("poll = ?", number).Order("n DESC").Take(&last).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
		case err != nil:
			return fmt.Errorf("read the runs of letters: %w", err)
		case after != "" && last.LastNo == after && last.ByUser == row.ByUser && last.Building == row.Building && last.Silent == row.Silent:
			row.N, row.FirstNo, row.Letters = last.N, last.FirstNo, last.Letters+row.Letters
		default:
			row.N = last.N + 1
		}
		if err := replace(tx, "poll", "n").Create(&row).Error; err != nil {
			return fmt.Errorf("keep the run of letters: %w", err)
		}
		return nil
	})
}

// LetterRuns lists the runs of letters, newest first.
func (r *Reader) LetterRuns(ctx context.Context, number string, limit int) ([]ballot.LetterRun, error) {
	var rows []letterRow
	if err := r.read(ctx).Where("poll = ?", number).Order("n DESC").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the runs of letters: %w", err)
	}
	return convert(rows, letterRow.run)
}

// Papers is what came in with each version of a voter's ballot, by its number.
func (r *Reader) Papers(ctx context.Context, number, voter string) (map[int]ballot.Papers, error) {
	var rows []leafRow
	err := r.read(ctx).Where("poll = ? AND voter = ? AND kind = ?", number, voter, leafBallot).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the papers of a voter's ballots: %w", err)
	}
	all := make(map[int]ballot.Papers, len(rows))
	for _, row := range rows {
		if all[row.N], err = row.papers(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r leafRow) papers() (ballot.Papers, error) {
	p := ballot.Papers{Proxy: r.Proxy}
	var err error
	if p.Files, err = decode[[]string](r.Files); err != nil {
		return p, err
	}
	if r.SignedList != "" {
		p.Files = append(p.Files, r.SignedList)
	}
	if p.By, err = actorOf(r.ByActor); err != nil {
		return p, err
	}
	p.Second, err = actorOf(r.SecondActor)
	return p, err
}

// actorOf reads what actorText keeps.
func actorOf(text string) (procedure.Actor, error) {
	if text == "" {
		return procedure.Actor{}, nil
	}
	return decode[procedure.Actor](text)
}
