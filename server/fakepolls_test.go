package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// fakePolls is the store of votes, the box, the reader of rolls and the ledger, in memory, for one poll.
type fakePolls struct {
	mu         sync.Mutex
	poll       ballot.Poll
	voters     []ballot.Voter
	versions   []ballot.RollVersion
	lines      []ballot.Line
	cells      []ballot.Cell
	totals     rules.Totals
	points     []ballot.Checkpoint
	objections []ballot.Objection
	sheets     []ballot.Sheet
	receipts   map[string]ballot.Receipt // by request
	casts      []ballot.Cast
	report     ballot.Report
	broken     error
	looked     int // how often a code was looked up
	channels   map[ballot.Channel]int64
	exporting  func(w io.Writer) error
	papers     map[int]ballot.Papers // of every voter
	runs       []ballot.LetterRun
	keeping    error                                           // of letters
	asked      ballot.PollFilter                               // of the last list
	seen       func(s record.Scope) (c record.Case, seen bool) // the case of the poll
}

const pollNumber = "XW-BJ-2026-001"

func testSecret() ballot.Secret { return ballot.Secret{1, 2, 3} }

func newFakePolls(now time.Time) *fakePolls {
	opens, closes := now.Add(-time.Hour), now.Add(24*time.Hour)
	var rule rules.ConsentRule
	for _, r := range rules.ConsentRules() {
		if r.ID == "cc278.special" {
			rule = r
		}
	}
	all := rules.Weight{Heads: 12, Area: 96_000}
	f := &fakePolls{
		poll: ballot.Poll{
			Terms: ballot.Terms{Number: pollNumber, District: "XW", Unit: "0101", Animal: ballot.Owners278, Title: "听雨花园外墙改造", Question: "是否同意外墙改造方案？",
				Estate: "听雨花园", Rule: rule, Options: rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet}, Revisable: true, Proxies: 3},
			State: ballot.Open, Roll: 1, Frozen: true, Opens: &opens, Closes: &closes, All: all, Voters: 12, Leaves: 2,
		},
		versions: []ballot.RollVersion{{Version: 1, Fingerprint: strings.Repeat("ab", 32), Lines: 12, Voters: 12, Total: all, Why: "导入", By: "示例-郑八", At: opens}},
		lines:    []ballot.Line{{Code: "1-1-101", Building: "1"}, {Code: "1-1-102", Building: "1"}},
		cells:    []ballot.Cell{{Building: "1", Voters: 12, All: all, Ballots: 2, Cast: rules.Weight{Heads: 2, Area: 16_000}, Yes: rules.Weight{Heads: 1, Area: 8_000}, No: rules.Weight{Heads: 1, Area: 8_000}}},
		totals:   rules.Totals{Counting: rules.ByOwner, All: all, Yes: rules.Weight{Heads: 1, Area: 8_000}, No: rules.Weight{Heads: 1, Area: 8_000}},
		points: []ballot.Checkpoint{
			{Size: 1, Root: "aa", Note: "gongzhi/" + pollNumber + "\n1\nqg==\n", At: opens}, {Size: 2, Root: "bb", Note: "gongzhi/" + pollNumber + "\n2\nuw==\n", At: opens},
		},
		objections: []ballot.Objection{{ID: "o1", About: "roll", Who: "示例-业主甲", Text: "面积不对", At: opens}},
		receipts:   map[string]ballot.Receipt{}, report: ballot.Report{Rows: 2, Lines: []ballot.Line{{Code: "1-1-101"}, {Code: "1-1-102"}}},
	}
	for i := range 12 {
		no := fmt.Sprintf("%04d", i+1)
		f.voters = append(f.voters, ballot.Voter{No: no, Pseudonym: testSecret().Pseudonym(pollNumber, no), Units: []string{"1-1-10" + no}, Building: "1",
			Address: "1 号楼 " + no, Names: []string{"示例-业主" + no}, Masked: "1-1-1** 示*", Weight: rules.Weight{Heads: 1, Area: 8_000},
			CodeHash: ballot.CodeHash(testSecret().Code(pollNumber, no))})
	}
	f.voters[0].Choice, f.voters[0].Channel, f.voters[0].N = ballot.Yes, ballot.Web, 1
	f.voters[1].Choice, f.voters[1].Channel, f.voters[1].N = ballot.No, ballot.Paper, 1
	f.receipts["r0"] = ballot.Receipt{Number: pollNumber, Tracker: "0123456789ABCDEF", Leaf: "choice yes\n", N: 1, Choice: ballot.Yes, Channel: ballot.Web, At: opens}
	return f
}

func (f *fakePolls) lock() func() { f.mu.Lock(); return f.mu.Unlock }

func (f *fakePolls) refused(kind procedure.Refusal, code string) error {
	return procedure.Errorf(kind, code, "不能这样做。")
}

func (f *fakePolls) Poll(_ context.Context, number string) (ballot.Poll, error) {
	defer f.lock()()
	if number != f.poll.Number {
		return ballot.Poll{}, f.refused(procedure.NotFound, ballot.CodePoll)
	}
	return f.poll, f.broken
}
func (f *fakePolls) PollPage(_ context.Context, s record.Scope, q ballot.PollFilter) (record.Page[ballot.Listed], error) {
	kase, seen := f.seen(s)
	channels, err := f.Channels(context.Background(), pollNumber)
	defer f.lock()()
	f.asked = q
	var p record.Page[ballot.Listed]
	if seen {
		p.Items = []ballot.Listed{{Poll: f.poll, Totals: f.totals, Channels: channels, Case: kase}}
	}
	return p, err
}
func (f *fakePolls) Papers(context.Context, string, string) (map[int]ballot.Papers, error) {
	return f.papers, nil
}
func (f *fakePolls) LetterRuns(context.Context, string, int) ([]ballot.LetterRun, error) {
	defer f.lock()()
	return slices.Clone(f.runs), nil
}
func (f *fakePolls) AddLetters(_ context.Context, _, _ string, l ballot.LetterRun) error {
	defer f.lock()()
	if f.keeping == nil {
		f.runs = append([]ballot.LetterRun{l}, f.runs...)
	}
	return f.keeping
}
func (f *fakePolls) PollsOf(context.Context, string, int) ([]ballot.Poll, error) { return nil, nil }
func (f *fakePolls) OpenPolls(context.Context) ([]string, error)                 { return []string{pollNumber}, nil }
func (f *fakePolls) RollVersions(context.Context, string) ([]ballot.RollVersion, error) {
	defer f.lock()()
	return slices.Clone(f.versions), nil
}
func (f *fakePolls) RollLines(_ context.Context, _ string, _ int, after string, limit int) ([]ballot.Line, error) {
	defer f.lock()()
	rest := slices.DeleteFunc(slices.Clone(f.lines), func(l ballot.Line) bool { return l.Code <= after })
	return rest[:min(limit, len(rest))], nil
}
func (f *fakePolls) Voters(_ context.Context, _ string, q ballot.VoterFilter, after string, limit int) ([]ballot.Voter, error) {
	defer f.lock()()
	rest := slices.DeleteFunc(slices.Clone(f.voters), func(v ballot.Voter) bool {
		return v.No <= after || q.Building != "" && v.Building != q.Building || q.Silent && v.Choice != "" || !strings.Contains(v.Address, q.Text)
	})
	return rest[:min(limit, len(rest))], nil
}
func (f *fakePolls) Voter(_ context.Context, _, no string) (ballot.Voter, error) {
	return f.voter(func(v ballot.Voter) bool { return v.No == no }, ballot.CodeVoter)
}
func (f *fakePolls) MaskedVoters(context.Context, string, string, int) ([]ballot.MaskedVoter, error) {
	return nil, nil
}
func (f *fakePolls) VoterByCode(_ context.Context, hash string) (string, ballot.Voter, error) {
	f.mu.Lock()
	f.looked++
	broken := f.broken
	f.mu.Unlock()
	if broken != nil {
		return "", ballot.Voter{}, broken
	}
	v, err := f.voter(func(v ballot.Voter) bool { return v.CodeHash == hash }, ballot.CodeCode)
	return pollNumber, v, err
}
func (f *fakePolls) voter(is func(ballot.Voter) bool, code string) (ballot.Voter, error) {
	defer f.lock()()
	i := slices.IndexFunc(f.voters, is)
	if i < 0 {
		return ballot.Voter{}, f.refused(procedure.NotFound, code)
	}
	return f.voters[i], nil
}
func (f *fakePolls) Cells(context.Context, string) ([]ballot.Cell, error) {
	return slices.Clone(f.cells), nil
}
func (f *fakePolls) Totals(context.Context, string) (rules.Totals, error)       { return f.totals, nil }
func (f *fakePolls) CountBallots(context.Context, string) (rules.Totals, error) { return f.totals, nil }
func (f *fakePolls) Checkpoints(context.Context, string) ([]ballot.Checkpoint, error) {
	return f.points, nil
}
func (f *fakePolls) LastCheckpoints(_ context.Context, _ string, limit int) ([]ballot.Checkpoint, error) {
	newest := slices.Clone(f.points)
	slices.Reverse(newest)
	return newest[:min(limit, len(newest))], nil
}
func (f *fakePolls) Channels(context.Context, string) (map[ballot.Channel]int64, error) {
	if f.channels != nil {
		return f.channels, nil
	}
	return map[ballot.Channel]int64{ballot.Web: 1, ballot.Paper: 1}, nil
}
func (f *fakePolls) Leaves(context.Context, string, int64, int) ([]ballot.LeafRow, error) {
	return nil, nil
}
func (f *fakePolls) LeafByTracker(context.Context, string, string) (ballot.LeafRow, error) {
	return ballot.LeafRow{}, f.refused(procedure.NotFound, ballot.CodeReceipt)
}
func (f *fakePolls) Ballots(_ context.Context, _, voter string) ([]ballot.Receipt, error) {
	defer f.lock()()
	if voter == "0001" {
		return []ballot.Receipt{f.receipts["r0"]}, nil
	}
	var own []ballot.Receipt
	for _, c := range f.casts {
		if c.Voter == voter {
			own = append(own, f.receipts[c.Request])
		}
	}
	return own, nil
}
func (f *fakePolls) Sheets(_ context.Context, _ string, state ballot.SheetState, after string, limit int) ([]ballot.Sheet, error) {
	defer f.lock()()
	rest := slices.DeleteFunc(slices.Clone(f.sheets), func(s ballot.Sheet) bool { return s.Voter <= after || state != "" && s.State != state })
	return rest[:min(limit, len(rest))], nil
}
func (f *fakePolls) Objections(_ context.Context, _, about string) ([]ballot.Objection, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.objections), func(o ballot.Objection) bool { return o.About != about }), nil
}

func (f *fakePolls) AddRoll(_ context.Context, _ string, lines []ballot.Line, v ballot.RollVersion) (ballot.RollVersion, error) {
	defer f.lock()()
	v.Version = len(f.versions) + 1
	f.versions, f.lines = append([]ballot.RollVersion{v}, f.versions...), lines
	return v, nil
}
func (f *fakePolls) MarkSigned(_ context.Context, _, voter string, _ func(time.Time) time.Time) error {
	defer f.lock()()
	i := slices.IndexFunc(f.voters, func(v ballot.Voter) bool { return v.No == voter })
	if i < 0 {
		return f.refused(procedure.NotFound, ballot.CodeVoter)
	}
	f.voters[i].Signed = true
	return nil
}
func (f *fakePolls) AddObjection(_ context.Context, _ string, o ballot.Objection) (ballot.Objection, error) {
	defer f.lock()()
	f.objections = append(f.objections, o)
	return o, nil
}
func (f *fakePolls) AnswerObjection(_ context.Context, _ string, o ballot.Objection) error {
	defer f.lock()()
	i := slices.IndexFunc(f.objections, func(old ballot.Objection) bool { return old.ID == o.ID })
	if i < 0 {
		return f.refused(procedure.NotFound, ballot.CodeObjection)
	}
	f.objections[i].Answer, f.objections[i].By, f.objections[i].Answered = o.Answer, o.By, o.Answered
	return nil
}
func (f *fakePolls) SaveCertified(_ context.Context, _ string, c ballot.Certified) error {
	defer f.lock()()
	if old := f.poll.Imported; old != nil && old.By != c.By && old.Totals == c.Totals && old.File == c.File {
		c.By, c.Second = old.By, c.By // as the store does
	}
	f.poll.Imported = &c
	return nil
}

// Cast takes every ballot, and answers a request that it knows with its receipt.
func (f *fakePolls) Cast(_ context.Context, c ballot.Cast) (ballot.Receipt, error) {
	defer f.lock()()
	if old, ok := f.receipts[c.Request]; ok {
		if old.Choice != c.Choice {
			return ballot.Receipt{}, f.refused(procedure.Conflict, ballot.CodeAgain)
		}
		return old, nil
	}
	if f.poll.State != ballot.Open {
		return ballot.Receipt{}, f.refused(procedure.Conflict, ballot.CodeOver)
	}
	return f.accept(c), nil
}
func (f *fakePolls) accept(c ballot.Cast) ballot.Receipt {
	i := slices.IndexFunc(f.voters, func(v ballot.Voter) bool { return v.No == c.Voter })
	v := &f.voters[i]
	v.N, v.Choice, v.Channel = v.N+1, c.Choice, c.Channel
	r := ballot.Receipt{Number: c.Number, Tracker: fmt.Sprintf("T%015d", f.poll.Leaves), Index: f.poll.Leaves, Leaf: "choice " + string(c.Choice) + "\n", N: v.N,
		Choice: c.Choice, Channel: c.Channel, Replaces: v.N > 1}
	f.poll.Leaves++
	f.casts, f.receipts[c.Request] = append(f.casts, c), r
	return r
}

// EnterSheet waits for two people who read the same.
func (f *fakePolls) EnterSheet(_ context.Context, c ballot.Cast, _ func(time.Time) time.Time) (ballot.Sheet, *ballot.Receipt, error) {
	defer f.lock()()
	entry := &ballot.Entry{Choice: c.Choice, By: c.By.User, Name: c.By.Name}
	i := slices.IndexFunc(f.sheets, func(s ballot.Sheet) bool { return s.Voter == c.Voter })
	if i < 0 {
		f.sheets = append(f.sheets, ballot.Sheet{Voter: c.Voter, First: entry, State: ballot.SheetOnce})
		return f.sheets[len(f.sheets)-1], nil, nil
	}
	s := &f.sheets[i]
	if s.First.By == entry.By {
		return *s, nil, f.refused(procedure.Conflict, ballot.CodeSheet)
	}
	s.Second, s.State = entry, ballot.SheetDifferent
	if s.First.Choice != c.Choice {
		return *s, nil, nil
	}
	s.State = ballot.SheetCounted
	r := f.accept(c)
	return *s, &r, nil
}

func (f *fakePolls) Read(string, []byte, rules.Counting) (ballot.Report, error) {
	return f.report, f.broken
}
func (f *fakePolls) Count(_ string, lines []ballot.Line, _ rules.RollOptions) (RollCount, error) {
	return RollCount{Voters: len(lines), Total: rules.Weight{Heads: int64(len(lines))}, Fingerprint: "cafe"}, nil
}
func (f *fakePolls) Template(c rules.Counting, format string) ([]byte, error) {
	return []byte(string(c) + "." + format), nil
}

func (f *fakePolls) Proof(_ context.Context, _, tracker string) (ballot.Proof, error) {
	for _, r := range f.receipts {
		if r.Tracker == tracker {
			return ballot.Proof{Leaf: r.Leaf, Index: r.Index, Checkpoint: "note", Hashes: []string{"00"}}, nil
		}
	}
	return ballot.Proof{}, procedure.Errorf(procedure.NotFound, ballot.CodeReceipt, "没有编号为这个的回执。")
}
func (f *fakePolls) Verifier(number string) (string, error) { return "gongzhi/" + number + "+key", nil }
func (f *fakePolls) Export(_ context.Context, w io.Writer, number string) error {
	if f.exporting != nil {
		return f.exporting(w)
	}
	_, err := io.WriteString(w, `{"format":"gongzhi.vote/1","number":"`+number+"\"}\n")
	return err
}

// count finishes the vote with a result.
func (f *fakePolls) count(state ballot.PollState) {
	verdict, err := rules.Judge(f.poll.Rule, f.totals)
	if err != nil {
		panic(err)
	}
	f.poll.State = state
	f.poll.Result = &ballot.Result{Totals: f.totals, Verdict: verdict, Roll: 1, Print: f.versions[0].Fingerprint, Leaves: 3, Root: "bb", At: *f.poll.Closes}
}

func (f *fakePolls) code(no string) string { return cmp.Or(testSecret().Code(pollNumber, no), no) }

var errFake = errors.New("fake: relation polls does not exist")
