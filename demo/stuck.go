package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/consent"
	"gongzhi/rules"
)

// stuck is the story of an operator's morning: every kind of standstill is made, found, mended and gone.
type stuck struct {
	*player
	tag      string // tells the cases of this story from those of another time
	troubles []*trouble
	left     []left // what is still open when everything is mended
	before   *choice
}

// left is a case that whoever filed it withdraws at the end.
type left struct{ login, number string }

// Stuck makes one case of each kind of standstill on a running demonstration, prints the list, mends each through the API and shows
// that nothing of it is left. It returns an error for every kind that is not found or not mended.
func Stuck(ctx context.Context, base string, out io.Writer) (err error) {
	s := &stuck{player: &player{ctx: ctx, base: base, out: out, clients: map[string]*Client{}}}
	now, err := s.now()
	if err != nil {
		return err
	}
	s.tag = now.Format("0102-150405")
	defer func() { err = errors.Join(append(s.wrong, err, s.sound())...) }()
	for _, act := range []func() error{s.makeSlow, s.makeLate, s.makeRest, s.breakProgram, s.mendAll, s.empty, s.whole, s.tidy} {
		if err := act(); err != nil {
			return err
		}
	}
	return nil
}

func (s *stuck) now() (time.Time, error) {
	c, err := s.as("ops.bai")
	if err != nil {
		return time.Time{}, err
	}
	var clock struct {
		Now     time.Time
		Virtual bool
	}
	if err := c.Get(s.ctx, "/clock", &clock); err != nil {
		return time.Time{}, err
	}
	if !clock.Virtual {
		return time.Time{}, errors.New("这不是演示（gongzhi up --demo），故障只能在演示里制造")
	}
	return clock.Now.In(calendar.Zone), nil
}

// jump moves the demonstration's time.
func (s *stuck) jump(to time.Time) error {
	c, err := s.as("ops.bai")
	if err != nil {
		return err
	}
	return c.Do(s.ctx, "POST", "/clock/jump", map[string]any{"to": to.In(calendar.Zone).Format(time.RFC3339)}, nil)
}

func (s *stuck) pass(d time.Duration) error {
	now, err := s.now()
	if err != nil {
		return err
	}
	return s.jump(now.Add(d))
}

// apply files an application of 区统计局 that asks one community.
func (s *stuck) apply(what, community string) (string, error) {
	c, err := s.as("tjj.sun")
	if err != nil {
		return "", err
	}
	now, err := s.now()
	if err != nil {
		return "", err
	}
	f := Sample()
	f.Title = "卡点演示 " + s.tag + "：" + what
	f.Start, f.End = calendar.DateOf(now).AddDays(90), calendar.DateOf(now).AddDays(150)
	f.Communities, f.Exit = []string{community}, "到期自动退出"
	number, err := c.File(s.ctx, admission.Kind, f)
	if err != nil {
		return "", fmt.Errorf("%s：%w", what, err)
	}
	s.number = number
	s.left = append(s.left, left{"tjj.sun", number})
	return number, nil
}

// poll proposes a vote of eight households, up to the display of its roll.
func (s *stuck) poll(what string) (*vote, error) {
	v := &vote{player: s.player, name: what, organiser: "sq0101.tao", secretary: "sq0101.jing", witness: "sq0101.zhong",
		roll: HuaiyinHouseholds()[:8],
		form: consent.Form{Animal: consent.Resident, Estate: "槐荫社区", Title: "卡点演示 " + s.tag + "：" + what,
			Question: "是否同意更新楼道照明？", Effect: "逐层更换楼道灯，由区财政补助。", Rule: "seed75.of_all", Counting: rules.ByHousehold,
			BuyerKey: rules.ExactSet, Silent: rules.SilentAbsent, Proposer: consent.ByResidents}}
	if err := v.propose(); err != nil {
		return nil, err
	}
	return v, v.showRoll()
}

// makeSlow makes what takes weeks: a vote that is lost, a notice, an expert who does not answer.
func (s *stuck) makeSlow() error {
	s.note("一、制造卡点。先做要等几周的：")
	lost, err := s.poll("不可能通过的表决")
	if err != nil {
		return err
	}
	short, err := s.poll("公示天数不足")
	if err != nil {
		return err
	}
	s.left = append(s.left, left{short.organiser, short.number})
	silent, err := s.apply("专家不回复", "0201")
	if err != nil {
		return err
	}
	pause := map[string]any{"action": procedure.ActPause, "ground": "review", "opinion": "请专家论证"}
	if err := s.onCase("office.qian", silent, pause); err != nil {
		return err
	}
	s.note("%s 因专家评审暂停计时", silent)
	if err := lost.pass("roll"); err != nil {
		return err
	}
	if err := s.loseVote(lost); err != nil {
		return err
	}
	if err := s.fault("notice", short.number, true); err != nil {
		return err
	}
	s.note("%s 的清册公示少算三日（演示故障）", short.number)
	s.add("clock", short.number, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "republish", "reason": "公示天数不足，重新公示", "notice": t.Facts["id"], "days": 15})
	})
	s.add("silent", silent, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "resume", "reason": "专家意见已收到，登记在案"})
	})
	// Ten working days of silence; where holidays lie between, the weeks of the vote were not enough.
	for range 10 {
		if err := s.sweep(); err != nil {
			return err
		}
		if found, err := s.find(s.troubles[len(s.troubles)-1]); err != nil || found {
			return err
		}
		if err := s.pass(24 * time.Hour); err != nil {
			return err
		}
	}
	return nil // the list will say what is missing
}

// loseVote brings a vote to where the ballots that are left are not enough: three of eight say no, on paper, which nobody can change.
func (s *stuck) loseVote(v *vote) error {
	if err := v.announce(); err != nil {
		return err
	}
	if err := v.pass("notice"); err != nil {
		return err
	}
	if err := v.open(); err != nil {
		return err
	}
	letters, err := v.letters()
	if err != nil {
		return err
	}
	for _, l := range letters[:3] {
		if err := v.onPaper(l, ballot.No); err != nil {
			return fmt.Errorf("表决票 %s：%w", l.No, err)
		}
	}
	s.note("%s 八户中三户投了反对票", v.number)
	s.add("lost", v.number, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "terminate", "reason": "已不可能通过，方案修改后重新提议"})
	})
	return nil
}

// makeLate makes a person late.
func (s *stuck) makeLate() error {
	late, err := s.apply("超期未办", "0201")
	if err != nil {
		return err
	}
	review, err := s.task("office.qian", "formal-review")
	if err != nil {
		return err
	}
	if review.Due == nil {
		return errors.New("形式审查没有期限")
	}
	s.add("overdue", late, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "extend", "days": 3, "reason": "系统停机三日"})
	})
	if err := s.jump(review.Due.Add(time.Minute)); err != nil {
		return err
	}
	s.note("%s 的形式审查过了期限", late)
	return nil
}

// makeRest makes what is there at once.
func (s *stuck) makeRest() error {
	for _, act := range []func() error{s.makeUndelivered, s.makeMachine, s.makeUnmanned, s.makeCircling} {
		if err := act(); err != nil {
			return err
		}
	}
	return s.found()
}

// makeUndelivered has 示例-吴卫 told by a text message that the network refuses.
func (s *stuck) makeUndelivered() error {
	number, err := s.apply("提醒未送达", "0201")
	if err != nil {
		return err
	}
	if err := s.fault("delivery", number, true); err != nil {
		return err
	}
	c, err := s.as("wjj.wu")
	if err != nil {
		return err
	}
	var old choice
	if err := c.Get(s.ctx, "/me/notify", &old); err != nil {
		return err
	}
	s.before = &old
	texts := choice{Channels: []string{"sms"}, Phone: "13800000000", From: "21:00", To: "08:00"}
	if err := c.Do(s.ctx, "PUT", "/me/notify", texts, nil); err != nil {
		return fmt.Errorf("短信：%w", err)
	}
	target := map[string]any{"unit": "XW-WJJ", "user": "wjj.wu"}
	if err := s.onCase("tjj.sun", number, map[string]any{"action": procedure.ActCopy, "target": target}); err != nil {
		return err
	}
	s.note("%s 抄送 %s，短信被拒收（演示故障）", number, c.Name)
	s.add("undelivered", number, func(t *trouble) error {
		if err := s.fault("delivery", number, false); err != nil {
			return err
		}
		return s.cure(t, map[string]any{"remedy": "redeliver", "reason": "号码已更正"})
	})
	return nil
}

// makeMachine makes the trouble of machines: a case that cannot write, one whose program fails, and one that was ended beside us.
// The first two fail in the morning after, when a reminder is due and the time moves on.
func (s *stuck) makeMachine() error {
	writes, err := s.apply("写不进记录", "0201")
	if err != nil {
		return err
	}
	code, err := s.apply("程序出错", "0201")
	if err != nil {
		return err
	}
	ended, err := s.apply("在引擎里被结束", "0201")
	if err != nil {
		return err
	}
	for fault, number := range map[string]string{"record": writes, "code": code} {
		if err := s.fault(fault, number, true); err != nil {
			return err
		}
	}
	if err := s.untilFailing(writes); err != nil {
		return err
	}
	s.note("%s 的提醒写不进记录，%s 的程序在时间快进时出错（演示故障）", writes, code)
	if err := s.fault("engine", ended, true); err != nil {
		return err
	}
	s.note("%s 被人用引擎自己的工具结束（演示故障）", ended)
	s.left = s.left[:len(s.left)-1] // mending it ends it
	s.add("retrying", writes, func(t *trouble) error {
		if err := s.fault("record", writes, false); err != nil {
			return err
		}
		return s.cure(t, map[string]any{"remedy": "retry", "reason": "磁盘已恢复"})
	})
	s.add("code", code, func(t *trouble) error {
		if err := s.fault("code", code, false); err != nil {
			return err
		}
		return s.cure(t, map[string]any{"remedy": "rewind", "reason": "程序已修复"})
	})
	s.add("disagree", ended, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "reconcile", "reason": "核对后补记结束"})
	})
	return nil
}

// untilFailing moves on to the next mornings until a reminder of a case is due.
func (s *stuck) untilFailing(number string) error {
	for range 12 { // the longest holidays
		now, err := s.now()
		if err != nil {
			return err
		}
		morning := calendar.DateOf(now).Start().Add(9*time.Hour + time.Minute)
		if !morning.After(now) {
			morning = morning.AddDate(0, 0, 1)
		}
		if err := s.jump(morning); err != nil {
			return err
		}
		failing, err := s.failing(number)
		if err != nil || failing {
			return err
		}
	}
	return fmt.Errorf("%s 的提醒没有到期", number)
}

// makeUnmanned closes the account of the only one who holds a post.
func (s *stuck) makeUnmanned() error {
	number, err := s.apply("岗位空缺", "0201")
	if err != nil {
		return err
	}
	if err := s.answer("office.qian", "formal-review", procedure.Accept, ""); err != nil {
		return err
	}
	if _, err := s.task(gone, "community-hearing"); err != nil {
		return err
	}
	if err := s.account(gone, false); err != nil {
		return err
	}
	s.note("%s 等潮声社区的意见，社区主任的账号停用了", number)
	s.add("unmanned", number, func(t *trouble) error {
		return s.cure(t, map[string]any{"remedy": "reassign", "reason": "主任离任", "target": map[string]any{"unit": "0201", "user": "sq0201.pei"}})
	})
	return nil
}

// gone is who cannot act.
const gone = "sq0201.xie"

// makeCircling sends a case back three times.
func (s *stuck) makeCircling() error {
	number, err := s.apply("反复退回", "0202")
	if err != nil {
		return err
	}
	if err := s.answer("office.qian", "formal-review", procedure.Accept, ""); err != nil {
		return err
	}
	for login, stage := range map[string]string{"jd02.wei": "street-hearing", "sq0202.zou": "community-hearing"} {
		if err := s.answer(login, stage, procedure.Agree, ""); err != nil {
			return err
		}
	}
	c, err := s.as("czj.zhang")
	if err != nil {
		return err
	}
	for range 3 {
		review, err := s.task("czj.zhang", "joint-review")
		if err != nil {
			return err
		}
		back := map[string]any{"action": procedure.ActAnswer, "answer": procedure.Return, "return_to": "formal-review",
			"mode": procedure.Straight, "opinion": "经费测算不清"}
		if err := c.Act(s.ctx, review.ID, back); err != nil {
			return fmt.Errorf("退回：%w", err)
		}
		if err := s.answer("office.qian", "formal-review", procedure.Accept, ""); err != nil {
			return err
		}
	}
	s.note("%s 被退回三次", number)
	s.left = s.left[:len(s.left)-1] // mending it ends it
	s.add("circling", number, func(t *trouble) error {
		meeting := map[string]any{"unit": "XW-LXH", "user": "lxh.zhao"}
		if err := s.cure(t, map[string]any{"remedy": "copy", "reason": "请联席会议协调", "target": meeting}); err != nil {
			return err
		}
		s.note("协调的结果：统计局撤回，修改测算后再申请")
		return s.onCase("tjj.sun", number, map[string]any{"action": procedure.ActWithdraw, "opinion": "按协调意见修改后再申请"})
	})
	return nil
}

func (s *stuck) onCase(login, number string, action map[string]any) error {
	c, err := s.as(login)
	if err != nil {
		return err
	}
	if err := c.ActOnCase(s.ctx, number, action); err != nil {
		return fmt.Errorf("%s %v：%w", number, action["action"], err)
	}
	return nil
}
