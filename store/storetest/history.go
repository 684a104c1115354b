package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// The people and posts of the cases in tests. Units: a city (T) with districts XW and LH; XW has the streets XW-01 and
// XW-02 with communities below.
var (
	Initiator = procedure.Actor{User: "sun", Name: "示例-孙一", Unit: "XW-CZ", Role: "department.officer"}
	Officer   = procedure.Actor{User: "li", Name: "示例-李四", Unit: "XW-BG", Role: "admission.office"}
	Delegate  = procedure.Actor{
		User: "wang", Name: "示例-王五", Unit: "XW-BG", Role: "admission.office", For: "li", ForName: "示例-李四",
	}
	Office  = procedure.Holder{Unit: "XW-BG", UnitName: "示例区准入办", Role: "admission.office", RoleName: "准入办"}
	StreetA = procedure.Holder{Unit: "XW-01", UnitName: "梧桐里街道办事处", Role: "street.office"}
	StreetB = procedure.Holder{Unit: "XW-02", UnitName: "石板桥街道办事处", Role: "street.office"}
	Bureau  = procedure.Holder{Unit: "XW-GV", UnitName: "示例区政府", Role: "district.leader"}
	Helper  = procedure.Holder{
		Unit: "XW-BG", UnitName: "示例区准入办", Role: "admission.office", User: "zhao", UserName: "示例-赵六",
	}
)

// Script writes the events of a case one after the other, an hour apart.
type Script struct {
	Number string
	Events []procedure.Event
	clock  time.Time
}

// NewScript begins the record of a case filed by the initiator.
func NewScript(number string) *Script { return NewScriptBy(number, Initiator, "XW") }

// NewScriptBy begins the record of a case of a district.
func NewScriptBy(number string, by procedure.Actor, district string) *Script {
	s := &Script{Number: number, clock: Now}
	s.Add(procedure.CaseStarted, by, "", procedure.Started{
		Filing: procedure.Filing{
			Case: number, Kind: Kind, Version: 1, District: district, Initiator: by, Pack: "admission", Clock: procedure.RealClock(),
			Figures: map[string]int64{"review": 15}, Facts: json.RawMessage(`{"communities":["0101"]}`),
		},
		Title: "养老服务\t统计表进社区 𠮷",
	})
	return s
}

// Add writes the next event.
func (s *Script) Add(kind procedure.EventType, by procedure.Actor, command string, payload any) *Script {
	e := procedure.NewEvent(kind, s.clock, by, command, payload)
	e.Case, e.Seq = s.Number, int64(len(s.Events)+1)
	s.Events = append(s.Events, e)
	s.clock = s.clock.Add(time.Hour)
	return s
}

// Task opens a task due some days after the last event, and returns its id.
func (s *Script) Task(h procedure.Holder, days int) string {
	id := fmt.Sprintf("%s/%d", s.Number, len(s.Events)+1)
	due := s.clock.AddDate(0, 0, days)
	s.Add(procedure.TaskOpened, procedure.SystemEngine, "", procedure.Opened{
		Task: id, Stage: "review", Title: "形式审查", Does: "填报意见", Round: 1, Holder: h, Clock: "review", Due: &due,
		Day: calendar.DateOf(due).String(), Options: []procedure.Option{{Answer: procedure.Agree, Label: "同意"}},
	})
	return id
}

// On tells when the next event happens.
func (s *Script) On() time.Time { return s.clock }

// Full is a case with every kind of event.
func Full(number string) *Script {
	s := NewScript(number)
	engine, basis := procedure.SystemEngine, procedure.Basis{Text: "准入办法第八条", Tag: "T"}
	deadline := calendar.Deadline{
		Anchor: Now, Rule: calendar.Within(calendar.Workdays(15)), Day: calendar.Date{Year: 2026, Month: 9, Day: 22},
		Due: calendar.Date{Year: 2026, Month: 9, Day: 22}.End(), CalendarVersion: "2026",
	}
	clock := procedure.Clocked{Clock: "approval", Title: "审批时限", Basis: basis, Deadline: deadline}
	paused := clock
	paused.Ground, paused.Wait = "review", "鉴定机构"
	until := Now.AddDate(0, 6, 0)
	s.Add(procedure.StageEntered, engine, "", procedure.Entered{Stage: "review", Title: "形式审查", Segment: "审查", Round: 1})
	s.Add(procedure.ClockStarted, engine, "", clock)
	a := s.Task(Office, 15)
	s.Add(procedure.TaskUnmanned, engine, "", procedure.Tasked{Task: a, Text: "无人在岗"})
	s.Add(procedure.TaskRead, Officer, "", procedure.Tasked{Task: a})
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: a, Rung: procedure.RungYellow})
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: a, Rung: procedure.RungEscalate, To: &Bureau})
	s.Add(procedure.TaskUrged, Initiator, "", procedure.Urged{Task: a, Nth: 1})
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: a, How: procedure.ActDelegate, Holder: Helper})
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: a, How: procedure.ActAnswer, Holder: Office})
	s.Add(procedure.TaskBlocked, engine, "", procedure.Tasked{Task: a})
	s.Add(procedure.TaskUnblocked, engine, "", procedure.Tasked{Task: a})
	s.Add(procedure.ClockPaused, engine, "", paused)
	s.Add(procedure.ClockRedated, engine, "", paused)
	s.Add(procedure.TaskRedated, engine, "", procedure.Redated{Task: a})
	s.Add(procedure.ClockResumed, engine, "", clock)
	s.Add(procedure.TaskRedated, engine, "", procedure.Redated{Task: a, Due: &until, Day: "2027-03-01"})
	s.Add(procedure.TaskAnswered, Delegate, "", answered(a))
	s.Add(procedure.TaskReopened, Delegate, "", procedure.Tasked{Task: a, Text: "撤回"})
	s.Add(procedure.TaskAnswered, Delegate, "", answered(a))
	b := s.Task(StreetA, 5)
	s.Add(procedure.TaskClosed, engine, "", procedure.Dropped{Task: b, Why: "由他人办理"})
	s.Task(StreetB, 3)
	s.Add(procedure.ClockStopped, engine, "", clock)
	s.Add(procedure.StageLeft, engine, "", procedure.Left{Stage: "review", Title: "形式审查", Round: 1, Answer: procedure.Agree, Text: "同意 1"})
	s.Add(procedure.CaseCopied, Officer, "", procedure.Copied{Copy: number + "/c1", To: Bureau, Why: "知悉"})
	s.Add(procedure.TaskRead, procedure.Actor{User: "qu", Name: "示例-区长", Unit: Bureau.Unit, Role: Bureau.Role}, "", procedure.Tasked{Task: number + "/c1"})
	s.Add(procedure.NoticePosted, engine, "", procedure.Posted{Notice: number + "/n1", Title: "公告", Text: "准入清单", From: s.On()})
	s.Add(procedure.ListPublished, engine, "", procedure.Published{
		District: "XW", Version: "2026.2", Base: "2026.1", Why: number,
		Changes: []procedure.ListChange{{Op: "add", Item: procedure.ListItem{No: "A-2", Title: "养老统计", Kind: "assist", Case: number}}},
	})
	s.Add(procedure.CaseComplained, Officer, "", procedure.Complained{Unit: "0101"})
	s.Add(procedure.CaseSuspended, Officer, "", procedure.Suspended{Since: s.On()})
	s.Add(procedure.CaseContinued, Officer, "", procedure.Suspended{Since: s.On()})
	s.Add(procedure.CasePhased, engine, "", procedure.Phased{State: procedure.Executing, Text: "进入执行"})
	wait := procedure.Waiting{Wait: "term", For: "执行期届满", Court: "时间", Until: &until, Basis: basis}
	s.Add(procedure.WaitOpened, engine, "", wait)
	s.Add(procedure.WaitClosed, engine, "", wait)
	s.Add(procedure.WaitOpened, engine, "", wait)
	s.Add(procedure.ReceiptIssued, engine, "", procedure.Issued{Receipt: number + "/r1", Text: "拒绝回执"})
	s.Add(procedure.CaseClosed, engine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed, Result: "执行期满，办结。"}})
	return s
}

func answered(task string) procedure.Answered {
	return procedure.Answered{
		Task: task, Stage: "review", Title: "形式审查", Round: 1, Holder: Office, Answer: procedure.Agree, Label: "同意",
	}
}
