package consent

import (
	"slices"

	"gongzhi/procedure"
)

// OfResidents tells whether the residents' committee law is what the matter stands on, not the law of owners.
func (f Facts) OfResidents() bool { return f.Animal == Resident }

// Stage is a stage as this matter has it: with its organiser's post, and on the basis of its legal kind.
func (f Facts) Stage(s procedure.Stage) procedure.Stage {
	if s.Seat == organiser {
		s.Seat.Role = f.Organiser
	}
	s.Basis = f.basis(s.Name, s.Basis)
	if f.OfResidents() && s.Name == Advice.Name {
		s.Options = slices.Clone(s.Options)
		s.Options[0].Label, s.Options[0].Then = "同意，组织协商", []string{Deliberation.Name}
	}
	return s
}

var disclosure = procedure.Basis{Text: "城市居民委员会组织法（2025年修订）第三十四条：居务公开不少于 15 日", Tag: "T"}

// ofResidents is what the stages and periods of a vote of residents stand on where those of owners stand on the law of owners.
var ofResidents = map[string]procedure.Basis{
	Advice.Name:         {Text: "城市居民委员会组织法（2025年修订）第三十条：重要事项先经社区党组织研究；期限为产品默认 5 日", Tag: "D"},
	Roll.Name:           {Text: "产品默认：居民（户）清册在表决前核定并公示，比照业主清册", Tag: "D"},
	RollObjections.Name: {Text: "产品默认：有异议的，表决前复核并答复，比照业主清册", Tag: "D"},
	Scheme.Name:         {Text: "产品默认：居民表决前公示方案 7 日", Tag: "D"},
	opinions:            {Text: "产品默认：初步结果征求意见 7 日，比照业主表决", Tag: "D"},
	Settle.Name:         {Text: "产品默认：征求意见期满后 3 日内公布，比照业主表决", Tag: "D"},
	Works.Name:          disclosure,
	Accounts.Name:       disclosure,
}

const opinions = "opinions" // 询异

func (f Facts) basis(name string, ofOwners procedure.Basis) procedure.Basis {
	if b, ok := ofResidents[name]; ok && f.OfResidents() {
		return b
	}
	return ofOwners
}

// RollDisplay is how long the roll is shown before the vote, and why.
func (f Facts) RollDisplay() (procedure.Span, procedure.Basis) {
	return *days(RollPublication), f.basis(Roll.Name, procedure.Basis{Text: "业主身份、面积核定后，在首次会议 15 日前公示", Tag: "T"})
}

// Display is how long the matter must be known before the vote, and why: it differs by legal kind.
func (f Facts) Display() (procedure.Span, procedure.Basis) {
	switch f.Animal {
	case Resident:
		return *days(SchemePublicity), procedure.Basis{Text: "居民表决前公示方案，产品默认 7 日", Tag: "D"}
	case UnitLift:
		return *days(LiftPublicity), procedure.Basis{Text: "济南（莱芜、钢城）加装电梯规则：方案公示 15 日", Tag: "T"}
	}
	return *days(AgendaNotice), procedure.Basis{Text: "物业管理条例第十四条：会议召开 15 日前通知全体业主，同时告知居委会", Tag: "T"}
}

// Opinions is how long the provisional result is open to objections (询异), and why.
func (f Facts) Opinions() (procedure.Span, procedure.Basis) {
	return *days(ResultOpinions), f.basis(opinions, procedure.Basis{Text: "清远：结果在 7 日内征求业主意见", Tag: "T"})
}

// ResultDisplay is how long the final result is shown at least, and why. What the law fixes for residents no place can shorten.
func (f Facts) ResultDisplay() (procedure.Span, procedure.Basis) {
	if f.OfResidents() {
		return *days(Disclosure), disclosure
	}
	return *days(ResultDisplay), procedure.Basis{Text: "达州市物业地方规定：结果公示不少于 30 日", Tag: "T"}
}

// Informed are the bodies that are told of the agenda beside the owners: the residents' committee (物业管理条例第十四条) unless it
// organises the vote itself, and the street. A vote of residents has no such duty.
func (f Facts) Informed() []procedure.Seat {
	switch {
	case f.OfResidents():
		return nil
	case f.Organiser == committee.Role:
		return []procedure.Seat{street}
	}
	return []procedure.Seat{committee, street}
}
