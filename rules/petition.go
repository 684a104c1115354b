package rules

import "fmt"

// Petition is a proposal that owners have signed together (业主联名提议): those who signed, of all.
type Petition struct {
	Signed Weight `json:"signed"`
	All    Weight `json:"all"`
}

// PetitionVerdict is whether a petition is carried by enough owners.
type PetitionVerdict struct {
	Heads bool   // enough of the owners
	Area  bool   // enough of the area
	Met   bool   // enough for a proposal
	Text  string // the figures in Chinese, with what is wanted
}

// Judge compares both shares with one fifth (业主大会和业主委员会指导规则: 占总人数和专有部分面积 20% 以上), exactly. either: one of the two is
// enough, as 四川 has it. It refuses numbers that no petition can have with CodePetition.
func (p Petition) Judge(either bool) (PetitionVerdict, error) {
	for _, m := range []struct {
		name        string
		part, whole int64
	}{{"人数", p.Signed.Heads, p.All.Heads}, {"面积", p.Signed.Area, p.All.Area}} {
		switch {
		case m.whole <= 0:
			return PetitionVerdict{}, refuse(CodePetition, "全体业主的%s须大于零", m.name)
		case m.part < 0:
			return PetitionVerdict{}, refuse(CodePetition, "联名业主的%s不能小于零", m.name)
		case m.part > m.whole:
			return PetitionVerdict{}, refuse(CodePetition, "联名业主的%s多于全体业主", m.name)
		}
	}
	v := PetitionVerdict{Heads: AtLeast1of5.OK(p.Signed.Heads, p.All.Heads), Area: AtLeast1of5.OK(p.Signed.Area, p.All.Area)}
	v.Met = v.Heads && v.Area || either && (v.Heads || v.Area)
	want := "人数和面积都须达到 20%"
	if either {
		want = "人数或者面积有一项达到 20% 即可"
	}
	v.Text = fmt.Sprintf("联名 %s 人，占 %s 人的 %s，%s；联名面积 %s 平方米，占 %s 平方米的 %s，%s。%s。",
		grouped(p.Signed.Heads), grouped(p.All.Heads), share(Heads, p.Signed.Heads, p.All.Heads), reached(v.Heads),
		squareMetres(p.Signed.Area), squareMetres(p.All.Area), share(Area, p.Signed.Area, p.All.Area), reached(v.Area), want)
	return v, nil
}

func reached(met bool) string {
	if met {
		return "达到 20%"
	}
	return "不足 20%"
}

// String says who signed, for a notice: 18 人（全体 90 人）、1,440.00 平方米（全体 7,200.00 平方米）.
func (p Petition) String() string {
	return fmt.Sprintf("%s 人（全体 %s 人）、%s 平方米（全体 %s 平方米）",
		grouped(p.Signed.Heads), grouped(p.All.Heads), squareMetres(p.Signed.Area), squareMetres(p.All.Area))
}
