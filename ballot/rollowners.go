package ballot

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongzhi/rules"
)

// maxOwners is how many owners one unit may have; maxDenominator bounds a share.
const (
	maxOwners      = 100
	maxDenominator = 1_000_000
)

// readOwners reads the names with their ids and shares, which stand one to one.
func (r *rowReader) readOwners() {
	names := split(r.text[fieldNames])
	if len(names) == 0 {
		return // blamed by readText
	}
	if slices.Contains(names, "") {
		r.blame(fieldNames, "分号之间没有姓名")
		return
	}
	switch {
	case r.counting != rules.ByOwner && len(names) > 1:
		r.blame(fieldNames, "只能填一人")
		return
	case len(names) > maxOwners:
		r.blame(fieldNames, "超过 %d 人", maxOwners)
		return
	}
	owners := make([]Owner, len(names))
	for i, name := range names {
		owners[i].Name = name
	}
	r.draft.line.Owners = owners
	if ids := split(r.text[fieldIDs]); len(ids) == len(names) {
		for i, id := range ids {
			owners[i].ID = maskID(id)
		}
	} else if len(ids) > 0 {
		r.blame(fieldIDs, "有 %d 个，与 %d 名业主不对应", len(ids), len(names))
	}
	if shares := split(r.text[fieldShares]); len(shares) == len(names) {
		r.readShares(owners, shares)
	} else if len(shares) > 0 {
		r.blame(fieldShares, "有 %d 份，与 %d 名业主不对应", len(shares), len(names))
	}
	for i, o := range owners {
		if slices.ContainsFunc(owners[:i], func(e Owner) bool { return e.Name == o.Name && e.ID == o.ID }) {
			r.blame(fieldNames, "“%s”重复", o.Name)
			return
		}
	}
}

// readShares reads the shares, which together are exactly the whole.
func (r *rowReader) readShares(owners []Owner, shares []string) {
	sum := new(big.Rat)
	for i, share := range shares {
		num, den, cut := strings.Cut(share, "/")
		if !cut {
			den = "1"
		}
		n, errNum := strconv.ParseUint(strings.TrimSpace(num), 10, 63)
		d, errDen := strconv.ParseUint(strings.TrimSpace(den), 10, 63)
		switch {
		case errNum != nil || errDen != nil || d > maxDenominator:
			r.blame(fieldShares, "“%s”不是分数，如 1/2", shorten(share))
			return
		case d == 0:
			r.blame(fieldShares, "“%s”的分母为零", share)
			return
		case n == 0 || n > d:
			r.blame(fieldShares, "“%s”不在零与一之间", share)
			return
		}
		owners[i].Num, owners[i].Den = int64(n), int64(d)
		sum.Add(sum, big.NewRat(int64(n), int64(d)))
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 {
		r.blame(fieldShares, "合计是 %s，不等于 1", sum.RatString())
	}
}

// readHolding checks that the owners fit the way they hold the unit, that one can tell who the buyer is, and who votes.
func (r *rowReader) readHolding() {
	l := r.draft.line
	if len(l.Owners) == 0 {
		return
	}
	switch joint := len(l.Owners) > 1; r.text[fieldHolding] {
	case "单独":
		if joint {
			r.blame(fieldHolding, "单独所有却有 %d 名业主", len(l.Owners))
		}
	case "共同":
		if !joint {
			r.blame(fieldHolding, "共同共有却只有一名业主")
		}
	case "按份":
		if !joint || l.Owners[0].Den == 0 {
			r.blame(fieldHolding, "按份共有须有两名以上业主，并填写份额")
		}
	}
	named := func(o Owner) bool { return o.Name == l.Voter }
	if len(l.Owners) > 1 && l.Voter != "" && !slices.ContainsFunc(l.Owners, named) {
		r.blame(fieldVoter, "不是这个单元的业主")
	}
	if !byDeveloper(l) && l.Buyer == "" && !identified(l) {
		r.blame(fieldIDs, "没有证件号码，也没有买受人标识，无法判断是否同一买受人")
	}
}

// byDeveloper tells whether the developer votes for a unit: it is unsold, or sold and not yet delivered (最高法建筑物区分所有权解释第九条).
func byDeveloper(l Line) bool { return l.Developer || !l.Delivered }

// identified tells whether every owner has an id.
func identified(l Line) bool {
	return !slices.ContainsFunc(l.Owners, func(o Owner) bool { return o.ID == "" })
}

// separators are what people write between names.
var separators = strings.NewReplacer("；", ";", "、", ";")

// split cuts a list of names, ids or shares; none of an empty text.
func split(text string) []string {
	if text == "" {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(separators.Replace(text), ";"), ";")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// identity is the number of an identity card, with its date of birth.
var identity = regexp.MustCompile(`^([1-9][0-9]{5})(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])([0-9]{3}[0-9Xx])$`)

// maskID hides the date of birth of a complete number: a roll keeps only what tells two people of one name apart.
func maskID(id string) string {
	return strings.ToUpper(identity.ReplaceAllString(id, "$1********$2"))
}
