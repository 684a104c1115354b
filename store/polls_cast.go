package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

// Cast accepts ballots, each whole or refused, in one transaction. A fault refuses none: it leaves all of them undone, and each
// has the fault as its error.
func (s *Store) Cast(ctx context.Context, casts []ballot.Cast, clock func(time.Time) time.Time) []ballot.Accepted {
	ends := make([]ballot.Accepted, len(casts))
	err := s.write(ctx, func(tx *gorm.DB) error {
		b, err := s.lockBallots(tx, casts, clock)
		if err != nil {
			return err
		}
		for i, c := range casts {
			ends[i] = ballot.Accepted{}
			if c.Channel == ballot.Paper {
				ends[i].Err = invalid(ballot.CodeSheet, "纸质表决票须由两人分别录入")
				continue
			}
			ends[i].Receipt, ends[i].Err = b.cast(c)
		}
		return b.save()
	})
	if err != nil {
		for i := range ends {
			ends[i] = ballot.Accepted{Err: err}
		}
	}
	return ends
}

// ballots are what one transaction works on: the polls it has locked, and what it has read and will write of them.
type ballots struct {
	tx     *gorm.DB
	order  []string
	polls  map[string]*pollBallots
	papers papers
}

// pollBallots is one poll of a transaction.
type pollBallots struct {
	row     pollRow
	terms   ballot.Terms
	at      time.Time
	voters  map[string]*voterRow
	before  map[string]int             // n of a voter whose ballot has changed, before this transaction
	given   map[string]leafRow         // by request
	agents  map[string]map[string]bool // whom an agent represents
	leaves  []leafRow
	changed []string           // voters, in the order of their first change
	sums    map[string]*sumRow // by building: what is added
}

// cast judges one ballot and notes what is to be written.
func (b *ballots) cast(c ballot.Cast) (ballot.Receipt, error) {
	p, ok := b.polls[c.Number]
	if !ok {
		return ballot.Receipt{}, noPoll(c.Number)
	}
	if old, ok := p.given[c.Request]; ok {
		return old.again(c)
	}
	if err := attended(c); err != nil {
		return ballot.Receipt{}, err
	}
	v, err := p.admit(c)
	if err != nil {
		return ballot.Receipt{}, err
	}
	if err := b.papers.usable(c); err != nil {
		return ballot.Receipt{}, err
	}
	b.papers.use(c)
	return p.accept(v, c)
}

// again gives the receipt of a request that was accepted before, whenever it comes.
func (r leafRow) again(c ballot.Cast) (ballot.Receipt, error) {
	if r.Voter != c.Voter || r.Choice != string(c.Choice) || r.Channel != string(c.Channel) || r.Proxy != strings.TrimSpace(c.Proxy) {
		return ballot.Receipt{}, conflict(ballot.CodeAgain, "同一请求编号已用于另一张票，请换用新的编号")
	}
	return r.receipt()
}

// admit says whether a ballot may be accepted, and for which voter.
func (p *pollBallots) admit(c ballot.Cast) (*voterRow, error) {
	if err := wellFormed(c); err != nil {
		return nil, err
	}
	if err := p.row.within(p.at); err != nil {
		return nil, err
	}
	v, ok := p.voters[c.Voter]
	if !ok {
		return nil, noVoter(c.Voter)
	}
	if err := p.mayReplace(v, c); err != nil {
		return nil, err
	}
	return v, p.mayRepresent(c)
}

// wellFormed checks what can be judged without the poll.
func wellFormed(c ballot.Cast) error {
	if err := checkText(append([]string{c.Request, c.Proxy, c.Signed, c.By.Name, c.Second.Name}, c.Files...)...); err != nil {
		return err
	}
	switch {
	case c.Request == "":
		return invalid(ballot.CodeAgain, "缺少请求编号")
	case !c.Choice.Valid():
		return invalid(ballot.CodeChoice, "表决意见 %.20q 无效：应为同意、不同意或弃权", c.Choice)
	case c.Channel.Label() == "":
		return invalid(ballot.CodeChoice, "投票方式 %.20q 无效", c.Channel)
	}
	return nil
}

// attended: a paper ballot is read by two people, and one at the door has a witness and a photo of the signed sheet. Whoever votes for
// somebody else has a mandate.
func attended(c ballot.Cast) error {
	mandate := strings.TrimSpace(c.Proxy) != ""
	switch {
	case c.Channel == ballot.Paper && (c.By.User == "" || c.Second.User == "" || samePerson(c.By, c.Second)):
		return invalid(ballot.CodeSheet, "纸质表决票须由两人分别录入")
	case c.Channel == ballot.Door && (c.By.User == "" || c.Second.Name == "" || samePerson(c.By, c.Second) || len(c.Files) == 0):
		return invalid(ballot.CodeSheet, "入户表决须有另一人见证，并附签名表决票的照片")
	case mandate && c.Channel == ballot.Paper && len(c.Files) == 0, mandate && c.Channel == ballot.Door && len(c.Files) < 2:
		return invalid(ballot.CodeProxy, "受托代投须附委托书")
	}
	return nil
}

// samePerson: a witness at the door has perhaps no account.
func samePerson(a, b procedure.Actor) bool {
	if a.User != "" && b.User != "" {
		return a.User == b.User
	}
	return strings.TrimSpace(a.Name) == strings.TrimSpace(b.Name)
}

// mayReplace: the first ballot always counts. The voter may replace a web ballot on the web where the terms allow it; a signed
// paper replaces it by the signed list (签字清单); what is signed on paper is replaced by nothing.
func (p *pollBallots) mayReplace(v *voterRow, c ballot.Cast) error {
	if v.N == 0 {
		return nil
	}
	counts := ballot.Channel(v.Channel)
	switch {
	case counts != ballot.Web:
	case c.Channel == ballot.Web && p.terms.Revisable:
		return nil
	case c.Channel != ballot.Web && c.Signed != "":
		return nil
	case c.Channel != ballot.Web:
		return conflict(ballot.CodeVoted, "第 %s 号已在网上表决；以纸质票更正须附签字清单", v.No)
	}
	return conflict(ballot.CodeVoted, "第 %s 号已有%s表决票计入，不能再投", v.No, counts.Label())
}

// mayRepresent keeps to the number of voters whom one person may represent (domain: 潍坊, an owner three at most).
func (p *pollBallots) mayRepresent(c ballot.Cast) error {
	agent := strings.TrimSpace(c.Proxy)
	switch {
	case agent == "":
		return nil
	case p.terms.Proxies == 0:
		return conflict(ballot.CodeProxy, "本次表决不允许委托他人代投")
	case agent == c.Voter:
		return invalid(ballot.CodeProxy, "受托人不能是本人")
	case numeric(agent) && p.voters[agent] == nil:
		return invalid(ballot.CodeProxy, "受托人：清册上没有第 %.20q 号", agent)
	}
	represented := p.agents[agent]
	if !represented[c.Voter] && int64(len(represented)) >= p.terms.Proxies {
		return conflict(ballot.CodeProxy, "一人最多代 %d 户表决，该受托人已满", p.terms.Proxies)
	}
	return nil
}

func numeric(text string) bool { return strings.Trim(text, "0123456789") == "" }

// accept gives the ballot its place in the ledger and makes it the one that counts.
func (p *pollBallots) accept(v *voterRow, c ballot.Cast) (ballot.Receipt, error) {
	leaf, err := p.newLeaf(v, c)
	if err != nil {
		return ballot.Receipt{}, err
	}
	p.given[c.Request] = leaf
	p.leaves = append(p.leaves, leaf)
	p.row.Leaves++
	p.row.Ballots++
	p.row.LastAt = leaf.At

	if _, known := p.before[v.No]; !known {
		p.before[v.No] = v.N
		p.changed = append(p.changed, v.No)
	}
	switch {
	case v.N > 0:
		p.count(v, v.Choice, -1)
		*p.row.channel(v.Channel)--
	case v.Signed:
		p.count(v, sumSigned, -1)
	}
	if v.Proxy != "" {
		delete(p.agents[v.Proxy], v.No)
	}
	v.Choice, v.Channel, v.N, v.Leaf, v.Proxy = leaf.Choice, leaf.Channel, leaf.N, leaf.Idx, leaf.Proxy
	p.count(v, v.Choice, 1)
	*p.row.channel(v.Channel)++
	if v.Proxy != "" {
		if p.agents[v.Proxy] == nil {
			p.agents[v.Proxy] = map[string]bool{}
		}
		p.agents[v.Proxy][v.No] = true
	}
	return leaf.receipt()
}

// channel is the count of the ballots of a channel that count.
func (r *pollRow) channel(name string) *int64 {
	switch ballot.Channel(name) {
	case ballot.Paper:
		return &r.Paper
	case ballot.Door:
		return &r.Door
	}
	return &r.Web
}

// count adds a voter to a sum, or takes it away.
func (p *pollBallots) count(v *voterRow, choice string, sign int64) {
	row, ok := p.sums[v.Building]
	if !ok {
		row = &sumRow{}
		p.sums[v.Building] = row
	}
	row.of(choice).add(sign, v.weight())
}

func (p *pollBallots) newLeaf(v *voterRow, c ballot.Cast) (leafRow, error) {
	by, err := actorText(c.By)
	if err != nil {
		return leafRow{}, err
	}
	second, err := actorText(c.Second)
	if err != nil {
		return leafRow{}, err
	}
	files, err := encode(append([]string{}, c.Files...))
	if err != nil {
		return leafRow{}, err
	}
	text := ballot.LeafText(p.row.Number, v.Pseudonym, v.N+1, c.Choice, v.weight(), c.Channel, p.at, p.terms.Rule.ID)
	return leafRow{
		Poll: p.row.Number, Idx: p.row.Leaves, Kind: leafBallot, Request: c.Request, Voter: v.No, N: v.N + 1,
		Choice: string(c.Choice), Channel: string(c.Channel), At: micros(p.at), Text: text, Tracker: ballot.Tracker(text),
		ByActor: by, SecondActor: second, Proxy: strings.TrimSpace(c.Proxy), SignedList: c.Signed, Files: files,
	}, nil
}

// MarkSigned notes that a voter signed for a ballot sheet, or opened the page with the code.
func (s *Store) MarkSigned(ctx context.Context, number, voter string, clock func(time.Time) time.Time) error {
	old, err := takeVoter[voterRow](s.read(ctx).Where("poll = ? AND no = ?", number, voter), noVoter(voter))
	if err == nil && old.Signed {
		return nil // every further look at the page: no lock
	}
	return s.write(ctx, func(tx *gorm.DB) error {
		row, err := lockPoll(tx, number)
		if err != nil {
			return err
		}
		now, err := s.pollTime(tx, clock)
		if err != nil {
			return err
		}
		if err := row.within(row.since(now)); err != nil && row.State != string(ballot.Preparing) && micros(now) >= row.Opens {
			return err // sheets are handed out, and signed for, before the window too
		}
		v, err := takeVoter[voterRow](tx.Where("poll = ? AND no = ?", number, voter), noVoter(voter))
		if err != nil || v.Signed {
			return err
		}
		if err := tx.Model(&voterRow{}).Where("poll = ? AND no = ?", number, voter).Update("signed", true).Error; err != nil {
			return fmt.Errorf("mark the voter: %w", err)
		}
		if v.N > 0 {
			return nil
		}
		p := pollBallots{row: row, sums: map[string]*sumRow{}}
		p.count(&v, sumSigned, 1)
		return p.saveSums(tx)
	})
}
