package workflows

import (
	"encoding/json"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

// script is one path of a procedure, played against the clock for its diary and on a real engine for its history.
type script struct {
	name   string // of the files in testdata
	start  string
	filing procedure.Filing
	scenes []scene
	until  string // nothing more happens, but the clock goes on until the case ends
	state  procedure.CaseState
	poll   fakePoll // of a vote
}

// scene is what people do at one moment.
type scene struct {
	at   string
	acts func(c *court) []procedure.Command
}

// says is a scene of answers to the open tasks of a stage.
func says(moment, stage string, a procedure.Answer, by ...procedure.Actor) scene {
	return scene{moment, func(c *court) (out []procedure.Command) {
		for _, who := range by {
			out = append(out, procedure.Command{Action: procedure.ActAnswer, Task: c.task(stage, who.Unit).Task, Actor: who, Answer: a})
		}
		return out
	}}
}

// does is a scene of one act; a stage names the task it is about.
func does(moment, stage string, cmd procedure.Command) scene {
	return scene{moment, func(c *court) []procedure.Command {
		if stage != "" {
			cmd.Task = c.task(stage, "").Task
		}
		return []procedure.Command{cmd}
	}}
}

// undoes is a scene in which somebody takes back the last answer of a stage.
func undoes(moment, stage string, by procedure.Actor) scene {
	return scene{moment, func(c *court) []procedure.Command {
		tasks := c.openedAt(stage, by.Unit)
		return []procedure.Command{{Action: procedure.ActTakeBack, Task: tasks[len(tasks)-1].Task, Actor: by}}
	}}
}

func actors(one func(string) procedure.Actor, units ...string) (out []procedure.Actor) {
	for _, u := range units {
		out = append(out, one(u))
	}
	return out
}

func filing(kind procedure.Kind, by procedure.Actor, facts any) procedure.Filing {
	raw, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	f := e6()
	f.Kind, f.Initiator, f.Facts = kind, by, raw
	return f
}

// admitted are the scenes from acceptance to execution for two communities.
func admitted() []scene {
	return []scene{
		says("2026-09-07 10:00", "formal-review", procedure.Accept, office),
		says("2026-09-08 10:00", "street-hearing", procedure.Agree, actors(street, streets...)...),
		says("2026-09-09 10:00", "community-hearing", procedure.AgreeIf, director("0101"), director("0102")),
		says("2026-09-10 10:00", "joint-review", procedure.Agree, actors(member, members...)...),
		says("2026-09-11 10:00", "decision", procedure.Agree, meeting),
		says("2026-09-14 10:00", "publication", procedure.Publish, office),
		says("2026-09-15 10:00", "funding", procedure.Paid, clerk),
		says("2026-09-16 10:00", "handover", procedure.Received, director("0101")),
		says("2026-09-16 11:00", "handover", procedure.Missing, director("0102")),
		says("2026-09-17 10:00", "funding", procedure.Paid, clerk),
		says("2026-09-18 10:00", "handover", procedure.Received, director("0102")),
	}
}

// scripts are the main paths of every procedure.
func scripts() []script {
	const start = monday
	return append(consentScripts(), []script{
		{name: "admission-exit", start: start, filing: two(unchanged), until: "2026-12-21 00:00", state: procedure.Completed,
			scenes: append(admitted(), says("2026-11-20 10:00", "progress", procedure.Report, director("0101"), director("0102")))},
		{name: "admission-correction", start: start, filing: two(unchanged), state: procedure.Refused, scenes: []scene{
			says("2026-09-08 10:00", "formal-review", procedure.Supplement, office),
			says("2026-09-14 10:00", "correction", procedure.Submit, clerk),
			says("2026-09-17 10:00", "formal-review", procedure.Refuse, office),
		}},
		{name: "admission-return", start: start, filing: two(unchanged), state: procedure.Rejected, scenes: []scene{
			says("2026-09-07 10:00", "formal-review", procedure.Accept, office),
			undoes("2026-09-07 11:00", "formal-review", office),
			says("2026-09-07 12:00", "formal-review", procedure.Accept, office),
			says("2026-09-08 10:00", "community-hearing", procedure.Object, director("0101"), director("0102")),
			says("2026-09-15 10:00", "joint-review", procedure.Agree, actors(member, members...)...),
			does("2026-09-16 10:00", "decision", returning(meeting, "joint-review", procedure.Straight)),
			does("2026-09-16 11:00", "", pausing("review")),
			does("2026-09-18 10:00", "", resuming),
			says("2026-09-20 10:00", "joint-review", procedure.AgreeIf, actors(member, members...)...),
			does("2026-09-21 10:00", "decision", handing(procedure.ActAddBefore, meeting, named(helper))),
			says("2026-09-21 11:00", "decision", procedure.Agree, helper),
			does("2026-09-21 12:00", "decision", handing(procedure.ActDelegate, meeting, named(third))),
			does("2026-09-21 13:00", "decision", procedure.Command{Action: procedure.ActAnswer, Actor: third, Answer: procedure.Known}),
			says("2026-10-20 10:00", "decision", procedure.Object, meeting),
		}},
		{name: "admission-revoked", start: start, filing: two(unchanged), state: procedure.Revoked, scenes: append(admitted(),
			does("2026-11-02 10:00", "", complaining(director("0102"))),
			says("2026-11-03 10:00", "inquiry", procedure.Revoke, office))},
		{name: "admission-lapsed", start: start, until: "2026-09-21 00:00", state: procedure.Lapsed,
			filing: two(func(f *admission.Facts) { f.Urgent = true }),
			scenes: []scene{says("2026-09-07 10:00", "formal-review", procedure.Accept, office)}},
		{name: "admission-withdrawn", start: start, filing: two(unchanged), state: procedure.Cancelled,
			scenes: append(admitted(), does("2026-11-02 10:00", "", withdrawing(clerk)))},
		{name: "refusal", start: start, state: procedure.Completed,
			filing: filing(refusal.Kind, director("0101"), refusal.Facts{Title: "拒绝商户扫码率", Community: "0101", Department: "XW-TJJ", Receipt: "不在清单"}),
			scenes: []scene{
				says("2026-09-07 10:00", "office-knows", procedure.Known, office),
				says("2026-09-07 11:00", "department-knows", procedure.Known, clerk),
				says("2026-09-08 10:00", "supervision-knows", procedure.Known, person("郑七", "XW-DC", procedure.Supervision)),
			}},
		{name: "revision", start: start, state: procedure.Completed,
			filing: filing(revision.Kind, office, revision.Form{Title: "2026 年清单调整", Why: "年度调整", Changes: []procedure.ListChange{
				{Op: "add", Item: procedure.ListItem{Title: "防汛巡查", Kind: "assist"}}}}),
			scenes: []scene{
				says("2026-09-07 10:00", "hearing", procedure.Agree, street("XW-01")),
				says("2026-09-15 10:00", "decision", procedure.Agree, meeting), // one street stayed silent
				says("2026-09-16 10:00", "publication", procedure.Publish, office),
			}},
		{name: "revision-steps", start: start, state: procedure.Completed, // nothing but decisions, for counting what a step costs
			filing: filing(revision.Kind, office, revision.Form{Title: "2026 年清单调整", Why: "年度调整", Changes: []procedure.ListChange{
				{Op: "add", Item: procedure.ListItem{Title: "防汛巡查", Kind: "assist"}}}}),
			scenes: []scene{
				says(start, "hearing", procedure.Agree, actors(street, streets...)...),
				says(start, "decision", procedure.Agree, meeting),
				says(start, "publication", procedure.Publish, office),
			}},
	}...)
}
