package ballot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/rules"
)

func TestLeafTexts(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 2, 8, 30, 0, 120_000_999, time.FixedZone("CST", 8*3600))
	text := ballot.LeafText(number, "00112233445566778899", 2, ballot.Yes, rules.Weight{Heads: 1, Area: 8000}, ballot.Door, at, "cc278.special")
	require.Equal(t, "gongzhi ballot 1\npoll XW-ZR-2026-014\nvoter 00112233445566778899\nn 2\nchoice yes\nheads 1\narea 8000\nchannel door\n"+
		"at 2026-09-02T00:30:00.120000Z\nrule cc278.special\n", text)
	require.Equal(t, "gongzhi close 1\npoll XW-ZR-2026-014\nat 2026-09-02T00:30:00.120000Z\nballots 7\nall 5 50\nyes 1 10\nno 0 0\nabstain 2 20\nsigned 1 9\n",
		ballot.CloseText(number, rules.Totals{All: rules.Weight{Heads: 5, Area: 50}, Yes: rules.Weight{Heads: 1, Area: 10},
			Abstain: rules.Weight{Heads: 2, Area: 20}, Signed: rules.Weight{Heads: 1, Area: 9}}, 7, at))
	require.Regexp(t, "^[0-9A-HJKMNP-TV-Z]{16}$", ballot.Tracker(text))
	require.NotEqual(t, ballot.Tracker(text), ballot.Tracker(text+"\n"))
}

func TestSecret(t *testing.T) {
	t.Parallel()
	require.Regexp(t, "^[0-9a-f]{20}$", secret.Pseudonym(number, "0001"))
	require.Equal(t, secret.Pseudonym(number, "0001"), ballot.Secret{1, 2, 3}.Pseudonym(number, "0001"))
	code := secret.Code(number, "0001")
	require.Regexp(t, "^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$", code)
	seen := map[string]bool{}
	for _, s := range []ballot.Secret{secret, {}} {
		for _, at := range [][2]string{{"1", "23"}, {"12", "3"}, {"", "123"}, {"123", ""}} {
			require.False(t, seen[s.Pseudonym(at[0], at[1])] || seen[s.Code(at[0], at[1])])
			seen[s.Pseudonym(at[0], at[1])], seen[s.Code(at[0], at[1])] = true, true
		}
	}
	for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " — ") + "\n",
		strings.NewReplacer("0", "o", "1", "l").Replace(code), strings.ReplaceAll(code, "1", "I"), strings.Map(func(r rune) rune { return r + '！' - '!' }, code)} {
		require.Equal(t, ballot.CodeHash(code), ballot.CodeHash(typed), typed)
	}
	require.NotEqual(t, ballot.CodeHash(code), ballot.CodeHash(secret.Code(number, "0002")))
	require.NotEqual(t, ballot.CodeHash(code), ballot.CodeHash(code+"0"))

	signer, err := secret.Signer(ballot.Origin(number))
	require.NoError(t, err)
	signed, err := note.Sign(&note.Note{Text: "x\n"}, signer)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(verifierKey(t))
	require.NoError(t, err)
	_, err = note.Open(signed, note.VerifierList(verifier))
	require.NoError(t, err)
	other, err := ballot.Secret{}.Verifier(ballot.Origin(number))
	require.NoError(t, err)
	stranger, err := note.NewVerifier(other)
	require.NoError(t, err)
	_, err = note.Open(signed, note.VerifierList(stranger))
	require.Error(t, err)
	_, err = secret.Signer("a name with spaces")
	require.Error(t, err)
}

func TestCheckpointsAndProofs(t *testing.T) {
	t.Parallel()
	s := vote(t, 30)
	k := keeper(s)
	empty, err := k.Checkpoint(t.Context(), number)
	require.NoError(t, err)
	require.Zero(t, empty.Size)
	var texts []string
	for i := range 30 {
		texts = append(texts, s.cast(i, ballot.Yes))
		if i%7 == 6 {
			c, err := k.Checkpoint(t.Context(), number)
			require.NoError(t, err)
			require.Equal(t, int64(i+1), c.Size)
			again, err := k.Checkpoint(t.Context(), number)
			require.NoError(t, err)
			require.Equal(t, c, again, "nothing was added: the same checkpoint")
		}
	}
	require.Len(t, s.points, 5)
	_, err = k.Checkpoint(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, 30, s.reads, "every leaf is read once")

	for i, text := range texts {
		p, err := k.Proof(t.Context(), number, ballot.Tracker(text))
		require.NoError(t, err)
		require.Equal(t, text, p.Leaf)
		require.NoError(t, ballot.VerifyProof(p, verifierKey(t)), i)
	}
	_, err = k.Proof(t.Context(), number, "0000000000000000")
	require.Equal(t, ballot.CodeReceipt, code(err))
}

func code(err error) string {
	if refusal, ok := err.(*procedure.Error); ok {
		return refusal.Code
	}
	return ""
}

func TestProofRefusesForgeries(t *testing.T) {
	t.Parallel()
	s := vote(t, 9)
	var tracker string
	for i := range 9 {
		if text := s.cast(i, ballot.Yes); i == 4 {
			tracker = ballot.Tracker(text)
		}
	}
	honest, err := keeper(s).Proof(t.Context(), number, tracker)
	require.NoError(t, err)
	other, err := ballot.Secret{}.Verifier(ballot.Origin(number))
	require.NoError(t, err)
	stranger := vote(t, 9)
	stranger.cast(0, ballot.No)
	k := keeper(stranger)
	k.Secret = ballot.Secret{}
	foreign, err := k.Checkpoint(t.Context(), number)
	require.NoError(t, err)
	for name, forge := range map[string]func(p *ballot.Proof, key *string){
		"choice":     func(p *ballot.Proof, _ *string) { p.Leaf = strings.Replace(p.Leaf, "choice yes", "choice no", 1) },
		"poll":       func(p *ballot.Proof, _ *string) { p.Leaf = strings.Replace(p.Leaf, number, "XW-ZR-2026-001", 1) },
		"place":      func(p *ballot.Proof, _ *string) { p.Index = 3 },
		"negative":   func(p *ballot.Proof, _ *string) { p.Index = -1 },
		"behind":     func(p *ballot.Proof, _ *string) { p.Index = 9 },
		"hash":       func(p *ballot.Proof, _ *string) { p.Hashes[0] = p.Hashes[1] },
		"no hash":    func(p *ballot.Proof, _ *string) { p.Hashes[0] = "x" },
		"fewer":      func(p *ballot.Proof, _ *string) { p.Hashes = p.Hashes[1:] },
		"checkpoint": func(p *ballot.Proof, _ *string) { p.Checkpoint = foreign.Note },
		"size":       func(p *ballot.Proof, _ *string) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n9\n", "\n10\n", 1) },
		"key":        func(_ *ballot.Proof, key *string) { *key = other },
		"no key":     func(_ *ballot.Proof, key *string) { *key = "x" },
	} {
		p, key := honest, verifierKey(t)
		p.Hashes = append([]string(nil), honest.Hashes...)
		forge(&p, &key)
		require.Equal(t, ballot.CodeReceipt, code(ballot.VerifyProof(p, key)), name)
	}
	require.NoError(t, ballot.VerifyProof(honest, verifierKey(t)))
}

func TestNewBallotWaitsForItsCheckpoint(t *testing.T) {
	t.Parallel()
	s := vote(t, 30)
	k := keeper(s)
	first, second := s.cast(0, ballot.Yes), s.cast(1, ballot.Yes)
	_, err := k.Proof(t.Context(), number, ballot.Tracker(first))
	require.NoError(t, err)
	third := s.cast(2, ballot.Yes)
	_, err = k.Proof(t.Context(), number, ballot.Tracker(third))
	require.Equal(t, ballot.CodeReceipt, code(err), "asking cannot make a checkpoint for every ballot")
	for i := 3; i < 23; i++ {
		s.cast(i, ballot.Yes) // 20 seconds go by
	}
	for _, text := range []string{third, second} {
		p, err := k.Proof(t.Context(), number, ballot.Tracker(text))
		require.NoError(t, err)
		require.NoError(t, ballot.VerifyProof(p, verifierKey(t)))
	}
	require.Len(t, s.points, 2)
}

func TestRewrittenLedgerIsNotSigned(t *testing.T) {
	t.Parallel()
	for name, rewrite := range map[string]func(*shelf){
		"changed": func(s *shelf) { s.leaves[1].Text = strings.Replace(s.leaves[1].Text, "yes", "no", 1) },
		"removed": func(s *shelf) { s.leaves = s.leaves[:2] },
		"swapped": func(s *shelf) { s.leaves[0].Text, s.leaves[1].Text = s.leaves[1].Text, s.leaves[0].Text },
	} {
		s := vote(t, 9)
		for i := range 4 {
			s.cast(i, ballot.Yes)
		}
		_, err := keeper(s).Checkpoint(t.Context(), number)
		require.NoError(t, err)
		rewrite(s)
		s.cast(5, ballot.Yes)
		_, err = keeper(s).Checkpoint(t.Context(), number) // a new process
		require.ErrorIs(t, err, ballot.ErrForked, name)
		require.Len(t, s.points, 1)
	}
	s := vote(t, 9)
	s.cast(0, ballot.Yes)
	s.leaves[0].Index = 1
	_, err := keeper(s).Checkpoint(t.Context(), number)
	require.ErrorContains(t, err, "leaf 0 is missing")
}

func TestKeeperSignsAtEveryTick(t *testing.T) {
	t.Parallel()
	s := vote(t, 9)
	k := keeper(s)
	tick := make(chan time.Time)
	k.Tick = tick
	k.Failed = func(number string, err error) { t.Errorf("%s: %v", number, err) }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- k.Run(ctx) }()
	tick <- opens // nothing yet
	s.cast(0, ballot.Yes)
	tick <- opens
	tick <- opens // when this is taken, the look before is over
	s.cast(1, ballot.Yes)
	tick <- opens
	tick <- opens
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
	require.Len(t, s.points, 2)
	require.Equal(t, []int64{1, 2}, []int64{s.points[0].Size, s.points[1].Size})
}

func TestKeeperTellsOfFailures(t *testing.T) {
	t.Parallel()
	s := vote(t, 9)
	s.cast(0, ballot.Yes)
	s.leaves[0].Index = 7
	k := keeper(s)
	tick := make(chan time.Time)
	k.Tick = tick
	failed := make(chan string, 1)
	k.Failed = func(number string, _ error) { failed <- number }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- k.Run(ctx) }()
	tick <- opens
	require.Equal(t, number, <-failed)
	stop()
	<-done
}

func TestManyReadersOneLedger(t *testing.T) {
	t.Parallel()
	s := vote(t, 200)
	k := keeper(s)
	var mu sync.Mutex
	var texts []string
	var all sync.WaitGroup
	all.Go(func() {
		for i := range 200 {
			text := s.cast(i, ballot.Yes)
			if _, err := k.Checkpoint(context.Background(), number); err != nil {
				t.Error(err)
			}
			mu.Lock()
			texts = append(texts, text)
			mu.Unlock()
		}
	})
	key := verifierKey(t)
	for range 4 {
		all.Go(func() {
			for checked := 0; checked < 200; {
				mu.Lock()
				text := ""
				if len(texts) > checked {
					text = texts[checked]
				}
				mu.Unlock()
				if text == "" {
					continue
				}
				p, err := k.Proof(context.Background(), number, ballot.Tracker(text))
				if err == nil {
					err = ballot.VerifyProof(p, key)
				}
				if err != nil {
					t.Error(err)
				}
				checked++
			}
		})
	}
	all.Wait()
	require.Len(t, s.points, 200)
}

func TestLedgerIsRFC6962(t *testing.T) {
	t.Parallel()
	s := vote(t, 3)
	a, b, c := s.cast(0, ballot.Yes), s.cast(1, ballot.No), s.cast(2, ballot.Abstain)
	l := ballot.NewLedger(number, s)
	size, err := l.Extend(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(3), size)
	root, err := l.Root(3)
	require.NoError(t, err)
	leaf := func(text string) tlog.Hash { return tlog.RecordHash([]byte(text)) }
	require.Equal(t, tlog.NodeHash(tlog.NodeHash(leaf(a), leaf(b)), leaf(c)), root)
	_, err = l.Root(4)
	require.Error(t, err)
	_, err = l.Prove(4, 0)
	require.Error(t, err)
}
