package demo

import (
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
)

// carryOut takes a poll of residents that has passed through the meeting of all residents, 居务公开 and the works to the appraisal.
func (v *vote) carryOut() error {
	for _, act := range []func() error{
		func() error { return v.evening(11) }, // the meeting is called ten days before (居委会组织法第二十六条)
		func() error { return v.with(v.organiser, "meeting", procedure.Agree, "", "会议记录.pdf") },
		v.shown,
		func() error { return v.pass("display") },
		func() error { return v.reaches(procedure.Executing) },
		func() error { return v.with(v.organiser, "permit", procedure.Submit, "", "施工许可.pdf") },
		func() error { return v.evening(20) },
		func() error {
			return v.answer(v.organiser, "works", consent.Disclose, "已更换 20 栋，支出 12 万元。")
		},
		func() error { return v.evening(10) },
		func() error { return v.answer(v.organiser, "works", procedure.Submit, "") },
		func() error { return v.with(v.organiser, "accounts", procedure.Submit, "", "验收单和决算.pdf") },
		func() error { return v.evening(7) },
		func() error { return v.with(v.witness, "appraisal", consent.Satisfied, "", "评议表.pdf") },
		func() error { return v.reaches(procedure.Completed) },
	} {
		if err := act(); err != nil {
			return err
		}
	}
	return nil
}

// evening moves the demo's time to the evening so many days from now.
func (v *vote) evening(days int) error {
	c, err := v.as("ops.bai")
	if err != nil {
		return err
	}
	var now struct{ Now time.Time }
	if err := c.Get(v.ctx, "/clock", &now); err != nil {
		return err
	}
	return v.after(calendar.DateOf(now.Now).AddDays(days).Start().Add(19 * time.Hour))
}

// shown holds 居务公开 to the 15 days of the law, of which the first does not count.
func (v *vote) shown() error {
	v.player.number = v.number
	return until(v.ctx, "居务公开", func() (bool, error) {
		d, err := v.look()
		for _, k := range d.Deadlines {
			if k.Clock == "display" {
				day := k.Deadline.Day
				v.expect(fmt.Sprintf("居务公开至 %s，不少于 15 日", day), calendar.DateOf(k.Deadline.Anchor).DaysUntil(day) >= 15, true)
				return true, err
			}
		}
		return false, err
	})
}
