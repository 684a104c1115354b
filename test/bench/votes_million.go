package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"gongzhi/ballot"
	"gongzhi/store"
	"gongzhi/verify"
)

// What is required at a million ballots.
const (
	mostTally     = 30 * time.Second
	mostVerify    = time.Minute
	mostPeak      = 1024 // MiB
	mostBoard     = 200 * time.Millisecond
	ballotsAtOnce = 5_000
)

// million measures a vote of very many ballots. They are loaded through the store, many in a transaction: how fast they are accepted
// one by one is another figure.
func (v *voting) million(ctx context.Context) error {
	n, number, l := v.ballots, v.numbers[1], newLaps()
	forget := resetPeak()
	err := v.stored(ctx, func(s *store.Store) error {
		if err := openPoll(ctx, s, v.secret, number, n, l); err != nil {
			return err
		}
		if err := analyse(ctx, v.address); err != nil {
			return err
		}
		l.last = time.Now()
		if err := castAll(ctx, s, v.address, number, n); err != nil {
			return err
		}
		l.lap("cast")
		return nil
	})
	if err := errors.Join(err, analyse(ctx, v.address)); err != nil {
		return err
	}
	loading := peak()

	file := filepath.Join(v.dir, "export.ndjson")
	forget = errors.Join(forget, resetPeak())
	var boards sample
	err = v.running(ctx, func(s *shape) error {
		if boards, err = v.boards(ctx, s.base, number, n); err != nil {
			return err
		}
		err := v.stored(ctx, func(st *store.Store) error { return tally(ctx, st, v.secret, number, l) })
		if err != nil {
			return err
		}
		l.last = time.Now()
		err = download(ctx, s.base+"/api/v1/public/polls/"+url.PathEscape(number)+"/export", file)
		l.lap("export")
		return err
	})
	if err != nil {
		return err
	}
	serving := peak()

	forget = errors.Join(forget, resetPeak())
	l.last = time.Now()
	report, err := recount(file, n)
	if err != nil {
		return err
	}
	l.lap("verify")
	return v.printMillion(n, l, boards, report, []int{loading, serving, peak()}, forget, file)
}

// castAll loads one ballot for each voter, building after building, but within a transaction not in the order of the roll. After the
// first ones it lets PostgreSQL look at the ledger, as a server in use would.
func castAll(ctx context.Context, s *store.Store, address, number string, n int) error {
	const stride = 7919 // a prime above ballotsAtOnce, so that every voter comes once
	for first := 0; first < n; first += ballotsAtOnce {
		batch := make([]ballot.Cast, min(ballotsAtOnce, n-first))
		for i := range batch {
			voter := first + i*stride%len(batch) + 1
			batch[i] = ballot.Cast{Number: number, Voter: voterNo(voter, n), Choice: choice(voter), Channel: ballot.Web,
				Request: "bench-" + strconv.Itoa(voter)}
		}
		for _, end := range s.Cast(ctx, batch, same) {
			if end.Err != nil {
				return end.Err
			}
		}
		if first == 0 {
			if err := analyse(ctx, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// boards has the organiser look at the board. The first look counts.
func (v *voting) boards(ctx context.Context, base, number string, n int) (sample, error) {
	organiser, err := signIn(ctx, base, organiserLogin)
	if err != nil {
		return nil, err
	}
	defer organiser.close()
	looks := 100
	if v.quick {
		looks = 5
	}
	var took sample
	for range looks {
		var board struct {
			Turnout struct{ Ballots int64 }
			Totals  *struct{ Yes struct{ Heads int64 } }
			Cells   []ballot.Cell
		}
		began := time.Now()
		if err := organiser.get(ctx, "/polls/"+url.PathEscape(number), &board); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if want := expected(n, n).Yes.Heads; board.Turnout.Ballots != int64(n) || board.Totals == nil || board.Totals.Yes.Heads != want {
			return nil, fmt.Errorf("the board shows %d ballots, not %d, of which %d agree", board.Turnout.Ballots, n, want)
		}
	}
	return took, nil
}

// tally closes the vote, signs its ledger and counts it, as the workflow asks for it.
func tally(ctx context.Context, s *store.Store, secret ballot.Secret, number string, l *laps) error {
	c := conductor(s, secret, l)
	c.Clock = func(t time.Time) time.Time { return t.Add(2 * window) }
	c.Now = func() time.Time { return time.Now().Add(2 * window) }
	l.last = time.Now()
	if err := c.Close(ctx, number); err != nil {
		return err
	}
	result, err := c.Count(ctx, number)
	l.lap("count")
	if err == nil && (!result.Passed || result.Why != "") {
		err = fmt.Errorf("the vote did not pass: %s%s", result.Text, result.Why)
	}
	return err
}

// download writes an answer into a file, as it comes.
func download(ctx context.Context, address, file string) (err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d", address, answer.StatusCode)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, answer.Body)
	return errors.Join(err, out.Close())
}

// recount verifies an export with the program that shares nothing with the server.
func recount(file string, n int) (verify.Report, error) {
	in, err := os.Open(file)
	if err != nil {
		return verify.Report{}, err
	}
	defer in.Close()
	report, err := verify.Verify(in)
	if err != nil {
		return report, err
	}
	for _, c := range report.Checks {
		if c.State == verify.Failed {
			return report, fmt.Errorf("the export does not verify: %s", c.Title)
		}
	}
	if want := expected(n, n); report.Ballots != int64(n) || report.Totals.Yes.Heads != want.Yes.Heads {
		return report, fmt.Errorf("the export has %d ballots, not %d", report.Ballots, n)
	}
	return report, nil
}

// resetPeak returns what is free to the system and lets the kernel measure the peak anew.
func resetPeak() error {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peak is the most memory this process held since resetPeak, in MiB; 0: not known.
func peak() int {
	kib, err := strconv.Atoi(strings.TrimSuffix(fact("/proc/self/status", "VmHWM"), " kB"))
	if err != nil {
		return 0
	}
	return kib / 1024
}

func (v *voting) printMillion(n int, l *laps, boards sample, r verify.Report, peaks []int, forget error, file string) error {
	size := int64(0)
	if info, err := os.Stat(file); err == nil {
		size = info.Size() >> 20
	}
	seconds := func(names ...string) string {
		var parts []string
		for _, name := range names {
			parts = append(parts, fmt.Sprintf("%s %.1f s", name, l.took[name].Seconds()))
		}
		return strings.Join(parts, ", ")
	}
	whole := l.took["close"] + l.took["checkpoint"] + l.took["count"] + l.took["export"]
	memory := func(mib int) string { return fmt.Sprintf("< %d: %s", mostPeak, verdict(mib > 0 && mib < mostPeak)) }
	fmt.Fprintf(v.out, "\n%d ballots, loaded in transactions of %d. Memory: the peak of this process, which is bench, server, worker and engine in one,\nwithout PostgreSQL's own. Closing counts the ballots too.\n", n, ballotsAtOnce)
	if forget != nil {
		fmt.Fprintf(v.out, "the kernel does not measure peaks anew (%v): each figure of memory is the peak since the start\n", forget)
	}
	return v.table("figure|value|required", [][]string{
		{"loaded", seconds("roll", "freeze", "cast") + fmt.Sprintf(" (%.0f ballots a second)", float64(n)/l.took["cast"].Seconds()), ""},
		{"peak memory while it was loaded, MiB", strconv.Itoa(peaks[0]), memory(peaks[0])},
		{fmt.Sprintf("organiser's board, %d looks: p50 / p95 / max ms", len(boards)),
			ms(boards.at(50)) + " / " + ms(boards.at(95)) + " / " + ms(boards.at(100)),
			fmt.Sprintf("p95 < %d ms: %s", mostBoard.Milliseconds(), verdict(boards.at(95) < mostBoard))},
		{fmt.Sprintf("count, checkpoint and export (%d MiB)", size), fmt.Sprintf("%.1f s: ", whole.Seconds()) + seconds("close", "checkpoint", "count", "export"),
			fmt.Sprintf("< %s: %s", mostTally, verdict(whole < mostTally))},
		{"peak memory meanwhile, MiB", strconv.Itoa(peaks[1]), memory(peaks[1])},
		{fmt.Sprintf("verify vote, %d checks", len(r.Checks)), seconds("verify") + fmt.Sprintf(", peak %d MiB", peaks[2]),
			fmt.Sprintf("< %s: %s", mostVerify, verdict(l.took["verify"] < mostVerify))},
	})
}
