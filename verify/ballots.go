package verify

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// readLeaf takes one line of the ledger.
func (v *recount) readLeaf(l leafLine) {
	index := int64(len(v.leaves))
	if l.Index != index {
		v.fail(ledgerIndex, "应为第 %d 号，文件写 %d", index, l.Index)
	}
	v.leaves = append(v.leaves, leafHash(l.Text))
	if v.closing != nil {
		v.fail(closeLast, "截止记录之后还有第 %d 号", index)
	}
	b, c := readLeaf(l.Text)
	at, poll := v.latest, v.head.Number
	switch {
	case b != nil:
		at, poll = b.at, b.poll
		v.ballots++
		v.readBallot(index, *b)
	case c != nil:
		at, poll = c.at, c.poll
		v.readClose(index, *c)
	default:
		v.fail(ledgerSyntax, "第 %d 号：%q", index, l.Text)
	}
	if poll != v.head.Number {
		v.fail(ledgerPoll, "第 %d 号属于 %q", index, poll)
	}
	if at.Before(v.latest) {
		v.fail(ledgerOrder, "第 %d 号的时间 %s 早于前一条", index, show(at))
	} else {
		v.latest = at
	}
	v.times = append(v.times, at.UnixMicro())
}

// readBallot checks one ballot and lets it count instead of the voter's earlier one.
func (v *recount) readBallot(index int64, b ballotLeaf) {
	if b.rule != v.head.Rule.ID {
		v.fail(ballotRule, "第 %d 号按规则 %q", index, b.rule)
	}
	// No ballot counts from the close on.
	if b.at.Before(v.head.Opens) || !b.at.Before(v.head.Closes) {
		v.fail(ballotWindow, "第 %d 号的时间是 %s", index, show(b.at))
	}
	choice := map[string]byte{"yes": 'y', "no": 'n', "abstain": 'a'}[b.choice]
	if choice == 0 {
		v.fail(ballotChoice, "第 %d 号：%q", index, b.choice)
	}
	if b.channel != "web" && b.channel != "paper" && b.channel != "door" {
		v.fail(ballotChannel, "第 %d 号：%q", index, b.channel)
	}
	id, ok := pseudonym(b.voter)
	place, known := v.voters[id]
	if !ok || !known {
		v.fail(ballotVoter, "第 %d 号的表决人 %s 不在清册中", index, b.voter)
		return
	}
	who := &v.roll[place]
	if b.n != who.n+1 {
		v.fail(ballotVersion, "第 %d 号是 %s 的第 %d 版，应为第 %d 版", index, b.voter, b.n, who.n+1)
	}
	if b.n > 1 && b.channel == "web" && !v.head.Revisable {
		v.fail(ballotRevision, "第 %d 号是 %s 的第 %d 版", index, b.voter, b.n)
	}
	if (Weight{b.heads, b.area}) != who.Weight {
		v.fail(ballotWeight, "第 %d 号：%d 人、%s 平方米；清册：%d 人、%s 平方米", index, b.heads, metres(b.area), who.Heads, metres(who.Area))
	}
	if who.paper {
		v.fail(ballotPaper, "第 %d 号替换了 %s 的纸质或入户票", index, b.voter)
	}
	who.n, who.choice, who.paper = b.n, choice, b.channel == "paper" || b.channel == "door"
}

func (v *recount) readClose(index int64, c closeLeaf) {
	if v.closing != nil {
		v.fail(closeOnce, "第 %d 号又是截止记录", index)
		return
	}
	v.closing = &c
	if c.ballots != v.ballots {
		v.begin(closeBallots)
		v.fail(closeBallots, "截止记录写 %d 张，账本中有 %d 张", c.ballots, v.ballots)
	}
}

// count adds up the ballots that count, by the weights of the roll.
func (v *recount) count() {
	for _, who := range v.roll {
		switch {
		case who.choice == 'y':
			v.totals.Yes = v.totals.Yes.plus(who.Weight)
		case who.choice == 'n':
			v.totals.No = v.totals.No.plus(who.Weight)
		case who.choice == 'a':
			v.totals.Abstain = v.totals.Abstain.plus(who.Weight)
		case who.signed:
			v.totals.Signed = v.totals.Signed.plus(who.Weight)
		}
	}
}

// finishRoll compares the roll with what was published of it.
func (v *recount) finishRoll() {
	v.begin(rollMasked, rollTotal)
	print := hex.EncodeToString(v.mask.Sum(nil))
	if v.masked == nil {
		v.fail(rollMasked, "没有脱敏清册的指纹")
	} else if v.masked.Fingerprint != print || v.masked.Voters != int64(len(v.roll)) {
		v.fail(rollMasked, "重新计算为 %s，%d 人", print, len(v.roll))
	}
	if published := v.head.Roll; published.All != v.totals.All || published.Voters != int64(len(v.roll)) {
		v.fail(rollTotal, "公布 %d 人、%s；相加 %d 人、%s", published.Voters, published.All, len(v.roll), v.totals.All)
	}
}

// finishClose compares the closing leaf with the recount.
func (v *recount) finishClose() {
	v.begin(closeOnce, ledgerSize)
	if size := int64(len(v.leaves)); size != v.head.Leaves {
		v.fail(ledgerSize, "文件头写 %d 条，实有 %d 条", v.head.Leaves, size)
	}
	if v.closing == nil {
		v.fail(closeOnce, "账本没有截止记录")
		return
	}
	v.begin(closeTime, closeBallots, closeTotals, closeSigned)
	c := v.closing
	if c.at.Before(v.head.Closes) {
		v.fail(closeTime, "截止记录的时间 %s 早于截止时间 %s", show(c.at), show(v.head.Closes))
	}
	for _, part := range []struct {
		name        string
		told, found Weight
	}{
		{"清册", c.totals.All, v.totals.All}, {"同意", c.totals.Yes, v.totals.Yes},
		{"不同意", c.totals.No, v.totals.No}, {"弃权", c.totals.Abstain, v.totals.Abstain},
	} {
		if part.told != part.found {
			v.fail(closeTotals, "%s：截止记录 %s，重新计票 %s", part.name, part.told, part.found)
		}
	}
	// Who signed is in the file only where the rule counts it. Elsewhere it can be no more than all who are silent.
	if v.head.Rule.Silent == "abstainIfSigned" {
		if c.totals.Signed != v.totals.Signed {
			v.fail(closeSigned, "截止记录 %s，重新计算 %s", c.totals.Signed, v.totals.Signed)
		}
		return
	}
	if !c.totals.Signed.within(v.totals.All.minus(v.totals.cast())) {
		v.fail(closeSigned, "截止记录 %s，多于没有表决的人", c.totals.Signed)
	}
	v.totals.Signed = c.totals.Signed
}

// finishResult judges anew and compares.
func (v *recount) finishResult() {
	v.begin(resultTotals, resultTests, resultOutcome, resultArticle278)
	h := v.head
	if told := h.Result.Totals.Totals; told != v.totals {
		v.fail(resultTotals, "公布：同意 %s，不同意 %s，弃权 %s，清册 %s；重新计票：同意 %s，不同意 %s，弃权 %s，清册 %s",
			told.Yes, told.No, told.Abstain, told.All, v.totals.Yes, v.totals.No, v.totals.Abstain, v.totals.All)
	}
	if v.at[ruleTests].State != Passed {
		for _, code := range []string{resultTests, resultOutcome} {
			v.fail(code, "规则的检验读不懂，无法重新判定")
		}
		return
	}
	counting := h.Options.Counting
	v.tests, v.outcome = judge(h.Rule.Tests, v.totals.groups(h.Rule.Silent, counting == "owner"))
	if len(h.Result.Tests) != len(v.tests) {
		v.fail(resultTests, "公布 %d 项，规则有 %d 项", len(h.Result.Tests), len(v.tests))
	} else {
		for i, found := range v.tests {
			if told := h.Result.Tests[i]; told != found {
				v.fail(resultTests, "%s：公布 %s，重新计算 %s", found.Key, told, found)
			}
		}
	}
	if h.Result.Outcome != v.outcome {
		v.fail(resultOutcome, "公布“%s”，重新判定“%s”", OutcomeName(h.Result.Outcome), OutcomeName(v.outcome))
	}
	told, found := h.Result.Law278, article278(v.totals, h.Rule.Silent, counting)
	switch {
	case (told == nil) != h.Rule.Art278:
		v.fail(resultArticle278, "规则与对照不相配")
	case told != nil && *told != found:
		v.fail(resultArticle278, "公布与重新判定不同")
	}
}

// OutcomeName is the Chinese name of an outcome.
func OutcomeName(o string) string {
	if name := map[string]string{"passed": "通过", "rejected": "未通过", "invalid": "参与未达规定比例，表决不成立"}[o]; name != "" {
		return name
	}
	return o
}

func (o outcome) String() string { return fmt.Sprintf("%d/%d%s", o.Left, o.Right, metName(o.Met)) }

func metName(met bool) string {
	if met {
		return "（达到）"
	}
	return "（未达到）"
}

func (w Weight) String() string { return fmt.Sprintf("%d 人 %s 平方米", w.Heads, metres(w.Area)) }

// metres writes an area in 0.01 m².
func metres(area int64) string {
	if area < 0 {
		return fmt.Sprintf("%d/100", area)
	}
	return fmt.Sprintf("%d.%02d", area/100, area%100)
}

// leafHash is the RFC 6962 hash of a leaf.
func leafHash(text string) tlog.Hash { return tlog.RecordHash([]byte(text)) }
