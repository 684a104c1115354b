package ops

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// UnmannedTask is a task that nobody can act on.
type UnmannedTask struct {
	record.Task
	Disabled string // name of the person who holds the post and whose account is disabled; empty: the post is vacant
}

// UnmannedTasks reads what UnmannedDetector needs.
type UnmannedTasks interface {
	// UnmannedTasks are the open tasks whose post nobody with an open account holds on a civil day, and those handed by name to
	// somebody who has no post any more, or whose account is disabled.
	UnmannedTasks(ctx context.Context, day string) ([]UnmannedTask, error)
}

// UnmannedDetector finds posts with open tasks and without anybody (无人可办). It looks at the posts of today: an appointment mends
// it at once, and a vacancy that comes about later shows as one that was there when the task opened.
type UnmannedDetector struct {
	Tasks UnmannedTasks
}

// Kind implements Detector.
func (UnmannedDetector) Kind() Kind { return Unmanned }

// Detect implements Detector: one finding for each vacant post, with all tasks that wait for it.
func (d UnmannedDetector) Detect(ctx context.Context, now time.Time) ([]Finding, error) {
	tasks, err := d.Tasks.UnmannedTasks(ctx, calendar.DateOf(now).String())
	if err != nil {
		return nil, err
	}
	posts := map[string][]UnmannedTask{}
	var order []string
	for _, t := range tasks {
		cause := "post/" + t.Holder.Unit + "/" + string(t.Holder.Role)
		if t.Holder.User != "" {
			cause = "user/" + t.Holder.User
		}
		if posts[cause] == nil {
			order = append(order, cause)
		}
		posts[cause] = append(posts[cause], t)
	}
	found := make([]Finding, 0, len(order))
	for _, cause := range order {
		found = append(found, vacant(cause, posts[cause]))
	}
	return found, nil
}

func vacant(cause string, tasks []UnmannedTask) Finding {
	first := tasks[0]
	f := Finding{
		Cause: cause, Court: first.Holder.UnitName, Unit: first.Holder.Unit,
		Facts: map[string]string{"unit": first.Holder.Unit, "role": string(first.Holder.Role), "user": first.Holder.User},
	}
	var stages []string
	for _, t := range tasks {
		f.Cases = append(f.Cases, Affected{Number: t.Case, Title: t.CaseTitle, Task: t.ID})
		if !slices.Contains(stages, t.Title) {
			stages = append(stages, t.Title)
		}
		// Of a task that found its post empty it is known since when; of others, since a sweep sees it.
		if t.Unmanned && (f.Since.IsZero() || t.OpenedAt.Before(f.Since)) {
			f.Since = t.OpenedAt
		}
	}
	what := "「" + stages[0] + "」"
	if len(stages) > 1 {
		what += fmt.Sprintf("等 %d 个环节", len(stages))
	}
	who, why := first.Holder.UnitName+"的「"+first.Holder.Role.Title()+"」岗位", "空缺"
	switch {
	case first.Disabled != "":
		who, why = first.Disabled, "已停用"
	case first.Holder.User != "":
		who, why = first.Holder.Title(), "已没有岗位"
	}
	after := why
	if len(tasks) > 1 {
		after += fmt.Sprintf("，%d 项待办在等", len(tasks))
	}
	f.Sentence = say(procedure.ToneRed, what+"无人可办：", who, after+"。")
	return f
}
