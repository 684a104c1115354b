package ballot_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/verify"
)

// TestExportIsRecounted joins the two sides that share no code.
func TestExportIsRecounted(t *testing.T) {
	t.Parallel()
	for _, n := range []int{5, 4100} { // one page, and several
		s := vote(t, n)
		k := keeper(s)
		for i := range n - 1 {
			choice := ballot.Yes
			if i%4 == 3 {
				choice = ballot.No
			}
			s.cast(i, choice)
			if i%50 == 0 {
				_, err := k.Checkpoint(t.Context(), number)
				require.NoError(t, err)
			}
		}
		require.Equal(t, ballot.CodeResult, code(ballot.Export(t.Context(), new(bytes.Buffer), s, secret, number)), "not counted yet")
		s.count(t, k)
		var file bytes.Buffer
		require.NoError(t, ballot.Export(t.Context(), &file, s, secret, number))
		require.NotContains(t, file.String(), "张三丰")
		require.NotContains(t, file.String(), "13800000000")
		r, err := verify.Known{Key: verifierKey(t), Checkpoints: []string{s.points[0].Note}}.Verify(bytes.NewReader(file.Bytes()))
		require.NoError(t, err)
		for _, c := range r.Checks {
			require.Equal(t, verify.Passed, c.State, "%s: %s", c.Code, c.Detail)
		}
		require.Equal(t, string(s.poll.Result.Verdict.Outcome), r.Outcome)
		require.Equal(t, s.poll.Result.Totals.Yes.Area, r.Totals.Yes.Area)
		require.Equal(t, int64(n-1), r.Ballots)
	}
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	s := vote(t, 3)
	k := keeper(s)
	s.cast(0, ballot.Yes)
	s.count(t, k)
	require.Equal(t, ballot.CodePoll, code(ballot.Export(t.Context(), new(bytes.Buffer), s, secret, "XW-ZR-2026-001")))
	s.points = s.points[:0]
	require.Equal(t, ballot.CodeResult, code(ballot.Export(t.Context(), new(bytes.Buffer), s, secret, number)), "no checkpoint of the whole ledger")
	s.poll.Imported = &ballot.Certified{Platform: "业主决策平台"}
	require.Equal(t, ballot.CodeResult, code(ballot.Export(t.Context(), new(bytes.Buffer), s, secret, number)))
}

var writeSample = flag.String("sample", "", "folder to write the sample files of the command's tests to")

// TestWriteSample exports a small vote, always the same bytes, and writes the files when asked to (-sample FOLDER). The files in the
// repository must be what it writes, so that a change of the format cannot go unnoticed.
func TestWriteSample(t *testing.T) {
	t.Parallel()
	s := vote(t, 5)
	k := keeper(s)
	first := s.cast(0, ballot.Yes)
	c, err := k.Checkpoint(t.Context(), number)
	require.NoError(t, err)
	s.cast(1, ballot.Yes)
	s.cast(2, ballot.Yes)
	s.cast(3, ballot.No)
	receipt, err := k.Proof(t.Context(), number, ballot.Tracker(first))
	require.NoError(t, err)
	s.count(t, k)
	var file bytes.Buffer
	require.NoError(t, ballot.Export(t.Context(), &file, s, secret, number))
	proof, err := json.MarshalIndent(receipt, "", "  ")
	require.NoError(t, err)
	folder := filepath.Join("..", "cmd", "internal", "records", "testdata")
	for name, want := range map[string][]byte{"vote.ndjson": file.Bytes(), "receipt.json": proof, "key.txt": []byte(verifierKey(t) + "\n"), "checkpoint.txt": []byte(c.Note)} {
		if *writeSample != "" {
			require.NoError(t, os.WriteFile(filepath.Join(*writeSample, name), want, 0o600))
		}
		got, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "write it anew: go test ./ballot -run TestWriteSample -args -sample ../%s", folder[3:])
	}
}
