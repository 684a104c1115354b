package storetest

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// The window of the votes in tests.
var (
	opens  = Now.AddDate(0, 0, 15)
	closes = Now.AddDate(0, 0, 45)
	within = at(opens.AddDate(0, 0, 3))
)

// Who enters paper ballots, and who goes from door to door.
var (
	reader1 = procedure.Actor{User: "ye", Name: "示例-业一", Unit: "XW-01", Role: "community.officer"}
	reader2 = procedure.Actor{User: "he", Name: "示例-何二", Unit: "XW-01", Role: "community.officer"}
	reader3 = procedure.Actor{User: "fu", Name: "示例-傅三", Unit: "XW-01", Role: "community.officer"}
	witness = procedure.Actor{Name: "示例-见证"}
)

// pollTables are the tables of votes.
var pollTables = []string{
	"polls", "poll_rolls", "poll_lines", "poll_voters", "poll_persons", "poll_leaves", "poll_sums", "poll_sheets",
	"poll_objections", "poll_checkpoints", "poll_letters",
}

// at is a clock that stands still, whatever the database's clock says.
func at(t time.Time) func(time.Time) time.Time { return func(time.Time) time.Time { return t } }

func terms(number string) ballot.Terms {
	return ballot.Terms{
		Number: number, District: "XW", Unit: "XW-01", Animal: ballot.Owners278, Title: "听雨花园外墙与屋面改造",
		Question: "是否同意？", Estate: "听雨花园", Rule: rules.ConsentRule{ID: "cc278.special"},
		Options: rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet},
	}
}

// estate is a roll of n voters in buildings of fifty. Each third voter has two units.
func estate(number string, n int) ([]ballot.Line, []ballot.Voter, rules.Weight) {
	var lines []ballot.Line
	var voters []ballot.Voter
	var total rules.Weight
	for i := range n {
		building := fmt.Sprint(1 + i/50)
		v := ballot.Voter{
			No: fmt.Sprintf("%04d", i+1), Pseudonym: fmt.Sprintf("%020x", i+1), Building: building,
			Address: "听雨花园 " + building + " 幢", Names: []string{fmt.Sprintf("示例-业主%d", i+1)}, Masked: building + "-** 示*",
			Weight: rules.Weight{Heads: 1}, CodeHash: fmt.Sprintf("hash of %s %d", number, i+1),
		}
		for unit := range 1 + i%3/2 {
			line := ballot.Line{
				Code: fmt.Sprintf("%s-%04d-%d", building, i+1, unit), Building: building, Use: rules.Residential, Area: int64(8000 + i),
				Owners: []ballot.Owner{{Name: v.Names[0], ID: fmt.Sprint("id", i)}},
			}
			lines = append(lines, line)
			v.Units = append(v.Units, line.Code)
			v.Weight.Area += line.Area
		}
		v.Key = v.Units[0]
		voters = append(voters, v)
		total.Heads++
		total.Area += v.Weight.Area
	}
	return lines, voters, total
}

func version(lines []ballot.Line, voters []ballot.Voter, total rules.Weight) ballot.RollVersion {
	return ballot.RollVersion{
		Fingerprint: fmt.Sprintf("print of %d lines, %d", len(lines), total.Area), Voters: len(voters), Total: total, Why: "导入",
		By: reader1.Name, At: Now,
	}
}

// each gives voters one after the other.
func each(voters []ballot.Voter) iter.Seq2[ballot.Voter, error] {
	return func(yield func(ballot.Voter, error) bool) {
		for _, v := range voters {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// frozenPoll prepares a vote with a frozen roll.
func frozenPoll(t *testing.T, b bundle, terms ballot.Terms, n int) {
	t.Helper()
	lines, voters, total := estate(terms.Number, n)
	require.NoError(t, b.PreparePoll(t.Context(), terms))
	_, err := b.AddRoll(t.Context(), terms.Number, lines, version(lines, voters, total))
	require.NoError(t, err)
	require.NoError(t, b.FreezeRoll(t.Context(), terms.Number, each(voters), total))
}

// openPoll prepares a vote and opens its window.
func openPoll(t *testing.T, b bundle, terms ballot.Terms, n int) {
	t.Helper()
	frozenPoll(t, b, terms, n)
	require.NoError(t, b.OpenPoll(t.Context(), terms.Number, opens, closes))
}

// web is a ballot cast with the personal code.
func web(number string, voter int, choice ballot.Choice, request string) ballot.Cast {
	return ballot.Cast{
		Number: number, Voter: fmt.Sprintf("%04d", voter), Choice: choice, Channel: ballot.Web, Request: request,
	}
}

// door is a ballot taken at the door.
func door(number string, voter int, choice ballot.Choice, request string) ballot.Cast {
	c := web(number, voter, choice, request)
	c.Channel, c.By, c.Second, c.Files = ballot.Door, reader1, witness, []string{"photo-" + number + request}
	return c
}

// sheet is one person's reading of a paper ballot.
func sheet(number string, voter int, choice ballot.Choice, by procedure.Actor, request string) ballot.Cast {
	c := web(number, voter, choice, request)
	c.Channel, c.By = ballot.Paper, by
	return c
}

// uploads has the person who enters a ballot upload its files before.
func uploads(t *testing.T, b bundle, c ballot.Cast) {
	t.Helper()
	for _, id := range append(slices.Clone(c.Files), c.Signed) {
		if _, err := b.Attachment(t.Context(), id); id != "" && err != nil {
			require.NoError(t, b.SaveAttachment(t.Context(), record.Attachment{
				ID: id, Name: "票.jpg", Type: "image/jpeg", Size: 3, SHA256: "abc", By: c.By.User, ByName: c.By.Name, Unit: c.By.Unit, At: Now.UTC(),
			}))
		}
	}
}

// cast hands one ballot in.
func cast(t *testing.T, b bundle, c ballot.Cast, clock func(time.Time) time.Time) (ballot.Receipt, error) {
	t.Helper()
	uploads(t, b, c)
	ends := b.Cast(t.Context(), []ballot.Cast{c}, clock)
	require.Len(t, ends, 1)
	return ends[0].Receipt, ends[0].Err
}

// casts hands a ballot in that must be accepted.
func casts(t *testing.T, b bundle, c ballot.Cast) ballot.Receipt {
	t.Helper()
	r, err := cast(t, b, c, within)
	require.NoError(t, err)
	return r
}

// refuses hands a ballot in that must be refused, and leave nothing.
func refuses(t *testing.T, b bundle, c ballot.Cast, want string) {
	t.Helper()
	before := dump(t, b, pollTables...)
	_, err := cast(t, b, c, within)
	code(t, err, want)
	sameRows(t, before, dump(t, b, pollTables...))
}

// papers enters a paper ballot twice.
func papers(t *testing.T, b bundle, first ballot.Cast) ballot.Receipt {
	t.Helper()
	uploads(t, b, first)
	_, _, err := b.EnterSheet(t.Context(), first, within)
	require.NoError(t, err)
	first.By, first.Files, first.Signed = reader2, nil, ""
	first.Request += " again"
	s, receipt, err := b.EnterSheet(t.Context(), first, within)
	require.NoError(t, err)
	require.Equal(t, ballot.SheetCounted, s.State)
	require.NotNil(t, receipt)
	return *receipt
}

// exact compares everything that says how the vote stands: the running sums, the voters' rows and the ledger.
func exact(t *testing.T, b bundle, number string) rules.Totals {
	t.Helper()
	ctx := t.Context()
	sums, err := b.Totals(ctx, number)
	require.NoError(t, err)
	counted, err := b.CountBallots(ctx, number)
	require.NoError(t, err)
	require.Equal(t, counted, sums, "the running sums are what a count finds")

	p, err := b.Poll(ctx, number)
	require.NoError(t, err)
	voters, err := b.Voters(ctx, number, ballot.VoterFilter{}, "", int(p.Voters)+1)
	require.NoError(t, err)
	require.Len(t, voters, int(p.Voters))
	rows := rules.Totals{Counting: p.Options.Counting}
	channels := map[ballot.Channel]int64{ballot.Web: 0, ballot.Paper: 0, ballot.Door: 0}
	versions, ballots := ledger(t, b, number)
	for _, v := range voters {
		add(&rows.All, v.Weight)
		switch {
		case v.Choice != "":
			add(map[ballot.Choice]*rules.Weight{ballot.Yes: &rows.Yes, ballot.No: &rows.No, ballot.Abstain: &rows.Abstain}[v.Choice], v.Weight)
			channels[v.Channel]++
		case v.Signed:
			add(&rows.Signed, v.Weight)
		}
		own := versions[v.No]
		require.Len(t, own, v.N)
		for i, r := range own {
			require.Equal(t, i+1, r.N, "no version is missing")
		}
		if v.N > 0 {
			require.Equal(t, v.Choice, own[v.N-1].Choice, "the last ballot counts")
			require.Equal(t, v.Channel, own[v.N-1].Channel)
		}
	}
	require.Equal(t, rows, sums)
	got, err := b.Channels(ctx, number)
	require.NoError(t, err)
	require.Equal(t, channels, got)

	leaves, err := b.Leaves(ctx, number, 0, int(p.Leaves)+1)
	require.NoError(t, err)
	require.Len(t, leaves, int(p.Leaves))
	for i, leaf := range leaves {
		require.EqualValues(t, i, leaf.Index, "the ledger has no gap")
	}
	if p.State == ballot.Open {
		require.Len(t, leaves, ballots)
	}
	return sums
}

// ledger reads the ballots of each voter in the order of the ledger, and how many there are.
func ledger(t *testing.T, b bundle, number string) (map[string][]ballot.Receipt, int) {
	t.Helper()
	rows, err := b.raw(t).QueryContext(t.Context(),
		"SELECT voter, n, choice, channel FROM poll_leaves WHERE kind = 'ballot' AND poll = '"+number+"' ORDER BY idx")
	require.NoError(t, err)
	versions, n := map[string][]ballot.Receipt{}, 0
	for ; rows.Next(); n++ {
		var voter string
		var r ballot.Receipt
		require.NoError(t, rows.Scan(&voter, &r.N, &r.Choice, &r.Channel))
		versions[voter] = append(versions[voter], r)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return versions, n
}

func add(sum *rules.Weight, w rules.Weight) {
	sum.Heads += w.Heads
	sum.Area += w.Area
}

// savePoll writes something into each table of votes.
func savePoll(t *testing.T, b bundle) {
	t.Helper()
	ctx := t.Context()
	frozenPoll(t, b, terms(poll), 60)
	require.NoError(t, b.PreparePoll(ctx, terms("XW-YZ-2026-002")))
	_, err := b.AddObjection(ctx, "XW-YZ-2026-002", ballot.Objection{About: "roll", Who: "示例-钱", Text: "面积不对 𠮷", At: Now})
	require.NoError(t, err)
	require.NoError(t, b.OpenPoll(ctx, poll, opens, closes))
	require.NoError(t, b.MarkSigned(ctx, poll, "0009", within))
	casts(t, b, web(poll, 1, ballot.Yes, "r1"))
	casts(t, b, door(poll, 51, ballot.No, "r2"))
	papers(t, b, sheet(poll, 3, ballot.Abstain, reader1, "r3"))
	require.NoError(t, b.AddCheckpoint(ctx, poll, ballot.Checkpoint{Size: 2, Root: "ab", Note: "n", At: opens}))
	_, err = b.ClosePoll(ctx, poll, at(closes))
	require.NoError(t, err)
	totals := exact(t, b, poll)
	require.NoError(t, b.SaveResult(ctx, poll, ballot.Result{Totals: totals, Roll: 1, Leaves: 4, At: closes}))
}
