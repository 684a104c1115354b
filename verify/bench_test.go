package verify

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkVerify recounts a million voters of whom each has voted, with a checkpoint for every 1,000 ballots.
// It prints how long a ballot took and what memory the recount holds at its end.
func BenchmarkVerify(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "vote.ndjson")
			writeLarge(b, path, n)
			for b.Loop() {
				f, err := os.Open(path)
				require.NoError(b, err)
				r, err := Known{Key: verifyKey}.Verify(f)
				require.NoError(b, err)
				require.NoError(b, f.Close())
				require.True(b, r.OK(), "%+v", r.Checks)
				require.Equal(b, int64(n), r.Ballots)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/(1<<20), "heap-MB")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/ballot")
		})
	}
}

// writeLarge writes the export of n voters who all agree, line by line, as no world could hold it.
func writeLarge(b *testing.B, path string, n int) {
	f, err := os.Create(path)
	require.NoError(b, err)
	sum, out := sha256.New(), bufio.NewWriterSize(f, 1<<20)
	enc := json.NewEncoder(io.MultiWriter(sum, out))
	enc.SetEscapeHTML(false)
	line := func(v any) { require.NoError(b, enc.Encode(v)) }

	w := &world{key: verifyKey, secret: signKey, head: header278()}
	at := func(i int) time.Time { return opens.Add(time.Duration(i) * time.Millisecond) }
	text := func(i int) string {
		return ballotLeaf{poll: number, voter: id(i), n: 1, choice: "yes", heads: 1, area: 8000, channel: "web", at: at(i), rule: "cc278.special"}.String()
	}
	all := Weight{int64(n), int64(n) * 8000}
	closing := closeLeaf{poll: number, at: closes, ballots: int64(n), totals: Totals{All: all, Yes: all}}.String()
	var tree frontier
	var points []checkpointLine
	for i := range n {
		tree.add(leafHash(text(i)))
		if i%1000 == 999 {
			points = append(points, w.point(b, tree.size, tree.root(), at(i+1)))
		}
	}
	tree.add(leafHash(closing))
	root := tree.root()
	points = append(points, w.point(b, tree.size, root, closes.Add(time.Second)))

	w.head["leaves"], w.head["verifier"], w.head["checkpoints"] = n+1, w.key, len(points)
	w.head["roll"] = map[string]any{"version": 1, "fingerprint": "ab12", "voters": n, "all": all}
	var tests []outcome
	for _, key := range []string{"quorum.heads", "quorum.area", "consent.heads", "consent.area"} {
		whole := all.Heads
		if key[len(key)-4:] == "area" {
			whole = all.Area
		}
		tests = append(tests, outcome{Key: key, Left: whole, Right: whole, Met: true, Decides: true})
	}
	w.head["result"] = map[string]any{"tests": tests, "outcome": "passed", "leaves": n + 1, "root": hex.EncodeToString(root[:]),
		"totals": map[string]any{"counting": "owner", "all": all, "yes": all}}
	line(w.head)
	mask := sha256.New()
	for i := range n {
		v := voterLine{Pseudonym: id(i), Masked: "1-1-1** 张*", Building: "1", Heads: 1, Area: 8000}
		fmt.Fprintf(mask, "%s\t%s\t%s\t%d\t%d\n", v.Pseudonym, v.Masked, v.Building, v.Heads, v.Area)
		line(map[string]any{"voter": v})
	}
	line(map[string]any{"masked": maskedLine{int64(n), hex.EncodeToString(mask.Sum(nil))}})
	for i := range n {
		line(map[string]any{"leaf": leafLine{int64(i), text(i)}})
	}
	line(map[string]any{"leaf": leafLine{int64(n), closing}})
	for _, p := range points {
		line(map[string]any{"checkpoint": p})
	}
	seal := w.sign(b, w.secret, fmt.Sprintf("gongzhi/%s\nexport 1\nsha256 %x\n", number, sum.Sum(nil)))
	line(map[string]string{"seal": seal})
	require.NoError(b, out.Flush())
	require.NoError(b, f.Close())
}
