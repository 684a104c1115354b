package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/rules"
)

// judge is a test, or one try of a property.
type judge interface {
	require.TestingT
	Helper()
}

// court plays a case against the clock: real calendar, real rule pack, invented posts, and a record kept in memory.
type court struct {
	*testsuite.TestWorkflowEnvironment
	t      judge
	mu     sync.Mutex
	events []procedure.Event
	failed int // how often Append must still fail
	deaf   int // how many replies must still get lost on their way
	blind  int // how often the calendar must still fail
	empty  map[string]bool
	cal    *calendar.Calendar // in force
	list   int
	n      int

	poll fakePoll // what is counted elsewhere

	unanswered int      // commands without a reply
	planned    int      // what has been scheduled and has not happened
	broken     []string // what the store would have refused
}

// at is a moment of the case's time.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, calendar.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func newCourt(t judge, start string) *court {
	var s testsuite.WorkflowTestSuite
	s.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &court{TestWorkflowEnvironment: s.NewTestWorkflowEnvironment(), t: t, empty: map[string]bool{}, cal: calendar.Official(), list: 2}
	c.SetStartTime(at(start))
	c.SetTestTimeout(time.Minute)
	c.RegisterActivity(&activities.Activities{Recorder: c, Directory: c, Calendars: c, Lists: c, Polls: &c.poll})
	return c
}

// Append keeps the record and insists on what the store insists on: no gaps, no second version of a line.
func (c *court) Append(_ context.Context, number string, events []procedure.Event) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed > 0 {
		c.failed--
		return 0, errors.New("database is down")
	}
	for _, e := range events {
		if e.Seq <= int64(len(c.events)) {
			continue
		}
		if next := int64(len(c.events) + 1); e.Seq != next || e.Case != number {
			c.broken = append(c.broken, fmt.Sprintf("line %d of %s came as line %d of %s", e.Seq, e.Case, next, number))
		}
		c.events = append(c.events, e)
	}
	return int64(len(c.events)), nil
}

var unitNames = map[string]string{
	"XW-ZZB": "区委组织部", "XW-SGB": "区委社会工作部", "XW-MZJ": "区民政局", "XW-CZJ": "区财政局", "XW-SFJ": "区司法局", "XW-JW": "区纪委监委",
	"XW-TJJ": "区统计局", "XW-ZFB": "区政府办", "XW-LXH": "准入联席会议", "XW-DC": "区督查室",
	"XW-01": "梧桐里街道", "XW-02": "望潮街道", "0101": "槐荫社区", "0102": "石榴巷社区", "0103": "听雨社区", "0201": "潮声社区", "0202": "灯塔社区",
}

var seats = map[procedure.Role][]string{
	procedure.AdmissionOffice: {"XW-SGB"}, procedure.AdmissionMember: {"XW-ZZB", "XW-SGB", "XW-MZJ", "XW-CZJ", "XW-SFJ", "XW-JW"},
	procedure.JointMeeting: {"XW-LXH"}, procedure.GovernmentOffice: {"XW-ZFB"}, procedure.Supervision: {"XW-DC"},
	procedure.StreetOffice: {"XW-01", "XW-02"}, procedure.DepartmentClerk: {"XW-TJJ"}, procedure.DepartmentHead: {"XW-TJJ"},
}

func holder(role procedure.Role, unit string) procedure.Holder {
	return procedure.Holder{Unit: unit, UnitName: unitNames[unit], Role: role, RoleName: role.Title()}
}

func (c *court) Holders(_ context.Context, q record.HolderQuery) ([]procedure.Holder, error) {
	units := seats[q.Seat.Role]
	switch q.Seat.Where {
	case procedure.AtInitiator:
		units = []string{q.InitiatorUnit}
	case procedure.AtCommunities:
		units = q.Communities
	case procedure.AtTarget:
		units = []string{q.Target}
	}
	var out []procedure.Holder
	for _, u := range units {
		out = append(out, holder(q.Seat.Role, u))
	}
	return out, nil
}

func (c *court) Manned(_ context.Context, h procedure.Holder, _ string) (bool, error) {
	return !c.empty[h.Unit], nil
}

func (c *court) Calendar(context.Context, string) (*calendar.Calendar, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blind > 0 {
		c.blind--
		return nil, errors.New("database is down")
	}
	return c.cal, nil
}

func (c *court) AllocateListVersion(_ context.Context, _ string, year int, _ string) (string, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list++
	return fmt.Sprintf("%d.%d", year, c.list), fmt.Sprintf("%d.%d", year, c.list-1), nil
}

func (c *court) List(context.Context, string, string) (record.ListVersion, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var v record.ListVersion
	for _, e := range c.events {
		if e.Type == procedure.ListPublished {
			p := payload[procedure.Published](e)
			for _, ch := range p.Changes {
				if ch.Op == "add" {
					v.Items = append(v.Items, ch.Item)
				}
			}
		}
	}
	return v, nil
}

func payload[T any](e procedure.Event) T {
	var p T
	if err := json.Unmarshal(e.Data, &p); err != nil {
		panic(err)
	}
	return p
}

// e6 is the application of the sample: 区统计局, five communities, 2026-10-26 to 2026-12-20.
func e6() procedure.Filing {
	facts, err := json.Marshal(admission.Facts{Title: "协助 2026 年秋季小微服务网点摸底登记", Department: "星梧区统计局",
		Communities: []string{"0101", "0102", "0103", "0201", "0202"}, Start: date("2026-10-26"), End: date("2026-12-20"),
		PersonDays: 12, Legal: "年度统计调查项目"})
	if err != nil {
		panic(err)
	}
	pack, err := rules.Load(admission.PackID)
	if err != nil {
		panic(err)
	}
	figures := map[string]int64{}
	for k, f := range pack.Figures {
		figures[k] = f.Value
	}
	return procedure.Filing{Case: "XW-ZR-2026-014", Kind: admission.Kind, Version: 1, District: "XW",
		Initiator: clerk, Pack: pack.ID, Figures: figures, Facts: facts, Command: "start"}
}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func person(user, unit string, role procedure.Role) procedure.Actor {
	return procedure.Actor{User: user, Name: "示例-" + user, Unit: unit, Role: role}
}

var (
	clerk   = person("孙一", "XW-TJJ", procedure.DepartmentClerk)
	office  = person("钱二", "XW-SGB", procedure.AdmissionOffice)
	meeting = person("赵三", "XW-LXH", procedure.JointMeeting)
	ops     = person("运维", "XW", procedure.Operator)
)

// at schedules something at a moment of the case's time. The case must last until then: run insists.
func (c *court) at(moment string, f func()) {
	c.planned++
	c.RegisterDelayedCallback(func() {
		c.planned--
		f()
	}, at(moment).Sub(c.Now()))
}

type reply struct {
	rejected, failed error
	receipt          procedure.Receipt
	events           []procedure.Event
	done             bool
	then             func(*reply)
}

func (r *reply) Accept()          {}
func (r *reply) Reject(err error) { r.rejected = err; r.finish() }
func (r *reply) Complete(v any, err error) {
	r.failed = err
	if rep, ok := v.(procedure.Reply); ok {
		r.receipt, r.events = rep.Receipt, rep.Events
	}
	r.finish()
}
func (r *reply) finish() {
	r.done = true
	if r.then != nil {
		r.then(r)
	}
}

// send gives a command to the case and hands its fate to then.
func (c *court) send(cmd procedure.Command, then func(error)) {
	c.deliver(cmd, func(r *reply) { then(errors.Join(r.rejected, r.failed)) })
}

// deliver gives a command to the case and hands the whole reply to then. Every delivery must be answered: run insists.
func (c *court) deliver(cmd procedure.Command, then func(*reply)) {
	c.n++
	if cmd.ID == "" {
		cmd.ID = fmt.Sprintf("cmd-%d", c.n)
	}
	cmd.Case = "XW-ZR-2026-014"
	if cmd.Head == 0 {
		cmd.Head = c.head()
	}
	c.unanswered++
	c.UpdateWorkflow(procedure.ActUpdate, fmt.Sprintf("update-%d", c.n), &reply{then: func(r *reply) {
		c.unanswered--
		c.carry(r.events)
		then(r)
	}}, cmd)
}

// carry records what a reply has brought, as its sender does; the relay tries again every minute.
func (c *court) carry(events []procedure.Event) {
	if c.deaf > 0 {
		c.deaf--
		return
	}
	if _, err := c.Append(context.Background(), "XW-ZR-2026-014", events); err != nil {
		c.RegisterDelayedCallback(func() { c.carry(events) }, time.Minute)
	}
}

// head is the last line on record.
func (c *court) head() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int64(len(c.events))
}

func (c *court) must(err error) { require.NoError(c.t, err) }

// refused expects a stable code.
func (c *court) refused(code string) func(error) {
	return func(err error) {
		var e *temporal.ApplicationError
		require.ErrorAs(c.t, err, &e, "expected a refusal %s", code)
		require.Equal(c.t, code, e.Type())
		require.NotEmpty(c.t, e.Message())
	}
}

// task finds the one open task of a stage, at a unit where several are open.
func (c *court) task(stage, unit string) procedure.Opened {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	ended := map[string]bool{}
	var found []procedure.Opened
	for _, e := range c.events {
		switch e.Type {
		case procedure.TaskAnswered:
			ended[payload[procedure.Answered](e).Task] = true
		case procedure.TaskClosed:
			ended[payload[procedure.Dropped](e).Task] = true
		case procedure.TaskReopened:
			delete(ended, payload[procedure.Tasked](e).Task)
		}
	}
	for _, e := range c.events {
		if e.Type == procedure.TaskOpened {
			if o := payload[procedure.Opened](e); o.Stage == stage && (unit == "" || o.Holder.Unit == unit) && !ended[o.Task] {
				found = append(found, o)
			}
		}
	}
	require.NotEmpty(c.t, found, "no open task of %s at %s", stage, unit)
	return found[0]
}

// answer has an actor answer the open task of a stage of his unit.
func (c *court) answer(stage string, by procedure.Actor, a procedure.Answer) {
	c.send(procedure.Command{Action: procedure.ActAnswer, Task: c.task(stage, by.Unit).Task, Actor: by, Answer: a}, c.must)
}

func director(unit string) procedure.Actor {
	return person("主任"+unit, unit, procedure.CommunityDirector)
}

func member(unit string) procedure.Actor {
	return person("会签"+unit, unit, procedure.AdmissionMember)
}

// run plays the case and returns the outcome.
func (c *court) run(f procedure.Filing) procedure.Outcome {
	return c.play(Admission, f)
}

// play plays any workflow of the kit.
func (c *court) play(wf Func, f procedure.Filing) procedure.Outcome {
	c.t.Helper()
	c.RegisterWorkflowWithOptions((func(workflow.Context, procedure.Filing) (procedure.Outcome, error))(wf), workflow.RegisterOptions{Name: string(f.Kind)})
	c.ExecuteWorkflow(string(f.Kind), f)
	require.True(c.t, c.IsWorkflowCompleted())
	c.must(c.GetWorkflowError())
	var o procedure.Outcome
	c.must(c.GetWorkflowResult(&o))
	require.Empty(c.t, c.broken)
	require.Zero(c.t, c.planned, "the case ended before everything scheduled had happened")
	require.Zero(c.t, c.unanswered, "commands without a reply")
	return o
}

// diary writes the record as a lawyer reads it. Lines of one instant are sorted: the order of parallel branches is not fixed.
func (c *court) diary() string {
	var lines []string
	for _, e := range c.events {
		if line := diaryLine(e); line != "" {
			lines = append(lines, e.At.In(calendar.Zone).Format("01-02 15:04 ")+line)
		}
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i] < lines[j] })
	return strings.Join(lines, "\n") + "\n"
}

func diaryLine(e procedure.Event) string {
	switch e.Type {
	case procedure.CaseStarted:
		return "发起 " + payload[procedure.Started](e).Title
	case procedure.StageLeft:
		p := payload[procedure.Left](e)
		return fmt.Sprintf("结束 %s#%d：%s", p.Title, p.Round, p.Text)
	case procedure.TaskOpened:
		p := payload[procedure.Opened](e)
		return strings.TrimRight(fmt.Sprintf("开启 %s#%d %s %s", p.Title, p.Round, p.Holder.Title(), p.Day), " ")
	case procedure.TaskReminded:
		return "提醒 " + string(payload[procedure.Reminded](e).Rung)
	case procedure.TaskAnswered:
		p := payload[procedure.Answered](e)
		return fmt.Sprintf("办理 %s %s：%s", p.Title, e.Actor.Title(), p.Label)
	case procedure.TaskClosed:
		return "关闭 " + payload[procedure.Dropped](e).Why
	case procedure.ClockStarted:
		p := payload[procedure.Clocked](e)
		return fmt.Sprintf("起算 %s 至 %s", p.Title, p.Deadline.Day)
	case procedure.ClockPaused:
		return "暂停 " + payload[procedure.Clocked](e).Title
	case procedure.ClockResumed:
		p := payload[procedure.Clocked](e)
		return fmt.Sprintf("恢复 %s 至 %s", p.Title, p.Deadline.Day)
	case procedure.ListPublished:
		p := payload[procedure.Published](e)
		return fmt.Sprintf("清单 %s %s", p.Version, p.Why)
	case procedure.CaseCopied:
		return "抄送 " + payload[procedure.Copied](e).To.Title()
	case procedure.CasePhased:
		return "阶段 " + payload[procedure.Phased](e).Text
	case procedure.CaseClosed:
		return "办结 " + payload[procedure.Closed](e).Outcome.Result
	case procedure.StageEntered, procedure.ClockStopped, procedure.NoticePosted, procedure.WaitOpened, procedure.WaitClosed:
		return ""
	}
	return string(e.Type) + " " + e.Actor.Title()
}

// count tells how many events of a type there are.
func (c *court) count(t procedure.EventType) int {
	n := 0
	for _, e := range c.events {
		if e.Type == t {
			n++
		}
	}
	return n
}

var streets = []string{"XW-01", "XW-02"}
var communities = []string{"0101", "0102", "0103", "0201", "0202"}
var members = seats[procedure.AdmissionMember]
