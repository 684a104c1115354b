package records

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"gongzhi/verify"
)

// The files are a vote of 听雨花园 of five owners, exported by TestWriteSample of package ballot, and the receipt of its first ballot.
func sample(t *testing.T, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

func run(t *testing.T, stdin []byte, args ...string) (string, error) {
	var out bytes.Buffer
	root := &cobra.Command{Use: "gongzhi", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(verifyCommand(""))
	root.SetArgs(append([]string{"verify"}, args...))
	root.SetIn(bytes.NewReader(stdin))
	root.SetOut(&out)
	err := root.Execute()
	return out.String(), err
}

func packed(t *testing.T, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestVerifyVote(t *testing.T) {
	t.Parallel()
	key := string(bytes.TrimSpace(sample(t, "key.txt")))
	vote := sample(t, "vote.ndjson")
	text, err := run(t, nil, "vote", "testdata/vote.ndjson", "--key", key, "--checkpoint", "testdata/checkpoint.txt")
	require.NoError(t, err)
	require.Contains(t, text, "✓ 公布的票数等于重新计票（result.totals）")
	require.Contains(t, text, "✓ 您手中的检查点都是本账本的前段")
	require.Contains(t, text, "✓ 同意面积／参与表决面积：240.00/320.00，须3/4 以上")
	require.Contains(t, text, "重新计票的结论：通过")
	require.NotContains(t, text, "✗")
	for _, in := range [][]byte{vote, packed(t, vote)} {
		again, err := run(t, in, "vote", "-", "--key", key, "--checkpoint", "testdata/checkpoint.txt")
		require.NoError(t, err)
		require.Equal(t, text, again, "from standard input, packed or not")
	}
	asJSON, err := run(t, vote, "vote", "-", "--json")
	require.NoError(t, err)
	var r verify.Report
	require.NoError(t, json.Unmarshal([]byte(asJSON), &r))
	require.Equal(t, "passed", r.Outcome)

	text, err = run(t, bytes.Replace(vote, []byte("choice yes"), []byte("choice no"), 1), "vote", "-")
	require.ErrorContains(t, err, "核验未通过")
	require.Contains(t, text, "✗ 公布的票数等于重新计票（result.totals）")
	require.Contains(t, text, "✗ 每个检查点都是同一账本的前段（checkpoint.root）")
	_, err = run(t, nil, "vote", "testdata/none")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = run(t, packed(t, vote)[:900], "vote", "-")
	require.ErrorContains(t, err, "unexpected EOF", "a file that ends too soon is not recounted")
}

func TestVerifyReceipt(t *testing.T) {
	t.Parallel()
	key := string(bytes.TrimSpace(sample(t, "key.txt")))
	text, err := run(t, nil, "receipt", "testdata/receipt.json", "--key", key)
	require.NoError(t, err)
	require.Contains(t, text, "✓ 回执有效：这张票在表决 XW-ZR-2026-014 的账本里，第 1 条")
	require.Contains(t, text, "同意，网上，第 1 版，1 人、80.00 平方米")
	forged := bytes.Replace(sample(t, "receipt.json"), []byte("choice yes"), []byte("choice no"), 1)
	_, err = run(t, forged, "receipt", "-", "--key", key)
	require.ErrorIs(t, err, verify.ErrReceipt)
	_, err = run(t, forged, "receipt", "-")
	require.ErrorContains(t, err, "key", "without a key nothing is proven")
}
