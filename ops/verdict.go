package ops

import (
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Outcome is what can be said of a remedy once the detectors were asked to look.
type Outcome string

// The outcomes.
const (
	Mended  Outcome = "mended"  // the cause was seen before the remedy, and is not seen after it
	Gone    Outcome = "gone"    // the cause is not there, but that is not the remedy's doing
	Waiting Outcome = "waiting" // the cause is not seen, but not for long enough: it may come back
	Stands  Outcome = "stands"  // the cause is still seen
	Closed  Outcome = "closed"  // somebody closed the incident meanwhile: nobody looks for its cause any more
	Unknown Outcome = "unknown" // the detector has not looked
)

// Look is what is known after a remedy.
type Look struct {
	Cure   Cure
	Done   int      // cases to which it was done
	Before Incident // as it was when the remedy was ordered
	After  Incident // as it is now
	Swept  bool     // the detectors have looked since
	Run    Run      // the last run of the detector of this kind
	// Other is another incident of the kind that holds up the same: an activity that fails for a new reason is no longer this
	// incident, and the case stands still all the same.
	Other *Incident
}

// Verdict is the outcome in words.
type Verdict struct {
	Outcome Outcome
	Text    string
	Until   *time.Time // of Waiting: case time at which a cause that is not seen until then is over
}

// Judge says what a remedy has come to, and never more than what was looked at shows.
func (l Look) Judge() Verdict {
	switch {
	case l.Other != nil && (l.After.State == Resolved || l.After.Missing != nil):
		return Verdict{Outcome: Stands, Text: l.deed() + "这个原因已检测不到，但办件还因别的原因停住：" + procedure.FullStop(l.Other.Sentence.Text)}
	case l.After.State == Resolved:
		return l.over()
	case !l.Swept:
		return Verdict{Outcome: Unknown, Text: l.deed() + "检测还没有完成，不知道原因是否消除；检测完成后清单会自己更新。"}
	case l.Run.Error != "":
		return Verdict{Outcome: Unknown, Text: l.deed() + "「" + l.After.Kind.Title() + "」的检测出错，不知道原因是否消除；检测恢复后清单会自己更新。"}
	case l.After.Missing != nil:
		return l.waiting()
	}
	text := l.deed() + "原因尚在：" + procedure.FullStop(l.After.Sentence.Text)
	if l.After.Count < l.Before.Count {
		text += fmt.Sprintf("受影响的办件由 %d 件减为 %d 件。", l.Before.Count, l.After.Count)
	}
	if l.Done > 0 {
		text += cures[l.Cure].then
	}
	return Verdict{Outcome: Stands, Text: text}
}

// over is said of an incident that is resolved.
func (l Look) over() Verdict {
	switch {
	case l.After.Quiet:
		return Verdict{Outcome: Closed, Text: l.deed() + "这件事已有人人工关闭，原因是否消除没有再检测。"}
	case l.Done == 0:
		return Verdict{Outcome: Gone, Text: "没有一件办成；原因已经不在，不是这次处置的结果。"}
	case l.Before.Missing != nil:
		return Verdict{Outcome: Gone, Text: "原因已消除：处置以前，从 " + second(*l.Before.Missing) + " 起就已检测不到。"}
	}
	return Verdict{Outcome: Mended, Text: "原因已消除：" + second(l.Before.Seen) + " 的检测还看得到，处置后的检测已看不到。"}
}

func (l Look) waiting() Verdict {
	since := *l.After.Missing
	until := since.Add(patiences[l.After.Kind].after)
	text := l.deed() + "原因从 " + second(since) + " 起检测不到"
	if l.Before.Missing != nil {
		text += "（在这次处置以前）"
	}
	return Verdict{Outcome: Waiting, Until: &until,
		Text: text + "；可能再来，" + second(until) + " 以后的检测（每分钟一次）仍看不到，才算消除。"}
}

// deed is the half sentence about what was done.
func (l Look) deed() string {
	if l.Done == 0 {
		return "没有一件办成；"
	}
	return fmt.Sprintf("已办 %d 件；", l.Done)
}

// second is a moment of today, which is what remedies are about.
func second(t time.Time) string { return t.In(calendar.Zone).Format("15:04:05") }
