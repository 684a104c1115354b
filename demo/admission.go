package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
)

// player plays a story through the API as the real users would, and keeps its diary.
type player struct {
	ctx     context.Context
	base    string
	out     io.Writer
	clients map[string]*Client
	number  string
	wrong   []error
}

// Admission plays the sample application from filing to exit and the counter-example that is refused. It returns an error for
// every date or state that is not what the law and the calendar say.
func Admission(ctx context.Context, base string, out io.Writer) error {
	p := &player{ctx: ctx, base: base, out: out, clients: map[string]*Client{}}
	if err := p.admission(); err != nil {
		return errors.Join(append(p.wrong, err)...)
	}
	return errors.Join(p.wrong...)
}

func (p *player) as(login string) (*Client, error) {
	if c := p.clients[login]; c != nil {
		return c, nil
	}
	c, err := SignIn(p.ctx, p.base, login, Password)
	if err != nil {
		return nil, fmt.Errorf("登录 %s：%w", login, err)
	}
	p.clients[login] = c
	return c, nil
}

// at moves the demo's time to a moment; time only goes forward.
func (p *player) at(moment string) error {
	c, err := p.as("ops.bai")
	if err != nil {
		return err
	}
	to, err := time.ParseInLocation("2006-01-02 15:04", moment, calendar.Zone)
	if err != nil {
		return err
	}
	var now struct{ Now time.Time }
	if err := c.Get(p.ctx, "/clock", &now); err != nil {
		return err
	}
	if now.Now.After(to) {
		if calendar.DateOf(now.Now) == calendar.DateOf(to) { // later on the same day: every date still holds
			return nil
		}
		return fmt.Errorf("演示时间已是 %s，早于它的 %s 演不了：请换一个新的数据目录", now.Now.In(calendar.Zone).Format("2006-01-02 15:04"), moment)
	}
	return c.Do(p.ctx, "POST", "/clock/jump", map[string]any{"to": to.Format(time.RFC3339)}, nil)
}

func (p *player) note(format string, args ...any) {
	var clock struct{ Now time.Time }
	if c, err := p.as("ops.bai"); err == nil && c.Get(p.ctx, "/clock", &clock) == nil {
		fmt.Fprintf(p.out, "%s  ", clock.Now.In(calendar.Zone).Format("2006-01-02 15:04"))
	}
	fmt.Fprintf(p.out, format+"\n", args...)
}

// expect compares what is with what must be.
func (p *player) expect(what string, got, want any) {
	if got == want {
		fmt.Fprintf(p.out, "                  ✓ %s：%v\n", what, got)
		return
	}
	fmt.Fprintf(p.out, "                  ✗ %s：%v，应为 %v\n", what, got, want)
	p.wrong = append(p.wrong, fmt.Errorf("%s是 %v，应为 %v", what, got, want))
}

type detail struct {
	Case      record.Case           `json:"case"`
	Tasks     []record.Task         `json:"tasks"`
	Deadlines []record.Deadline     `json:"deadlines"`
	Sentence  struct{ Text string } `json:"sentence"`
}

func (p *player) look() (detail, error) {
	c, err := p.as("ops.bai")
	if err != nil {
		return detail{}, err
	}
	var d detail
	err = c.Get(p.ctx, "/cases/"+p.number, &d)
	return d, err
}

// task waits for the task of a stage that is in the court of a person's post.
func (p *player) task(login, stage string) (task record.Task, err error) {
	var seat Seat
	for _, person := range People() {
		if person.Login == login {
			seat = person.Posts[0]
		}
	}
	err = until(p.ctx, stage+"的待办", func() (bool, error) {
		d, err := p.look()
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(d.Tasks, func(t record.Task) bool {
			return t.Stage == stage && t.State == record.TaskOpen && t.Holder.Unit == seat.Unit && t.Holder.Role == seat.Role
		})
		if i >= 0 {
			task = d.Tasks[i]
		}
		return i >= 0, nil
	})
	return task, err
}

// answer has a person answer the task of a stage that is in the court of one of his posts.
func (p *player) answer(login, stage string, answer procedure.Answer, opinion string, files ...string) error {
	c, err := p.as(login)
	if err != nil {
		return err
	}
	task, err := p.task(login, stage)
	if err != nil {
		return err
	}
	body := map[string]any{"action": procedure.ActAnswer, "answer": answer}
	if opinion != "" {
		body["opinion"] = opinion
	}
	if len(files) > 0 {
		body["files"] = files
	}
	if err := c.Act(p.ctx, task.ID, body); err != nil {
		return fmt.Errorf("%s 办理%s：%w", c.Name, task.Title, err)
	}
	label := string(answer)
	for _, o := range task.Options {
		if o.Answer == answer {
			label = o.Label
		}
	}
	p.note("%s（%s）%s：%s", task.Holder.UnitName, c.Name, task.Title, label)
	return nil
}

// due reads the day by which an open task of a stage must be done.
func (p *player) due(stage string) (string, error) {
	d, err := p.look()
	if err != nil {
		return "", err
	}
	for _, t := range d.Tasks {
		if t.Stage == stage && t.State == record.TaskOpen {
			return t.Day, nil
		}
	}
	return "", fmt.Errorf("%s没有待办", stage)
}

// Sample is the application of 星梧区统计局.
func Sample() admission.Form {
	date := func(s string) calendar.Date {
		d, err := calendar.ParseDate(s)
		if err != nil {
			panic(err) // a constant of this file
		}
		return d
	}
	return admission.Form{
		Title: "协助 2026 年秋季小微服务网点摸底登记", Legal: "年度统计调查项目（文号示例），不含执法",
		Need: "网点分散在小区内，需要社区带路和说明", Content: "引导调查员入户，说明登记用途",
		Term: admission.Temporary, Start: date("2026-10-26"), End: date("2026-12-20"),
		Communities: []string{"0101", "0102", "0103", "0201", "0202"}, PersonDays: 12, Fen: 960_000, Payer: "申请单位承担",
		Training: "半天培训，平板 10 台，保险", Systems: "仅用申请单位系统，单点登录", Demands: admission.Demands{System: true},
		Impact: "入户不超过 15 分钟，可以拒绝", Exit: "12 月 20 日到期自动退出；抽查发现加码即撤销", Contact: "示例-孙一",
	}
}

// CounterExample is the application of 星梧区商务局 that the negative list forbids.
func CounterExample() admission.Form {
	f := Sample()
	f.Title, f.Content = "商户扫码率 95%", "督促辖区商户扫码，商户扫码率达到 95%"
	f.Communities, f.Contact = []string{"0101"}, "示例-周商"
	return f
}
