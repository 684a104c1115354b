package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongzhi/ops"
	"gongzhi/record"
)

// createBatch chooses the cases once and for all, and finds out what would happen to each. Nothing is done yet.
func (s *Server) createBatch(ctx context.Context, in *body[BatchOrder]) (*reply[BatchView], error) {
	order := Cure{Remedy: in.Body.Remedy, Reason: in.Body.Reason, Target: in.Body.Target, Days: in.Body.Days}
	details, err := s.fit(ctx, in.Body, order)
	if err != nil {
		return nil, err
	}
	set, err := s.freeze(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(order)
	if err != nil {
		return nil, fmt.Errorf("batch cannot be kept: %w", err)
	}
	who := whoIs(ctx)
	b := ops.Batch{ID: subKey(callOf(ctx).key, "batch"), Cure: order.Remedy, Label: order.Remedy.Label(), Details: details, Chosen: set.words,
		Reason: order.Reason, State: ops.BatchDraft, Version: 1, Second: order.Remedy.Second(), By: who.User.ID, ByName: who.User.Name,
		At: s.now(), Area: area, Order: raw}
	b.History = []ops.Entry{{At: b.At, By: b.By, ByName: b.ByName, What: ops.BatchMade, Text: order.Reason}}
	items, err := s.rehearseAll(ctx, order, set.cases)
	if err != nil {
		return nil, err
	}
	if err := s.Operations.Batches.SaveBatch(ctx, b, items); err != nil {
		return nil, err
	}
	if b, err = s.Operations.Batches.Batch(ctx, area, b.ID); err != nil {
		return nil, err
	}
	return answer(batchView(who, b)), nil
}

// fit refuses an order that can be carried out on no case whatever, and says what exactly it asks for.
func (s *Server) fit(ctx context.Context, in BatchOrder, order Cure) (string, error) {
	action, _ := order.Remedy.Action()
	switch {
	case (in.Cases == nil) == (in.Incidents == nil):
		return "", invalid("batch.choice", "请按办件，或按卡住的事选定范围，两者取一。")
	case in.Incidents != nil && !slices.Contains(batched(in.Incidents.Kind), order.Remedy):
		return "", invalid("remedy.kind", "「%s」类的问题没有这种成批的处置。", in.Incidents.Kind.Title())
	case in.Cases != nil && !slices.Contains(batched(""), order.Remedy):
		return "", invalid("remedy.machine", "「%s」不能按办件成批处置，请从卡住的事选定范围。", order.Remedy.Label())
	}
	o := offer{ActionOffer: ActionOffer{Action: action, Label: order.Remedy.Label(), Needs: curesNeed[order.Remedy]}}
	days, err := extending(o, order.Days)
	if err != nil {
		return "", err
	}
	target, err := s.target(ctx, o, order.Target)
	if err != nil {
		return "", err
	}
	var parts []string
	if target != nil {
		parts = append(parts, "交给 "+target.Title()+target.RoleName)
	}
	if days > 0 {
		parts = append(parts, fmt.Sprintf("%d 天，单位与各件的原期限相同", days))
	}
	return strings.Join(parts, "；"), nil
}

// batched are the remedies that many cases may get at once: those of a kind of incident, or without one those of any case. To where a
// case goes back, and what is displayed again, is another matter for each.
func batched(kind ops.Kind) []ops.Cure {
	all := []ops.Cure{ops.Urge, ops.Reassign, ops.Escalate, ops.Extend, ops.Resume, ops.Copy, ops.Suspend, ops.Continue, ops.Terminate}
	if kind == "" {
		return all
	}
	all = append(all, ops.Retry, ops.Hold, ops.Rewind, ops.Reconcile, ops.Redeliver)
	return slices.DeleteFunc(slices.Clone(kind.Cures()), func(c ops.Cure) bool { return !slices.Contains(all, c) })
}

func (s *Server) batchRemedies(_ context.Context, in *batchRemediesInput) (*reply[[]CureOffer], error) {
	offers := []CureOffer{}
	for _, cure := range batched(in.Kind) {
		offers = append(offers, CureOffer{Remedy: cure, Label: cure.Label(), Next: cure.Next(), Second: cure.Second(), Allowed: true, Needs: curesNeed[cure]})
	}
	return answer(offers), nil
}

// batchView is a batch as somebody sees it: whoever watches reads, operators act.
func batchView(who *Principal, b ops.Batch) BatchView {
	acts := slices.Contains(operators, who.Active.Role)
	other := !b.Second || b.Confirmer != "" && b.Confirmer != who.User.ID
	left := b.Counts.Planned+b.Counts.Sent > 0
	return BatchView{Batch: b, May: BatchRights{
		Confirm: b.Second && b.State == ops.BatchDraft && b.Confirmer == "" && b.By != who.User.ID && slices.Contains(confirmers, who.Active.Role),
		Run:     acts && b.State == ops.BatchDraft && other && left,
		Stop:    acts && b.State == ops.BatchRunning,
		Resume:  acts && b.State == ops.BatchStopped && other && left,
	}}
}

func (s *Server) listBatches(ctx context.Context, in *Paging) (*reply[record.Page[BatchView]], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.Operations.Batches.Batches(ctx, area, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	views := record.Page[BatchView]{Items: make([]BatchView, len(page.Items)), Next: page.Next}
	for i, b := range page.Items {
		views.Items[i] = batchView(whoIs(ctx), b)
	}
	return answer(views), nil
}

func (s *Server) getBatch(ctx context.Context, in *IDPath) (*reply[BatchView], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	b, err := s.Operations.Batches.Batch(ctx, area, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(batchView(whoIs(ctx), b)), nil
}

func (s *Server) batchItems(ctx context.Context, in *batchItemsInput) (*reply[record.Page[ops.BatchItem]], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.Operations.Batches.Batch(ctx, area, in.ID); err != nil {
		return nil, err
	}
	page, err := s.Operations.Batches.BatchItems(ctx, in.ID, in.State, in.After, in.Limit)
	return answer(page), err
}

func (s *Server) confirmBatch(ctx context.Context, in *batchOpinionInput) (*reply[BatchView], error) {
	return s.actOnBatch(ctx, in.ID, ops.BatchAct{What: ops.BatchConfirm, Version: in.Body.Version, Text: in.Body.Reason})
}

func (s *Server) runBatch(ctx context.Context, in *batchInput) (*reply[BatchView], error) {
	return s.startBatch(ctx, in, ops.BatchRun)
}

func (s *Server) resumeBatch(ctx context.Context, in *batchInput) (*reply[BatchView], error) {
	return s.startBatch(ctx, in, ops.BatchResume)
}

// stopBatch lets the case whose turn it is come to its end, and no other begin.
func (s *Server) stopBatch(ctx context.Context, in *batchInput) (*reply[BatchView], error) {
	return s.actOnBatch(ctx, in.ID, ops.BatchAct{What: ops.BatchStop, Version: in.Body.Version, Text: in.Body.Text})
}

// startBatch has a batch carried out. That it runs is on record: where the engine cannot be told now, housekeeping tells it.
func (s *Server) startBatch(ctx context.Context, in *batchInput, what string) (*reply[BatchView], error) {
	out, err := s.actOnBatch(ctx, in.ID, ops.BatchAct{What: what, Version: in.Body.Version, Text: in.Body.Text})
	if err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, sendBudget)
	defer cancel()
	if err := s.Operations.Starter.StartBatch(waiting, in.ID); err != nil {
		s.Logger.WarnContext(ctx, "the engine does not know of the batch yet", "batch", in.ID, "error", err)
	}
	return out, nil
}

func (s *Server) actOnBatch(ctx context.Context, id string, a ops.BatchAct) (*reply[BatchView], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	who := whoIs(ctx)
	a.By, a.ByName, a.Post, a.At = who.User.ID, who.User.Name, who.Active.ID, s.now()
	b, err := s.Operations.Batches.ActOnBatch(ctx, area, id, a)
	if err != nil {
		return nil, err
	}
	return answer(batchView(who, b)), nil
}
