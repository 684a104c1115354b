package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// pace is how far apart checkpoints may lie while ballots come in.
const pace = 60 * time.Second

// point is what a checkpoint states.
type point struct {
	origin string
	size   int64
	root   tlog.Hash
	at     time.Time
}

// readPoint reads the signed text of a checkpoint: origin, size, root, time.
func readPoint(text string) (point, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return point{}, false
	}
	f := fields{rest: lines[3] + "\n"}
	p := point{origin: lines[0], at: f.moment("at"), size: f.parse(lines[1])}
	root, err := tlog.ParseHash(lines[2])
	p.root = root
	return p, f.whole() && err == nil
}

// open returns the text of a note, and whether it bears a valid signature of the key.
func (v *recount) open(signed string) (string, bool) {
	if v.verifier != nil {
		if n, err := note.Open([]byte(signed), note.VerifierList(v.verifier)); err == nil {
			return n.Text, true
		}
	}
	end := strings.LastIndex(signed, "\n\n")
	return signed[:end+1], false
}

// stated is a checkpoint whose root is to be compared with the ledger's.
type stated struct {
	point
	code, name string
}

// finishCheckpoints checks every checkpoint, and that all of them and those known from elsewhere are beginnings of this ledger.
func (v *recount) finishCheckpoints() {
	v.begin(pointCount, pointForm, pointSignature, pointGrowth, pointRoot, pointFinal, pointPace)
	var all []stated
	if count := int64(len(v.points)); count != v.head.Checkpoints {
		v.fail(pointCount, "文件头写 %d 个，实有 %d 个", v.head.Checkpoints, count)
	}
	last := point{size: -1}
	for i, c := range v.points {
		name := fmt.Sprintf("第 %d 个检查点", i+1)
		text, valid := v.open(c.Note)
		if !valid {
			v.fail(pointSignature, "%s的签名无效", name)
		}
		p, ok := readPoint(text)
		if !ok || p.origin != "gongzhi/"+v.head.Number || p.size != c.Size || hex.EncodeToString(p.root[:]) != c.Root {
			v.fail(pointForm, "%s的格式不对，或者与所签的内容不符", name)
			continue
		}
		if p.size <= last.size || p.at.Before(last.at) {
			v.fail(pointGrowth, "%s签到第 %d 条（%s），前一个签到第 %d 条", name, p.size, show(p.at), last.size)
		} else {
			v.checkPace(max(last.size, 0), p, name)
		}
		all, last = append(all, stated{p, pointRoot, name}), p
	}
	if size := int64(len(v.leaves)); last.size != size {
		v.fail(pointFinal, "最后一个检查点签到第 %d 条，账本有 %d 条", max(last.size, 0), size)
	}
	all = append(all, v.published()...)
	v.checkRoots(all)
}

// published reads the checkpoints known from elsewhere.
func (v *recount) published() []stated {
	if len(v.known.Checkpoints) == 0 {
		v.skip(pointPublished, "没有给出公示过的检查点：签发者若重做全部账本，只有对照公示过的检查点才能发现")
		return nil
	}
	v.begin(pointPublished)
	var all []stated
	for i, signed := range v.known.Checkpoints {
		name := fmt.Sprintf("您的第 %d 个检查点", i+1)
		text, valid := v.open(signed)
		p, ok := readPoint(text)
		if !ok || !valid || p.origin != "gongzhi/"+v.head.Number {
			v.fail(pointPublished, "%s读不懂、签名无效，或者不是本次表决的", name)
			continue
		}
		all = append(all, stated{p, pointPublished, name})
	}
	return all
}

// checkPace warns when a ballot waited too long for the checkpoint that covers it. The first that is covered waited longest.
func (v *recount) checkPace(from int64, p point, name string) {
	if from >= int64(len(v.times)) || from >= p.size {
		return
	}
	if waited := p.at.Sub(time.UnixMicro(v.times[from])); waited > pace {
		v.warn(pointPace, "%s签名时，第 %d 号已经等了 %s", name, from, waited.Round(time.Second))
	}
}

// checkRoots reckons the root at every stated size in one pass over the ledger.
func (v *recount) checkRoots(all []stated) {
	slices.SortStableFunc(all, func(a, b stated) int { return int(min(max(a.size-b.size, -1), 1)) })
	var tree frontier
	for _, s := range all {
		if s.size > int64(len(v.leaves)) {
			v.fail(s.code, "%s签到第 %d 条，账本只有 %d 条", s.name, s.size, len(v.leaves))
			continue
		}
		for tree.size < s.size {
			tree.add(v.leaves[tree.size])
		}
		if tree.root() != s.root {
			v.fail(s.code, "%s（%d 条）的根与账本不符", s.name, s.size)
		}
	}
	for tree.size < int64(len(v.leaves)) {
		tree.add(v.leaves[tree.size])
	}
	v.begin(resultLedger)
	root := tree.root()
	if told := v.head.Result; told.Root != hex.EncodeToString(root[:]) || told.Leaves != tree.size {
		v.fail(resultLedger, "结果写 %d 条、根 %s；账本 %d 条、根 %x", told.Leaves, told.Root, tree.size, root[:])
	}
}

// frontier is an RFC 6962 tree of which only the roots of the complete subtrees are kept, the largest first.
type frontier struct {
	size   int64
	hashes []tlog.Hash
}

func (f *frontier) add(leaf tlog.Hash) {
	f.hashes = append(f.hashes, leaf)
	// Each low bit 1 of the old size is a complete subtree that the new leaf's subtree doubles.
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.hashes) - 1
		f.hashes[last-1] = tlog.NodeHash(f.hashes[last-1], f.hashes[last])
		f.hashes = f.hashes[:last]
	}
	f.size++
}

func (f *frontier) root() tlog.Hash {
	if f.size == 0 {
		empty, _ := tlog.TreeHash(0, nil) // the digest of nothing; it reads no hash
		return empty
	}
	root := f.hashes[len(f.hashes)-1]
	for i := len(f.hashes) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.hashes[i], root)
	}
	return root
}

// finishSeal checks that the file is as it was exported. Its own line, which no digest covers, must have its one exact form.
func (v *recount) finishSeal() {
	v.begin(formatSeal)
	if v.seal == nil {
		v.fail(formatSeal, "文件没有封签，可能不完整")
		return
	}
	var l line
	if decodeLine(v.seal, &l) != nil || l.Seal == nil {
		v.fail(formatSeal, "封签读不懂")
		return
	}
	text, valid := v.open(*l.Seal)
	switch {
	case !valid:
		v.fail(formatSeal, "封签的签名无效")
	case text != fmt.Sprintf("gongzhi/%s\nexport 1\nsha256 %x\n", v.head.Number, v.sum.Sum(nil)):
		v.fail(formatSeal, "封签与文件内容不符")
	case !exactSeal(v.seal, *l.Seal):
		v.fail(formatSeal, "封签的写法有改动")
	}
}

// exactSeal tells whether the line is the one way to write a seal with one signature.
func exactSeal(line []byte, signed string) bool {
	end := strings.LastIndex(signed, " ")
	signature, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSuffix(signed[end+1:], "\n"))
	if err != nil || strings.Count(signed, "\n") != 5 || signed[end+1:] != base64.StdEncoding.EncodeToString(signature)+"\n" {
		return false
	}
	var exact bytes.Buffer
	enc := json.NewEncoder(&exact)
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string]string{"seal": signed}) == nil && bytes.Equal(exact.Bytes(), line)
}

func (v *recount) finish() {
	v.count()
	v.finishRoll()
	v.finishClose()
	v.finishResult()
	v.finishCheckpoints()
	v.finishSeal()
}

func (v *recount) report() Report {
	h := v.head
	r := Report{Number: h.Number, Title: h.Title, Question: h.Question, Rule: h.Rule.Title, Counting: countingName(h.Options.Counting), Key: v.key,
		Checks: v.list, Voters: int64(len(v.roll)), Ballots: v.ballots, Totals: v.totals, Outcome: v.outcome, Print: h.Roll.Fingerprint, Tests: []Result{}}
	for i, o := range v.tests {
		t := h.Rule.Tests[i]
		r.Tests = append(r.Tests, Result{Key: o.Key, Measure: t.Measure, Part: t.Part, Whole: t.Whole, Num: t.Ratio.Num, Den: t.Ratio.Den,
			Strict: t.Ratio.Strict, Left: o.Left, Right: o.Right, Met: o.Met, Decides: o.Decides})
	}
	return r
}
