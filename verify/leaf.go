package verify

import (
	"strconv"
	"strings"
	"time"
)

// moment is the time in leaves and checkpoints: UTC with six digits of a second.
const moment = "2006-01-02T15:04:05.000000Z"

// ballotLeaf is an accepted ballot.
type ballotLeaf struct {
	poll, voter, choice, channel, rule string
	n, heads, area                     int64
	at                                 time.Time
}

// closeLeaf is the end of a ledger.
type closeLeaf struct {
	poll    string
	at      time.Time
	ballots int64
	totals  Totals
}

// fields reads "name value" lines in a fixed order. One text has one reading, and one reading one text.
type fields struct {
	rest string
	bad  bool
}

func (f *fields) text(name string) string {
	current, rest, found := strings.Cut(f.rest, "\n")
	value, named := strings.CutPrefix(current, name+" ")
	if !found || !named || value == "" {
		f.bad = true
		return ""
	}
	f.rest = rest
	return value
}

func (f *fields) number(name string) int64 { return f.parse(f.text(name)) }

// parse reads a number that is not negative, without sign or leading zeros.
func (f *fields) parse(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		f.bad = true
	}
	return n
}

func (f *fields) moment(name string) time.Time {
	text := f.text(name)
	at, err := time.Parse(moment, text)
	if err != nil || at.Format(moment) != text {
		f.bad = true
	}
	return at
}

func (f *fields) weight(name string) Weight {
	heads, area, _ := strings.Cut(f.text(name), " ")
	return Weight{f.parse(heads), f.parse(area)}
}

func (f *fields) whole() bool { return !f.bad && f.rest == "" }

// readLeaf reads the text of a leaf: one of the two, or neither.
func readLeaf(text string) (*ballotLeaf, *closeLeaf) {
	if rest, ok := strings.CutPrefix(text, "gongzhi ballot 1\n"); ok {
		f := fields{rest: rest}
		b := ballotLeaf{poll: f.text("poll"), voter: f.text("voter"), n: f.number("n"), choice: f.text("choice"),
			heads: f.number("heads"), area: f.number("area"), channel: f.text("channel"), at: f.moment("at"), rule: f.text("rule")}
		if f.whole() {
			return &b, nil
		}
	}
	if rest, ok := strings.CutPrefix(text, "gongzhi close 1\n"); ok {
		f := fields{rest: rest}
		c := closeLeaf{poll: f.text("poll"), at: f.moment("at"), ballots: f.number("ballots"), totals: Totals{
			All: f.weight("all"), Yes: f.weight("yes"), No: f.weight("no"), Abstain: f.weight("abstain"), Signed: f.weight("signed")}}
		if f.whole() {
			return nil, &c
		}
	}
	return nil, nil
}
