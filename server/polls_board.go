package server

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// shownRuns is how many runs of letters the board shows.
const shownRuns = 20

// pollBoard is the organiser's view of a vote. It reads sums that the store keeps, never ballots, so that it is as fast with a
// million voters as with ten.
func (s *Server) pollBoard(ctx context.Context, in *PollPath) (*reply[Board], error) {
	m, err := s.pollMatter(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	p := m.poll
	b := Board{Poll: p, Now: s.now(), May: m.rights(whoIs(ctx))}
	if b.Notice, err = p.Rule.Notice(p.Options.Counting); err != nil {
		return nil, err
	}
	channels, err := s.Polling.Polls.Channels(ctx, p.Number)
	if err != nil {
		return nil, err
	}
	for _, c := range []ballot.Channel{ballot.Web, ballot.Paper, ballot.Door} {
		b.Channels = append(b.Channels, ChannelCount{Channel: c, Label: c.Label(), Ballots: channels[c]})
		b.Turnout.Ballots += channels[c]
	}
	if b.Cells, err = s.cells(ctx, p); err != nil {
		return nil, err
	}
	totals, err := s.Polling.Polls.Totals(ctx, p.Number)
	if err != nil {
		return nil, err
	}
	b.Turnout.fill(p, totals)
	stands := standing{p, totals, channels}
	if b.Forecast, err = stands.forecast(); err != nil {
		return nil, err
	}
	if b.Forecast != nil {
		b.Totals = &totals
	}
	if b.Prospects, err = s.prospects(ctx, stands); err != nil {
		return nil, err
	}
	if b.May.People {
		if b.Letters, err = s.Polling.Polls.LetterRuns(ctx, p.Number, shownRuns); err != nil {
			return nil, err
		}
	}
	b.Checkpoint, err = s.lastCheckpoint(ctx, p.Number)
	return answer(b), err
}

func (t *Turnout) fill(p ballot.Poll, totals rules.Totals) {
	t.Voters, t.All = p.Voters, p.All
	for _, w := range []rules.Weight{totals.Yes, totals.No, totals.Abstain} {
		t.Cast.Heads, t.Cast.Area = t.Cast.Heads+w.Heads, t.Cast.Area+w.Area
	}
	t.HeadsPercent = rules.PercentFloor(t.Cast.Heads, t.All.Heads)
	if p.Options.Counting == rules.ByOwner {
		t.AreaPercent = rules.PercentFloor(t.Cast.Area, t.All.Area)
	}
}

func (s *Server) lastCheckpoint(ctx context.Context, number string) (*ballot.Checkpoint, error) {
	list, err := s.Polling.Polls.LastCheckpoints(ctx, number, 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// cells is the turnout by building, without what is hidden and without groups so small that they would tell how a person voted.
func (s *Server) cells(ctx context.Context, p ballot.Poll) ([]ballot.Cell, error) {
	cells, err := s.Polling.Polls.Cells(ctx, p.Number)
	if err != nil {
		return nil, err
	}
	merged := mergeCells(cells)
	if !hidden(p) {
		quieten(merged)
		return merged, nil
	}
	for i := range merged {
		silence(&merged[i])
	}
	return merged, nil
}

func silence(c *ballot.Cell) { c.Yes, c.No, c.Abstain = rules.Weight{}, rules.Weight{}, rules.Weight{} }

// quieten hides how the ballots of a cell were cast where they are fewer than SmallCell: who has voted is known to those who visit
// the households. Should all hidden ones together still be few, the next smallest cell is hidden with them: what is hidden could be
// found by subtraction from the totals.
func quieten(cells []ballot.Cell) {
	bySize := make([]*ballot.Cell, 0, len(cells))
	for i := range cells {
		if cells[i].Ballots > 0 {
			bySize = append(bySize, &cells[i])
		}
	}
	slices.SortStableFunc(bySize, func(a, b *ballot.Cell) int { return cmp.Compare(a.Ballots, b.Ballots) })
	sum := int64(0)
	for _, c := range bySize {
		if c.Ballots >= ballot.SmallCell && (sum == 0 || sum >= ballot.SmallCell) {
			break
		}
		sum += c.Ballots
		c.Quiet = true
		silence(c)
	}
}

// mergeCells puts the buildings with fewer than SmallCell voters into one cell, which stands last. Should that one still be small,
// the smallest other building joins it: alone it could be found by subtraction from the totals.
func mergeCells(cells []ballot.Cell) []ballot.Cell {
	cells = slices.Clone(cells)
	slices.SortFunc(cells, func(a, b ballot.Cell) int { return natural(a.Building, b.Building) })
	var large, small []ballot.Cell
	for _, c := range cells {
		if c.Voters < ballot.SmallCell {
			small = append(small, c)
		} else {
			large = append(large, c)
		}
	}
	if len(small) == 0 {
		return large
	}
	voters := int64(0)
	for _, c := range small {
		voters += c.Voters
	}
	if voters < ballot.SmallCell && len(large) > 0 {
		least := 0
		for i, c := range large {
			if c.Voters < large[least].Voters {
				least = i
			}
		}
		small = append(small, large[least])
		large = slices.Delete(large, least, least+1)
		slices.SortFunc(small, func(a, b ballot.Cell) int { return natural(a.Building, b.Building) })
	}
	return append(large, joined(small))
}

// joined is the sum of cells under their common name.
func joined(cells []ballot.Cell) ballot.Cell {
	sum := cells[0]
	names := []string{sum.Building}
	for _, c := range cells[1:] {
		names = append(names, c.Building)
		sum.Voters, sum.Ballots = sum.Voters+c.Voters, sum.Ballots+c.Ballots
		for _, w := range []struct{ to, from *rules.Weight }{
			{&sum.All, &c.All}, {&sum.Cast, &c.Cast}, {&sum.Yes, &c.Yes}, {&sum.No, &c.No}, {&sum.Abstain, &c.Abstain},
		} {
			w.to.Heads, w.to.Area = w.to.Heads+w.from.Heads, w.to.Area+w.from.Area
		}
	}
	sum.Building = buildingNames(names)
	return sum
}

// buildingNames joins names of buildings: 3、4、7 号楼.
func buildingNames(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	const most = 8 // that a chart has room for
	more := ""
	if len(names) > most {
		more = fmt.Sprintf("等 %d 栋", len(names))
		names = names[:most]
	}
	numbers := make([]string, len(names))
	for i, n := range names {
		numbers[i] = strings.TrimSpace(strings.TrimSuffix(n, "号楼"))
		if _, err := strconv.Atoi(numbers[i]); err != nil {
			return strings.Join(names, "、") + more
		}
	}
	if more != "" {
		return strings.Join(numbers, "、") + " 号楼" + more
	}
	return strings.Join(numbers, "、") + " 号楼"
}

// natural orders 2 before 10, and texts without a number by their text.
func natural(a, b string) int {
	x, errX := strconv.Atoi(strings.TrimSuffix(a, "号楼"))
	y, errY := strconv.Atoi(strings.TrimSuffix(b, "号楼"))
	if errX == nil && errY == nil && x != y {
		return x - y
	}
	return strings.Compare(a, b)
}
