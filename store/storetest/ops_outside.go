package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
	"gongzhi/rules"
)

// Nobody of ours is late, and still nothing moves: an outside body does not answer, or a clock stands.
func testOpsSilent(t *testing.T, b bundle) {
	saveTree(t, b)
	detector := ops.SilentDetector{Waits: b.Reader()}
	basis := procedure.Basis{Text: "准入办法第九条", Tag: "X"}
	engine := procedure.SystemEngine
	s := NewScript(caseOwn)
	s.Add(procedure.WaitOpened, engine, "", procedure.Waiting{Wait: "time", For: "执行期届满", Court: "时间", Basis: basis})
	s.Add(procedure.WaitOpened, engine, "", procedure.Waiting{Wait: "votes", For: "投票", Court: "业主、居民", Basis: basis})
	s.Add(procedure.WaitOpened, engine, "", procedure.Waiting{Wait: "expert", For: "鉴定意见", Court: "区鉴定机构", Basis: basis})
	until := Now.AddDate(0, 1, 0)
	s.Add(procedure.WaitOpened, engine, "", procedure.Waiting{Wait: "term", For: "批复", Court: "省民政厅", Basis: basis, Until: &until})
	appendAll(t, b, s)
	tenth := time.Date(2026, 9, 15, 9, 0, 0, 0, calendar.Zone) // the tenth working day after 1 September

	sweep(t, b, tenth.AddDate(0, 0, -1), detector)
	require.Empty(t, live(t, b), "patience first")
	sweep(t, b, tenth, detector)
	i := one(t, b)
	require.Equal(t, "等 区鉴定机构 回复「鉴定意见」已 10 个工作日。", i.Sentence.Text)
	require.Equal(t, "区鉴定机构", i.Court)
	require.Equal(t, "XW-CZ", i.Unit, "whoever filed the case may ask")
	require.Equal(t, basis, i.Basis)
	sweep(t, b, until, detector)
	require.Len(t, live(t, b), 2, "the time that was given is over")
	for _, wait := range []string{"expert", "term"} {
		s.Add(procedure.WaitClosed, engine, "", procedure.Waiting{Wait: wait})
	}
	more(t, b, s)
	sweep(t, b, until.Add(time.Minute), detector)
	require.Empty(t, live(t, b))

	s = NewScript(caseOther)
	clock := procedure.Clocked{Clock: "approval", Title: "审批时限", Basis: basis, Deadline: calendar.Deadline{Anchor: Now}}
	s.Add(procedure.ClockStarted, engine, "", clock)
	paused := clock
	paused.Ground, paused.Wait = "review", "示例-李四"
	s.Add(procedure.ClockPaused, Officer, "", paused)
	supplement := clock
	supplement.Clock, supplement.Title, supplement.Ground, supplement.Wait = "acceptance", "受理时限", "supplement", procedure.Applicant
	s.Add(procedure.ClockStarted, engine, "", supplement)
	s.Add(procedure.ClockPaused, engine, "", supplement)
	appendAll(t, b, s)
	at := until.Add(time.Hour)
	sweep(t, b, at, detector)
	list := live(t, b)
	require.Len(t, list, 2)
	require.Equal(t, "等 专家评审 的结果已 21 个工作日，「审批时限」的时钟一直停着（由 示例-李四 暂停）。", list[0].Sentence.Text)
	require.Equal(t, "等 示例区财政局 补正材料已 21 个工作日，「受理时限」的时钟一直停着。", list[1].Sentence.Text)
	resumed := clock
	resumed.Deadline.Pauses = []calendar.Pause{{From: Now, To: &at}}
	s.Add(procedure.ClockResumed, Officer, "", resumed)
	more(t, b, s)
	sweep(t, b, at.Add(time.Minute), detector)
	require.Len(t, live(t, b), 1)
	s.Add(procedure.CaseClosed, engine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Withdrawn}})
	more(t, b, s)
	sweep(t, b, at.Add(2*time.Minute), detector)
	require.Empty(t, live(t, b), "a closed case waits for nobody")
}

// consentCase begins the record of a vote's case.
func consentCase(number string) *Script {
	s := &Script{Number: number, clock: Now}
	return s.Add(procedure.CaseStarted, Initiator, "", procedure.Started{Title: "听雨花园改造", Filing: procedure.Filing{
		Case: number, Kind: consent.Kind, Version: 1, District: "XW", Initiator: Initiator, Clock: procedure.RealClock(),
	}})
}

// realTerms are those of a vote with the rule of art. 278, by owner.
func realTerms(t *testing.T, number string) ballot.Terms {
	t.Helper()
	terms := terms(number)
	for _, r := range rules.ConsentRules() {
		if r.ID == terms.Rule.ID {
			terms.Rule = r
		}
	}
	require.NotEmpty(t, terms.Rule.Tests)
	return terms
}

func testOpsClock(t *testing.T, b bundle) {
	saveTree(t, b)
	detector := ops.ClockDetector{Votes: b.Reader(), Pack: rules.Load}
	number := "XW-BJ-2026-001"
	s := consentCase(number)
	appendAll(t, b, s)
	frozenPoll(t, b, realTerms(t, number), 20)
	minute := 0
	look := func() []ops.Incident {
		minute++
		sweep(t, b, Now.Add(time.Duration(minute)*time.Minute), detector)
		return live(t, b)
	}
	post := func(title string, days int) {
		until := calendar.DateOf(s.On()).AddDays(days).String()
		s.Add(procedure.NoticePosted, procedure.SystemEngine, "", procedure.Posted{
			Notice: number + title + until, Title: "听雨花园改造：" + title, Text: "正文", From: s.On(), Until: until,
		})
		more(t, b, s)
	}
	list := look()
	require.Len(t, list, 1)
	require.Equal(t, "「听雨花园外墙与屋面改造」的清册公示未按时公布，清册已冻结（依据：业主大会和业主委员会指导规则（建房〔2009〕274号））。", list[0].Sentence.Text)
	require.Equal(t, "XW-01", list[0].Unit)
	post("清册公示", 14)
	list = look()
	require.Len(t, list, 1)
	require.Equal(t, "「听雨花园改造：清册公示」公示仅 14 日，少于 15 日（依据：业主大会和业主委员会指导规则（建房〔2009〕274号））。", list[0].Sentence.Text)
	require.Equal(t, "T", list[0].Basis.Tag)
	post("清册公示", 15)
	require.Empty(t, look(), "published again for long enough")

	require.NoError(t, b.OpenPoll(t.Context(), number, opens, closes))
	minute += 15 * 24 * 60
	list = look()
	require.Len(t, list, 1)
	require.Contains(t, list[0].Sentence.Text, "表决公告未按时公布，表决已开始（依据：物业管理条例第十四条")
	post("表决公告", 15)
	require.Empty(t, look())
	post("初步统计结果", 6)
	require.Contains(t, look()[0].Sentence.Text, "公示仅 6 日，少于 7 日")
	post("初步统计结果", 7)
	require.Empty(t, look())
	post("表决结果公告", 29)
	require.Contains(t, look()[0].Sentence.Text, "公示仅 29 日，少于 30 日")
	s.Add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed}})
	more(t, b, s)
	require.Empty(t, look())

	// What residents decide is shown as long as the law on their committee asks, the decision of their meeting too.
	number = "XW-BJ-2026-002"
	s = consentCase(number)
	appendAll(t, b, s)
	residents := realTerms(t, number)
	residents.Animal = ballot.Resident
	frozenPoll(t, b, residents, 20)
	post("清册公示", 15)
	require.Empty(t, look())
	for _, title := range []string{"表决结果公告", "居民会议决定公告", "决算公告"} {
		post(title, 14)
		list = look()
		require.Len(t, list, 1)
		require.Contains(t, list[0].Sentence.Text, "公示仅 14 日，少于 15 日（依据：城市居民委员会组织法（2025年修订）第三十四条）。")
		post(title, 15)
		require.Empty(t, look())
	}
}

// Only that it is certain is told, only when it is, and never of a vote whose results are hidden.
func testOpsLost(t *testing.T, b bundle) {
	saveTree(t, b)
	detector := ops.LostDetector{Votes: b.Reader()}
	sure, hidden, may := realTerms(t, "XW-BJ-2026-001"), realTerms(t, "XW-BJ-2026-002"), realTerms(t, "XW-BJ-2026-003")
	hidden.Hidden, may.Revisable = true, true
	for _, terms := range []ballot.Terms{sure, hidden, may} {
		openPoll(t, b, terms, 10)
	}
	no := func(number string, from, to int) {
		for voter := from; voter <= to; voter++ {
			c := door(number, voter, ballot.No, fmt.Sprintf("request-%s-%d", number, voter))
			if number == may.Number {
				c = web(number, voter, ballot.No, c.Request)
			}
			casts(t, b, c)
		}
	}
	minute := 0
	look := func() []ops.Incident {
		minute++
		sweep(t, b, opens.Add(time.Duration(minute)*time.Minute), detector)
		return live(t, b)
	}
	no(sure.Number, 1, 1)
	require.Empty(t, look(), "it may still pass")
	for _, terms := range []ballot.Terms{sure, hidden, may} {
		no(terms.Number, 2, 10)
	}
	list := look()
	require.Len(t, list, 1, "not the hidden one, and not the one whose ballots may still be changed")
	require.Equal(t, sure.Number, list[0].Cause)
	require.Equal(t, "「听雨花园外墙与屋面改造」已不可能通过：已投的票不能再改，其余全部同意也达不到规定比例。", list[0].Sentence.Text)
	require.NotRegexp(t, `\d`, list[0].Sentence.Text, "no number that would tell how anybody voted")
	require.Empty(t, list[0].Facts)
	require.NoError(t, b.VoidPoll(t.Context(), sure.Number))
	require.Empty(t, look())
}
