package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
	"pgregory.net/rapid"

	"gongzhi/procedure"
)

// Random officials do random things to a case. Whatever they do, the record stays in order. A failure prints its seed:
// run it again with -rapid.seed.

var (
	// anyActions weighs what officials do: mostly they decide.
	anyActions = append(slices.Repeat([]procedure.Action{procedure.ActAnswer}, 40), procedure.ActTransfer, procedure.ActDelegate,
		procedure.ActAddBefore, procedure.ActAddAfter, procedure.ActRemoveSigner, procedure.ActTakeBack, procedure.ActTakeBack, procedure.ActTakeBack,
		procedure.ActTakeBack, procedure.ActUrge, procedure.ActRead, procedure.ActPause, procedure.ActResume, procedure.ActCopy, procedure.ActComplain,
		procedure.ActEscalate, procedure.ActExtend, procedure.ActSendBack, procedure.ActSuspend, procedure.ActContinue, procedure.ActContinue, procedure.ActRepublish)
	anyTargets = []*procedure.Holder{named(helper), named(third), {Unit: "XW-DC", UnitName: "区督查室", Role: procedure.Supervision}, nil}
)

// move is one random act. Numbers choose among what there is when it happens.
type move struct {
	after     time.Duration
	action    procedure.Action
	task      int
	stranger  bool // somebody who is not competent tries it
	colleague int
	option    int
	odd       bool // an answer that nobody asked for
	back      string
	mode      procedure.ReturnMode
	target    *procedure.Holder
	twice     bool
}

func drawMove(t *rapid.T, stages []string) move {
	rarely := func(name string) bool { return rapid.IntRange(0, 19).Draw(t, name) == 19 }
	return move{
		after:     time.Duration(rapid.SampledFrom([]int{0, 0, 1, 2, 5, 30, 90}).Draw(t, "hours")) * time.Hour,
		action:    rapid.SampledFrom(anyActions).Draw(t, "action"),
		task:      rapid.IntRange(0, 12).Draw(t, "task"),
		stranger:  rarely("stranger"),
		colleague: rapid.IntRange(0, 1).Draw(t, "colleague"),
		option:    rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 3}).Draw(t, "option"),
		odd:       rarely("odd"),
		back:      rapid.SampledFrom(stages).Draw(t, "back to"),
		mode:      rapid.SampledFrom([]procedure.ReturnMode{procedure.Rerun, procedure.Straight}).Draw(t, "mode"),
		target:    rapid.SampledFrom(anyTargets).Draw(t, "target"),
		twice:     rarely("twice"),
	}
}

// command makes a move concrete.
func (c *court) command(m move) procedure.Command {
	l := c.ledger()
	cmd := procedure.Command{Action: m.action, ReturnTo: m.back, Mode: m.mode, Target: m.target, Ground: "review"}
	switch m.action {
	case procedure.ActPause, procedure.ActResume:
		cmd.Actor = office
	case procedure.ActSuspend, procedure.ActContinue, procedure.ActRepublish:
		cmd.Actor, cmd.Notice, cmd.Days = ops, &procedure.Posted{Title: "公告", Text: "公告"}, 1+m.option
	case procedure.ActCopy:
		cmd.Actor = clerk
	case procedure.ActComplain:
		cmd.Actor = director(communities[m.task%len(communities)])
	default:
		among := l.in("open", "blocked")
		switch decided := l.in("answered"); {
		case m.action == procedure.ActTakeBack && len(decided) > 0:
			among = decided[max(0, len(decided)-3):]
		case m.action == procedure.ActAnswer && len(l.in("open")) > 0:
			among = l.in("open")
		case len(among) == 0:
			among = l.order
		}
		t := among[m.task%len(among)]
		cmd.Task, cmd.Actor = t.id, someone(t.holder, m.colleague)
		cmd.Answer = t.options[m.option%len(t.options)].Answer
		switch {
		case m.odd:
			cmd.Answer = procedure.Silent
		case t.lent:
			cmd.Answer = procedure.Known
		case m.action == procedure.ActTakeBack && t.by.User != "":
			cmd.Actor = t.by
		case slices.Contains([]procedure.Action{procedure.ActEscalate, procedure.ActExtend, procedure.ActSendBack}, m.action):
			cmd.Actor, cmd.Days = ops, 1+m.option
		}
		for _, o := range l.order {
			if o.parent == t.id {
				cmd.Removed = o.id
			}
		}
	}
	if m.stranger {
		cmd.Actor = person("路人", "XW-TJJ", procedure.Auditor)
	}
	return cmd
}

// someone is one of two people who hold a post, or the person a task was given to.
func someone(h procedure.Holder, n int) procedure.Actor {
	if h.User != "" {
		return procedure.Actor{User: h.User, Name: h.UserName, Unit: h.Unit}
	}
	return person(h.Unit+[]string{"甲", "乙"}[n], h.Unit, h.Role)
}

// riot plays moves against a workflow and checks the record.
func riot(t *rapid.T, wf Func, f procedure.Filing, stages []string) {
	c := newCourt(t, monday)
	moment := 10 * time.Minute
	type attempt struct {
		cmd procedure.Command
		err error
	}
	var attempts []attempt
	try := func(cmd procedure.Command) {
		c.deliver(cmd, func(r *reply) { attempts = append(attempts, attempt{cmd, errors.Join(r.rejected, r.failed)}) })
	}
	for _, m := range rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move { return drawMove(t, stages) }), 20, 120).Draw(t, "moves") {
		moment += m.after
		c.RegisterDelayedCallback(func() {
			cmd := c.command(m)
			c.n++
			cmd.ID = "move-" + time.Duration(c.n).String()
			try(cmd)
			if m.twice {
				try(cmd)
			}
		}, moment)
	}
	c.RegisterDelayedCallback(func() { try(procedure.Command{ID: "end", Action: procedure.ActTerminate, Actor: ops}) }, moment+24*time.Hour)

	c.RegisterWorkflowWithOptions((func(workflow.Context, procedure.Filing) (procedure.Outcome, error))(wf), workflow.RegisterOptions{Name: "riot"})
	c.ExecuteWorkflow("riot", f)

	require.True(t, c.IsWorkflowCompleted())
	require.NoError(t, c.GetWorkflowError(), "whatever people do, the workflow never fails")
	require.Empty(t, c.broken)
	l := c.ledger()
	require.Empty(t, l.faults)
	require.Empty(t, l.in("open", "blocked"), "tasks open after the end")
	require.Equal(t, procedure.CaseClosed, c.events[len(c.events)-1].Type)
	for _, a := range attempts {
		if a.err == nil {
			silent := a.cmd.Action == procedure.ActRead
			require.True(t, silent || l.commands[a.cmd.ID] > 0, "accepted and not recorded: %+v", a.cmd)
			continue
		}
		var e *temporal.ApplicationError
		require.ErrorAs(t, a.err, &e, "%+v", a.cmd)
		require.NotEmpty(t, e.Type())
	}
}

// everything is a chain of every way of signing on one running clock, with work beside it.
func everything(ctx workflow.Context, f procedure.Filing) (procedure.Outcome, error) {
	c := openCase(ctx, procedure.Procedure{Kind: "trial"}, f, Facts{Title: "试办", Communities: communities})
	hearS, hearC := trialStage("hear-s", streetSeat, procedure.Collect), trialStage("hear-c", communitySeat, procedure.Collect)
	hearS.Silence, hearC.Silence = procedure.Noted, procedure.Noted
	b, last := stageB, stageC
	b.Clock, last.Clock = "whole", "whole"
	c.OnAbort(func(k Case) { k.Post(procedure.Posted{Title: "终止公告", Text: "已终止"}) })
	c.Start("whole", "总期限", tenDays, procedure.Basis{})
	var end procedure.Answer
	c.Together(
		func(k Case) {
			end = k.Chain(One(stageA), Side(hearS, hearC), One(b), One(trialStage("turn", communitySeat, procedure.InTurn)),
				One(trialStage("any", memberSeat, procedure.Any)), One(last))
		},
		func(k Case) { k.Decide(trialStage("beside", clerkSeat, procedure.Single)) },
	)
	return c.Close(procedure.Completed, string(end))
}

var communitySeat = procedure.Seat{Role: procedure.CommunityDirector, Where: procedure.AtCommunities}

func TestProperty_TheKitHolds(t *testing.T) {
	t.Parallel()
	f := e6()
	f.Kind = "trial"
	stages := []string{"a", "hear-s", "hear-c", "b", "turn", "any", "c", "nowhere"}
	rapid.Check(t, func(t *rapid.T) { riot(t, everything, f, stages) })
}

func TestProperty_AdmissionHolds(t *testing.T) {
	t.Parallel()
	f := two(unchanged)
	stages := []string{"formal-review", "street-hearing", "joint-review", "decision", "correction"}
	rapid.Check(t, func(t *rapid.T) { riot(t, Admission, f, stages) })
}
