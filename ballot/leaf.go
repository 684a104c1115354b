package ballot

import (
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongzhi/rules"
)

// The first line of each kind of leaf. The number is the version of its syntax.
const (
	leafBallot = "gongzhi ballot 1"
	leafClose  = "gongzhi close 1"
)

// leafTime is the time in a leaf: UTC, always with six digits of a second, so that one moment has one text.
const leafTime = "2006-01-02T15:04:05.000000Z"

// crockford is the alphabet of trackers and codes: no I, L, O and U, which are misread or misheard.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// LeafText is the text of an accepted ballot in the ledger of poll number: the n-th of the voter. The rule is the id of the rule
// that the poll is judged by, so that a leaf cannot be moved under another one.
func LeafText(number, pseudonym string, n int, c Choice, w rules.Weight, ch Channel, at time.Time, rule string) string {
	return fmt.Sprintf("%s\npoll %s\nvoter %s\nn %d\nchoice %s\nheads %d\narea %d\nchannel %s\nat %s\nrule %s\n",
		leafBallot, number, pseudonym, n, c, w.Heads, w.Area, ch, at.UTC().Format(leafTime), rule)
}

// CloseText is the last leaf of a ledger: how many ballot leaves there are, and the totals of those that count.
func CloseText(number string, t rules.Totals, ballots int64, at time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\npoll %s\nat %s\nballots %d\n", leafClose, number, at.UTC().Format(leafTime), ballots)
	for _, line := range []struct {
		name string
		w    rules.Weight
	}{{"all", t.All}, {"yes", t.Yes}, {"no", t.No}, {"abstain", t.Abstain}, {"signed", t.Signed}} {
		fmt.Fprintf(&b, "%s %d %d\n", line.name, line.w.Heads, line.w.Area)
	}
	return b.String()
}

// Tracker is the short name of a leaf that a voter keeps: the first 80 bits of its RFC 6962 hash in 16 characters.
func Tracker(text string) string {
	h := tlog.RecordHash([]byte(text))
	return crockford.EncodeToString(h[:10])
}
