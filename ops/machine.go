package ops

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// technicians is in whose court the trouble of machines is.
const technicians = "运维"

// Titles names cases for the list. Cases that are not on record are left out.
type Titles interface {
	CaseTitles(ctx context.Context, numbers []string) (map[string]string, error)
}

// affected names the cases that one cause holds up, in the order of their numbers.
func affected(ctx context.Context, t Titles, numbers []string) ([]Affected, error) {
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	titles, err := t.CaseTitles(ctx, numbers)
	if err != nil {
		return nil, err
	}
	cases := make([]Affected, len(numbers))
	for i, n := range numbers {
		cases[i] = Affected{Number: n, Title: titles[n]}
	}
	return cases, nil
}

// Failing finds cases whose workflow code fails. Those with the same cause are one finding.
type Failing struct {
	Machine interface {
		Problems(ctx context.Context) ([]record.Problem, error)
	}
	Titles Titles
}

// Kind implements Detector.
func (Failing) Kind() Kind { return Code }

var causes = map[string]string{
	"NonDeterministicError":          "新版程序与办件的历史不一致",
	"WorkflowWorkerUnhandledFailure": "程序出错（异常）",
	"GrpcMessageTooLarge":            "一步的数据过大",
}

// Detect implements Detector.
func (d Failing) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	problems, err := d.Machine.Problems(ctx)
	if err != nil {
		return nil, err
	}
	byCause := map[string][]string{}
	for _, p := range problems {
		byCause[p.Cause] = append(byCause[p.Cause], p.Case)
	}
	var found []Finding
	for _, cause := range sorted(byCause) {
		cases, err := affected(ctx, d.Titles, byCause[cause])
		if err != nil {
			return nil, err
		}
		what, known := causes[cause]
		if !known {
			what = "程序出错（" + cause + "）"
		}
		found = append(found, Finding{Cause: cause, Court: technicians, Cases: cases, Facts: map[string]string{"cause": cause},
			Sentence: words(fmt.Sprintf("%s，已停住，%d 件同因。", what, len(cases)), procedure.ToneRed)})
	}
	return found, nil
}

// Repeating finds activities that fail again and again. The workers note them; nothing else in the engine lists them.
type Repeating struct {
	Faults interface {
		// Faults lists the activities that have failed at least so many times in a row and have not come to an end.
		Faults(ctx context.Context, attempts int32) ([]record.Fault, error)
		ClearFault(ctx context.Context, number, run, activity string) error
	}
	Machine interface {
		Inside(ctx context.Context, number string) (in record.Inside, ok bool, err error)
	}
	Titles Titles
	Engine func() time.Time                 // engine time
	Case   func(engine time.Time) time.Time // the case time of a moment of the engine
}

// enoughAttempts is how often an activity must have failed before it is trouble: a database that restarts costs one or two.
const enoughAttempts = 3

// Kind implements Detector.
func (Repeating) Kind() Kind { return Retrying }

// actions say what an activity does, as the screen names it.
var actions = map[string]string{
	"Record": "写入记录", "Plan": "查找办理人和期限", "PublishList": "公布清单", "FindItems": "查找清单事项",
	"PreparePoll": "登记表决", "FreezeRoll": "冻结清册", "OpenPoll": "打开表决", "ExtendPoll": "延长表决期", "QuoratePoll": "核对参与比例",
	"ClosePoll": "关闭表决", "CountPoll": "计票", "FinishPoll": "确认结果", "VoidPoll": "表决作废",
}

// Detect implements Detector.
func (d Repeating) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	faults, err := d.Faults.Faults(ctx, enoughAttempts)
	if err != nil {
		return nil, err
	}
	byCause := map[string][]record.Fault{}
	asked := 0
	for _, f := range faults {
		if d.Engine().Sub(f.Last) > unheard && asked < mostAsked {
			asked++
			ended, err := d.ended(ctx, f)
			if err != nil {
				return nil, err
			}
			if ended {
				continue
			}
		}
		cause := f.Type + ": " + Fingerprint(f.Error)
		byCause[cause] = append(byCause[cause], f)
	}
	var found []Finding
	for _, cause := range sorted(byCause) {
		same := byCause[cause]
		numbers := make([]string, len(same))
		since, attempts := same[0].First, int32(0)
		for i, f := range same {
			numbers[i] = f.Case
			attempts = max(attempts, f.Attempt)
			if f.First.Before(since) {
				since = f.First
			}
		}
		cases, err := affected(ctx, d.Titles, numbers)
		if err != nil {
			return nil, err
		}
		what := actions[same[0].Type]
		if what == "" {
			what = same[0].Type
		}
		found = append(found, Finding{Cause: cause, Since: d.Case(since), Court: technicians, Cases: cases,
			Facts:    map[string]string{"activity": same[0].Type, "error": same[0].Error},
			Sentence: words(fmt.Sprintf("「%s」第 %d 次重试仍失败：%s，%d 件同因。", what, attempts, brief(same[0].Error), len(cases)), procedure.ToneRed)})
	}
	return found, nil
}

// A note that nobody has renewed for so long, although activities are tried at least once a minute, may be of an activity that ended
// with its worker: the engine is asked, of a few at a time.
const (
	unheard   = 3 * time.Minute
	mostAsked = 20
)

// ended asks the engine whether an activity has come to an end, and forgets it then.
func (d Repeating) ended(ctx context.Context, f record.Fault) (bool, error) {
	in, known, err := d.Machine.Inside(ctx, f.Case)
	if err != nil {
		return false, err
	}
	if known && in.Run == f.Run && slices.ContainsFunc(in.Pending, func(u record.Unfinished) bool { return u.ID == f.Activity }) {
		return false, nil
	}
	return true, d.Faults.ClearFault(ctx, f.Case, f.Run, f.Activity)
}

// Fingerprint is what errors of one cause have in common: the text without what names a single case or connection.
func Fingerprint(text string) string {
	var b strings.Builder
	digits := false
	for _, r := range brief(text) {
		if r >= '0' && r <= '9' {
			if !digits {
				b.WriteByte('#')
			}
			digits = true
			continue
		}
		digits = false
		b.WriteRune(r)
	}
	return b.String()
}

// brief is the first line of an error, in at most 160 characters.
func brief(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	runes := []rune(line)
	if len(runes) > 160 {
		return string(runes[:160]) + "…"
	}
	return line
}

// Deserted finds task queues whose work nobody takes.
type Deserted struct {
	Queues func(ctx context.Context) ([]record.Queue, error)
	Engine func() time.Time // engine time
}

// When a worker counts as gone: a live one asks at least once a minute; work that lies this long is not taken.
const (
	askedWithin = 75 * time.Second
	takenWithin = 20 * time.Second
)

// Asked tells whether a worker asked for work lately. seen is when one did last; nil: never.
func Asked(seen *time.Time, now time.Time) bool { return seen != nil && now.Sub(*seen) <= askedWithin }

// Lies tells whether work is not taken, or not fast enough. oldest is for how long the oldest of it has lain.
func Lies(backlog int64, oldest time.Duration) bool { return backlog > 0 && oldest > takenWithin }

// Kind implements Detector.
func (Deserted) Kind() Kind { return NoWorker }

// Detect implements Detector.
func (d Deserted) Detect(ctx context.Context, now time.Time) ([]Finding, error) {
	queues, err := d.Queues(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, q := range queues {
		if Asked(q.Seen, d.Engine()) && !Lies(q.Backlog, q.Oldest) {
			continue
		}
		text := fmt.Sprintf("没有程序在处理「%s」队列，目前没有积压。", q.Title)
		if q.Backlog > 0 {
			text = fmt.Sprintf("没有程序在处理「%s」队列，积压 %d 件，最早的已等 %s。", q.Title, q.Backlog, span(q.Oldest))
		}
		since := now.Add(-max(q.Oldest, takenWithin))
		found = append(found, Finding{Cause: q.Name, Since: since, Court: technicians, Facts: map[string]string{"queue": q.Name},
			Sentence: words(text, procedure.ToneRed)})
	}
	return found, nil
}

// span says how long something has lasted.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d 秒", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d 分钟", int(d.Minutes()))
	}
	return fmt.Sprintf("%d 小时", int(d.Hours()))
}

// Differing finds cases that engine and record disagree about: open in one and not in the other. Few cases are compared one by one.
// Of many the numbers are compared, and once every half hour the cases as well: one that is lost here and one that is lost there leave
// the numbers equal. What is on the list is followed to its end one by one, and explains a difference of the numbers: as long as nothing is
// added, a hundred thousand cases are not gone through for the sake of one.
type Differing struct {
	Machine interface {
		Open(ctx context.Context) (int64, error)
		EachOpen(ctx context.Context, f func(record.Opened)) error
		Inside(ctx context.Context, number string) (in record.Inside, ok bool, err error)
	}
	Record interface {
		CountOpen(ctx context.Context) (int64, error)
		EachOpenCase(ctx context.Context, f func(record.Opened)) error
		// Standing is the state of a case on record; empty if there is none.
		Standing(ctx context.Context, number string) (procedure.CaseState, error)
		// StandingCauses are the causes of the incidents of a kind that are not over, or that somebody closed while their causes stood.
		StandingCauses(ctx context.Context, kind Kind) ([]string, error)
		Runs(ctx context.Context) ([]Run, error)
	}
	Titles Titles
	Case   func(engine time.Time) time.Time
}

// Kind implements Detector.
func (Differing) Kind() Kind { return Disagree }

// mostDiffering bounds how many cases are looked at one by one in a sweep: where there are more, the first say enough.
const mostDiffering = 50

// Detect implements Detector. What the lists show may be a moment old, so each case in doubt is asked about once more.
func (d Differing) Detect(ctx context.Context, now time.Time) ([]Finding, error) {
	found, explained, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	engine, err := d.Machine.Open(ctx)
	if err != nil {
		return nil, err
	}
	onRecord, err := d.Record.CountOpen(ctx)
	if err != nil {
		return nil, err
	}
	if engine-onRecord == explained {
		compare, err := d.thorough(ctx, onRecord, now)
		if err != nil {
			return nil, err
		}
		if !compare {
			return found, nil
		}
	}
	doubts := map[string]time.Time{}
	if err := d.Record.EachOpenCase(ctx, func(o record.Opened) { doubts[o.Case] = o.Since }); err != nil {
		return nil, err
	}
	err = d.Machine.EachOpen(ctx, func(o record.Opened) {
		if _, both := doubts[o.Case]; both {
			delete(doubts, o.Case)
			return
		}
		doubts[o.Case] = d.Case(o.Since)
	})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		delete(doubts, f.Cause)
	}
	for _, number := range sorted(doubts) {
		if len(found) >= mostDiffering {
			break
		}
		f, side, err := d.compare(ctx, number, doubts[number])
		if err != nil {
			return nil, err
		}
		if side != agreed && now.Sub(f.Since) > settling {
			found = append(found, f)
		}
	}
	return found, nil
}

// follow compares the cases that are on the list. explained is by how many more cases the engine has open than the record, for all that
// is known.
func (d Differing) follow(ctx context.Context) (found []Finding, explained int64, err error) {
	known, err := d.Record.StandingCauses(ctx, Disagree)
	if err != nil {
		return nil, 0, err
	}
	for _, number := range known[:min(len(known), mostDiffering)] {
		f, side, err := d.compare(ctx, number, time.Time{})
		if err != nil {
			return nil, 0, err
		}
		if side != agreed {
			found, explained = append(found, f), explained+int64(side)
		}
	}
	return found, explained, nil
}

// Up to so many cases are compared in every sweep; more of them in the first sweep of each half hour.
const (
	fewOpen       = 2000
	thoroughEvery = 30 * time.Minute
)

// thorough tells whether the cases are compared although nothing says that they differ.
func (d Differing) thorough(ctx context.Context, open int64, now time.Time) (bool, error) {
	if open <= fewOpen {
		return true, nil
	}
	runs, err := d.Record.Runs(ctx)
	if err != nil {
		return false, err
	}
	looked := slices.ContainsFunc(runs, func(r Run) bool {
		return r.Kind == Disagree && r.LastOK != nil && !r.LastOK.Before(now.Truncate(thoroughEvery))
	})
	return !looked, nil
}

// FactCase is the fact that names the case of a finding. Where its row is lost, nothing else on the list does.
const FactCase = "case"

// settling is how old a case must be before engine and record are expected to agree about it.
const settling = 15 * time.Second

// ended says how a workflow came to its end, in the words of the engine and in ours.
var ended = map[string]string{"Completed": "正常", "Failed": "因出错", "Canceled": "被取消而", "Terminated": "被强行", "TimedOut": "因超时"}

// side is who has a case open that the other one has not.
type side int64

const (
	onlyRecord side = -1
	agreed     side = 0
	onlyEngine side = 1
)

func (d Differing) compare(ctx context.Context, number string, since time.Time) (Finding, side, error) {
	in, known, err := d.Machine.Inside(ctx, number)
	if err != nil {
		return Finding{}, agreed, err
	}
	state, err := d.Record.Standing(ctx, number)
	if err != nil {
		return Finding{}, agreed, err
	}
	runs := known && (in.Status == "Running" || in.Status == "Paused")
	if runs == state.Open() {
		return Finding{}, agreed, nil
	}
	says, does, who := "没有这件办件", "办理中", onlyEngine
	switch {
	case state.Open():
		who = onlyRecord
		says, does = "仍在办理", "已"+ended[in.Status]+"结束"
		if !known {
			does = "没有这件办件"
		}
	case state != "":
		says = "已经办结"
	}
	cases, err := affected(ctx, d.Titles, []string{number})
	return Finding{Cause: number, Since: since, Court: technicians, Cases: cases, Facts: map[string]string{FactCase: number, "record": says, "engine": does},
		Sentence: words(fmt.Sprintf("办件 %s：记录显示%s，引擎显示%s。", number, says, does), procedure.ToneRed)}, who, err
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
