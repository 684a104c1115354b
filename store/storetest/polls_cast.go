package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// testPollWindow: the window is open from opens until just before closes, to the microsecond.
func testPollWindow(t *testing.T, b bundle) {
	ctx := t.Context()
	const onPaper = "XW-YZ-2026-002"
	frozenPoll(t, b, terms(poll), 10)
	openPoll(t, b, terms(onPaper), 10)
	_, err := cast(t, b, web(poll, 1, ballot.Yes, "early"), within)
	code(t, err, ballot.CodeNotOpen)
	require.NoError(t, b.OpenPoll(ctx, poll, opens, closes))
	_, _, err = b.EnterSheet(ctx, sheet(onPaper, 10, ballot.Yes, reader1, "first"), within)
	require.NoError(t, err)
	for i, tc := range []struct {
		at   time.Time
		code string
	}{
		{opens.Add(-time.Millisecond), ballot.CodeNotOpen},
		{opens.Add(-time.Microsecond), ballot.CodeNotOpen},
		{opens, ""},
		{closes.Add(-time.Millisecond), ""},
		{closes.Add(-time.Microsecond), ""},
		{closes, ballot.CodeOver},
		{closes.Add(time.Millisecond), ballot.CodeOver},
	} {
		_, byWeb := cast(t, b, web(poll, i+1, ballot.Yes, "r"+tc.at.String()), at(tc.at))
		_, _, byPaper := b.EnterSheet(ctx, sheet(onPaper, i+1, ballot.Yes, reader1, "r"+tc.at.String()), at(tc.at))
		for _, err := range []error{byWeb, byPaper} {
			if tc.code == "" {
				require.NoError(t, err, tc.at)
				continue
			}
			require.Error(t, err, tc.at)
			code(t, err, tc.code)
		}
	}
	_, _, err = b.EnterSheet(ctx, sheet(onPaper, 10, ballot.Yes, reader2, "second"), at(closes))
	code(t, err, ballot.CodeOver) // the first reading was in time
	require.Zero(t, exact(t, b, onPaper).Yes)
	require.NoError(t, b.MarkSigned(ctx, poll, "0008", at(opens.Add(-time.Hour))), "sheets are handed out before the window")
	require.NoError(t, b.MarkSigned(ctx, poll, "0009", at(closes.Add(-time.Microsecond))))
	code(t, b.MarkSigned(ctx, poll, "0010", at(closes)), ballot.CodeOver)
	code(t, b.MarkSigned(ctx, poll, "9999", within), ballot.CodeVoter)
	totals := exact(t, b, poll)
	require.EqualValues(t, 3, totals.Yes.Heads)
	require.EqualValues(t, 2, totals.Signed.Heads)
}

// testPollClock: case time is made of the database's own clock.
func testPollClock(t *testing.T, b bundle) {
	openPoll(t, b, terms(poll), 2)
	var seen time.Time
	before := time.Now().Truncate(time.Millisecond) //gongzhi:wallclock it is what the database's clock is compared with
	r, err := cast(t, b, web(poll, 1, ballot.Yes, "r"), func(now time.Time) time.Time {
		seen = now
		return opens.Add(time.Hour + now.Sub(before))
	})
	after := time.Now() //gongzhi:wallclock as above
	require.NoError(t, err)
	require.False(t, seen.Before(before) || seen.After(after), "%v is not between %v and %v", seen, before, after)
	require.True(t, r.At.Equal(opens.Add(time.Hour+seen.Sub(before)).Truncate(time.Microsecond)))

	// A clock that is set back does not put a leaf before the one in front of it.
	r2, err := cast(t, b, web(poll, 2, ballot.Yes, "r2"), at(opens))
	require.NoError(t, err)
	require.Equal(t, r.At, r2.At)
}

func testPollReceipt(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 3)
	r := casts(t, b, web(poll, 3, ballot.No, "r"))
	v, err := b.Voter(ctx, poll, "0003")
	require.NoError(t, err)
	when := within(time.Time{})
	text := ballot.LeafText(poll, v.Pseudonym, 1, ballot.No, v.Weight, ballot.Web, when, "cc278.special")
	require.Equal(t, ballot.Receipt{
		Number: poll, Tracker: ballot.Tracker(text), Leaf: text, N: 1, Choice: ballot.No, Channel: ballot.Web, At: when.UTC(),
	}, r)
	leaf, err := b.LeafByTracker(ctx, poll, r.Tracker)
	require.NoError(t, err)
	require.Equal(t, ballot.LeafRow{Text: text}, leaf)
	_, err = b.LeafByTracker(ctx, poll, "0000000000000000")
	code(t, err, ballot.CodeReceipt)
	_, err = b.LeafByTracker(ctx, "XW-YZ-2026-002", r.Tracker)
	code(t, err, ballot.CodeReceipt)

	for name, tc := range map[string]struct {
		edit func(c *ballot.Cast)
		code string
	}{
		"another poll":     {func(c *ballot.Cast) { c.Number = "XW-YZ-2026-002" }, ballot.CodePoll},
		"not on the roll":  {func(c *ballot.Cast) { c.Voter = "0004" }, ballot.CodeVoter},
		"no choice":        {func(c *ballot.Cast) { c.Choice = "" }, ballot.CodeChoice},
		"unknown choice":   {func(c *ballot.Cast) { c.Choice = "maybe" }, ballot.CodeChoice},
		"unknown channel":  {func(c *ballot.Cast) { c.Channel = "fax" }, ballot.CodeChoice},
		"no request":       {func(c *ballot.Cast) { c.Request = "" }, ballot.CodeAgain},
		"paper, one entry": {func(c *ballot.Cast) { c.Channel, c.By, c.Second = ballot.Paper, reader1, reader2 }, ballot.CodeSheet},
		"door alone":       {func(c *ballot.Cast) { *c = door(poll, 1, ballot.Yes, "x"); c.Second = procedure.Actor{} }, ballot.CodeSheet},
		"door with itself": {func(c *ballot.Cast) { *c = door(poll, 1, ballot.Yes, "x"); c.Second = c.By }, ballot.CodeSheet},
		"door, no photo":   {func(c *ballot.Cast) { *c = door(poll, 1, ballot.Yes, "x"); c.Files = nil }, ballot.CodeSheet},
	} {
		c := web(poll, 1, ballot.Yes, "x")
		tc.edit(&c)
		t.Log(name)
		refuses(t, b, c, tc.code)
	}
	casts(t, b, door(poll, 1, ballot.Yes, "x"))
	exact(t, b, poll)
}

// testPollAgain: the same request gives the same receipt whenever it comes, and no other ballot.
func testPollAgain(t *testing.T, b bundle) {
	ctx := t.Context()
	free := terms(poll)
	free.Revisable = true
	openPoll(t, b, free, 5)
	first := casts(t, b, web(poll, 1, ballot.Yes, "r1"))
	require.Equal(t, first, casts(t, b, web(poll, 1, ballot.Yes, "r1")))
	second := casts(t, b, web(poll, 1, ballot.No, "r2"))
	require.True(t, second.Replaces)
	require.Equal(t, first, casts(t, b, web(poll, 1, ballot.Yes, "r1")), "also when another one counts by now")
	refuses(t, b, web(poll, 1, ballot.No, "r1"), ballot.CodeAgain)
	refuses(t, b, web(poll, 2, ballot.Yes, "r1"), ballot.CodeAgain)
	refuses(t, b, door(poll, 1, ballot.Yes, "r1"), ballot.CodeAgain)

	// In one transaction: the same twice, another under the same request, and a refused one between accepted ones.
	ends := b.Cast(ctx, []ballot.Cast{
		web(poll, 3, ballot.Yes, "r3"), web(poll, 3, ballot.Yes, "r3"), web(poll, 3, ballot.No, "r3"),
		web(poll, 99, ballot.Yes, "r99"), web(poll, 4, ballot.Abstain, "r4"), web(poll, 4, ballot.No, "r5"),
		web("XW-YZ-2026-002", 1, ballot.No, "r6"),
	}, within)
	require.NoError(t, ends[0].Err)
	require.Equal(t, ends[0], ends[1])
	code(t, ends[2].Err, ballot.CodeAgain)
	code(t, ends[3].Err, ballot.CodeVoter)
	require.NoError(t, ends[4].Err)
	require.NoError(t, ends[5].Err)
	require.Equal(t, 2, ends[5].Receipt.N)
	code(t, ends[6].Err, ballot.CodePoll)
	exact(t, b, poll)

	_, err := b.ClosePoll(ctx, poll, at(closes))
	require.NoError(t, err)
	late, err := cast(t, b, web(poll, 1, ballot.Yes, "r1"), at(closes.AddDate(0, 0, 9)))
	require.NoError(t, err)
	require.Equal(t, first, late, "a receipt is given after the close too")
	_, err = cast(t, b, web(poll, 1, ballot.Yes, "r7"), at(closes))
	code(t, err, ballot.CodeOver)
	versions, err := b.Ballots(ctx, poll, "0001")
	require.NoError(t, err)
	require.Equal(t, []ballot.Receipt{first, second}, versions)
}

// testPollReplace: what may replace what.
func testPollReplace(t *testing.T, b bundle) {
	paper := func(t *testing.T, b bundle, c ballot.Cast) error {
		c.By, c.Second, c.Files = reader1, procedure.Actor{}, nil
		uploads(t, b, c)
		_, _, err := b.EnterSheet(t.Context(), c, within)
		if err != nil {
			return err
		}
		c.By, c.Signed, c.Request = reader2, "", c.Request+" again"
		_, _, err = b.EnterSheet(t.Context(), c, within)
		return err
	}
	hand := func(t *testing.T, b bundle, number string, n int, channel ballot.Channel, choice ballot.Choice, list string) error {
		c := door(number, 1, choice, fmt.Sprintf("%s %d", channel, n))
		c.Channel, c.Signed = channel, list
		switch channel {
		case ballot.Paper:
			return paper(t, b, c)
		case ballot.Web:
			c.By, c.Second, c.Files = procedure.Actor{}, procedure.Actor{}, nil
		}
		_, err := cast(t, b, c, within)
		return err
	}
	i := 0
	for _, revisable := range []bool{false, true} {
		for _, first := range []ballot.Channel{ballot.Web, ballot.Paper, ballot.Door} {
			for _, second := range []ballot.Channel{ballot.Web, ballot.Paper, ballot.Door} {
				for _, list := range []string{"", fmt.Sprintf("签字清单-%s-%s-%t", first, second, revisable)} {
					i++
					free := terms(fmt.Sprintf("XW-YZ-2026-%03d", i))
					free.Revisable = revisable
					openPoll(t, b, free, 2)
					require.NoError(t, hand(t, b, free.Number, 1, first, ballot.Yes, ""))
					err := hand(t, b, free.Number, 2, second, ballot.No, list)
					allowed := first == ballot.Web && (second == ballot.Web && revisable || second != ballot.Web && list != "")
					totals := exact(t, b, free.Number)
					one := rules.Weight{Heads: 1, Area: 8000}
					if allowed {
						require.NoError(t, err, "%s after %s", second, first)
						require.Equal(t, one, totals.No)
						require.Zero(t, totals.Yes)
						continue
					}
					require.Error(t, err, "%s after %s, list %q", second, first, list)
					code(t, err, ballot.CodeVoted)
					require.Equal(t, one, totals.Yes)
					require.Zero(t, totals.No)
				}
			}
		}
	}
}

// testPollProxy: one person may stand for so many voters, counted by the ballots that count.
func testPollProxy(t *testing.T, b bundle) {
	ctx := t.Context()
	none := terms("XW-YZ-2026-002")
	openPoll(t, b, none, 3)
	by := func(number string, voter int, agent, request string) ballot.Cast {
		c := door(number, voter, ballot.Yes, request)
		c.Proxy, c.Files = agent, append(c.Files, "mandate-"+number+request)
		return c
	}
	refuses(t, b, by(none.Number, 1, "0002", "r"), ballot.CodeProxy)

	some := terms(poll)
	some.Proxies, some.Revisable = 2, true
	openPoll(t, b, some, 11)
	refuses(t, b, by(poll, 1, "0001", "r"), ballot.CodeProxy)
	refuses(t, b, by(poll, 1, "0999", "r"), ballot.CodeProxy)
	three := []ballot.Cast{by(poll, 1, "示例-钱", "a"), by(poll, 2, " 示例-钱 ", "b"), by(poll, 3, "示例-钱", "c")}
	for _, c := range three {
		uploads(t, b, c)
	}
	ends := b.Cast(ctx, three, within)
	require.NoError(t, ends[0].Err)
	require.NoError(t, ends[1].Err)
	code(t, ends[2].Err, ballot.CodeProxy) // in the same transaction
	refuses(t, b, by(poll, 3, "示例-钱", "d"), ballot.CodeProxy)
	casts(t, b, by(poll, 3, "0004", "e"))
	casts(t, b, web(poll, 4, ballot.Yes, "own")) // the agent's own ballot is none of these

	// A mandate is written.
	bare := by(poll, 11, "示例-周", "bare")
	bare.Files = bare.Files[:1]
	refuses(t, b, bare, ballot.CodeProxy)
	onPaper := sheet(poll, 11, ballot.Yes, reader1, "paper 1")
	onPaper.Proxy = "示例-周"
	_, _, err := b.EnterSheet(ctx, onPaper, within)
	require.NoError(t, err)
	onPaper.By, onPaper.Request = reader2, "paper 2"
	_, _, err = b.EnterSheet(ctx, onPaper, within)
	code(t, err, ballot.CodeProxy)
	onPaper.Files = []string{"mandate of 9"}
	uploads(t, b, onPaper)
	_, receipt, err := b.EnterSheet(ctx, onPaper, within)
	require.NoError(t, err)
	require.NotNil(t, receipt)

	// A ballot that no longer counts represents nobody, and the same voter again is no other voter.
	webBy := func(voter int, agent, request string) ballot.Cast {
		c := web(poll, voter, ballot.No, request)
		c.Proxy = agent
		return c
	}
	casts(t, b, webBy(5, "示例-孙", "f"))
	casts(t, b, webBy(6, "示例-孙", "g"))
	casts(t, b, webBy(6, "示例-孙", "h"))
	refuses(t, b, webBy(7, "示例-孙", "i"), ballot.CodeProxy)
	casts(t, b, web(poll, 5, ballot.Yes, "j"))
	casts(t, b, webBy(7, "示例-孙", "i"))
	ends = b.Cast(ctx, []ballot.Cast{webBy(8, "示例-李", "k"), web(poll, 8, ballot.Yes, "l"), webBy(9, "示例-李", "m"), webBy(10, "示例-李", "n")}, within)
	for _, end := range ends {
		require.NoError(t, end.Err, "in one transaction too")
	}
	exact(t, b, poll)
}

// testPollSheets: a paper ballot is read by two people, and counts when they read the same.
func testPollSheets(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 10)
	enter := func(voter int, choice ballot.Choice, by procedure.Actor, request string) (ballot.Sheet, *ballot.Receipt, error) {
		c := sheet(poll, voter, choice, by, request)
		c.Files = []string{"scan " + request}
		uploads(t, b, c)
		return b.EnterSheet(ctx, c, within)
	}
	is := func(want ballot.SheetState) func(ballot.Sheet, *ballot.Receipt, error) *ballot.Receipt {
		return func(s ballot.Sheet, r *ballot.Receipt, err error) *ballot.Receipt {
			t.Helper()
			require.NoError(t, err)
			require.Equal(t, want, s.State)
			require.Equal(t, want == ballot.SheetCounted, r != nil)
			return r
		}
	}
	refused := func(want string) func(ballot.Sheet, *ballot.Receipt, error) {
		return func(_ ballot.Sheet, _ *ballot.Receipt, err error) {
			t.Helper()
			code(t, err, want)
		}
	}
	is(ballot.SheetOnce)(enter(1, ballot.Yes, reader1, "a"))
	is(ballot.SheetOnce)(enter(1, ballot.Yes, reader1, "a"))
	refused(ballot.CodeSheet)(enter(1, ballot.Yes, reader1, "b"))
	refused(ballot.CodeSheet)(enter(1, ballot.No, reader1, "b"))
	refused(ballot.CodeAgain)(enter(1, ballot.No, reader1, "a"))
	require.Zero(t, exact(t, b, poll).Yes, "one reading counts nothing")
	r := is(ballot.SheetCounted)(enter(1, ballot.Yes, reader2, "c"))
	require.Equal(t, r, is(ballot.SheetCounted)(enter(1, ballot.Yes, reader2, "c")))
	require.Equal(t, r, is(ballot.SheetCounted)(enter(1, ballot.Yes, reader1, "a")), "who read first gets the receipt too")
	refused(ballot.CodeVoted)(enter(1, ballot.Yes, reader3, "d"))
	require.Equal(t, ballot.Paper, r.Channel)

	is(ballot.SheetOnce)(enter(2, ballot.Yes, reader1, "e"))
	is(ballot.SheetDifferent)(enter(2, ballot.No, reader2, "f"))
	is(ballot.SheetDifferent)(enter(2, ballot.No, reader2, "f"))
	require.Zero(t, exact(t, b, poll).No)
	is(ballot.SheetOnce)(enter(2, ballot.No, reader2, "g"))
	refused(ballot.CodeSheet)(enter(2, ballot.No, reader2, "h"))
	is(ballot.SheetOnce)(enter(2, ballot.Yes, reader1, "e")) // a late retry is no new reading
	is(ballot.SheetCounted)(enter(2, ballot.No, reader1, "i"))
	is(ballot.SheetOnce)(enter(3, ballot.Abstain, reader3, "k"))

	refused(ballot.CodeSheet)(enter(4, ballot.Yes, procedure.Actor{Name: "谁"}, "l"))
	refused(ballot.CodeVoter)(enter(99, ballot.Yes, reader1, "m"))
	refused(ballot.CodeChoice)(enter(4, "maybe", reader1, "n"))
	all, err := b.Sheets(ctx, poll, "", "", 10)
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Len(t, all[1].Past, 2, "readings that differed are kept")
	require.Equal(t, []string{"scan e", "scan f", "scan g", "scan i"}, all[1].Files)
	once, err := b.Sheets(ctx, poll, ballot.SheetOnce, "", 10)
	require.NoError(t, err)
	require.Equal(t, all[2:], once)
	rest, err := b.Sheets(ctx, poll, "", "0001", 1)
	require.NoError(t, err)
	require.Equal(t, all[1:2], rest)

	// Between the readings the voter votes on the web: the paper replaces it by the signed list only.
	is(ballot.SheetOnce)(enter(5, ballot.Yes, reader1, "o"))
	casts(t, b, web(poll, 5, ballot.No, "p"))
	refused(ballot.CodeVoted)(enter(5, ballot.Yes, reader2, "q"))
	c := sheet(poll, 5, ballot.Yes, reader2, "r")
	c.Signed = "签字清单-1"
	uploads(t, b, c)
	is(ballot.SheetCounted)(b.EnterSheet(ctx, c, within))
	totals := exact(t, b, poll)
	require.EqualValues(t, 2, totals.Yes.Heads)
	require.EqualValues(t, 1, totals.No.Heads)
	require.Zero(t, totals.Abstain)
}

// testPollCells: the live view is read from the sums, by building.
func testPollCells(t *testing.T, b bundle) {
	ctx := t.Context()
	free := terms(poll)
	free.Revisable = true
	openPoll(t, b, free, 60)
	require.NoError(t, b.MarkSigned(ctx, poll, "0001", within))
	require.NoError(t, b.MarkSigned(ctx, poll, "0002", within))
	require.NoError(t, b.MarkSigned(ctx, poll, "0002", within))
	casts(t, b, web(poll, 1, ballot.Yes, "a"))
	casts(t, b, web(poll, 51, ballot.Yes, "b"))
	casts(t, b, web(poll, 51, ballot.No, "c"))
	casts(t, b, door(poll, 52, ballot.Abstain, "d"))
	require.NoError(t, b.MarkSigned(ctx, poll, "0052", within), "after the ballot it changes nothing")
	cells, err := b.Cells(ctx, poll)
	require.NoError(t, err)
	require.Len(t, cells, 2)
	require.Equal(t, "1", cells[0].Building)
	require.EqualValues(t, 50, cells[0].Voters)
	require.Equal(t, rules.Weight{Heads: 1, Area: 8000}, cells[0].Cast)
	require.Equal(t, cells[0].Cast, cells[0].Yes)
	require.EqualValues(t, 2, cells[1].Ballots)
	require.Zero(t, cells[1].Yes)
	require.Equal(t, rules.Weight{Heads: 1, Area: 2 * 8050}, cells[1].No)
	require.Equal(t, rules.Weight{Heads: 1, Area: 8051}, cells[1].Abstain)
	totals := exact(t, b, poll)
	require.Equal(t, rules.Weight{Heads: 1, Area: 8001}, totals.Signed, "signed, and no ballot")
}
