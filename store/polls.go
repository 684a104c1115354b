package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/rules"
)

var (
	_ ballot.Store  = (*Store)(nil)
	_ ballot.Reader = (*Reader)(nil)
)

// pollRow is a vote. Its row is the lock of everything that is written of it.
type pollRow struct {
	Number    string `gorm:"primaryKey"`
	District  string
	Unit      string
	Terms     string
	Prepared  int64
	State     string
	Roll      int
	Frozen    bool
	Opens     int64
	Closes    int64
	Extended  int
	Heads     int64
	Area      int64
	Voters    int64
	Leaves    int64
	Ballots   int64 // leaves that are ballots
	Web       int64 // ballots that count
	Paper     int64
	Door      int64
	LastAt    int64
	Result    string
	Certified string
}

func (pollRow) TableName() string { return "polls" }

func (r pollRow) poll() (ballot.Poll, error) {
	terms, err := decode[ballot.Terms](r.Terms)
	if err != nil {
		return ballot.Poll{}, err
	}
	p := ballot.Poll{
		Terms: terms, State: ballot.PollState(r.State), Roll: r.Roll, Frozen: r.Frozen,
		Opens: momentPtr(r.Opens), Closes: momentPtr(r.Closes), Extended: r.Extended,
		All: rules.Weight{Heads: r.Heads, Area: r.Area}, Voters: r.Voters, Leaves: r.Leaves,
	}
	if r.Result != "" {
		if p.Result, err = decode[*ballot.Result](r.Result); err != nil {
			return p, err
		}
	}
	if r.Certified != "" {
		p.Imported, err = decode[*ballot.Certified](r.Certified)
	}
	return p, err
}

func noPoll(number string) error {
	return notFound(ballot.CodePoll, "没有编号为 %.40q 的表决", number)
}

// PreparePoll creates the poll of a case. The same terms again change nothing.
func (s *Store) PreparePoll(ctx context.Context, t ballot.Terms) error {
	if err := checkText(t.Number, t.Title, t.Question, t.Estate); err != nil {
		return err
	}
	if t.Number == "" || t.Proxies < 0 {
		return invalid(ballot.CodeTerms, "表决的设定不完整：须有编号，代理人数不得为负")
	}
	terms, err := encode(t)
	if err != nil {
		return err
	}
	row := pollRow{
		Number: t.Number, District: t.District, Unit: t.Unit, Terms: terms, Prepared: micros(s.now()),
		State: string(ballot.Preparing), Opens: never, Closes: never,
	}
	return s.write(ctx, func(tx *gorm.DB) error {
		result := once(tx, "number").Create(&row)
		if result.Error != nil {
			return fmt.Errorf("prepare the poll: %w", result.Error)
		}
		if result.RowsAffected == 1 {
			return nil
		}
		old, err := lockPoll(tx, t.Number)
		if err != nil {
			return err
		}
		if old.Terms != terms {
			return conflict(ballot.CodeTerms, "表决 %s 的设定已经公布，不能更改", t.Number)
		}
		return nil
	})
}

// lockPoll keeps everybody else who writes of the poll waiting until this transaction ends.
func lockPoll(tx *gorm.DB, number string) (pollRow, error) {
	var row pollRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("number = ?", number).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, noPoll(number)
	}
	if err != nil {
		return row, fmt.Errorf("lock the poll: %w", err)
	}
	return row, nil
}

// changePoll runs f while the poll is locked, and saves what f changed of its row.
func (s *Store) changePoll(ctx context.Context, number string, f func(tx *gorm.DB, p *pollRow) error) error {
	return s.write(ctx, func(tx *gorm.DB) error {
		p, err := lockPoll(tx, number)
		if err != nil {
			return err
		}
		before := p
		if err := f(tx, &p); err != nil || p == before {
			return err
		}
		if err := tx.Save(&p).Error; err != nil {
			return fmt.Errorf("save the poll: %w", err)
		}
		return nil
	})
}

// OpenPoll opens the window. The same window again changes nothing, even after an extension.
func (s *Store) OpenPoll(ctx context.Context, number string, opens, closes time.Time) error {
	from, to := micros(clean(opens)), micros(clean(closes))
	return s.changePoll(ctx, number, func(_ *gorm.DB, p *pollRow) error {
		switch {
		case p.State != string(ballot.Preparing) && p.Opens == from && (p.Closes == to || p.Extended > 0):
			return nil
		case p.State != string(ballot.Preparing):
			return conflict(ballot.CodeTerms, "表决 %s 的投票时间已经定下，不能更改", number)
		case !p.Frozen:
			return conflict(ballot.CodeRoll, "表决 %s 的清册尚未确定，不能开始投票", number)
		case to <= from:
			return invalid(ballot.CodeTerms, "投票的截止时间须晚于开始时间")
		}
		p.State, p.Opens, p.Closes = string(ballot.Open), from, to
		return nil
	})
}

// ExtendPoll moves the close, once for each n.
func (s *Store) ExtendPoll(ctx context.Context, number string, n int, closes time.Time) error {
	to := micros(clean(closes))
	return s.changePoll(ctx, number, func(_ *gorm.DB, p *pollRow) error {
		switch {
		case n >= 1 && n <= p.Extended:
			return nil
		case p.State == string(ballot.Preparing):
			return conflict(ballot.CodeNotOpen, "表决 %s 尚未开始，不能延期", number)
		case p.State != string(ballot.Open):
			return conflict(ballot.CodeOver, "表决 %s 已经截止，不能延期", number)
		case n != p.Extended+1:
			return invalid(ballot.CodeTerms, "表决 %s 已延期 %d 次，不能作第 %d 次延期", number, p.Extended, n)
		case to <= p.Closes:
			return invalid(ballot.CodeTerms, "延期后的截止时间须晚于原截止时间")
		}
		p.Extended, p.Closes = n, to
		return nil
	})
}

// VoidPoll ends a poll whose case ended before.
func (s *Store) VoidPoll(ctx context.Context, number string) error {
	return s.changePoll(ctx, number, func(_ *gorm.DB, p *pollRow) error {
		if p.State == string(ballot.Final) {
			return conflict(ballot.CodeResult, "表决 %s 的结果已经确定，不能作废", number)
		}
		p.State = string(ballot.Void)
		return nil
	})
}

// SaveResult stores what the count found. The same again changes nothing.
func (s *Store) SaveResult(ctx context.Context, number string, r ballot.Result) error {
	r.At = clean(r.At)
	body, err := encode(r)
	if err != nil {
		return err
	}
	return s.changePoll(ctx, number, func(_ *gorm.DB, p *pollRow) error {
		imported := p.Certified != ""
		switch {
		case p.Result == body:
			return nil
		case p.Result != "":
			return conflict(ballot.CodeResult, "表决 %s 已有不同的结果，结果不可更改", number)
		case p.State != string(ballot.Closed) && !(imported && p.State == string(ballot.Preparing)):
			return conflict(ballot.CodeResult, "表决 %s 尚未截止，不能公布结果", number)
		case !imported && (r.Roll != p.Roll || r.Leaves != p.Leaves):
			return conflict(ballot.CodeResult, "结果所依据的清册（第 %d 版）或票据（%d 条）与表决 %s 的不符", r.Roll, r.Leaves, number)
		}
		p.Result, p.State = body, string(ballot.Counted)
		return nil
	})
}

// FinishPoll ends 询异.
func (s *Store) FinishPoll(ctx context.Context, number string) error {
	return s.changePoll(ctx, number, func(_ *gorm.DB, p *pollRow) error {
		if p.State != string(ballot.Counted) && p.State != string(ballot.Final) {
			return conflict(ballot.CodeResult, "表决 %s 还没有结果", number)
		}
		p.State = string(ballot.Final)
		return nil
	})
}

// SaveCertified stores the certified result of an official platform. Until it is confirmed it may be entered anew; the same again
// by another person confirms it.
func (s *Store) SaveCertified(ctx context.Context, number string, c ballot.Certified) error {
	if err := checkText(c.Platform, c.Document, c.File, c.By, c.Second); err != nil {
		return err
	}
	if c.Platform == "" || c.Document == "" || c.By == "" || c.By == c.Second {
		return invalid(ballot.CodeResult, "须写明平台、证明编号和录入人，复核须由另一人")
	}
	return s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		terms, err := p.terms()
		if err != nil {
			return err
		}
		if terms.Platform == "" {
			return conflict(ballot.CodeResult, "表决 %s 在本系统进行，不能以外来的结果代替表决票", number)
		}
		if p.Certified != "" {
			old, err := decode[ballot.Certified](p.Certified)
			if err != nil {
				return err
			}
			again := c
			again.By, again.Second = old.By, old.Second
			if again == old { // the same result
				if c.By != old.By && old.Second == "" {
					old.Second = c.By
				}
				p.Certified, err = encode(old)
				return err
			}
			if old.Second != "" {
				return conflict(ballot.CodeResult, "表决 %s 已有经复核的平台结果，不可更改", number)
			}
		}
		if p.Result != "" || p.State == string(ballot.Void) {
			return conflict(ballot.CodeResult, "表决 %s 已有结果或已作废，不能导入平台结果", number)
		}
		if err := attach(tx, number, []string{c.File}); err != nil {
			return err
		}
		p.Certified, err = encode(c)
		return err
	})
}

// pollTime reads the clock of the database and turns it into case time. Ask for it after the poll is locked: time that passed
// while waiting for the lock counts. It never runs backwards within a ledger, whatever is done to the clock of the machine.
func (s *Store) pollTime(tx *gorm.DB, clock func(time.Time) time.Time) (time.Time, error) {
	now := "SELECT CAST(strftime('%s', 'now') || substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000"
	if s.kind == postgresKind {
		now = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
	}
	var us int64
	if err := tx.Raw(now).Scan(&us).Error; err != nil {
		return time.Time{}, fmt.Errorf("read the database's clock: %w", err)
	}
	return clean(clock(moment(us))), nil
}

// since is the later one of a moment and the poll's last leaf.
func (r pollRow) since(at time.Time) time.Time {
	if micros(at) < r.LastAt {
		return moment(r.LastAt)
	}
	return at
}

// within refuses what does not fall into the window: it is open from opens until just before closes.
func (r pollRow) within(at time.Time) error {
	switch ballot.PollState(r.State) {
	case ballot.Preparing:
		return notOpen()
	case ballot.Open:
		if micros(at) < r.Opens {
			return notOpen()
		}
		if micros(at) < r.Closes {
			return nil
		}
	}
	return pollOver()
}

func notOpen() error { return conflict(ballot.CodeNotOpen, "投票尚未开始") }

func pollOver() error { return conflict(ballot.CodeOver, "投票已经截止，这张票不能计入") }

// terms are read again for each transaction: they are pinned, but a process may serve many polls.
func (r pollRow) terms() (ballot.Terms, error) { return decode[ballot.Terms](r.Terms) }

// actorText keeps an actor, empty for nobody.
func actorText(a procedure.Actor) (string, error) {
	if a == (procedure.Actor{}) {
		return "", nil
	}
	return encode(a)
}
