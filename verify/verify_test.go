package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func check(tb testing.TB, w *world, k Known) Report {
	tb.Helper()
	r, err := k.Verify(w.file())
	require.NoError(tb, err)
	return r
}

func published(w *world) []string {
	var notes []string
	for _, p := range w.points {
		notes = append(notes, p.Note)
	}
	return notes
}

func TestHonestExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tamper{})
	r := check(t, w, Known{Key: w.key, Checkpoints: published(w)})
	for _, c := range r.Checks {
		require.Equal(t, Passed, c.State, "%s: %s", c.Code, c.Detail)
	}
	require.True(t, r.OK())
	require.Equal(t, "passed", r.Outcome)
	require.Equal(t, int64(48), r.Ballots)
	require.Equal(t, int64(30), r.Totals.Yes.Heads)
	require.Equal(t, int64(6), r.Totals.No.Heads)
	require.Equal(t, Result{Key: "consent.heads", Measure: "heads", Part: "yes", Whole: "participants", Num: 3, Den: 4, Left: 30, Right: 36, Met: true, Decides: true}, r.Tests[2])

	r, err := Verify(w.file())
	require.NoError(t, err)
	require.True(t, r.OK())
	require.Equal(t, []string{keyKnown, pointPublished}, ended(r, Skipped), "what needs something known from elsewhere is not called passed")
}

func TestSilentModes(t *testing.T) {
	t.Parallel()
	for silent, want := range map[string]struct {
		left, right int64
		outcome     string
	}{"none": {30, 36, "passed"}, "abstainIfSigned": {30, 38, "passed"}, "followMajority": {34, 40, "passed"}} {
		w := newWorld(t, tamper{start: func(w *world) {
			w.rule()["silent"] = silent
			w.voters[0].Signed = true // has a ballot, and so counts by it
			w.voters[38].Signed, w.voters[39].Signed = true, true
		}})
		r := check(t, w, Known{})
		require.Empty(t, ended(r, Failed), silent)
		require.Equal(t, want.left, r.Tests[2].Left, silent)
		require.Equal(t, want.right, r.Tests[2].Right, silent)
		require.Equal(t, want.outcome, r.Outcome)
	}
}

// of one voter without a ballot.
const silentVoter = 37

func TestEveryCheckFails(t *testing.T) {
	t.Parallel()
	_, otherKey := makeKey()
	otherSecret, _ := makeKey()
	first := func(edit func(*ballotLeaf)) tamper {
		return tamper{start: func(w *world) { edit(&w.ballots[3]) }}
	}
	header := func(edit func(*world)) tamper { return tamper{header: edit} }
	cases := []struct {
		name  string
		codes []string // exactly these fail
		c     tamper
		known func(*world) Known
	}{
		{"no question", []string{formatHeader}, header(func(w *world) { delete(w.head, "question") }), nil},
		{"another format", []string{formatHeader}, header(func(w *world) { w.head["format"] = "gongzhi.vote/2" }), nil},
		{"a strange line", []string{formatLines}, tamper{lines: func(w *world) { w.lines = slices.Insert(w.lines, 4, []byte("{\"other\":1}\n")) }}, nil},
		{"a field that is not known", []string{formatLines}, tamper{lines: func(w *world) {
			w.lines = append(w.lines, []byte(`{"checkpoint":{"size":49,"rood":"00"}}`+"\n"))
		}}, nil},
		{"more behind the line", []string{formatLines, pointCount}, tamper{lines: func(w *world) {
			w.lines[len(w.lines)-1] = append(bytes.TrimSpace(w.lines[len(w.lines)-1]), []byte("{}\n")...)
		}, points: func(w *world) { w.points = append(w.points, w.points[len(w.points)-1]) }}, nil},
		{"two kinds in a line", []string{formatLines}, tamper{lines: func(w *world) {
			w.lines = append(w.lines, []byte(`{"leaf":{"index":0,"text":""},"masked":{"voters":1}}`+"\n"))
		}}, nil},
		{"not JSON", []string{formatLines}, tamper{lines: func(w *world) { w.lines = slices.Insert(w.lines, 4, []byte("x\n")) }}, nil},
		{"a voter among the leaves", []string{formatLines}, tamper{lines: func(w *world) { w.lines = slices.Insert(w.lines, 50, w.lines[1]) }}, nil},
		{"an endless line", []string{formatLines}, tamper{sealed: func(w *world) { w.sealed = append(w.sealed, bytes.Repeat([]byte("x"), 2<<20)...) }}, nil},
		{"a pseudonym that is none", []string{formatLines}, tamper{start: func(w *world) { w.voters[silentVoter].Pseudonym = "ABC" }}, nil},
		{"the title changed after the export", []string{formatSeal}, tamper{sealed: func(w *world) {
			w.sealed = bytes.Replace(w.sealed, []byte("外墙"), []byte("屋面"), 1)
		}}, nil},
		{"no seal", []string{formatSeal}, tamper{sealed: func(w *world) {
			w.sealed = w.sealed[:bytes.LastIndex(w.sealed, []byte(`{"seal"`))]
		}}, nil},
		{"the seal written in another way", []string{formatSeal}, tamper{sealed: func(w *world) {
			w.sealed = bytes.Replace(w.sealed, []byte(`{"seal":`), []byte(`{"seal": `), 1)
		}}, nil},
		{"another key", []string{formatSeal, keyKnown, pointSignature}, tamper{}, func(*world) Known { return Known{Key: otherKey} }},
		{"the origin of another poll", []string{keyOrigin}, header(func(w *world) { w.head["origin"] = "gongzhi/XW-ZR-2026-001" }), nil},
		{"a test without a denominator", []string{ruleTests, resultTests, resultOutcome}, header(func(w *world) {
			w.rule()["tests"].([]any)[0].(map[string]any)["ratio"].(map[string]any)["den"] = 0
		}), nil},
		{"a test twice", []string{ruleTests, resultTests, resultOutcome}, tamper{start: func(w *world) {
			tests := w.rule()["tests"].([]any)
			w.rule()["tests"] = append(tests, tests[0])
		}}, nil},
		{"a test of a test", []string{ruleTests, resultTests, resultOutcome}, header(func(w *world) {
			w.rule()["tests"].([]any)[0].(map[string]any)["part"] = "all"
		}), nil},
		{"a mode of silence that is none", []string{ruleTests, resultTests, resultOutcome}, header(func(w *world) { w.rule()["silent"] = "yes" }), nil},
		{"a unit that the rule does not admit", []string{ruleCounting}, header(func(w *world) { w.rule()["counting"] = []string{"household"} }), nil},
		{"a window without length", []string{windowSane, ballotWindow}, header(func(w *world) { w.head["opens"] = w.head["closes"] }), nil},
		{"a voter twice", []string{rollUnique}, tamper{start: func(w *world) { w.voters = append(w.voters, w.voters[2]) }}, nil},
		{"two heads", []string{rollWeight}, tamper{start: func(w *world) { w.voters[silentVoter].Heads = 2 }}, nil},
		{"an owner without area", []string{rollWeight}, tamper{start: func(w *world) { w.voters[silentVoter].Area = 0 }}, nil},
		{"a name changed", []string{rollMasked}, tamper{lines: func(w *world) { w.lines[3] = bytes.Replace(w.lines[3], []byte("张"), []byte("李"), 1) }}, nil},
		{"no fingerprint", []string{rollMasked}, tamper{lines: func(w *world) { w.lines = slices.Delete(w.lines, 41, 42) }}, nil},
		{"0.01 m² more published", []string{rollTotal}, header(func(w *world) {
			w.head["roll"].(map[string]any)["all"] = Weight{40, 40*8000 + 780 + 1}
		}), nil},
		{"a gap", []string{ledgerIndex}, tamper{points: func(w *world) { w.leaves[5].Index++ }}, nil},
		{"one leaf more", []string{ledgerSize}, header(func(w *world) { w.head["leaves"] = 50 }), nil},
		{"a leaf that says nothing", []string{ledgerSyntax}, tamper{leaves: func(w *world) { insertLeaf(w, "hello\n") }}, nil},
		{"a leaf with a number in another form", []string{ledgerSyntax}, tamper{leaves: func(w *world) {
			insertLeaf(w, strings.Replace(w.leaves[0].Text, "n 1", "n 01", 1))
		}}, nil},
		{"a leaf with a time in another form", []string{ledgerSyntax}, tamper{leaves: func(w *world) {
			insertLeaf(w, strings.Replace(w.leaves[0].Text, ".000000Z", ",000000Z", 1))
		}}, nil},
		{"a leaf that goes on", []string{ledgerSyntax}, tamper{leaves: func(w *world) { insertLeaf(w, w.leaves[0].Text+"more 1\n") }}, nil},
		{"a leaf of another poll", []string{ledgerPoll}, first(func(b *ballotLeaf) { b.poll = "XW-ZR-2026-001" }), nil},
		{"a closing leaf of another poll", []string{ledgerPoll}, tamper{closing: func(w *world) { w.closing.poll = "XW-ZR-2026-001" }}, nil},
		{"back in time", []string{ledgerOrder}, first(func(b *ballotLeaf) { b.at = b.at.Add(-1001 * time.Millisecond) }), nil},
		{"another rule", []string{ballotRule}, first(func(b *ballotLeaf) { b.rule = "cc278.ordinary" }), nil},
		{"a stranger", []string{ballotVoter}, tamper{start: func(w *world) {
			b := w.ballots[len(w.ballots)-1]
			b.voter, b.n = id(99), 1
			w.ballots = append(w.ballots, b)
		}}, nil},
		{"a version is missing", []string{ballotVersion}, first(func(b *ballotLeaf) { b.n = 2; b.voter = id(silentVoter); b.area = 8000 + silentVoter }), nil},
		{"changed though not allowed", []string{ballotRevision}, header(func(w *world) { w.head["revisable"] = false }), nil},
		{"paper replaced", []string{ballotPaper}, first(func(b *ballotLeaf) { b.channel = "paper" }), nil},
		{"0.01 m² more", []string{ballotWeight}, first(func(b *ballotLeaf) { b.area++ }), nil},
		{"two heads in a ballot", []string{ballotWeight}, first(func(b *ballotLeaf) { b.heads++ }), nil},
		{"perhaps", []string{ballotChoice}, tamper{start: func(w *world) { w.ballots[47].choice = "perhaps" }}, nil},
		{"by fax", []string{ballotChannel}, first(func(b *ballotLeaf) { b.channel = "fax" }), nil},
		{"at the close", []string{ballotWindow}, tamper{start: func(w *world) { w.ballots[47].at = closes }}, nil},
		{"before the opening", []string{ballotWindow}, tamper{start: func(w *world) { w.ballots[0].at = opens.Add(-time.Microsecond) }}, nil},
		{"never closed", []string{closeOnce}, tamper{closing: func(w *world) { w.closing = nil }}, nil},
		{"closed twice", []string{closeOnce, closeLast}, tamper{leaves: func(w *world) {
			w.leaves = append(w.leaves, leafLine{int64(len(w.leaves)), w.closing.String()})
		}}, nil},
		{"a ballot behind the close", []string{closeLast, ballotWindow}, tamper{closing: func(w *world) {
			b := w.ballots[0]
			b.n, b.at, b.channel, b.choice = 3, w.closing.at, "paper", "yes"
			w.after = append(w.after, b)
		}}, nil},
		{"closed early", []string{closeTime}, tamper{closing: func(w *world) { w.closing.at = closes.Add(-time.Microsecond) }}, nil},
		{"one ballot more in the closing leaf", []string{closeBallots}, tamper{closing: func(w *world) { w.closing.ballots++ }}, nil},
		{"0.01 m² more in the closing leaf", []string{closeTotals}, tamper{closing: func(w *world) { w.closing.totals.Yes.Area++ }}, nil},
		{"more signed than are silent", []string{closeSigned}, tamper{closing: func(w *world) { w.closing.totals.Signed.Heads = 5 }}, nil},
		{"one signed that the rule does not know of", []string{closeSigned}, tamper{
			start:   func(w *world) { w.rule()["silent"] = "abstainIfSigned" },
			closing: func(w *world) { w.closing.totals.Signed = Weight{1, 8000} },
		}, nil},
		{"a root beside the signed one", []string{pointForm}, tamper{points: func(w *world) { w.points[1].Root = w.points[0].Root }}, nil},
		{"a size beside the signed one", []string{pointForm}, tamper{points: func(w *world) { w.points[1].Size++ }}, nil},
		{"a checkpoint of another hand", []string{pointSignature}, tamper{points: func(w *world) {
			w.secret = otherSecret
			w.points[1] = w.point(t, 20, w.root(t, 20), opens.Add(21*time.Second))
			w.secret = signKey
		}}, nil},
		{"a checkpoint that goes back", []string{pointGrowth}, tamper{points: func(w *world) { w.points[1], w.points[2] = w.points[2], w.points[1] }}, nil},
		{"a checkpoint twice", []string{pointGrowth}, tamper{points: func(w *world) { w.points = slices.Insert(w.points, 1, w.points[1]) }}, nil},
		{"a checkpoint of another ledger", []string{pointRoot}, tamper{points: func(w *world) {
			w.points[1] = w.point(t, 20, w.root(t, 19), opens.Add(21*time.Second))
		}}, nil},
		{"a checkpoint of more than there is", []string{pointRoot, pointFinal}, tamper{points: func(w *world) {
			w.points = append(w.points, w.point(t, 60, w.root(t, 49), closes.Add(time.Minute)))
		}}, nil},
		{"the last checkpoint is missing", []string{pointFinal}, tamper{points: func(w *world) { w.points = w.points[:len(w.points)-1] }}, nil},
		{"everything written anew after publication", []string{pointPublished}, first(func(b *ballotLeaf) { b.at = b.at.Add(time.Microsecond) }), func(*world) Known {
			return Known{Key: verifyKey, Checkpoints: published(newWorld(t, tamper{}))}
		}},
		{"a known checkpoint of another hand", []string{pointPublished}, tamper{}, func(w *world) Known {
			return Known{Checkpoints: []string{(&world{secret: otherSecret}).point(t, 20, w.root(t, 20), opens).Note}}
		}},
		{"a checkpoint is missing", []string{pointCount}, tamper{lines: func(w *world) {
			w.lines = slices.Delete(w.lines, len(w.lines)-3, len(w.lines)-2)
		}}, nil},
		{"another root in the result", []string{resultLedger}, header(func(w *world) { w.result()["root"] = strings.Repeat("0", 64) }), nil},
		{"one vote more in the result", []string{resultTotals}, header(func(w *world) {
			w.result()["totals"].(map[string]any)["yes"] = w.totals().Yes.plus(Weight{1, 0})
		}), nil},
		{"another numerator", []string{resultTests}, header(func(w *world) { w.result()["tests"].([]outcome)[2].Left++ }), nil},
		{"a test said to be met", []string{resultTests}, header(func(w *world) { w.result()["tests"].([]outcome)[2].Met = false }), nil},
		{"a test is missing", []string{resultTests}, header(func(w *world) { w.result()["tests"] = w.result()["tests"].([]outcome)[:3] }), nil},
		{"another verdict", []string{resultOutcome}, header(func(w *world) { w.result()["outcome"] = "rejected" }), nil},
		{"art. 278 said to be missed", []string{resultArticle278}, tamper{
			start:  func(w *world) { w.rule()["art278"] = false },
			header: func(w *world) { w.result()["law278"] = law278{Known: true} },
		}, nil},
		{"art. 278 left out", []string{resultArticle278}, tamper{
			start:  func(w *world) { w.rule()["art278"] = false },
			header: func(w *world) { delete(w.result(), "law278") },
		}, nil},
	}
	tested := map[string]bool{pointPace: true} // TestPaceWarns
	for _, tc := range cases {
		for _, code := range tc.codes {
			tested[code] = true
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tc.c)
			known := Known{Key: w.key}
			if tc.known != nil {
				known = tc.known(w)
			}
			r := check(t, w, known)
			require.False(t, r.OK())
			got := ended(r, Failed)
			slices.Sort(got)
			slices.Sort(tc.codes)
			require.Equal(t, tc.codes, got, "%+v", r.Checks)
			for _, c := range r.Checks {
				require.Equal(t, c.State == Failed, c.Found > 0 && c.State != Warned, c.Code)
				require.True(t, c.State != Failed || c.Detail != "", "%s says what it found", c.Code)
			}
		})
	}
	for _, c := range allChecks() {
		require.True(t, tested[c.Code], "no test makes %s fail", c.Code)
	}
}

func insertLeaf(w *world, text string) {
	w.leaves = slices.Insert(w.leaves, 7, leafLine{Text: text})
	for i := range w.leaves {
		w.leaves[i].Index = int64(i)
	}
}

func TestPaceWarns(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		wait time.Duration
		want []string
	}{"60 s": {60 * time.Second, []string{}}, "one microsecond more": {60*time.Second + time.Microsecond, []string{pointPace}}} {
		w := newWorld(t, tamper{points: func(w *world) {
			w.points = w.points[4:] // the one that covers all ballots, and the last
			w.points[0] = w.point(t, 48, w.root(t, 48), opens.Add(time.Second+tc.wait))
		}})
		r := check(t, w, Known{})
		require.True(t, r.OK(), name)
		require.Equal(t, tc.want, ended(r, Warned), name)
	}
}

func TestNoHeaderSkipsTheRest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "{}", "x", `{"format":"gongzhi.vote/1","leaves":"1"}`, strings.Repeat("x", 2<<20)} {
		r, err := Verify(strings.NewReader(text))
		require.NoError(t, err)
		require.False(t, r.OK())
		require.Equal(t, []string{formatHeader}, ended(r, Failed))
		require.Equal(t, []string{formatLines}, ended(r, Passed))
	}
	broken := fmt.Errorf("the disk is broken")
	_, err := Verify(failing{broken})
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestReportIsJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(check(t, newWorld(t, tamper{}), Known{}))
	require.NoError(t, err)
	require.Contains(t, string(b), `"code":"close.totals","title":"截止记录的各项合计等于重新计票","state":"passed"`)
}
