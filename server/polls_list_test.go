package server

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// TestListOfVotes: a vote is listed for whoever sees its case, with its turnout, its chance and its next step, and for nobody else.
func TestListOfVotes(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c := w.cases[pollNumber]
	c.NextTitle, c.NextWho, c.NextDay, c.Card = "计票", "槐荫社区社区主任", "2026-09-25", "yellow"
	w.cases[pollNumber] = c
	list := func(login string) []PollRow {
		return read[record.Page[PollRow]](t, w.as(login).do(http.MethodGet, "/polls?state=open&unit=XW-01&text=听雨&after=x&limit=20", nil)).Items
	}
	for _, login := range []string{"street2", "stranger", "member"} {
		require.Empty(t, list(login), login)
	}
	for _, login := range []string{"operator", "street", "director"} {
		require.Len(t, list(login), 1, login)
	}
	require.Equal(t, ballot.PollFilter{State: ballot.Open, Unit: "XW-01", Text: "听雨", After: "x", Limit: 20}, w.polls.asked)
	row := list("director")[0]
	require.Equal(t, []string{pollNumber, "听雨花园外墙改造", "听雨花园", "槐荫社区", "业主"}, []string{row.Number, row.Title, row.Estate, row.UnitName, row.Counting})
	require.Equal(t, []int64{2, 12}, []int64{row.Turnout.Ballots, row.Turnout.Voters})
	require.Equal(t, "16.66%", row.Turnout.HeadsPercent)
	require.Equal(t, PollNext{Title: "投票", Who: "业主", Day: "2026-09-22", State: procedure.Running}, row.Next)
	require.Equal(t, "open", row.Prospects.Chance)
	refusedWithin(t, w.as("director").do(http.MethodGet, "/polls?state=cats", nil), 422, "input.choice")

	// What is hidden is hidden here too: this vote fails, and the list does not tell.
	w.polls.totals.No, w.polls.totals.Yes = rules.Weight{Heads: 11, Area: 88_000}, rules.Weight{}
	require.Equal(t, "fails", list("director")[0].Prospects.Chance, "the control")
	w.polls.poll.Hidden = true
	require.Equal(t, "open", list("director")[0].Prospects.Chance)
	counted(w)
	require.Equal(t, "over", list("director")[0].Prospects.Chance)
	require.Equal(t, "未通过", list("director")[0].Result)
	require.Equal(t, PollNext{Title: "计票", Who: "槐荫社区社区主任", Day: "2026-09-25", Card: "yellow", State: procedure.Running}, list("director")[0].Next)
}

// TestProspects: until when a vote can still pass, and when it is certain that it cannot. The window closes at the end of Tuesday,
// 22 September 2026; five days more end on Sunday, and so on Monday the 28th.
func TestProspects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	closes := time.Date(2026, 9, 22, 16, 0, 0, 0, time.UTC)
	weight := func(n int64) rules.Weight { return rules.Weight{Heads: n, Area: n * 8_000} }
	outside := func(p *ballot.Poll) { p.State, p.Platform = ballot.Preparing, "省平台" }
	state := func(s ballot.PollState) func(*ballot.Poll) { return func(p *ballot.Poll) { p.State = s } }
	final := func(p *ballot.Poll) { p.Revisable = false }
	for name, c := range map[string]struct {
		yes, no int64
		web     int64
		change  func(*ballot.Poll)
		chance  string
		certain bool
		latest  string
		text    string
	}{
		"nothing cast":              {chance: "open", text: "在2026年9月22日（周二）截止之前都还可以通过，截止时没有达到比例的，不能通过。"},
		"extension to come":         {yes: 7, change: func(p *ballot.Poll) { p.Extension = 5 }, chance: "open", latest: "2026-09-28", text: "截止时参与不足规定比例的，按公告延长一次 5 日，到2026年9月28日（周一）为止"},
		"hidden, extension to come": {yes: 1, no: 4, change: func(p *ballot.Poll) { p.Extension, p.Hidden = 5, true }, chance: "open", latest: "2026-09-28", text: "到2026年9月28日（周一）为止"},
		"quorum met":                {yes: 6, no: 2, change: func(p *ballot.Poll) { p.Extension = 5 }, chance: "open", text: "截止之前都还可以通过，截止时"},
		"extended already":          {yes: 6, change: func(p *ballot.Poll) { p.Extension, p.Extended = 5, 1 }, chance: "open", text: "截止之前都还可以通过，截止时"},
		"fails unless changed":      {no: 4, web: 4, chance: "fails", text: "票还可以改，到2026年9月22日（周二）截止时才能确定"},
		"fails for certain":         {no: 4, change: final, chance: "fails", certain: true, text: "已经确定不能通过"},
		"fails, but web ballots":    {no: 4, web: 1, change: final, chance: "fails", text: "票还可以改"},
		"passes unless changed":     {yes: 9, web: 9, chance: "passes", text: "按已投的票将会通过"},
		"passes for certain":        {yes: 9, change: final, chance: "passes", certain: true, text: "已经确定达到比例"},
		"hidden and failing":        {no: 12, change: func(p *ballot.Poll) { p.Hidden, p.Revisable = true, false }, chance: "open", text: "都还可以通过"},
		"not begun":                 {change: state(ballot.Preparing), chance: "waiting", text: "还没有开始"},
		"on a platform":             {change: outside, chance: "waiting", text: "省平台"},
		"closed":                    {yes: 12, change: state(ballot.Closed), chance: "over", certain: true, text: "以计票为准"},
		"void":                      {change: state(ballot.Void), chance: "over", certain: true, text: "作废"},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.polls.poll
			p.Closes = &closes
			if c.change != nil {
				c.change(&p)
			}
			totals := rules.Totals{Counting: rules.ByOwner, All: weight(12), Yes: weight(c.yes), No: weight(c.no)}
			got, err := w.s.prospects(t.Context(), standing{p, totals, map[ballot.Channel]int64{ballot.Web: c.web, ballot.Paper: c.yes + c.no - c.web}})
			require.NoError(t, err)
			require.Equal(t, c.chance, got.Chance)
			require.Equal(t, c.certain, got.Certain)
			require.Contains(t, got.Text, c.text)
			latest := ""
			if got.Latest != nil {
				latest = got.Latest.Add(-time.Microsecond).In(w.now.Location()).Format(time.DateOnly)
			}
			require.Equal(t, c.latest, latest)
			require.Equal(t, p.State == ballot.Open, got.Until != nil)
		})
	}
	w.polls.count(ballot.Counted)
	got, err := w.s.prospects(t.Context(), standing{w.polls.poll, w.polls.totals, nil})
	require.NoError(t, err)
	require.Equal(t, Prospects{Chance: "over", Text: "初步统计结果是" + w.polls.poll.Result.Verdict.Outcome.Label() + "，询异结束后确定。"}, got)
	w.polls.poll.State = ballot.Final
	got, err = w.s.prospects(t.Context(), standing{w.polls.poll, w.polls.totals, nil})
	require.NoError(t, err)
	require.True(t, got.Certain)
}

// TestWhoSeesTheFilesOfABallot: who took them; then whoever may know who is on the roll, once the results are open.
func TestWhoSeesTheFilesOfABallot(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	see := func(login string) int { return w.as(login).do(http.MethodGet, "/attachments/p1", nil).Code }
	ballots := func() BallotView {
		return read[record.Page[BallotView]](t, w.as("street").do(http.MethodGet, "/polls/"+pollNumber+"/voters/0001/ballots", nil)).Items[0]
	}
	w.polls.papers = map[int]ballot.Papers{1: {By: procedure.Actor{Name: "示例-郑八"}, Second: procedure.Actor{Name: "示例-见证"}, Proxy: "0002", Files: []string{"p1"}}}
	require.Equal(t, 404, see("street"), "loose")
	a := w.files["p1"]
	a.Case, a.Ballot = pollNumber, true
	w.files["p1"] = a
	for login, want := range map[string]int{"director": 200, "street": 200, "auditor": 200, "operator": 404, "street2": 404, "stranger": 404} {
		require.Equal(t, want, see(login), login)
	}
	b := ballots()
	require.Equal(t, []string{"示例-郑八", "示例-见证", "0002", "票.jpg"}, []string{b.By, b.Second, b.Proxy, b.Files[0].Name})
	a.Ballot = false // an ordinary file of the case: the control
	w.files["p1"] = a
	require.Equal(t, 200, see("operator"))
	a.Ballot = true
	w.files["p1"] = a

	w.polls.poll.Hidden = true
	require.Equal(t, 404, see("street"))
	require.Equal(t, 404, see("auditor"))
	require.Equal(t, 200, see("director"), "who took it")
	require.Empty(t, ballots().Files)
	require.Equal(t, "示例-郑八", ballots().By, "who entered it shows no choice")
	w.polls.poll.State = ballot.Closed
	require.Equal(t, 200, see("street"))
	require.Len(t, ballots().Files, 1)
}

// TestLettersAreKept: who took codes out is on the board, and no code goes out unless it is kept.
func TestLettersAreKept(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber
	require.Empty(t, w.board("director").Letters)
	require.Equal(t, 200, w.as("director").do(http.MethodPost, n+"/letters", `{"building":"1","silent":true,"limit":4}`).Code)
	want := ballot.LetterRun{By: "director", Name: "示例-郑八", At: w.now.UTC(), Building: "1", Silent: true, First: "0003", Last: "0006", Letters: 4}
	for _, login := range []string{"director", "auditor"} {
		runs := w.board(login).Letters
		require.Len(t, runs, 1)
		runs[0].At = runs[0].At.UTC()
		require.Equal(t, want, runs[0])
	}
	require.Empty(t, w.board("operator").Letters)
	require.Equal(t, 200, w.as("director").do(http.MethodPost, n+"/letters", `{"building":"9"}`).Code)
	require.Len(t, w.board("director").Letters, 1, "nobody lives there")

	w.polls.keeping = errors.New("disk")
	r := w.as("director").do(http.MethodPost, n+"/letters", `{}`)
	refusedWith(t, r, 500, "server.fault")
	require.False(t, strings.Contains(r.Body.String(), w.polls.code("0003")))
}
