package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongzhi/ballot"
	"gongzhi/rules"
	"gongzhi/store"
	"gongzhi/test/pgtest"
)

// bareNumber is the poll of the bare side.
const bareNumber = "BARE"

// bareVotes commits the rows of ballots without anything around them, in a database of its own on the same server or disk. Its
// schema, its roll and its settings are the product's.
type bareVotes struct {
	db      *rawDB
	pgbench string // empty: this process commits by itself
	dsn     string
	dir     string
	voters  int // of the roll: those of own rows, then those of shared rows
	leaf    string
	drop    func() error
}

func (v *voting) bareVotes(ctx context.Context, total int) (_ *bareVotes, err error) {
	dir, err := v.folder("bare-" + v.database.name)
	if err != nil {
		return nil, err
	}
	p := &bareVotes{dir: dir, voters: 2 * total}
	var address string
	if address, p.drop, err = v.make(ctx, dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err := store.Migrate(ctx, address); err != nil {
		return nil, err
	}
	own := &place{bench: v.bench, address: address}
	err = own.stored(ctx, func(s *store.Store) error { return openPoll(ctx, s, v.secret, bareNumber, p.voters, newLaps()) })
	if err = errors.Join(err, analyse(ctx, address)); err != nil {
		return nil, err
	}
	p.leaf = ballot.LeafText(bareNumber, v.secret.Pseudonym(bareNumber, "1"), 1, ballot.Yes, rules.Weight{Heads: 1, Area: homeArea},
		ballot.Web, time.Now(), "cc278.special")
	if v.split {
		p.dsn, p.pgbench = address, findPgbench()
	}
	p.db, err = openRaw(address, voteClients)
	return p, err
}

// findPgbench finds the program beside the server's, or in the path.
func findPgbench() string {
	if dir, err := pgtest.FindBinaries(); err == nil {
		if path := filepath.Join(dir, "pgbench"); exec.Command(path, "--version").Run() == nil {
			return path
		}
	}
	path, err := exec.LookPath("pgbench")
	if err != nil {
		return ""
	}
	return path
}

func (p *bareVotes) name() string {
	switch {
	case p.pgbench != "":
		return "pgbench"
	case p.dsn != "":
		return "pgx, since pgbench is not installed"
	}
	return "SQLite's driver alone"
}

func (p *bareVotes) close() error {
	var err error
	if p.db != nil {
		err = p.db.Close()
	}
	return errors.Join(err, p.drop())
}

// commit commits n ballots from a first one on.
func (p *bareVotes) commit(ctx context.Context, shared bool, first, n int) (speed, error) {
	if shared {
		first += p.voters / 2
	}
	if p.pgbench != "" {
		return p.bench(ctx, shared, first, n)
	}
	return p.alone(ctx, shared, first, n)
}

// The statements of a ballot. {v} stands for the voter's number, {no} for its text, {building} for the building's.
const (
	bareLeaf = `INSERT INTO poll_leaves (poll, idx, kind, request, voter, n, choice, channel, at, text, tracker, by_actor, second_actor,
 proxy, signed_list, files) VALUES ('` + bareNumber + `', {v}, 'ballot', {request}, {no}, 1, 'yes', 'web', 1790000000000000, {text}, {tracker},
 '', '', '', '', '[]')`
	bareVoter = `UPDATE poll_voters SET choice = 'yes', channel = 'web', n = 1, leaf = {v}, proxy = ''
 WHERE poll = '` + bareNumber + `' AND no = {no} AND n = 0`
	bareSum = `UPDATE poll_sums SET yes_voters = yes_voters + 1, yes_heads = yes_heads + 1, yes_area = yes_area + 8000
 WHERE poll = '` + bareNumber + `' AND building = {building}`
	barePoll = `UPDATE polls SET leaves = leaves + 1, ballots = ballots + 1, web = web + 1, last_at = last_at + 1 WHERE number = '` + bareNumber + `'`
)

func bareStatements(shared bool) []string {
	if shared {
		return []string{bareLeaf, bareVoter, bareSum, barePoll}
	}
	return []string{bareLeaf, bareVoter}
}

// bench has pgbench commit them, with prepared statements over the same loopback.
func (p *bareVotes) bench(ctx context.Context, shared bool, first, n int) (speed, error) {
	width := strconv.Itoa(len(voterNo(p.voters, p.voters)))
	fill := strings.NewReplacer("{v}", ":v", "{no}", "lpad((:v)::text, "+width+", '0')", "{building}", "(:b)::text",
		"{request}", "encode(sha256((:v)::text::bytea), 'hex')", "{tracker}", "upper(substr(md5((:v)::text), 1, 16))",
		// A colon would be a variable.
		"{text}", "E'"+strings.ReplaceAll(strings.ReplaceAll(p.leaf, ":", "-"), "\n", `\n`)+"'")
	script := "\\set n :n + 1\n\\set v :first + :client_id * :each + :n\n\\set b (:v - 1) / " + strconv.Itoa(homesEach) + " + 1\nBEGIN;\n"
	for _, s := range bareStatements(shared) {
		script += fill.Replace(strings.ReplaceAll(s, "\n", "")) + ";\n"
	}
	file := filepath.Join(p.dir, "ballot.sql")
	if err := os.WriteFile(file, []byte(script+"END;\n"), 0o600); err != nil {
		return speed{}, err
	}
	each := strconv.Itoa(n / voteClients)
	cmd := exec.CommandContext(ctx, p.pgbench, "--no-vacuum", "--protocol=prepared", "--client="+strconv.Itoa(voteClients),
		"--jobs="+strconv.Itoa(min(runtime.NumCPU(), voteClients)), "--transactions="+each, "--define=n=0", "--define=each="+each,
		"--define=first="+strconv.Itoa(first), "--file="+file, p.dsn)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return speed{}, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	return readPgbench(string(out))
}

var (
	benchRate = regexp.MustCompile(`(?m)^tps = ([0-9.]+) \(without initial connection time\)`)
	benchDone = regexp.MustCompile(`(?m)^number of transactions actually processed: (\d+)/(\d+)`)
)

// readPgbench reads what pgbench reports. The time in which it connected does not count.
func readPgbench(report string) (speed, error) {
	rate, done := benchRate.FindStringSubmatch(report), benchDone.FindStringSubmatch(report)
	if rate == nil || done == nil || done[1] != done[2] {
		return speed{}, fmt.Errorf("pgbench did not commit everything:\n%s", report)
	}
	n, err := strconv.Atoi(done[1])
	if err != nil {
		return speed{}, err
	}
	perSecond, err := strconv.ParseFloat(rate[1], 64)
	if err != nil || perSecond <= 0 {
		return speed{}, fmt.Errorf("pgbench reports %s ballots a second", rate[1])
	}
	return speed{done: n, elapsed: time.Duration(float64(n) / perSecond * float64(time.Second))}, nil
}

// alone commits them from this process, through the driver.
func (p *bareVotes) alone(ctx context.Context, shared bool, first, n int) (speed, error) {
	var statements []*sql.Stmt
	for _, text := range bareStatements(shared) {
		prepared, err := p.db.PrepareContext(ctx, p.placeholders(text))
		if err != nil {
			return speed{}, err
		}
		defer prepared.Close()
		statements = append(statements, prepared)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make(sample, n)
	var next atomic.Int64
	var wait sync.WaitGroup
	began := time.Now()
	for range voteClients {
		wait.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				at := time.Now()
				if err := p.one(ctx, statements, first+i+1); err != nil {
					cancel(err)
				}
				took[i] = time.Since(at)
			}
		})
	}
	wait.Wait()
	return speed{done: n, elapsed: time.Since(began), took: took}, context.Cause(ctx)
}

var bareField = regexp.MustCompile(`\{\w+\}`)

// placeholders writes the fields of a statement as its parameters.
func (p *bareVotes) placeholders(text string) string {
	i := 0
	return bareField.ReplaceAllStringFunc(text, func(string) string {
		if i++; p.dsn != "" {
			return "$" + strconv.Itoa(i)
		}
		return "?"
	})
}

func (p *bareVotes) one(ctx context.Context, statements []*sql.Stmt, voter int) error {
	no := voterNo(voter, p.voters)
	text := strings.Replace(p.leaf, "voter ", "voter "+no, 1)
	tracker := ballot.Tracker(text)
	request := ballot.CodeHash(no)
	values := [][]any{{voter, request, no, text, tracker}, {voter, no}, {building(voter)}, {}}
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i, s := range statements {
		if _, err := tx.StmtContext(ctx, s).ExecContext(ctx, values[i]...); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// check makes sure that the bare side wrote what it was measured by: every leaf, every voter, every sum.
func (p *bareVotes) check(ctx context.Context, total int) error {
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM poll_leaves WHERE poll = '" + bareNumber + "'":                          2 * total,
		"SELECT COUNT(*) FROM poll_voters WHERE poll = '" + bareNumber + "' AND n = 1":                2 * total,
		"SELECT SUM(yes_voters) FROM poll_sums WHERE poll = '" + bareNumber + "'":                     total,
		"SELECT CAST(leaves AS INTEGER) FROM polls WHERE number = '" + bareNumber + "' AND ballots>0": total,
	} {
		var got int
		if err := p.db.QueryRowContext(ctx, query).Scan(&got); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
		if got != want {
			return fmt.Errorf("the bare side was to write %d rows, and wrote %d: %s", want, got, query)
		}
	}
	return nil
}
