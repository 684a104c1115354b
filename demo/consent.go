package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
	"gongzhi/rules"
	"gongzhi/verify"
)

// vote is one of the votes of the story.
type vote struct {
	*player
	number    string
	name      string
	organiser string // logins
	committee string // of the residents' committee, which is heard where it does not propose
	secretary string
	witness   string
	form      consent.Form
	roll      []ballot.Line
	choices   func(all []letter) map[string]ballot.Choice // by number of the ballot
	paper     int                                         // so many of them come in on paper, one at the door, the rest by the web
	outcome   rules.Outcome
	why       string // the fraction that decides
}

// letter is what a voter gets by post.
type letter struct {
	No    string
	Names []string
	Units []string
	Code  string
}

// Consent plays three votes side by side: 听雨花园 passes once and fails once by one head, and 1,230 of 1,640 households of 槐荫 are
// exactly three quarters, which is carried on to the appraisal by residents. It returns an error for everything that is not as the law and the arithmetic have it.
func Consent(ctx context.Context, base string, out io.Writer) error {
	p := &player{ctx: ctx, base: base, out: out, clients: map[string]*Client{}}
	votes := stories(p)
	for _, act := range []func(*vote) error{(*vote).propose, (*vote).showRoll} {
		if err := each(votes, act); err != nil {
			return errors.Join(append(p.wrong, err)...)
		}
	}
	for _, act := range []struct {
		clock string
		then  func(*vote) error
	}{{"roll", (*vote).announce}, {"notice", (*vote).cast}, {"voting", (*vote).count}, {"opinions", (*vote).settle}} {
		for _, v := range votes {
			err := v.pass(act.clock)
			if err == nil {
				err = act.then(v)
			}
			if err != nil {
				return errors.Join(append(p.wrong, fmt.Errorf("%s：%w", v.name, err))...)
			}
		}
	}
	return errors.Join(append(p.wrong, votes[len(votes)-1].carryOut())...)
}

// OpenVote plays the poll of households until its window is open, and returns its number and the personal codes of all voters.
func OpenVote(ctx context.Context, base string, out io.Writer) (number string, codes []string, err error) {
	p := &player{ctx: ctx, base: base, out: out, clients: map[string]*Client{}}
	votes := stories(p)
	v := votes[len(votes)-1]
	for _, act := range []func() error{v.propose, v.showRoll, func() error { return v.pass("roll") }, v.announce,
		func() error { return v.pass("notice") }, v.open} {
		if err := act(); err != nil {
			return v.number, nil, fmt.Errorf("%s：%w", v.name, err)
		}
	}
	letters, err := v.letters()
	for _, l := range letters {
		codes = append(codes, l.Code)
	}
	return v.number, codes, err
}

func each(votes []*vote, act func(*vote) error) error {
	for _, v := range votes {
		if err := act(v); err != nil {
			return fmt.Errorf("%s：%w", v.name, err)
		}
	}
	return nil
}

// stories are case 3 and case 4 of the worked estate, and the poll of households.
func stories(p *player) []*vote {
	owners := consent.Form{Animal: consent.Owners278, Estate: "听雨花园", Rule: "cc278.special", Counting: rules.ByOwner,
		BuyerKey: rules.ExactSet, ExcludeParking: true, Silent: rules.SilentAbsent, Revisable: true, Proposer: consent.ByCommittee}
	facade, garage := owners, owners
	facade.Title, facade.Question = "外墙与屋面改造", "是否同意《听雨花园外墙与屋面改造方案》？"
	facade.Effect = "更换外墙保温和屋面防水，工期 120 日；预算 60 万元，从住宅专项维修资金列支。"
	garage.Proposer = consent.ByPetition // 18 of 87 owners are a little more than a fifth, in heads and in area
	garage.PetitionHeads, garage.PetitionAllHeads, garage.PetitionArea, garage.PetitionAllArea = 18, 87, "1760.00", "8000.00"
	garage.Title, garage.Question = "地下车库照明改造", "是否同意《听雨花园地下车库照明改造方案》？"
	garage.Effect = "更换车库照明为感应灯，工期 20 日；预算 8 万元，从住宅专项维修资金列支。"
	return []*vote{
		{player: p, name: "听雨花园·外墙与屋面", organiser: "ywh0103.wan", committee: "sq0103.qi", secretary: "sq0103.fu", witness: "sq0103.mei", form: facade,
			roll: TingyuRoll(), choices: fiftyNine(44), paper: 4, outcome: rules.Passed, why: "（45/59）"},
		{player: p, name: "听雨花园·车库照明", organiser: "ywh0103.wan", committee: "sq0103.qi", secretary: "sq0103.fu", witness: "sq0103.mei", form: garage,
			roll: TingyuRoll(), choices: fiftyNine(43), outcome: rules.Rejected, why: "（44/59）"},
		{player: p, name: "槐荫社区·楼道照明", organiser: "sq0101.tao", secretary: "sq0101.jing", witness: "sq0101.zhong",
			form: consent.Form{Animal: consent.Resident, Estate: "槐荫社区", Title: "楼道照明更新", Question: "是否同意更新楼道照明？",
				Effect: "逐层更换楼道灯，工期 30 日；预算 24 万元，由区财政补助，居民不出钱。",
				Rule:   "seed75.of_all", Counting: rules.ByHousehold, BuyerKey: rules.ExactSet, Silent: rules.SilentAbsent,
				Proposer: consent.ByResidents, AffectsAll: true},
			roll: HuaiyinHouseholds(), choices: func(all []letter) map[string]ballot.Choice {
				out := map[string]ballot.Choice{}
				for _, l := range all[:1230] {
					out[l.No] = ballot.Yes
				}
				return out
			}, outcome: rules.Passed, why: "（1,230/1,640）"},
	}
}

// fiftyNine has the developer and 58 owners of one home take part; the developer and yes of them agree (domain B.6.2, cases 3 and 4).
func fiftyNine(yes int) func([]letter) map[string]ballot.Choice {
	return func(all []letter) map[string]ballot.Choice {
		out := map[string]ballot.Choice{}
		single := 0
		for _, l := range all {
			switch {
			case len(l.Units) == 10: // the developer's
				out[l.No] = ballot.Yes
			case len(l.Units) == 1 && single < 58:
				out[l.No] = ballot.No
				if single++; single <= yes {
					out[l.No] = ballot.Yes
				}
			}
		}
		return out
	}
}

func (v *vote) answer(login, stage string, a procedure.Answer, opinion string, files ...string) error {
	v.player.number = v.number
	return v.player.answer(login, stage, a, opinion, files...)
}

func (v *vote) propose() error {
	c, err := v.as(v.organiser)
	if err != nil {
		return err
	}
	if v.number, err = c.File(v.ctx, consent.Kind, v.form); err != nil {
		return err
	}
	v.note("%s 发起表决「%s」，编号 %s", c.Name, v.form.Title, v.number)
	if v.committee != "" {
		if err := v.answer(v.committee, "committee-advice", procedure.Agree, ""); err != nil {
			return err
		}
	}
	if err := v.answer(v.secretary, "advice", procedure.Agree, ""); err != nil {
		return err
	}
	if v.form.Animal != consent.Resident {
		return nil
	}
	return v.with(v.organiser, "deliberation", procedure.Submit, "", "协商记录.pdf")
}

// with answers a task with a file.
func (v *vote) with(login, stage string, a procedure.Answer, opinion, file string) error {
	c, err := v.as(login)
	if err != nil {
		return err
	}
	id, err := c.Attach(v.ctx, file, voucher)
	if err != nil {
		return fmt.Errorf("上传%s：%w", file, err)
	}
	return v.answer(login, stage, a, opinion, id)
}

func (v *vote) showRoll() error {
	c, err := v.as(v.organiser)
	if err != nil {
		return err
	}
	file, err := ballot.RollFile(v.roll, v.form.Counting)
	if err != nil {
		return err
	}
	var roll ballot.RollVersion
	if err := c.Upload(v.ctx, "/polls/"+v.number+"/roll", "清册.csv", file, map[string]string{"accept": "true", "why": "首次导入"}, &roll); err != nil {
		return fmt.Errorf("导入清册：%w", err)
	}
	v.note("导入清册：%d 行，%d 张表决票，指纹 %s…", roll.Lines, roll.Voters, roll.Fingerprint[:16])
	return v.answer(v.organiser, "roll", procedure.Publish, "")
}

func (v *vote) announce() error {
	if err := v.answer(v.organiser, "roll-objections", procedure.Submit, ""); err != nil {
		return err
	}
	return v.with(v.organiser, "scheme", procedure.Submit, "", "改造方案.pdf")
}

// pass jumps to the end of a period of the case, and waits until the case has noticed.
func (v *vote) pass(clock string) error {
	v.player.number = v.number
	var due time.Time
	err := until(v.ctx, "期限 "+clock, func() (bool, error) {
		d, err := v.look()
		for _, k := range d.Deadlines {
			if k.Clock == clock {
				due = k.Deadline.Due
			}
		}
		return !due.IsZero(), err
	})
	if err != nil {
		return err
	}
	if err := v.after(due.Add(time.Minute)); err != nil {
		return err
	}
	return until(v.ctx, clock+"届满", func() (bool, error) {
		d, err := v.look()
		for _, k := range d.Deadlines {
			if k.Clock == clock && k.State == "stopped" {
				return true, err
			}
		}
		return false, err
	})
}

// after moves the demo's time to a moment, unless it is later already.
func (v *vote) after(to time.Time) error {
	c, err := v.as("ops.bai")
	if err != nil {
		return err
	}
	var now struct{ Now time.Time }
	if err := c.Get(v.ctx, "/clock", &now); err != nil || now.Now.After(to) {
		return err
	}
	return c.Do(v.ctx, http.MethodPost, "/clock/jump", map[string]any{"to": to.In(calendar.Zone).Format(time.RFC3339)}, nil)
}

func (v *vote) count() error {
	if err := v.answer(v.organiser, "count", procedure.Submit, ""); err != nil {
		return err
	}
	return v.answer(v.witness, "witness", procedure.Agree, "")
}

// settle ends the vote, prints why it came out so, and recounts it from what is public.
func (v *vote) settle() error {
	if err := v.answer(v.organiser, "settle", procedure.Submit, ""); err != nil {
		return err
	}
	c, err := v.as(v.organiser)
	if err != nil {
		return err
	}
	var b struct{ Poll ballot.Poll }
	if err := c.Get(v.ctx, "/polls/"+v.number, &b); err != nil {
		return err
	}
	if b.Poll.Result == nil {
		return errors.New("没有结果")
	}
	verdict := b.Poll.Result.Verdict
	v.note("%s：%s", v.name, verdict.Outcome.Label())
	decided := false
	for _, t := range verdict.Tests {
		mark := "✗"
		if t.Met {
			mark = "✓"
		}
		fmt.Fprintf(v.out, "                    %s %s：%s\n", mark, t.Title, t.Shown)
		decided = decided || strings.Contains(t.Shown, v.why)
	}
	v.expect(v.name+"的结果", verdict.Outcome, v.outcome)
	v.expect("决定性的分数"+v.why, decided, true)
	if err := v.recount(verdict); err != nil {
		return err
	}
	return v.gate()
}

// recount verifies the public export with the independent program.
func (v *vote) recount(verdict rules.Verdict) error {
	content, err := Anonymous(v.base).Fetch(v.ctx, "/public/polls/"+v.number+"/export")
	if err != nil {
		return err
	}
	report, err := verify.Verify(bytes.NewReader(content))
	if err != nil {
		return err
	}
	for _, check := range report.Checks {
		if check.State == verify.Failed {
			return fmt.Errorf("公开数据核验：%s", check.Title)
		}
	}
	v.expect(fmt.Sprintf("独立程序从公开数据重新计票（%d 项核验）", len(report.Checks)), report.Outcome, string(verdict.Outcome))
	return nil
}

// gate tells whether the project may start.
func (v *vote) gate() error {
	v.player.number = v.number
	want := procedure.Executing
	switch {
	case v.outcome != rules.Passed:
		want = procedure.Rejected
	case v.form.AffectsAll:
		want = procedure.Running // the meeting of residents and 居务公开 come before
	}
	return v.reaches(want)
}

// reaches waits until the case is in a state.
func (v *vote) reaches(want procedure.CaseState) error {
	var d detail
	err := until(v.ctx, "办件的去向", func() (bool, error) {
		var err error
		d, err = v.look()
		return d.Case.State == want, err
	})
	if err != nil {
		return err
	}
	v.expect("办件状态", string(d.Case.State), string(want))
	fmt.Fprintf(v.out, "                    %s\n", d.Sentence.Text)
	return nil
}
