package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"gongzhi/procedure"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

// mostEvents is what one human step may cost in the engine's history.
const mostEvents = 20

// steps counts the history of steps that a person opened, decided and closed.
func steps(ctx context.Context, b *bench) (err error) {
	dir, err := b.folder("steps")
	if err != nil {
		return err
	}
	address := "sqlite:" + dir + "/gongzhi.db"
	st, err := prepare(ctx, address)
	if err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	s, err := b.start(ctx, dir, address, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	c, err := client.Dial(client.Options{HostPort: s.engine.HostPort(), Namespace: s.engine.Namespace()})
	if err != nil {
		return err
	}
	defer c.Close()
	h := &histories{base: s.base, client: c, users: map[string]*user{}}
	defer h.close()
	dated, err := h.revision(ctx)
	if err != nil {
		return err
	}
	plain, err := h.refusal(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(b.out, "From one decision to the next, in the engine's history: the step is opened (with its clock and its timer), answered, closed; no reminder.")
	return b.table("step|events|required|which", [][]string{
		row("年度清单调整 · 联席会议审定, with a period of 15 working days", dated),
		row("拒绝未准入的工作 · 准入办已阅, without a period and opened with the case", plain),
	})
}

func row(name string, counted map[enumspb.EventType]int) []string {
	sum := 0
	var which []string
	for _, kind := range slices.Sorted(maps.Keys(counted)) {
		sum += counted[kind]
		which = append(which, fmt.Sprintf("%s %d", kind, counted[kind]))
	}
	return []string{name, fmt.Sprint(sum), fmt.Sprintf("≤ %d: %s", mostEvents, verdict(sum <= mostEvents)), strings.Join(which, ", ")}
}

// histories plays cases and reads what they left in the engine.
type histories struct {
	base   string
	client client.Client
	users  map[string]*user
}

func (h *histories) close() {
	for _, u := range h.users {
		u.close()
	}
}

func (h *histories) as(ctx context.Context, login string) (*user, error) {
	if u := h.users[login]; u != nil {
		return u, nil
	}
	u, err := signIn(ctx, h.base, login)
	if err == nil {
		h.users[login] = u
	}
	return u, err
}

func (h *histories) answer(ctx context.Context, login, number, stage, unit string, a procedure.Answer) error {
	u, err := h.as(ctx, login)
	if err != nil {
		return err
	}
	task, err := u.task(ctx, number, stage, unit)
	if err != nil {
		return err
	}
	return u.answer(ctx, task, a)
}

// revision counts from the end of the hearing to the end of the joint meeting's decision, which opens the publication: each step
// costs the end of one and the beginning of the next.
func (h *histories) revision(ctx context.Context) (map[enumspb.EventType]int, error) {
	office, err := h.as(ctx, "office.qian")
	if err != nil {
		return nil, err
	}
	number, err := office.file(ctx, revision.Kind, revision.Form{Title: "增加一项", Why: "协助事项有变化", Changes: []procedure.ListChange{
		{Op: "add", Item: procedure.ListItem{Title: "协助张贴防汛通知", Kind: "assist", Department: "区应急局", Part: "张贴", Frequency: "按次", Basis: "示例"}}}})
	if err != nil {
		return nil, err
	}
	for login, unit := range map[string]string{"jd01.jin": "XW-01", "jd02.wei": "XW-02"} {
		if err := h.answer(ctx, login, number, revision.Hearing.Name, unit, procedure.Agree); err != nil {
			return nil, err
		}
	}
	return h.difference(ctx, number, func() error {
		return h.answer(ctx, "lxh.zhao", number, revision.Decision.Name, "", procedure.Agree)
	})
}

// refusal counts what one of three confirmations costs after the case was opened.
func (h *histories) refusal(ctx context.Context) (map[enumspb.EventType]int, error) {
	director, err := h.as(ctx, "sq0101.tao")
	if err != nil {
		return nil, err
	}
	number, err := director.file(ctx, refusal.Kind, refusalForm(0))
	if err != nil {
		return nil, err
	}
	return h.difference(ctx, number, func() error {
		return h.answer(ctx, "office.qian", number, refusal.OfficeKnows.Name, "", procedure.Known)
	})
}

// difference counts the events that an act adds to the history of a case.
func (h *histories) difference(ctx context.Context, number string, act func() error) (map[enumspb.EventType]int, error) {
	before, err := h.count(ctx, number)
	if err != nil {
		return nil, err
	}
	if err := act(); err != nil {
		return nil, err
	}
	after, err := h.count(ctx, number)
	if err != nil {
		return nil, err
	}
	for kind, n := range before {
		if after[kind] -= n; after[kind] == 0 {
			delete(after, kind)
		}
	}
	return after, nil
}

func (h *histories) count(ctx context.Context, number string) (map[enumspb.EventType]int, error) {
	counted := map[enumspb.EventType]int{}
	events := h.client.GetWorkflowHistory(ctx, procedure.WorkflowID(number), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return nil, err
		}
		counted[e.GetEventType()]++
	}
	return counted, nil
}
