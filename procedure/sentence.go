package procedure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
)

// Sentence is a state said as a person would say it, in phrases of which some are strong.
type Sentence struct {
	Text  string   `json:"text"`
	Parts []Phrase `json:"parts"`
	Tone  Tone     `json:"tone"`
}

// Phrase is a part of a sentence.
type Phrase struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
}

// Tone is how a sentence is coloured; the words alone say the same.
type Tone string

// The tones.
const (
	ToneNormal Tone = "normal"
	ToneYellow Tone = "yellow" // 黄牌
	ToneRed    Tone = "red"    // 红牌
	TonePaused Tone = "paused" // 时钟已暂停
	ToneDone   Tone = "done"
)

// The cards of a task.
const (
	CardYellow = "yellow" // 黄牌
	CardRed    = "red"    // 红牌
)

// Situation is what is known about where a case stands.
type Situation struct {
	Now    time.Time
	State  CaseState
	Result string     // of a case that has ended
	Closed *time.Time // of a case that has ended
	Open   []Pending  // open tasks, the nearest deadline first
	Waits  []Waiting  // waits that no task stands for
	Pause  *Standing  // a clock of the case that stands still
	Still  *Stillness // the whole case lies still
}

// Stillness says that a case lies still by an operator's order (挂起), and why.
type Stillness struct {
	By    string    `json:"by"`
	Since time.Time `json:"since"`
	Why   string    `json:"why"`
}

func (s *Stillness) say(now time.Time) Sentence {
	w := words{}.plain("已挂起：").strong(s.By).plain(" 自" + dayOf(s.Since, now) + "起暂停办理，解除以后才能办理")
	if s.Why != "" {
		w = w.plain("（理由：" + strings.TrimSuffix(s.Why, "。") + "）")
	}
	return w.plain("。").done(TonePaused)
}

// Pending is one open task.
type Pending struct {
	Holder      Holder
	Stage       string
	Title       string // 会审
	Does        string // 填报意见
	Due         *time.Time
	Left        *calendar.Left // nil: no period
	Card        string
	Escalated   string     // the superior who was told
	EscalatedAt *time.Time // nil: not known
	Unmanned    bool
	Blocked     bool // waits for a signer added before it, or for a helper
	Pause       *Standing
	Still       *Stillness // of the whole case
}

// Applicant is how a record names the unit that filed the case, where a clock waits for it. A reader is told its name.
const Applicant = "申请单位"

// Standing is a clock that stands still.
type Standing struct {
	Who   string // for whom it waits
	For   string // 补正材料
	Since time.Time
	Basis string
	Left  calendar.Left
}

// Say says where a case stands, in one sentence that screen, mail and print share.
func (s Situation) Say() Sentence {
	switch {
	case !s.State.Open():
		return s.ended()
	case s.Still != nil:
		return s.Still.say(s.Now)
	case s.Pause != nil:
		return s.Pause.say()
	case len(s.Open) > 0:
		return s.open()
	case len(s.Waits) > 0:
		return s.waiting(s.Waits[0])
	}
	return words{}.plain("正在流转，暂无待办。").done(ToneNormal)
}

// Say says in whose court one task is, and until when.
func (p Pending) Say(now time.Time) Sentence {
	return Situation{Now: now, State: Running, Open: []Pending{p}, Pause: p.Pause, Still: p.Still}.Say()
}

var endings = map[CaseState]string{
	Completed: "已办结", Rejected: "未通过", Refused: "不予受理", Withdrawn: "申请单位已撤销", Cancelled: "准入后已撤销",
	Revoked: "已撤销准入", Lapsed: "已失效", Terminated: "已终止",
}

// Ending is how a case ended, in words: 已办结. It is empty while the case is open.
func (s CaseState) Ending() string { return endings[s] }

func (s Situation) ended() Sentence {
	w := words{}.strong(endings[s.State])
	if s.Closed != nil {
		w = w.plain("，" + dayOf(*s.Closed, s.Now))
	}
	if s.Result != "" {
		w = w.plain("：" + strings.TrimSuffix(s.Result, "。"))
	}
	return w.plain("。").done(ToneDone)
}

func (p *Standing) say() Sentence {
	w := words{}.plain("时钟已暂停：")
	switch {
	case p.Who != "" && p.For != "":
		w = w.plain("等 ").strong(p.Who).plain(" " + p.For)
	case p.Who != "":
		w = w.plain("等 ").strong(p.Who)
	default:
		w = w.plain(p.For)
	}
	since := calendar.DateOf(p.Since)
	note := fmt.Sprintf("自 %d月%d日 起", int(since.Month), since.Day)
	if p.Basis != "" {
		note += "，依据：" + p.Basis
	}
	w = w.plain("（" + note + "）")
	if p.Left.N > 0 {
		w = w.plain("，恢复后还剩 " + amount(p.Left.N, p.Left.Unit))
	}
	return w.plain("。").done(TonePaused)
}

func (s Situation) open() Sentence {
	first := s.Open[0]
	// Whoever waits for a signer or a helper is not the one to wait for.
	if i := slices.IndexFunc(s.Open, func(p Pending) bool { return !p.Blocked }); i > 0 {
		first = s.Open[i]
	}
	same := []Pending{}
	for _, p := range s.Open {
		if p.Stage == first.Stage && p.Unmanned == first.Unmanned && p.Blocked == first.Blocked && (p.Card == CardRed) == (first.Card == CardRed) {
			same = append(same, p)
		}
	}
	var w words
	tone := ToneNormal
	late := first.Left != nil && first.Left.Late
	switch {
	case first.Unmanned:
		w, tone = w.plain(first.Title+"无人可办：").strong(first.Holder.Title()).plain(" 的「"+first.Holder.Role.Title()+"」岗位空缺，请尽快补岗或改派"), ToneRed
	case first.Card == CardRed || late:
		w, tone = s.late(first, same), ToneRed
	default:
		if first.Card == CardYellow {
			w, tone = w.plain("已黄牌："), ToneYellow
		}
		w = s.due(w.plain("现在等 "), first, same)
	}
	if rest := len(s.Open) - len(same); rest > 0 {
		w = w.plain(fmt.Sprintf("；另有 %d 项待办", rest))
	}
	return w.plain("。").done(tone)
}

// late says who is late, by how much, and who was told.
func (s Situation) late(first Pending, all []Pending) words {
	w := words{}.plain("已超期：")
	if first.Card == CardRed {
		w = words{}.plain("已红牌：")
	}
	w = w.holders(all).plain(" " + first.Title)
	switch l := first.Left; {
	case l == nil || l.Overdue == 0:
		w = w.plain("已超期")
	default:
		w = w.plain("超期 " + amount(l.Overdue, l.Unit))
	}
	if first.Escalated == "" {
		return w
	}
	w = w.plain("，已上报 ").strong(first.Escalated)
	if first.EscalatedAt != nil {
		at := first.EscalatedAt.In(calendar.Zone)
		w = w.plain(fmt.Sprintf("（%d月%d日 %s）", int(at.Month()), at.Day(), at.Format("15:04")))
	}
	return w
}

// due says who must do what until when, and what is left.
func (s Situation) due(w words, first Pending, all []Pending) words {
	w = w.holders(all).plain(" " + first.Does)
	if first.Blocked {
		return w.plain("（等加签或受委派人先办）")
	}
	if first.Due == nil || first.Left == nil {
		return w.plain("（未设期限）")
	}
	// The due moment is the end of a day: 24:00 is 00:00 of the next.
	last := first.Due.Add(-time.Nanosecond)
	day := dayOf(last, s.Now)
	if first.Left.Unit == calendar.Hour {
		day = dayOf(*first.Due, s.Now) + first.Due.In(calendar.Zone).Format(" 15:04")
	}
	if first.Left.Provisional {
		day += "（暂定）"
	}
	if first.Left.N == 0 {
		return w.plain("，").strong("今天").plain(" 届满")
	}
	return w.plain("，").strong(day).plain(" 前，还剩 ").strong(amount(first.Left.N, first.Left.Unit))
}

func (s Situation) waiting(x Waiting) Sentence {
	w := words{}.plain("现在等 ").strong(x.For)
	if x.Court != "" && x.Court != "时间" {
		w = words{}.plain("现在等 ").strong(x.Court).plain(" " + x.For)
	}
	if x.Until != nil {
		w = w.plain("，至 ").strong(dayOf(x.Until.Add(-time.Nanosecond), s.Now))
	}
	return w.plain("。").done(ToneNormal)
}

// words is a sentence in the making.
type words []Phrase

func (w words) plain(text string) words  { return append(w, Phrase{Text: text}) }
func (w words) strong(text string) words { return append(w, Phrase{Text: text, Strong: true}) }

// holders names at most two of those in whose court something is.
func (w words) holders(all []Pending) words {
	const named = 2
	for i, p := range all {
		switch {
		case i == named:
			return w.plain(fmt.Sprintf(" 等 %d 家", len(all)))
		case i > 0:
			w = w.plain("、")
		}
		w = w.strong(p.Holder.Title())
	}
	return w
}

func (w words) done(tone Tone) Sentence {
	var text strings.Builder
	var parts []Phrase
	for _, p := range w {
		text.WriteString(p.Text)
		if n := len(parts); n > 0 && parts[n-1].Strong == p.Strong {
			parts[n-1].Text += p.Text
			continue
		}
		parts = append(parts, p)
	}
	return Sentence{Text: text.String(), Parts: parts, Tone: tone}
}

func amount(n int, u calendar.Unit) string { return calendar.Period{N: n, Unit: u}.String() }

// dayOf names the day of a moment with its weekday, and with its year when that is not the present one.
func dayOf(t, now time.Time) string {
	d := calendar.DateOf(t)
	if d.Year != calendar.DateOf(now).Year {
		return d.Long()
	}
	return d.Short()
}
