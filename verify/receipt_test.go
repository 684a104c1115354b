package verify

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// prove makes the receipt of a leaf by the checkpoint.
func (w *world) prove(t *testing.T, index int64, c checkpointLine) proof {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (found []tlog.Hash, _ error) {
		for _, i := range at {
			found = append(found, hashes[i])
		}
		return found, nil
	})
	for i := range c.Size {
		added, err := tlog.StoredHashes(i, []byte(w.leaves[i].Text), reader)
		require.NoError(t, err)
		hashes = append(hashes, added...)
	}
	path, err := tlog.ProveRecord(c.Size, index, reader)
	require.NoError(t, err)
	p := proof{Leaf: w.leaves[index].Text, Index: index, Checkpoint: c.Note, Hashes: []string{}}
	for _, h := range path {
		p.Hashes = append(p.Hashes, hex.EncodeToString(h[:]))
	}
	return p
}

func checkProof(t *testing.T, p proof, key string) (Receipt, error) {
	b, err := json.Marshal(p)
	require.NoError(t, err)
	return VerifyReceipt(bytes.NewReader(b), key)
}

func TestEveryReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tamper{})
	for _, c := range w.points {
		for i := range min(c.Size, 48) {
			r, err := checkProof(t, w.prove(t, i, c), w.key)
			require.NoError(t, err)
			b := w.ballots[i]
			require.Equal(t, b.choice, r.Choice)
			require.Equal(t, b.voter, r.Voter)
			require.Equal(t, number, r.Number)
			require.Equal(t, c.Size, r.Size)
			require.Len(t, r.Tracker, 16)
		}
	}
}

func TestForgedReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tamper{})
	last := w.points[len(w.points)-1]
	_, otherKey := makeKey()
	otherSecret, _ := makeKey()
	for name, forge := range map[string]func(*proof, *string){
		"another choice":     func(p *proof, _ *string) { p.Leaf = w.leaves[6].Text },
		"another place":      func(p *proof, _ *string) { p.Index++ },
		"behind the end":     func(p *proof, _ *string) { p.Index = 49 },
		"before the start":   func(p *proof, _ *string) { p.Index = -1 },
		"a hash less":        func(p *proof, _ *string) { p.Hashes = p.Hashes[1:] },
		"a hash more":        func(p *proof, _ *string) { p.Hashes = append(p.Hashes, p.Hashes[0]) },
		"a hash that is not": func(p *proof, _ *string) { p.Hashes[0] = "zz" },
		"another checkpoint": func(p *proof, _ *string) { p.Checkpoint = w.points[1].Note },
		"another key":        func(_ *proof, key *string) { *key = otherKey },
		"no key":             func(_ *proof, key *string) { *key = "" },
		"the closing leaf":   func(p *proof, _ *string) { *p = w.prove(t, 48, last) },
		"signed by another": func(p *proof, _ *string) {
			p.Checkpoint = (&world{secret: otherSecret}).point(t, 49, w.root(t, 49), closes).Note
		},
		"a seal for a checkpoint": func(p *proof, _ *string) {
			p.Checkpoint = w.sign(t, w.secret, "gongzhi/"+number+"\nexport 1\nsha256 00\n")
		},
		"a leaf of another poll": func(p *proof, _ *string) {
			other := newWorld(t, tamper{start: func(w *world) { w.ballots[5].poll = "XW-ZR-2026-001" }})
			*p = other.prove(t, 5, other.points[0])
		},
	} {
		p, key := w.prove(t, 5, last), w.key
		forge(&p, &key)
		_, err := checkProof(t, p, key)
		require.ErrorIs(t, err, ErrReceipt, name)
	}
	_, err := VerifyReceipt(bytes.NewReader([]byte("x")), w.key)
	require.ErrorIs(t, err, ErrReceipt)
}

func TestRandomForgeries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tamper{})
	honest := w.prove(t, 5, w.points[len(w.points)-1])
	random := rand.New(rand.NewPCG(seed, 3))
	for round := range 1000 {
		p := honest
		leaf := []byte(p.Leaf)
		leaf[random.IntN(len(leaf))] ^= 1 << random.IntN(7)
		p.Leaf = string(leaf)
		_, err := checkProof(t, p, w.key)
		require.ErrorIs(t, err, ErrReceipt, "seed %d round %d: %q", seed, round, leaf)
	}
}
