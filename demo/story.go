package demo

import (
	"errors"
	"fmt"
	"strings"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
)

var directors = []string{"sq0101.tao", "sq0102.jiang", "sq0103.qi", "sq0201.xie", "sq0202.zou"}

// voucher is the 拨付凭证 of the story: a small but real PDF.
var voucher = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

func (p *player) admission() error {
	for _, act := range []func() error{p.refused, p.filed, p.heard, p.decided, p.published, p.handedOver, p.carriedOut} {
		if err := act(); err != nil {
			return err
		}
	}
	return nil
}

// refused: the counter-example is on the negative list.
func (p *player) refused() error {
	if err := p.at("2026-09-07 09:05"); err != nil {
		return err
	}
	c, err := p.as("swj.zhou")
	if err != nil {
		return err
	}
	_, err = c.File(p.ctx, admission.Kind, CounterExample())
	var problem *Problem
	if !errors.As(err, &problem) {
		return fmt.Errorf("负面清单没有拦住「商户扫码率 95%%」：%w", err)
	}
	p.note("区商务局（%s）申请「商户扫码率 95%%」：被拦下", c.Name)
	p.expect("负面清单拦截", problem.Says("admission.negative_list"), true)
	for _, e := range problem.Errors {
		if e.Code == "admission.negative_list" {
			fmt.Fprintf(p.out, "                    %s\n", e.Message)
			p.expect("指明第 20 项", strings.Contains(e.Message, "第 20 项"), true)
		}
	}
	return nil
}

func (p *player) filed() error {
	c, err := p.as("tjj.sun")
	if err != nil {
		return err
	}
	if p.number, err = c.File(p.ctx, admission.Kind, Sample()); err != nil {
		return fmt.Errorf("申请：%w", err)
	}
	p.note("区统计局（%s）申请「%s」，编号 %s", c.Name, Sample().Title, p.number)
	day, err := p.due("formal-review")
	if err != nil {
		return err
	}
	p.expect("形式审查期限", day, "2026-09-10")
	return p.answer("office.qian", "formal-review", procedure.Accept, "")
}

func (p *player) heard() error {
	d, err := p.look()
	if err != nil {
		return err
	}
	for _, k := range d.Deadlines {
		if k.Clock == admission.DecisionClock {
			p.expect("审批时限（自受理起 15 个工作日）", k.Deadline.Day.String(), "2026-09-28")
		}
	}
	if err := p.at("2026-09-08 10:00"); err != nil {
		return err
	}
	for _, login := range []string{"jd01.jin", "jd02.wei"} {
		if err := p.answer(login, "street-hearing", procedure.Agree, ""); err != nil {
			return err
		}
	}
	if err := p.at("2026-09-10 10:00"); err != nil {
		return err
	}
	for i, login := range directors {
		a, opinion := procedure.Agree, ""
		if i == 4 {
			a, opinion = procedure.AgreeIf, "经费先到位"
		}
		if err := p.answer(login, "community-hearing", a, opinion); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) decided() error {
	if err := p.at("2026-09-18 10:00"); err != nil {
		return err
	}
	for _, login := range []string{"zzb.he", "sgb.lv", "mzj.shi", "czj.zhang", "sfj.kong", "jw.cao"} {
		if err := p.answer(login, "joint-review", procedure.Agree, ""); err != nil {
			return err
		}
	}
	if err := p.at("2026-09-28 15:00"); err != nil {
		return err
	}
	if err := p.answer("lxh.zhao", "decision", procedure.AgreeIf, "经费先到位，再下达"); err != nil {
		return err
	}
	day, err := p.due("publication")
	p.expect("公布期限", day, "2026-10-10")
	return err
}

func (p *player) published() error {
	if err := p.at("2026-10-08 09:30"); err != nil {
		return err
	}
	if err := p.answer("office.qian", "publication", procedure.Publish, ""); err != nil {
		return err
	}
	v, err := p.list()
	if err != nil {
		return err
	}
	p.expect("清单版本", v.Version, "2026.3")
	p.expect("公布日期", v.Published.Format("2006-01-02"), "2026-10-08")
	p.expect("清单项数", len(v.Items), 21)
	return nil
}

func (p *player) list() (record.ListVersion, error) {
	c, err := p.as("office.qian")
	if err != nil {
		return record.ListVersion{}, err
	}
	var v record.ListVersion
	err = c.Get(p.ctx, "/lists/"+District+"/versions/current", &v)
	v.Published = v.Published.In(zone)
	return v, err
}

// handedOver: the first community refuses until the money is there.
func (p *player) handedOver() error {
	if err := p.at("2026-10-12 10:00"); err != nil {
		return err
	}
	c, err := p.as("tjj.sun")
	if err != nil {
		return err
	}
	pay := func() error {
		file, err := c.Attach(p.ctx, "拨付凭证.pdf", voucher)
		if err != nil {
			return fmt.Errorf("上传凭证：%w", err)
		}
		return p.answer("tjj.sun", "funding", procedure.Paid, "", file)
	}
	if err := pay(); err != nil {
		return err
	}
	if err := p.at("2026-10-13 10:00"); err != nil {
		return err
	}
	if err := p.answer("sq0202.zou", "handover", procedure.Missing, ""); err != nil {
		return err
	}
	d, err := p.look()
	if err != nil {
		return err
	}
	p.expect("费未到时的状态", d.Case.State, procedure.Running)
	for _, login := range directors[:4] {
		if err := p.answer(login, "handover", procedure.Received, ""); err != nil {
			return err
		}
	}
	if err := p.at("2026-10-14 10:00"); err != nil {
		return err
	}
	if err := pay(); err != nil {
		return err
	}
	if err := p.answer("sq0202.zou", "handover", procedure.Received, ""); err != nil {
		return err
	}
	d, err = p.look()
	if err != nil {
		return err
	}
	p.expect("经费全部到位后的状态", d.Case.State, procedure.Executing)
	return nil
}

func (p *player) carriedOut() error {
	for _, month := range []string{"2026-11-20 10:00", "2026-12-18 10:00"} {
		if err := p.at(month); err != nil {
			return err
		}
		for _, login := range directors {
			if err := p.answer(login, "progress", procedure.Report, "本期 6 人·天，支出正常，无加码"); err != nil {
				return err
			}
		}
	}
	if err := p.at("2026-12-21 00:01"); err != nil {
		return err
	}
	var d detail
	err := until(p.ctx, "到期退出", func() (bool, error) {
		var err error
		d, err = p.look()
		return err == nil && !d.Case.State.Open(), err
	})
	if err != nil {
		return err
	}
	p.note("%s", d.Sentence.Text)
	p.expect("结束状态", d.Case.State, procedure.Completed)
	p.expect("结果", d.Case.Result, "到期自动退出")
	if d.Case.ClosedAt != nil {
		p.expect("退出时间", d.Case.ClosedAt.In(zone).Format("2006-01-02"), "2026-12-21")
	}
	v, err := p.list()
	if err != nil {
		return err
	}
	p.expect("退出后的清单版本", v.Version, "2026.4")
	p.expect("退出后的清单项数", len(v.Items), 20)
	return p.verified()
}

// verified: the record's chain is whole.
func (p *player) verified() error {
	c, err := p.as("audit.dou")
	if err != nil {
		return err
	}
	var v struct {
		OK     bool  `json:"ok"`
		Events int64 `json:"events"`
	}
	if err := c.Get(p.ctx, "/cases/"+p.number+"/verify", &v); err != nil {
		return err
	}
	p.expect("记录链完整", v.OK, true)
	fmt.Fprintf(p.out, "                    共 %d 条记录\n", v.Events)
	return nil
}
