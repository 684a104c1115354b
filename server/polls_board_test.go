package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gongzhi/ballot"
	"gongzhi/record"
	"gongzhi/rules"
)

func (w *world) board(login string) Board {
	w.t.Helper()
	return read[Board](w.t, w.as(login).do(http.MethodGet, "/polls/"+pollNumber, nil))
}

func TestBoard(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	b := w.board("director")
	require.Equal(t, "16.66%", b.Turnout.HeadsPercent, "rounded down")
	require.Equal(t, "16.66%", b.Turnout.AreaPercent)
	require.Equal(t, rules.Weight{Heads: 2, Area: 16_000}, b.Turnout.Cast)
	require.Equal(t, []int64{1, 1, 0}, []int64{b.Channels[0].Ballots, b.Channels[1].Ballots, b.Channels[2].Ballots})
	require.Equal(t, w.polls.totals, *b.Totals)
	require.Equal(t, int64(2), b.Checkpoint.Size)
	require.Contains(t, b.Notice, "3/4")
}

// TestCertaintyOnlyOfFinalBallots: a forecast is certain only where no ballot that was cast can still change. A web ballot can,
// though it may not be replaced on the web: paper replaces it by the signed list.
func TestCertaintyOnlyOfFinalBallots(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	w.polls.totals.No, w.polls.totals.Yes = rules.Weight{Heads: 11, Area: 88_000}, rules.Weight{Heads: 1, Area: 8_000}
	require.Equal(t, rules.WillFail, w.board("director").Forecast.Prospect)
	require.False(t, w.board("director").Forecast.Certain, "revisable")
	w.polls.poll.Revisable = false
	require.False(t, w.board("director").Forecast.Certain, "a web ballot counts")
	w.polls.channels = map[ballot.Channel]int64{ballot.Paper: 12}
	require.True(t, w.board("director").Forecast.Certain)
	w.polls.channels, w.polls.poll.Revisable, w.polls.poll.State = nil, true, ballot.Closed
	require.True(t, w.board("director").Forecast.Certain, "after the close nothing changes")
}

// TestHiddenResults: while results are hidden nobody learns how anybody voted, on any route. After the close everything is shown: the
// control.
func TestHiddenResults(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	w.polls.poll.Hidden = true
	w.polls.sheets = []ballot.Sheet{{Voter: "0002", State: ballot.SheetCounted, First: &ballot.Entry{Choice: ballot.No, By: "director"}, Second: &ballot.Entry{Choice: ballot.No, By: "street"}}}
	n := "/polls/" + pollNumber
	b := w.board("director")
	require.Nil(t, b.Totals)
	require.Nil(t, b.Forecast)
	require.Equal(t, rules.Weight{Heads: 2, Area: 16_000}, b.Cells[0].Cast, "turnout is no result")
	require.Equal(t, [3]rules.Weight{}, [3]rules.Weight{b.Cells[0].Yes, b.Cells[0].No, b.Cells[0].Abstain})
	shown := func() string {
		var all strings.Builder
		for _, path := range []string{n, n + "/voters", n + "/voters/0001/ballots", n + "/sheets"} {
			r := w.as("director").do(http.MethodGet, path, nil)
			require.Equal(t, 200, r.Code)
			all.WriteString(r.Body.String())
		}
		return all.String()
	}
	for _, telling := range []string{`"choice":"yes"`, `"choice":"no"`, "choice yes", "0123456789ABCDEF"} {
		require.NotContains(t, shown(), telling)
	}
	voters := read[record.Page[VoterView]](t, w.as("director").do(http.MethodGet, n+"/voters", nil))
	require.True(t, voters.Items[0].Voted)
	require.False(t, voters.Items[2].Voted)

	w.polls.poll.State = ballot.Closed
	for _, telling := range []string{`"choice":"yes"`, `"choice":"no"`, "choice yes", "0123456789ABCDEF"} {
		require.Contains(t, shown(), telling)
	}
	require.NotNil(t, w.board("director").Totals)
}

func cell(building string, voters int64) ballot.Cell {
	return ballot.Cell{Building: building, Voters: voters, All: rules.Weight{Heads: voters, Area: voters * 100}, Yes: rules.Weight{Heads: 1, Area: 100}}
}

func TestSmallCellsAreMerged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   []ballot.Cell
		want map[string]int64
	}{
		{[]ballot.Cell{cell("1", 10), cell("2", 11)}, map[string]int64{"1": 10, "2": 11}},
		{[]ballot.Cell{cell("10", 4), cell("1", 10), cell("2", 3), cell("3", 9)}, map[string]int64{"1": 10, "2、3、10 号楼": 16}},
		{[]ballot.Cell{cell("1号楼", 30), cell("2号楼", 12), cell("3号楼", 9)}, map[string]int64{"1号楼": 30, "2、3 号楼": 21}}, // 9 alone could be subtracted
		{[]ballot.Cell{cell("东苑", 5), cell("西苑", 6)}, map[string]int64{"东苑、西苑": 11}},
		{[]ballot.Cell{cell("1", 9)}, map[string]int64{"1": 9}}, // the whole poll
		{nil, map[string]int64{}},
	} {
		got := map[string]int64{}
		for _, m := range mergeCells(c.in) {
			got[m.Building] = m.Voters
		}
		require.Equal(t, c.want, got)
	}
	nine := make([]ballot.Cell, 0, 9)
	for _, b := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		nine = append(nine, cell(b, 2))
	}
	require.Equal(t, "1、2、3、4、5、6、7、8 号楼等 9 栋", mergeCells(nine)[0].Building)
}

// TestFewBallotsAreQuiet: one ballot of a building of nineteen would tell how a neighbour voted.
func TestFewBallotsAreQuiet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ballots []int64
		quiet   []bool
	}{
		{[]int64{23, 21, 15, 1}, []bool{false, false, true, true}}, // 1 alone could be subtracted
		{[]int64{23, 0, 12}, []bool{false, false, false}},
		{[]int64{9, 9, 30}, []bool{true, true, false}},
		{[]int64{3}, []bool{true}},
		{[]int64{10, 10}, []bool{false, false}},
	} {
		cells := make([]ballot.Cell, len(c.ballots))
		for i, n := range c.ballots {
			cells[i] = ballot.Cell{Ballots: n, Yes: rules.Weight{Heads: n}}
		}
		quieten(cells)
		for i, n := range c.ballots {
			require.Equal(t, c.quiet[i], cells[i].Quiet, "%v: %d", c.ballots, i)
			if c.quiet[i] {
				n = 0
			}
			require.Equal(t, n, cells[i].Yes.Heads)
		}
	}
}

// TestQuietCellsProperties: no choices of fewer than ten ballots can be read or found by subtraction, unless the whole poll is small.
func TestQuietCellsProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 25), 1, 12).Draw(r, "sizes")
		cells := make([]ballot.Cell, len(sizes))
		var all, hidden int64
		for i, n := range sizes {
			cells[i], all = ballot.Cell{Ballots: n, Yes: rules.Weight{Heads: n}}, all+n
		}
		quieten(cells)
		for i, c := range cells {
			switch {
			case c.Quiet:
				hidden += sizes[i]
			case sizes[i] > 0 && sizes[i] < ballot.SmallCell:
				r.Fatalf("%d ballots are told: %v", sizes[i], sizes)
			}
		}
		if hidden > 0 && hidden < ballot.SmallCell && all >= ballot.SmallCell {
			r.Fatalf("%d hidden ballots of %v can be found by subtraction", hidden, sizes)
		}
	})
}

// TestMergedCellsProperties: no cell is small unless the whole poll is, and nothing is lost.
func TestMergedCellsProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(1, 25), 1, 12).Draw(r, "sizes")
		var in []ballot.Cell
		var voters int64
		for i, n := range sizes {
			in = append(in, cell(string(rune('A'+i)), n))
			voters += n
		}
		var sum ballot.Cell
		for _, c := range mergeCells(in) {
			if c.Voters < ballot.SmallCell && voters >= ballot.SmallCell {
				r.Fatalf("cell %s has %d voters", c.Building, c.Voters)
			}
			sum.Voters, sum.All.Area, sum.Yes.Heads = sum.Voters+c.Voters, sum.All.Area+c.All.Area, sum.Yes.Heads+c.Yes.Heads
		}
		if sum.Voters != voters || sum.All.Area != voters*100 || sum.Yes.Heads != int64(len(sizes)) {
			r.Fatalf("lost: %+v", sum)
		}
	})
}
