package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
	"gongzhi/rules"
)

// fakePoll stands for the ballots, which the workflow never sees: it says what it is asked for, and notes what it was told.
type fakePoll struct {
	refusals   []string       // why the roll cannot be frozen, one try after the other
	few        int            // how often too few take part when the window ends
	tallies    []ballot.Tally // one count after the other; the last one stays
	unanswered []string       // why 询异 cannot be ended, one try after the other
	told       []string
	window     [2]time.Time
}

func (p *fakePoll) tell(what string) error {
	p.told = append(p.told, what)
	return nil
}

func (p *fakePoll) Prepare(_ context.Context, t ballot.Terms) error {
	if t.Rule.ID == "" || t.Unit == "" {
		return errors.New("terms are not complete")
	}
	return p.tell("prepare")
}

func (p *fakePoll) Freeze(context.Context, string) (ballot.Frozen, error) {
	if len(p.refusals) > 0 {
		why := p.refusals[0]
		p.refusals = p.refusals[1:]
		return ballot.Frozen{}, procedure.Errorf(procedure.Conflict, ballot.CodeObjection, "%s", why)
	}
	return ballot.Frozen{Version: 1, Fingerprint: "5f1e", Voters: 87, Total: rules.Weight{Heads: 87, Area: 800000}}, p.tell("freeze")
}

func (p *fakePoll) Open(_ context.Context, _ string, opens, closes time.Time) error {
	p.window = [2]time.Time{opens, closes}
	return p.tell("open")
}

func (p *fakePoll) Quorate(context.Context, string) (bool, error) {
	p.few--
	return p.few < 0, nil
}

func (p *fakePoll) Extend(_ context.Context, _ string, _ int, closes time.Time) error {
	p.window[1] = closes
	return p.tell("extend")
}

func (p *fakePoll) Close(context.Context, string) error { return p.tell("close") }

func (p *fakePoll) Count(context.Context, string) (ballot.Tally, error) {
	t := p.tallies[0]
	if len(p.tallies) > 1 {
		p.tallies = p.tallies[1:]
	}
	if t.Why != "" {
		return ballot.Tally{}, procedure.Errorf(procedure.Conflict, ballot.CodeResult, "%s", t.Why)
	}
	return t, p.tell("count")
}

func (p *fakePoll) Finish(context.Context, string) error {
	if len(p.unanswered) > 0 {
		why := p.unanswered[0]
		p.unanswered = p.unanswered[1:]
		return procedure.Errorf(procedure.Conflict, ballot.CodeObjection, "%s", why)
	}
	return p.tell("finish")
}

func (p *fakePoll) Void(context.Context, string) error { return p.tell("void") }

// 听雨花园 (domain E.4): the owners' committee proposes.
var (
	chair     = person("万业", "0103", procedure.OwnersCommittee)
	secretary = person("傅书", "0103", procedure.PartySecretary)
	watcher   = person("梅监", "0103", procedure.Witness)
)

func consentForm() consent.Form {
	return consent.Form{Animal: consent.Owners278, Estate: "听雨花园", Title: "外墙与屋面改造", Question: "是否同意《听雨花园外墙与屋面改造方案》？",
		Rule: "cc278.special", Counting: rules.ByOwner, BuyerKey: rules.ExactSet, ExcludeParking: true, Silent: rules.SilentAbsent, Revisable: true,
		Proposer: consent.ByCommittee}
}

func consentFiling(change func(*consent.Form)) procedure.Filing {
	form := consentForm()
	change(&form)
	by := chair
	if form.Animal == consent.Resident {
		by = director("0103")
	}
	facts, err := form.Facts(by, 3)
	if err != nil {
		panic(err)
	}
	raw, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	pack, err := rules.Load(consent.PackID)
	if err != nil {
		panic(err)
	}
	figures := map[string]int64{}
	for k, f := range pack.Figures {
		figures[k] = f.Value
	}
	return procedure.Filing{Case: e6().Case, Kind: consent.Kind, Version: 1, District: "XW",
		Initiator: by, Pack: pack.ID, Figures: figures, Facts: raw, Command: "start"}
}

var (
	passed = ballot.Tally{Passed: true, Text: "通过：同意的业主人数／参与表决的业主人数 75.00%（45/60）"}
	failed = ballot.Tally{Text: "未通过：同意的业主人数／参与表决的业主人数 73.33%（44/60）", Short: "同意的业主人数／参与表决的业主人数 73.33%（44/60），不足规定的比例", At: at("2026-12-08 00:00")}
)

// passes is a scene in which only the time goes on. On a real engine the clock of a test jumps, and a period begins when the case
// is there.
func passes(moment string) scene {
	return scene{moment, func(*court) []procedure.Command { return nil }}
}

// consentScripts are the ways of a vote. Days are those of domain part C: a display of 15 days from 2026-09-07 ends with 2026-09-22.
func consentScripts() []script {
	const start = monday
	roll := []scene{
		says("2026-09-07 09:30", "committee-advice", procedure.Agree, director("0103")),
		says("2026-09-07 10:00", "advice", procedure.Agree, secretary),
		says("2026-09-07 11:00", "roll", procedure.Publish, chair), // on display until 09-22
	}
	return []script{
		{name: "consent", start: start, filing: consentFiling(func(*consent.Form) {}), state: procedure.Completed,
			poll: fakePoll{refusals: []string{"还有 1 件异议未答复"}, tallies: []ballot.Tally{passed}},
			scenes: append(roll,
				passes("2026-09-23 01:00"),
				says("2026-09-23 09:00", "roll-objections", procedure.Submit, chair), // refused: an objection has no answer
				says("2026-09-23 10:00", "roll-objections", procedure.Submit, chair),
				says("2026-09-23 11:00", "scheme", procedure.Submit, chair), // notice until 10-08, vote until 11-09
				passes("2026-10-09 01:00"),
				passes("2026-11-10 01:00"),
				says("2026-11-10 09:00", "count", procedure.Submit, chair),    //
				says("2026-11-10 10:00", "witness", procedure.Agree, watcher), // 询异 until 11-17
				passes("2026-11-18 01:00"),
				says("2026-11-18 09:00", "settle", procedure.Submit, chair),
				says("2026-11-19 09:00", "permit", procedure.Submit, chair),
				says("2026-11-20 09:00", "works", consent.Disclose, chair),
				says("2026-11-23 09:00", "works", procedure.Submit, chair),
				says("2026-11-24 09:00", "accounts", procedure.Submit, chair),
			)},
		{name: "consent-failed", start: start, filing: consentFiling(func(f *consent.Form) { f.Extension = 10 }), state: procedure.Rejected,
			poll: fakePoll{few: 1, tallies: []ballot.Tally{failed}},
			scenes: append(roll,
				passes("2026-09-23 01:00"),
				says("2026-09-23 09:00", "roll-objections", consent.Renew, chair), // shown again until 10-08
				passes("2026-10-09 01:00"),
				says("2026-10-09 09:00", "roll-objections", procedure.Submit, chair),
				says("2026-10-09 10:00", "scheme", procedure.Submit, chair), // notice until 10-26, vote until 11-26, extended until 12-07: no period ends on a day off
				passes("2026-10-27 01:00"),
				passes("2026-11-27 01:00"),
				passes("2026-12-08 01:00"),
				says("2026-12-08 09:00", "count", procedure.Submit, chair),
				says("2026-12-08 10:00", "witness", consent.Recount, watcher),
				says("2026-12-08 11:00", "count", procedure.Submit, chair),
				says("2026-12-08 12:00", "witness", procedure.Agree, watcher), // 询异 until 12-15
				passes("2026-12-16 01:00"),
				says("2026-12-16 09:00", "settle", consent.Recount, chair),
				says("2026-12-16 10:00", "count", procedure.Submit, chair),
				says("2026-12-16 11:00", "witness", procedure.Agree, watcher), // 询异 until 12-23
				passes("2026-12-24 01:00"),
				says("2026-12-24 09:00", "settle", procedure.Submit, chair),
			)},
		{name: "consent-lift", start: start, state: procedure.Withdrawn,
			filing: consentFiling(func(f *consent.Form) {
				f.Animal, f.Rule, f.Platform = consent.UnitLift, "lift.jinan2019", "省级业主电子表决系统"
			}),
			poll: fakePoll{tallies: []ballot.Tally{{Why: "官方平台的认证结果须由第二人核对后才能采用"}, passed}},
			scenes: append(roll,
				passes("2026-09-23 01:00"),
				says("2026-09-23 10:00", "roll-objections", procedure.Submit, chair),
				says("2026-09-23 11:00", "scheme", procedure.Submit, chair), // notice until 10-08
				passes("2026-10-09 01:00"),
				says("2026-10-09 09:00", "certify", procedure.Submit, chair),
				says("2026-10-09 10:00", "certify", procedure.Submit, chair),
				says("2026-10-09 11:00", "count", procedure.Submit, chair),
				says("2026-10-09 12:00", "witness", procedure.Agree, watcher),
				passes("2026-10-17 01:00"),
				says("2026-10-17 09:00", "settle", procedure.Submit, chair),
				says("2026-10-18 09:00", "conditions", procedure.Agree, actors(street, streets...)...),
				says("2026-10-19 09:00", "permit", procedure.Abandon, chair),
			)},
		{name: "consent-unfit", start: start, filing: consentFiling(func(*consent.Form) {}), state: procedure.Rejected,
			scenes: []scene{says("2026-09-07 10:00", "advice", procedure.Object, secretary)}},
		{name: "consent-residents", start: start, filing: consentFiling(ofResidents), state: procedure.Completed,
			poll: fakePoll{tallies: []ballot.Tally{passed}},
			scenes: append(residentsVote(),
				says("2026-11-19 10:00", "meeting", procedure.Agree, host), // 居务公开 until 12-04
				passes("2026-12-05 01:00"),
				says("2026-12-07 09:00", "permit", procedure.Submit, host),
				says("2026-12-08 09:00", "works", procedure.Submit, host),
				says("2026-12-09 09:00", "accounts", procedure.Submit, host), // appraisal until 2027-01-08
				says("2026-12-10 09:00", "appraisal", consent.Dissatisfied, watcher),
				says("2026-12-11 09:00", "rectify", procedure.Submit, host),
			)},
		{name: "consent-meeting", start: start, filing: consentFiling(ofResidents), state: procedure.Rejected,
			poll:   fakePoll{tallies: []ballot.Tally{passed}},
			scenes: append(residentsVote(), says("2026-11-19 10:00", "meeting", procedure.Object, host))},
		{name: "consent-undecided", start: start, filing: consentFiling(ofResidents), state: procedure.Rejected,
			scenes: []scene{
				says("2026-09-07 10:00", "advice", procedure.Agree, secretary),
				says("2026-09-08 10:00", "deliberation", procedure.Object, host),
			}},
	}
}

// host is the residents' committee, which organises the votes of residents.
var host = director("0103")

// ofResidents makes a poll of households of the form, of a matter that concerns all residents.
func ofResidents(f *consent.Form) {
	f.Animal, f.Rule, f.Counting, f.Proposer, f.AffectsAll = consent.Resident, "seed75.of_all", rules.ByHousehold, consent.ByResidents, true
	f.Estate, f.Title, f.Question = "听雨社区", "楼道照明更新", "是否同意更新楼道照明？"
}

// residentsVote are the scenes of a vote of residents up to its final result.
func residentsVote() []scene {
	return []scene{
		says("2026-09-07 10:00", "advice", procedure.Agree, secretary),
		says("2026-09-08 10:00", "deliberation", procedure.Submit, host),
		says("2026-09-08 11:00", "roll", procedure.Publish, host), // on display until 09-23
		passes("2026-09-24 01:00"),
		says("2026-09-24 09:00", "roll-objections", procedure.Submit, host),
		says("2026-09-24 10:00", "scheme", procedure.Submit, host), // 7 days end with 10-01, a day off: notice until 10-08, vote until 11-09
		passes("2026-10-09 01:00"),
		passes("2026-11-10 01:00"),
		says("2026-11-10 09:00", "count", procedure.Submit, host),
		says("2026-11-10 10:00", "witness", procedure.Agree, watcher), // 询异 until 11-17
		passes("2026-11-18 01:00"),
		says("2026-11-18 09:00", "settle", procedure.Submit, host),
	}
}

// The gate: the project is open exactly when the vote has passed and is final.
func TestConsent_TheGateOpensOnlyAfterAFinalPass(t *testing.T) {
	t.Parallel()
	for name, phased := range map[string]int{"consent": 1, "consent-lift": 1, "consent-failed": 0, "consent-unfit": 0,
		"consent-residents": 1, "consent-meeting": 0, "consent-undecided": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := perform(t, scriptNamed(t, name))
			var gates int
			finished := false
			for _, e := range c.events {
				finished = finished || e.Type == procedure.NoticePosted && containsText(e, "表决结果公告")
				if e.Type == procedure.CasePhased {
					gates++
					require.True(t, finished, "the gate opened before the result was final")
				}
			}
			require.Equal(t, phased, gates)
		})
	}
}

func containsText(e procedure.Event, text string) bool {
	var p procedure.Posted
	return json.Unmarshal(e.Data, &p) == nil && len(p.Title) >= len(text) && p.Title[len(p.Title)-len(text):] == text
}

func scriptNamed(t *testing.T, name string) script {
	t.Helper()
	for _, s := range scripts() {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no script %s", name)
	return script{}
}

// The window opens when the notice has stood for its days, and closes with the thirtieth day after the one on which it opened
// (民法典第二百零一条: the first day is not counted).
func TestConsent_TheWindowIsReckonedFromTheNotice(t *testing.T) {
	t.Parallel()
	c := perform(t, scriptNamed(t, "consent"))
	require.Equal(t, at("2026-10-09 00:00"), c.poll.window[0].In(at(monday).Location()))
	require.Equal(t, at("2026-11-10 00:00"), c.poll.window[1].In(at(monday).Location()))
	require.Equal(t, []string{"prepare", "freeze", "open", "close", "count", "finish"}, c.poll.told)

	late := perform(t, scriptNamed(t, "consent-failed"))
	require.Contains(t, late.poll.told, "extend")
	require.Equal(t, at("2026-12-08 00:00"), late.poll.window[1].In(at(monday).Location()))
}

// An objection to the result without an answer keeps the result provisional: the organiser is asked again, and told why.
func TestConsent_AnUnansweredObjectionKeepsTheResultProvisional(t *testing.T) {
	t.Parallel()
	s := scriptNamed(t, "consent-lift")
	s.poll.unanswered = []string{"还有 1 件对结果的异议未答复"}
	again := says("2026-10-17 10:00", "settle", procedure.Submit, chair)
	for i, scene := range s.scenes {
		if scene.at == "2026-10-17 09:00" {
			s.scenes = slices.Insert(slices.Clone(s.scenes), i+1, again)
			break
		}
	}
	c := perform(t, s)
	require.Contains(t, c.poll.told, "finish")
	tasks := c.openedAt("settle", "0103")
	require.Len(t, tasks, 2)
	require.Equal(t, "还有 1 件对结果的异议未答复", tasks[1].Subject)
}

// What residents have decided is on display for 15 days before anything of it begins, the meeting's decision too, and the display is
// that of the law even where a place shows what owners decide for a shorter time.
func TestConsent_WhatResidentsDecideIsDisclosedBeforeItBegins(t *testing.T) {
	t.Parallel()
	s := scriptNamed(t, "consent-residents")
	s.filing.Figures[consent.ResultDisplay] = 1
	c := perform(t, s)
	var began time.Time
	shown := map[string]procedure.Posted{}
	for _, e := range c.events {
		switch e.Type {
		case procedure.CasePhased:
			began = e.At
		case procedure.NoticePosted:
			for _, title := range []string{"：表决公告", "：表决结果公告", "：居民会议决定公告", "：决算公告"} {
				if containsText(e, title) {
					shown[title] = payload[procedure.Posted](e)
				}
			}
		}
	}
	require.Len(t, shown, 4)
	require.Contains(t, shown["：表决公告"].Text, "提议人：居委会。")
	require.Contains(t, shown["：表决公告"].Text, "由居民会议或者居民代表会议决定")
	require.NotContains(t, shown["：表决结果公告"].Text, "民法典", "that is the remedy of owners")
	require.Equal(t, "2026-12-03", shown["：表决结果公告"].Until, "15 days from 11-18")
	require.Equal(t, "2026-12-04", shown["：居民会议决定公告"].Until)
	require.Equal(t, "2026-12-24", shown["：决算公告"].Until)
	require.Equal(t, at("2026-12-05 00:00"), began.In(at(monday).Location()), "the project began before 居务公开 was over")
	require.Zero(t, c.count(procedure.CaseCopied), "nobody is told twice what he does himself")
}

// The agenda of a meeting of owners is told to the residents' committee and the street (物业管理条例第十四条).
func TestConsent_TheAgendaIsToldToTheCommitteeAndTheStreet(t *testing.T) {
	t.Parallel()
	c := perform(t, scriptNamed(t, "consent"))
	var told []string
	for _, e := range c.events {
		if e.Type == procedure.CaseCopied {
			told = append(told, payload[procedure.Copied](e).To.Title())
			require.Equal(t, at("2026-09-23 11:00"), e.At.In(at(monday).Location()))
		}
	}
	require.Equal(t, []string{"听雨社区", "梧桐里街道", "望潮街道"}, told)
}

// The residents' committee is heard for five days. Its silence is noted, and holds nothing up.
func TestConsent_TheCommitteesSilenceHoldsNothingUp(t *testing.T) {
	t.Parallel()
	s := scriptNamed(t, "consent-unfit")
	s.state = procedure.Withdrawn
	s.scenes = []scene{
		says("2026-09-07 10:00", "advice", procedure.Agree, secretary),
		passes("2026-09-15 01:00"),
		says("2026-09-15 10:00", "roll", procedure.Publish, chair),
		does("2026-09-15 11:00", "", withdrawing(chair)),
	}
	c := perform(t, s)
	silent := false
	for _, e := range c.events {
		if e.Type == procedure.StageLeft && payload[procedure.Left](e).Stage == "committee-advice" {
			silent = payload[procedure.Left](e).Answer == procedure.Silent
			require.Equal(t, at("2026-09-15 00:00"), e.At.In(at(monday).Location()))
		}
	}
	require.True(t, silent)
}

// A vote that ends early leaves no poll open.
func TestConsent_AnEarlyEndVoidsThePoll(t *testing.T) {
	t.Parallel()
	s := scriptNamed(t, "consent-unfit")
	require.Contains(t, perform(t, s).poll.told, "void")
	require.Contains(t, perform(t, scriptNamed(t, "consent-undecided")).poll.told, "void")
	s.scenes = []scene{does("2026-09-07 10:00", "", withdrawing(chair))}
	s.state = procedure.Withdrawn
	require.Contains(t, perform(t, s).poll.told, "void")
}
