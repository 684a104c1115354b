package procedure

import (
	"strings"
	"testing"
	"time"

	"gongzhi/calendar"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Start()
}

func end(t *testing.T, s string) *time.Time {
	t.Helper()
	e := day(t, s).AddDate(0, 0, 1)
	return &e
}

// marked writes a sentence with its strong phrases between stars, as the design does.
func marked(s Sentence) string {
	var b strings.Builder
	for _, p := range s.Parts {
		if p.Strong {
			b.WriteString("**" + p.Text + "**")
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestSituationSay(t *testing.T) {
	t.Parallel()
	now := day(t, "2026-09-21").Add(10 * time.Hour)
	street := Holder{Unit: "XW-01", UnitName: "梧桐里街道办事处", Role: StreetOffice}
	finance := Holder{Unit: "XW-CZ", UnitName: "区财政局", Role: AdmissionMember}
	left := func(n int) *calendar.Left { return &calendar.Left{Unit: calendar.Workday, N: n} }
	escalated := time.Date(2026, 10, 12, 9, 0, 0, 0, calendar.Zone)
	ask := func(h Holder, l *calendar.Left) Pending {
		return Pending{Holder: h, Stage: "opinions", Title: "听取意见", Does: "填报意见", Due: end(t, "2026-09-23"), Left: l}
	}
	red := Pending{Holder: finance, Stage: "review", Title: "会审", Does: "会审", Due: end(t, "2026-09-16"), Card: CardRed,
		Left: &calendar.Left{Unit: calendar.Workday, Late: true, Overdue: 3}, Escalated: "区政府办", EscalatedAt: &escalated}
	yellow := ask(street, left(1))
	yellow.Card = CardYellow
	empty := red
	empty.Unmanned = true
	provisional := ask(street, &calendar.Left{Unit: calendar.Workday, N: 3, Provisional: true})
	provisional.Due = end(t, "2027-01-05")
	blocked := ask(street, left(2))
	blocked.Blocked = true
	closed := day(t, "2026-12-21").Add(time.Hour)

	for _, c := range []struct {
		name string
		in   Situation
		want string
		tone Tone
	}{
		{"waiting for an opinion", Situation{State: Running, Open: []Pending{ask(street, left(2))}},
			"现在等 **梧桐里街道办事处** 填报意见，**9月23日（周三）** 前，还剩 **2 个工作日**。", ToneNormal},
		{"red", Situation{State: Running, Open: []Pending{red}},
			"已红牌：**区财政局** 会审超期 3 个工作日，已上报 **区政府办**（10月12日 09:00）。", ToneRed},
		{"paused", Situation{State: Running, Pause: &Standing{Who: "区统计局", For: "补正材料", Since: day(t, "2026-09-09").Add(15 * time.Hour),
			Basis: "准入办法第×条", Left: calendar.Left{Unit: calendar.Workday, N: 11, Open: true}}},
			"时钟已暂停：等 **区统计局** 补正材料（自 9月9日 起，依据：准入办法第×条），恢复后还剩 11 个工作日。", TonePaused},
		{"suspended", Situation{State: Running, Open: []Pending{red}, Pause: &Standing{For: "听证"}, Still: &Stillness{By: "示例-白运（运行监控）",
			Since: day(t, "2026-09-09").Add(15 * time.Hour), Why: "核查中。"}},
			"已挂起：**示例-白运（运行监控）** 自9月9日（周三）起暂停办理，解除以后才能办理（理由：核查中）。", TonePaused},
		{"calendar days are named", Situation{State: Running, Open: []Pending{ask(street, &calendar.Left{Unit: calendar.Day, N: 2})}},
			"现在等 **梧桐里街道办事处** 填报意见，**9月23日（周三）** 前，还剩 **2 日**。", ToneNormal},
		{"last day", Situation{State: Running, Open: []Pending{ask(street, left(0))}},
			"现在等 **梧桐里街道办事处** 填报意见，**今天** 届满。", ToneNormal},
		{"yellow", Situation{State: Running, Open: []Pending{yellow}},
			"已黄牌：现在等 **梧桐里街道办事处** 填报意见，**9月23日（周三）** 前，还剩 **1 个工作日**。", ToneYellow},
		{"three side by side, and another stage", Situation{State: Running, Open: []Pending{ask(street, left(2)), ask(finance, left(2)), ask(street, left(2)), red}},
			"现在等 **梧桐里街道办事处**、**区财政局** 等 3 家 填报意见，**9月23日（周三）** 前，还剩 **2 个工作日**；另有 1 项待办。", ToneNormal},
		{"one waits for a signer: the signer is named", Situation{State: Running, Open: []Pending{blocked, ask(finance, left(2))}},
			"现在等 **区财政局** 填报意见，**9月23日（周三）** 前，还剩 **2 个工作日**；另有 1 项待办。", ToneNormal},
		{"the task that waits for a signer", Situation{State: Running, Open: []Pending{blocked}},
			"现在等 **梧桐里街道办事处** 填报意见（等加签或受委派人先办）。", ToneNormal},
		{"nobody", Situation{State: Running, Open: []Pending{empty}},
			"会审无人可办：**区财政局** 的「联审成员」岗位空缺，请尽快补岗或改派。", ToneRed},
		{"provisional, next year", Situation{State: Running, Open: []Pending{provisional}},
			"现在等 **梧桐里街道办事处** 填报意见，**2027年1月5日（周二）（暂定）** 前，还剩 **3 个工作日**。", ToneNormal},
		{"a wait", Situation{State: Executing, Waits: []Waiting{{For: "执行期届满", Court: "时间", Until: end(t, "2026-12-20")}}},
			"现在等 **执行期届满**，至 **12月20日（周日）**。", ToneNormal},
		{"done", Situation{State: Completed, Closed: &closed, Result: "到期退出。"},
			"**已办结**，12月21日（周一）：到期退出。", ToneDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.in.Now = now
			got := c.in.Say()
			if marked(got) != c.want || got.Tone != c.tone {
				t.Errorf("got  %s (%s)\nwant %s (%s)", marked(got), got.Tone, c.want, c.tone)
			}
			if got.Text != strings.ReplaceAll(c.want, "**", "") {
				t.Errorf("text %q does not match its parts", got.Text)
			}
		})
	}
}

func TestEveryEndHasWords(t *testing.T) {
	t.Parallel()
	for _, state := range []CaseState{Completed, Rejected, Refused, Withdrawn, Cancelled, Revoked, Lapsed, Terminated} {
		if s := (Situation{State: state}).Say(); s.Tone != ToneDone || s.Text == "。" {
			t.Errorf("%s: %+v", state, s)
		}
	}
}
