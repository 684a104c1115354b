package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/ballot"
)

// leafRow is one leaf of a poll's ledger: a ballot, or the close.
type leafRow struct {
	Poll        string `gorm:"primaryKey"`
	Idx         int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind        string
	Request     string
	Voter       string
	N           int
	Choice      string
	Channel     string
	At          int64
	Text        string
	Tracker     string
	ByActor     string
	SecondActor string
	Proxy       string
	SignedList  string
	Files       string
}

func (leafRow) TableName() string { return "poll_leaves" }

const (
	leafBallot = "ballot"
	leafClose  = "close"
)

func (r leafRow) receipt() (ballot.Receipt, error) {
	return ballot.Receipt{
		Number: r.Poll, Tracker: r.Tracker, Index: r.Idx, Leaf: r.Text, N: r.N, Choice: ballot.Choice(r.Choice),
		Channel: ballot.Channel(r.Channel), At: moment(r.At), Replaces: r.N > 1,
	}, nil
}

func (r leafRow) leaf() (ballot.LeafRow, error) {
	return ballot.LeafRow{Index: r.Idx, Text: r.Text}, nil
}

// lockBallots locks the polls of the ballots, in the order of their numbers as everybody does, and only then reads the clock: a
// ballot that waited for the lock until after the close is late.
func (s *Store) lockBallots(tx *gorm.DB, casts []ballot.Cast, clock func(time.Time) time.Time) (*ballots, error) {
	b := &ballots{tx: tx, polls: map[string]*pollBallots{}}
	byPoll := map[string][]ballot.Cast{}
	for _, c := range casts {
		byPoll[c.Number] = append(byPoll[c.Number], c)
	}
	var rows []pollRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("number IN ?", slices.Sorted(maps.Keys(byPoll))).
		Order("number").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("lock the polls: %w", err)
	}
	if len(rows) == 0 {
		return b, nil
	}
	now, err := s.pollTime(tx, clock)
	if err != nil {
		return nil, err
	}
	if b.papers, err = lockPapers(tx, casts); err != nil {
		return nil, err
	}
	for _, row := range rows {
		p := &pollBallots{
			row: row, at: row.since(now), voters: map[string]*voterRow{}, before: map[string]int{}, given: map[string]leafRow{},
			agents: map[string]map[string]bool{}, sums: map[string]*sumRow{},
		}
		if p.terms, err = row.terms(); err != nil {
			return nil, err
		}
		if err := p.read(tx, byPoll[row.Number]); err != nil {
			return nil, err
		}
		b.order = append(b.order, row.Number)
		b.polls[row.Number] = p
	}
	return b, nil
}

// read reads what the ballots are judged by.
func (p *pollBallots) read(tx *gorm.DB, casts []ballot.Cast) error {
	var numbers, requests, agents []string
	for _, c := range casts {
		numbers = append(numbers, c.Voter)
		requests = append(requests, c.Request)
		if agent := strings.TrimSpace(c.Proxy); agent != "" {
			agents = append(agents, agent)
		}
	}
	var leaves []leafRow
	err := tx.Where("poll = ? AND kind = ? AND request IN ?", p.row.Number, leafBallot, requests).Find(&leaves).Error
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	for _, leaf := range leaves {
		p.given[leaf.Request] = leaf
	}
	var voters []voterRow
	err = tx.Where("poll = ? AND no IN ?", p.row.Number, append(numbers, agents...)).Find(&voters).Error
	if err != nil {
		return fmt.Errorf("read the voters: %w", err)
	}
	for i, v := range voters {
		p.voters[v.No] = &voters[i]
	}
	if len(agents) == 0 {
		return nil
	}
	var represented []voterRow
	err = tx.Select("no", "proxy").Where("poll = ? AND proxy <> '' AND proxy IN ?", p.row.Number, agents).Find(&represented).Error
	if err != nil {
		return fmt.Errorf("read whom the agents represent: %w", err)
	}
	for _, v := range represented {
		if p.agents[v.Proxy] == nil {
			p.agents[v.Proxy] = map[string]bool{}
		}
		p.agents[v.Proxy][v.No] = true
	}
	return nil
}

// errChanged is a fault: somebody wrote without the lock.
var errChanged = errors.New("the ballots were changed by somebody who does not hold the lock of their poll")

// save writes what was accepted, in a few statements a poll.
func (b *ballots) save() error {
	if err := b.papers.save(b.tx); err != nil {
		return err
	}
	for _, number := range b.order {
		p := b.polls[number]
		if len(p.leaves) == 0 {
			continue
		}
		if err := b.tx.CreateInBatches(p.leaves, rollBatch).Error; err != nil {
			return fmt.Errorf("append to the ledger: %w", err)
		}
		if err := p.saveVoters(b.tx); err != nil {
			return err
		}
		if err := p.saveSums(b.tx); err != nil {
			return err
		}
		err := b.tx.Model(&p.row).Select("leaves", "ballots", "web", "paper", "door", "last_at").Updates(&p.row).Error
		if err != nil {
			return fmt.Errorf("advance the ledger: %w", err)
		}
	}
	return nil
}

// saveVoters replaces the ballot that counts, of exactly the version that was judged.
func (p *pollBallots) saveVoters(tx *gorm.DB) error {
	for part := range slices.Chunk(p.changed, rollBatch) {
		var values []any
		for _, no := range part {
			v := p.voters[no]
			values = append(values, no, v.Choice, v.Channel, v.N, v.Leaf, v.Proxy, p.before[no])
		}
		// column1 to column7 are what both databases call the columns of VALUES. The versions are compared by a difference, which
		// no index serves: from 37 rows on SQLite would otherwise walk the whole roll by an index that it makes of column7.
		result := tx.Exec(`UPDATE poll_voters SET choice = v.column2, channel = v.column3, n = v.column4, leaf = v.column5,
			proxy = v.column6 FROM (VALUES `+
			repeated("(?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), ?, CAST(? AS BIGINT))", len(part))+`) v
			WHERE poll_voters.poll = ? AND poll_voters.no = v.column1 AND poll_voters.n - v.column7 = 0`, append(values, p.row.Number)...)
		if result.Error != nil {
			return fmt.Errorf("count the ballots: %w", result.Error)
		}
		if result.RowsAffected != int64(len(part)) {
			return errChanged
		}
	}
	return nil
}
