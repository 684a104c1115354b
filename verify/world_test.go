package verify

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var (
	opens  = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 9, 16, 10, 0, 0, 0, time.UTC)
)

const number = "XW-ZR-2026-014"

// world is a vote whose export the tests write, honestly or with what a dishonest organiser would do who holds the key.
// Everything is derived after a stage is tampered with, so that a test breaks one thing and nothing else.
type world struct {
	key, secret string
	voters      []voterLine
	ballots     []ballotLeaf
	closing     *closeLeaf
	after       []ballotLeaf // ballots behind the closing leaf
	leaves      []leafLine
	points      []checkpointLine
	masked      maskedLine
	head        map[string]any
	lines       [][]byte
	sealed      []byte
}

// tamper changes a world at the end of its stages. What follows is derived from what was changed.
type tamper struct {
	start, closing, leaves, points, header, lines, sealed func(*world)
}

func do(f func(*world), w *world) {
	if f != nil {
		f(w)
	}
}

// keys are made once: making them is slow.
var signKey, verifyKey = makeKey()

func makeKey() (string, string) {
	secret, key, err := note.GenerateKey(rand.Reader, "gongzhi/"+number)
	if err != nil {
		panic(err)
	}
	return secret, key
}

func id(i int) string { return fmt.Sprintf("%020x", i+1) }

// newWorld is a vote of 40 owners of whom 36 vote and every third changes the mind once: passed with 30 of 36.
func newWorld(tb testing.TB, c tamper) *world {
	w := &world{key: verifyKey, secret: signKey}
	for i := range 40 {
		w.voters = append(w.voters, voterLine{Pseudonym: id(i), Masked: fmt.Sprintf("1-%d** 张*", i), Building: "1", Heads: 1, Area: 8000 + int64(i)})
	}
	at := opens
	for n := int64(1); n <= 2; n++ {
		for i := range 36 {
			if n == 2 && i%3 != 0 {
				continue
			}
			choice := "yes"
			if i%6 == 5 || (n == 1 && i%3 == 0) {
				choice = "no"
			}
			at = at.Add(time.Second)
			w.ballots = append(w.ballots, ballotLeaf{poll: number, voter: id(i), choice: choice, channel: []string{"web", "paper", "door"}[i%3],
				rule: "cc278.special", n: n, heads: 1, area: 8000 + int64(i), at: at})
		}
	}
	w.head = header278()
	do(c.start, w)
	w.deriveClosing()
	do(c.closing, w)
	w.deriveLeaves()
	do(c.leaves, w)
	w.derivePoints(tb)
	do(c.points, w)
	w.deriveHeader(tb)
	do(c.header, w)
	w.write(tb)
	do(c.lines, w)
	w.seal(tb)
	do(c.sealed, w)
	return w
}

func header278() map[string]any {
	rule := func(key, measure, part, whole string, num, den int) map[string]any {
		return map[string]any{"key": key, "measure": measure, "part": part, "whole": whole, "ratio": map[string]any{"num": num, "den": den, "strict": false}}
	}
	return map[string]any{
		"format": format, "number": number, "animal": "OWNER_278", "title": "听雨花园外墙改造", "question": "是否同意改造", "estate": "听雨花园",
		"rule": map[string]any{"id": "cc278.special", "title": "业主共同决定（特别事项）", "counting": []string{"owner"}, "silent": "none", "art278": true,
			"tests": []any{rule("quorum.heads", "heads", "participants", "all", 2, 3), rule("quorum.area", "area", "participants", "all", 2, 3),
				rule("consent.heads", "heads", "yes", "participants", 3, 4), rule("consent.area", "area", "yes", "participants", 3, 4)}},
		"options": map[string]any{"counting": "owner"}, "revisable": true, "origin": "gongzhi/" + number,
		"opens": opens.Format(moment), "closes": closes.Format(moment),
	}
}

func (w *world) rule() map[string]any { return w.head["rule"].(map[string]any) }

// totals counts the ballots in its own way: the last of each voter, by the last line of the roll that names the voter.
func (w *world) totals() Totals {
	var t Totals
	weights, signed, choices := map[string]Weight{}, map[string]bool{}, map[string]string{}
	for _, v := range w.voters {
		weights[v.Pseudonym], signed[v.Pseudonym] = Weight{v.Heads, v.Area}, v.Signed
		t.All = t.All.plus(Weight{v.Heads, v.Area})
	}
	for _, b := range append(append([]ballotLeaf(nil), w.ballots...), w.after...) {
		choices[b.voter] = b.choice
	}
	for voter, weight := range weights {
		switch choice := choices[voter]; {
		case choice == "yes":
			t.Yes = t.Yes.plus(weight)
		case choice == "no":
			t.No = t.No.plus(weight)
		case choice == "abstain":
			t.Abstain = t.Abstain.plus(weight)
		case choice == "" && signed[voter]:
			t.Signed = t.Signed.plus(weight)
		}
	}
	return t
}

func (w *world) deriveClosing() {
	w.closing = &closeLeaf{poll: number, at: closes.Add(time.Second), ballots: int64(len(w.ballots)), totals: w.totals()}
}

func (b ballotLeaf) String() string {
	return fmt.Sprintf("gongzhi ballot 1\npoll %s\nvoter %s\nn %d\nchoice %s\nheads %d\narea %d\nchannel %s\nat %s\nrule %s\n",
		b.poll, b.voter, b.n, b.choice, b.heads, b.area, b.channel, b.at.Format(moment), b.rule)
}

func (c closeLeaf) String() string {
	text := fmt.Sprintf("gongzhi close 1\npoll %s\nat %s\nballots %d\n", c.poll, c.at.Format(moment), c.ballots)
	for i, t := range []Weight{c.totals.All, c.totals.Yes, c.totals.No, c.totals.Abstain, c.totals.Signed} {
		text += fmt.Sprintf("%s %d %d\n", []string{"all", "yes", "no", "abstain", "signed"}[i], t.Heads, t.Area)
	}
	return text
}

func (w *world) deriveLeaves() {
	add := func(text string) { w.leaves = append(w.leaves, leafLine{int64(len(w.leaves)), text}) }
	for _, b := range w.ballots {
		add(b.String())
	}
	if w.closing != nil {
		add(w.closing.String())
	}
	for _, b := range w.after {
		add(b.String())
	}
}

// root is the root of the first size leaves, as x/mod reckons it.
func (w *world) root(tb testing.TB, size int64) tlog.Hash {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (found []tlog.Hash, _ error) {
		for _, i := range at {
			found = append(found, hashes[i])
		}
		return found, nil
	})
	for i := range size {
		added, err := tlog.StoredHashes(i, []byte(w.leaves[i].Text), reader)
		require.NoError(tb, err)
		hashes = append(hashes, added...)
	}
	root, err := tlog.TreeHash(size, reader)
	require.NoError(tb, err)
	return root
}

func (w *world) sign(tb testing.TB, secret, text string) string {
	signer, err := note.NewSigner(secret)
	require.NoError(tb, err)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	require.NoError(tb, err)
	return string(signed)
}

func (w *world) point(tb testing.TB, size int64, root tlog.Hash, at time.Time) checkpointLine {
	text := fmt.Sprintf("gongzhi/%s\n%d\n%s\nat %s\n", number, size, root, at.Format(moment))
	return checkpointLine{Size: size, Root: hex.EncodeToString(root[:]), Note: w.sign(tb, w.secret, text)}
}

func (w *world) derivePoints(tb testing.TB) {
	size := int64(len(w.leaves))
	for n := int64(10); n < size; n = min(n+10, max(n+1, size-1)) { // the last covers all but the closing leaf
		w.points = append(w.points, w.point(tb, n, w.root(tb, n), opens.Add(time.Duration(n)*time.Second+time.Second)))
	}
	w.points = append(w.points, w.point(tb, size, w.root(tb, size), closes.Add(2*time.Second)))
}

func (w *world) deriveHeader(tb testing.TB) {
	totals := w.totals()
	if w.closing != nil && w.rule()["silent"] != "abstainIfSigned" {
		totals.Signed = w.closing.totals.Signed
	}
	var tests []test
	b, err := json.Marshal(w.rule()["tests"])
	require.NoError(tb, err)
	require.NoError(tb, json.Unmarshal(b, &tests))
	silent := w.rule()["silent"].(string)
	results, verdict := judge(tests, totals.groups(silent, true))
	root := w.root(tb, int64(len(w.leaves)))
	w.head["leaves"], w.head["verifier"], w.head["checkpoints"] = len(w.leaves), w.key, len(w.points)
	w.head["roll"] = map[string]any{"version": 2, "fingerprint": "ab12", "voters": len(w.voters), "all": totals.All}
	result := map[string]any{"tests": results, "outcome": verdict, "leaves": len(w.leaves), "root": hex.EncodeToString(root[:]),
		"totals": map[string]any{"counting": "owner", "all": totals.All, "yes": totals.Yes, "no": totals.No, "abstain": totals.Abstain, "signed": totals.Signed}}
	if w.rule()["art278"] != true {
		result["law278"] = article278(totals, silent, "owner")
	}
	w.head["result"] = result
	sum := sha256.New()
	for _, v := range w.voters {
		fmt.Fprintf(sum, "%s\t%s\t%s\t%d\t%d\n", v.Pseudonym, v.Masked, v.Building, v.Heads, v.Area)
	}
	w.masked = maskedLine{int64(len(w.voters)), hex.EncodeToString(sum.Sum(nil))}
}

func (w *world) result() map[string]any { return w.head["result"].(map[string]any) }

func encode(tb testing.TB, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(tb, enc.Encode(v))
	return b.Bytes()
}

func (w *world) write(tb testing.TB) {
	add := func(v any) { w.lines = append(w.lines, encode(tb, v)) }
	add(w.head)
	for _, v := range w.voters {
		add(map[string]any{"voter": v})
	}
	add(map[string]any{"masked": w.masked})
	for _, l := range w.leaves {
		add(map[string]any{"leaf": l})
	}
	for _, p := range w.points {
		add(map[string]any{"checkpoint": p})
	}
}

func (w *world) seal(tb testing.TB) {
	body := bytes.Join(w.lines, nil)
	text := fmt.Sprintf("gongzhi/%s\nexport 1\nsha256 %x\n", number, sha256.Sum256(body))
	w.sealed = append(body, encode(tb, map[string]string{"seal": w.sign(tb, w.secret, text)})...)
}

func (w *world) file() io.Reader { return bytes.NewReader(w.sealed) }

// ended returns the codes of the checks that ended so.
func ended(r Report, s State) []string {
	codes := []string{}
	for _, c := range r.Checks {
		if c.State == s {
			codes = append(codes, c.Code)
		}
	}
	return codes
}
