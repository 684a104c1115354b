// Package verify recounts a vote from its public export alone. It shares no code with the platform: reading, counting and judging
// are written a second time here, so that one mistake cannot hide in both. Every check has a stable code and a Chinese title.
package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Known is what the reader of an export has from elsewhere. Without it an export can be shown to agree with itself, but not to
// be the one that was published.
type Known struct {
	Key         string   // public key text, from the notice
	Checkpoints []string // signed notes, from the notice or a witness
}

// Report is what a recount found.
type Report struct {
	Number   string   `json:"number"`
	Title    string   `json:"title"`
	Question string   `json:"question"`
	Rule     string   `json:"rule"` // title
	Counting string   `json:"counting"`
	Key      string   `json:"key"` // by which signatures were checked
	Checks   []Check  `json:"checks"`
	Voters   int64    `json:"voters"`
	Ballots  int64    `json:"ballots"` // every version
	Totals   Totals   `json:"totals"`  // recounted
	Tests    []Result `json:"tests"`
	Outcome  string   `json:"outcome,omitempty"` // passed, rejected, invalid; empty when it could not be judged
	// Print is the fingerprint of the full roll, to be compared with the notice: it cannot be reckoned from a masked roll.
	Print string `json:"fingerprint"`
}

// Result is one test of the rule, made anew.
type Result struct {
	Key     string `json:"key"`
	Measure string `json:"measure"`
	Part    string `json:"part"`
	Whole   string `json:"whole"`
	Num     int64  `json:"num"`
	Den     int64  `json:"den"`
	Strict  bool   `json:"strict"`
	Left    int64  `json:"left"`
	Right   int64  `json:"right"`
	Met     bool   `json:"met"`
	Decides bool   `json:"decides"`
}

// OK tells whether every check that could be made passed. Warnings do not count; a check that a broken file made impossible
// always comes with one that failed.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.State == Failed })
}

// Verify recounts an export. An error is one of reading; whatever is wrong with the export is in the report.
func Verify(r io.Reader) (Report, error) { return Known{}.Verify(r) }

// Verify recounts an export and compares it with what is known from elsewhere.
func (k Known) Verify(r io.Reader) (Report, error) {
	v := recount{checks: newChecks(), known: k, voters: map[[10]byte]int32{}, sum: sha256.New(), mask: sha256.New()}
	if err := v.read(r); err != nil {
		return Report{}, err
	}
	if v.headed {
		v.finish()
	}
	return v.report(), nil
}

// recount is the state of one recount. For a million voters and ballots it holds some 150 MB: the voters, the leaf hashes and times.
type recount struct {
	*checks
	known    Known
	head     header
	headed   bool
	verifier note.Verifier // nil: the key could not be read
	key      string

	sum  hash.Hash // of all lines before the seal
	seal []byte    // the seal's line

	voters map[[10]byte]int32 // pseudonym: place in roll
	roll   []voter
	mask   hash.Hash
	masked *maskedLine

	leaves  []tlog.Hash
	times   []int64 // of the leaves, in microseconds
	latest  time.Time
	ballots int64
	closing *closeLeaf

	points []checkpointLine

	totals  Totals
	tests   []outcome
	outcome string
}

// voter is one voter with the ballot that counts.
type voter struct {
	Weight
	n      int64
	choice byte // y, n, a, or 0
	paper  bool // not by the web: what is signed on paper is replaced by nothing
	signed bool
}

// read reads the file once, line by line.
func (v *recount) read(r io.Reader) error {
	in := newLines(r)
	v.begin(formatHeader, formatLines)
	text, err := in.next()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errTooLong) {
		return fmt.Errorf("read: %w", err)
	}
	if err != nil || !v.readHeader(text) {
		v.fail(formatHeader, "第一行不是 %s 格式的文件头", format)
		return nil
	}
	v.sum.Write(text)
	for section := sectionVoters; ; {
		text, err := in.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			v.fail(formatLines, "第 %d 行太长", in.no+1)
			return nil
		case err != nil:
			return fmt.Errorf("read line %d: %w", in.no+1, err)
		}
		var l line
		if err := decodeLine(text, &l); err != nil {
			v.fail(formatLines, "第 %d 行读不懂", in.no)
			v.sum.Write(text)
			continue
		}
		now, one := l.section()
		if !one || now < section {
			v.fail(formatLines, "第 %d 行种类不对，或者次序不对", in.no)
			v.sum.Write(text)
			continue
		}
		section = now
		if now == sectionMasked || now == sectionSeal {
			section++ // there is only one
		}
		if now == sectionSeal {
			v.seal = bytes.Clone(text)
			continue
		}
		v.sum.Write(text)
		v.take(l)
	}
}

func (v *recount) take(l line) {
	switch {
	case l.Voter != nil:
		v.readVoter(*l.Voter)
	case l.Masked != nil:
		v.masked = l.Masked
	case l.Leaf != nil:
		v.readLeaf(*l.Leaf)
	case l.Checkpoint != nil:
		v.points = append(v.points, *l.Checkpoint)
	}
}

// readHeader reads the first line and makes the checks that it alone allows.
func (v *recount) readHeader(text []byte) bool {
	h := &v.head
	if json.Unmarshal(text, h) != nil || h.Format != format {
		return false
	}
	v.headed = true
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"表决编号", h.Number == ""}, {"标题", h.Title == ""}, {"表决事项", h.Question == ""}, {"规则", h.Rule.ID == ""},
		{"清册指纹", h.Roll.Fingerprint == ""}, {"清册总数", h.Roll.All.Heads <= 0}, {"账本条数", h.Leaves <= 0},
		{"结果", h.Result.Outcome == "" || h.Result.Root == ""},
	} {
		if part.missing {
			v.fail(formatHeader, "文件头缺少%s", part.name)
		}
	}
	v.readKey()
	v.readRule()
	v.begin(windowSane, rollUnique, rollWeight, ledgerIndex, ledgerSyntax, ledgerPoll, ledgerOrder, ballotRule, ballotVoter, ballotVersion,
		ballotRevision, ballotPaper, ballotWeight, ballotChoice, ballotChannel, ballotWindow, closeLast)
	if h.Opens.IsZero() || !h.Opens.Before(h.Closes) {
		v.fail(windowSane, "开始 %s，截止 %s", show(h.Opens), show(h.Closes))
	}
	return true
}

// readKey chooses the key by which signatures are checked: the one that is known, otherwise that of the file.
func (v *recount) readKey() {
	v.begin(keyOrigin)
	h := v.head
	if h.Origin != "gongzhi/"+h.Number {
		v.fail(keyOrigin, "出处 %q 不是表决 %q 的", h.Origin, h.Number)
	}
	v.key = h.Verifier
	if v.known.Key != "" {
		v.begin(keyKnown)
		if v.key = v.known.Key; v.known.Key != h.Verifier {
			v.fail(keyKnown, "文件中的公钥是 %s", h.Verifier)
		}
	} else {
		v.skip(keyKnown, "没有给出公钥：只能证明文件前后一致，不能证明由谁签发")
	}
	verifier, err := note.NewVerifier(v.key)
	if err != nil {
		v.fail(keyOrigin, "公钥格式不正确")
		return
	}
	if verifier.Name() != "gongzhi/"+h.Number {
		v.fail(keyOrigin, "公钥属于 %q", verifier.Name())
	}
	v.verifier = verifier
}

func (v *recount) readRule() {
	v.begin(ruleTests, ruleCounting)
	rule := v.head.Rule
	if len(rule.Tests) == 0 {
		v.fail(ruleTests, "规则没有任何检验")
	}
	keys := map[string]bool{}
	for _, t := range rule.Tests {
		if why := t.sane(); why != "" {
			v.fail(ruleTests, "检验 %q：%s", t.Key, why)
		} else if keys[t.Key] {
			v.fail(ruleTests, "检验 %q 重复", t.Key)
		}
		if t.Measure == "area" && v.head.Options.Counting != "owner" {
			v.fail(ruleTests, "检验 %q：不按业主计票，没有面积", t.Key)
		}
		keys[t.Key] = true
	}
	if !slices.Contains([]string{"none", "abstainIfSigned", "followMajority"}, rule.Silent) {
		v.fail(ruleTests, "未表决票的计算方式 %q 无效", rule.Silent)
	}
	counting := v.head.Options.Counting
	if countingName(counting) == "" || !slices.Contains(rule.Counting, counting) || v.head.Result.Totals.Counting != counting {
		v.fail(ruleCounting, "计票单位 %q，规则许可 %q，结果 %q", counting, rule.Counting, v.head.Result.Totals.Counting)
	}
}

func countingName(counting string) string {
	return map[string]string{"owner": "业主", "household": "户", "resident18": "年满十八周岁的居民"}[counting]
}

// readVoter takes one line of the masked roll.
func (v *recount) readVoter(l voterLine) {
	fmt.Fprintf(v.mask, "%s\t%s\t%s\t%d\t%d\n", l.Pseudonym, l.Masked, l.Building, l.Heads, l.Area)
	id, ok := pseudonym(l.Pseudonym)
	if !ok {
		v.fail(formatLines, "清册第 %d 人的代号 %q 无效", len(v.roll)+1, l.Pseudonym)
	}
	if _, twice := v.voters[id]; twice {
		v.fail(rollUnique, "%s（%s）出现两次", l.Masked, l.Pseudonym)
	}
	// By owner every head has an area, otherwise nobody has any.
	if l.Heads != 1 || l.Area < 0 || (l.Area > 0) != (v.head.Options.Counting == "owner") {
		v.fail(rollWeight, "%s：%d 人，%s 平方米", l.Masked, l.Heads, metres(l.Area))
	}
	v.voters[id] = int32(len(v.roll))
	v.roll = append(v.roll, voter{Weight: Weight{l.Heads, l.Area}, signed: l.Signed})
	v.totals.All = v.totals.All.plus(Weight{l.Heads, l.Area})
}

// pseudonym reads 20 hexadecimal digits in lower case.
func pseudonym(text string) (id [10]byte, ok bool) {
	if len(text) != 20 {
		return id, false
	}
	for i := range len(text) {
		if !(text[i] >= '0' && text[i] <= '9' || text[i] >= 'a' && text[i] <= 'f') {
			return id, false
		}
	}
	_, err := hex.Decode(id[:], []byte(text))
	return id, err == nil
}

func show(t time.Time) string {
	return t.In(time.FixedZone("CST", 8*60*60)).Format("2006-01-02 15:04:05.000000")
}
