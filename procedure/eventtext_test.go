package procedure

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gongzhi/calendar"
)

func allTypes() []EventType {
	return []EventType{CaseStarted, CasePhased, CaseClosed, CaseCopied, CaseComplained, CaseSuspended, CaseContinued, StageEntered, StageLeft, ClockStarted, ClockPaused, ClockResumed, ClockRedated,
		ClockStopped, TaskOpened, TaskUnmanned, TaskRead, TaskReminded, TaskUrged, TaskMoved, TaskBlocked, TaskUnblocked,
		TaskRedated, TaskAnswered, TaskReopened, TaskClosed, WaitOpened, WaitClosed, NoticePosted, ListPublished, ReceiptIssued}
}

func TestEveryEventHasWords(t *testing.T) {
	t.Parallel()
	for _, kind := range allTypes() {
		e := Event{Type: kind, Actor: SystemClock, Data: json.RawMessage(`{}`)}
		if text, icon := e.Text(); icon == "record" || icon == "" || kind != CasePhased && !strings.ContainsAny(text, "。：") {
			t.Errorf("%s: %q %q", kind, text, icon)
		}
	}
	if len(tellings) != len(allTypes()) {
		t.Errorf("%d tellings for %d types", len(tellings), len(allTypes()))
	}
}

func TestEventText(t *testing.T) {
	t.Parallel()
	at := day(t, "2026-09-17").Add(9 * time.Hour)
	due := day(t, "2026-09-24")
	li := Actor{User: "li", Name: "示例-李四"}
	deputy := Actor{User: "li", Name: "示例-李四", For: "wang", ForName: "示例-王五"}
	street := Holder{Unit: "XW-01", UnitName: "梧桐里街道办事处"}
	rule := calendar.Within(calendar.Workdays(15))
	deadline, err := calendar.Official().Deadline(day(t, "2026-09-07").Add(9*time.Hour), rule, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind    EventType
		actor   Actor
		payload any
		want    string
	}{
		{CaseStarted, li, Started{Title: "小微服务网点摸底登记"}, "示例-李四 发起「小微服务网点摸底登记」。"},
		{StageEntered, SystemEngine, Entered{Title: "形式审查", Round: 2}, "进入「形式审查」（第 2 轮）。"},
		{TaskOpened, li, Opened{Holder: street, Does: "填报意见", Added: "before"}, "示例-李四 前加签：交 梧桐里街道办事处 填报意见。"},
		{TaskClosed, li, Dropped{Why: "减签"}, "示例-李四 减签，待办关闭。"},
		{TaskClosed, SystemEngine, Dropped{Why: "环节已结束"}, "待办关闭：环节已结束。"},
		{TaskOpened, SystemEngine, Opened{Holder: street, Does: "填报意见", Due: &due}, "交 梧桐里街道办事处 填报意见，9月23日（周三） 前。"},
		{TaskAnswered, deputy, Answered{Holder: street, Title: "会审", Label: "退回申请单位", Mode: Straight}, "示例-李四 代 示例-王五（梧桐里街道办事处）会审：退回申请单位（直达）。"},
		{TaskReminded, SystemClock, Reminded{Rung: RungEscalate, To: &Holder{UnitName: "区政府办"}}, "系统·超时 上报上级：区政府办。"},
		{ClockStarted, SystemEngine, Clocked{Title: "审批时限", Deadline: deadline, Basis: Basis{Text: "准入办法第×条"}}, "「审批时限」开始计时：自9月7日（周一）起 15 个工作日内，至9月28日（周一）（依据：准入办法第×条）。"},
		{ClockPaused, li, Clocked{Title: "审批时限", Ground: "hearing"}, "示例-李四 暂停「审批时限」：听证。"},
		{NoticePosted, SystemEngine, Posted{Title: "表决公告", Until: "2026-10-02"}, "发布公告《表决公告》，公示至 10月2日（周五）。"},
		{NoticePosted, SystemEngine, Posted{Title: "清册已冻结"}, "发布公告《清册已冻结》。"},
		{NoticePosted, li, Posted{Title: "表决公告", Until: "2027-01-04"}, "示例-李四 补公示《表决公告》，公示至 2027年1月4日（周一）。"},
		{TaskMoved, li, Moved{How: ActTransfer, Holder: street}, "示例-李四 转办给 梧桐里街道办事处。"},
		{TaskMoved, Actor{Name: "示例-白运", Role: Operator}, Moved{How: ActTransfer, Holder: street}, "示例-白运 改派给 梧桐里街道办事处。"},
	} {
		e := NewEvent(c.kind, at, c.actor, "", c.payload)
		if got, _ := e.Text(); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.kind, got, c.want)
		}
	}
	if got, icon := (Event{Type: TaskOpened, Data: json.RawMessage(`"x"`)}).Text(); got != "task.opened" || icon != "record" {
		t.Errorf("unreadable payload: %q %q", got, icon)
	}
}
