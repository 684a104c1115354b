package server

import (
	"context"
	"slices"
	"time"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// fakeCures keeps proposals, and is the machine that remedies work on.
type fakeCures struct {
	proposals []ops.Proposal
	done      []string // «retry XW-ZR-2026-014 operator 已修复»
	refuse    error
}

func (f *fakeOps) Propose(_ context.Context, p ops.Proposal) error {
	defer f.lock()()
	if !slices.ContainsFunc(f.cures.proposals, func(o ops.Proposal) bool { return o.ID == p.ID }) {
		f.cures.proposals = append(f.cures.proposals, p)
	}
	return nil
}

func (f *fakeOps) Proposals(_ context.Context, state ops.ProposalState) ([]ops.Proposal, error) {
	defer f.lock()()
	return slices.DeleteFunc(slices.Clone(f.cures.proposals), func(p ops.Proposal) bool { return p.State != state }), nil
}

func (f *fakeOps) DecideProposal(_ context.Context, id string, state ops.ProposalState, by, name string, at time.Time) (ops.Proposal, error) {
	defer f.lock()()
	n := slices.IndexFunc(f.cures.proposals, func(p ops.Proposal) bool { return p.ID == id })
	switch {
	case n < 0:
		return ops.Proposal{}, gone("remedy")
	case f.cures.proposals[n].By == by:
		return ops.Proposal{}, procedure.Errorf(procedure.Conflict, "remedy.same_person", "提出人不能复核")
	}
	p := &f.cures.proposals[n]
	p.State, p.Second, p.Named, p.Decided = state, by, name, &at
	return *p, nil
}

func (f *fakeOps) mend(what, number string, by record.Hand) error {
	defer f.lock()()
	if f.cures.refuse != nil {
		return f.cures.refuse
	}
	f.cures.done = append(f.cures.done, what+" "+number+" "+by.Actor.User+" "+by.Reason)
	return nil
}

func (f *fakeOps) Inside(_ context.Context, number string) (record.Inside, bool, error) {
	return record.Inside{Workflow: procedure.WorkflowID(number), Run: "r1", Status: "Running", Pending: []record.Unfinished{}}, true, nil
}
func (f *fakeOps) Retry(_ context.Context, n string, by record.Hand) error {
	return f.mend("retry", n, by)
}
func (f *fakeOps) Hold(_ context.Context, n string, by record.Hand) error {
	return f.mend("hold", n, by)
}
func (f *fakeOps) Rewind(_ context.Context, n string, by record.Hand) error {
	return f.mend("rewind", n, by)
}

func (f *fakeOps) Reconcile(_ context.Context, n string, by record.Hand) error {
	return f.mend("reconcile", n, by)
}
