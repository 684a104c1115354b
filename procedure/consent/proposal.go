package consent

import (
	"fmt"
	"slices"
	"strings"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Who proposes a vote.
const (
	ByCommittee  = "owners_committee"    // 业委会、物管会
	ByResidents  = "residents_committee" // 居委会
	ByPetition   = "owners_petition"     // 业主联名
	ByStreet     = "street"              // 街道
	ByUnitOwners = "unit_owners"         // 单元、楼栋的业主
	ByPeople     = "residents"           // 居民、居民小组
	ByGrid       = "grid"                // 网格
	ByLocalUnit  = "local_unit"          // 驻区单位
)

var proposers = map[string]string{
	ByCommittee: "业委会或者物管会", ByResidents: "居委会", ByPetition: "业主联名", ByStreet: "街道办事处、乡镇人民政府",
	ByUnitOwners: "本单元、本楼栋的业主", ByPeople: "居民、居民小组", ByGrid: "网格", ByLocalUnit: "驻区单位",
}

// mayPropose is who may propose a vote of each legal kind (业主: 指导规则, with 居委会 where there is no 业委会; 居民: 议题征集; 加梯: whoever
// has a direct interest).
var mayPropose = map[string][]string{
	Owners278: {ByCommittee, ByPetition, ByResidents, ByStreet},
	Resident:  {ByResidents, ByPeople, ByGrid, ByLocalUnit},
	UnitLift:  {ByUnitOwners, ByCommittee, ByResidents},
}

// mostPetitionArea is the largest area of all owners together, in 0.01 m²: a hundred of the largest units that a roll takes.
const mostPetitionArea = 100_000_000_000

// petition reads the numbers of a joint proposal, or says what is missing or wrong.
func (f Form) petition() (p rules.Petition, faults []procedure.Finding) {
	fault := func(field, format string, args ...any) {
		faults = append(faults, procedure.Finding{Level: procedure.Block, Code: "consent.petition", Field: field, Message: fmt.Sprintf(format, args...)})
	}
	for _, n := range []struct {
		field, name string
		value       int64
		into        *int64
	}{
		{"petition_heads", "联名业主人数", f.PetitionHeads, &p.Signed.Heads}, {"petition_all_heads", "全体业主人数", f.PetitionAllHeads, &p.All.Heads},
	} {
		if *n.into = n.value; n.value <= 0 {
			fault(n.field, "业主联名提议，请填写%s，须大于零。", n.name)
		}
	}
	for _, a := range []struct {
		field, name, text string
		into              *int64
	}{
		{"petition_area", "联名业主的专有部分面积", f.PetitionArea, &p.Signed.Area}, {"petition_all_area", "全体业主的专有部分面积", f.PetitionAllArea, &p.All.Area},
	} {
		if a.text == "" {
			fault(a.field, "业主联名提议，请填写%s。", a.name)
			continue
		}
		why := ""
		if *a.into, why = rules.ParseArea(a.text, mostPetitionArea); why != "" {
			fault(a.field, "%s：%s。", a.name, why)
		}
	}
	return p, faults
}

// proposed says what stands against who proposes. either: of a joint proposal one of the two shares is enough.
func (f Form) proposed(either bool) []procedure.Finding {
	say := func(level procedure.Weight, code, field, message string) []procedure.Finding {
		return []procedure.Finding{{Level: level, Code: code, Field: field, Message: message}}
	}
	allowed := mayPropose[f.Animal]
	switch {
	case proposers[f.Proposer] == "":
		return say(procedure.Block, "consent.proposer", "proposer", "请选择提议人。")
	case allowed != nil && !slices.Contains(allowed, f.Proposer):
		var names []string
		for _, by := range allowed {
			names = append(names, proposers[by])
		}
		return say(procedure.Block, "consent.proposer", "proposer", "这种表决的提议人可以是："+strings.Join(names, "；")+"。")
	case f.Proposer != ByPetition && (f.PetitionHeads != 0 || f.PetitionAllHeads != 0 || f.PetitionArea != "" || f.PetitionAllArea != ""):
		return say(procedure.Block, "consent.petition", "proposer", "联名的人数和面积只在业主联名提议时填写。")
	case f.Proposer != ByPetition:
		return nil
	}
	p, faults := f.petition()
	if len(faults) > 0 {
		return faults
	}
	v, err := p.Judge(either)
	const source = "依据：业主大会和业主委员会指导规则（建房〔2009〕274号）。"
	switch {
	case err != nil:
		return say(procedure.Block, "consent.petition", "petition_heads", err.Error()+"。")
	case !v.Met && v.Heads:
		return say(procedure.Block, "consent.petition", "petition_area", v.Text+source)
	case !v.Met:
		return say(procedure.Block, "consent.petition", "petition_heads", v.Text+source)
	}
	return say(procedure.Fine, "consent.petition", "petition_heads", v.Text+source)
}

// ProposedBy says who proposes, for a notice.
func (f Facts) ProposedBy() string {
	if f.Petition != nil {
		return proposers[f.Proposer] + "，" + f.Petition.String()
	}
	return proposers[f.Proposer]
}
