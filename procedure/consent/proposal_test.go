package consent

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// petition is a joint proposal by 18 of 90 owners with a fifth of the area.
func petition() Form {
	f := good()
	f.Proposer = ByPetition
	f.PetitionHeads, f.PetitionAllHeads, f.PetitionArea, f.PetitionAllArea = 18, 90, "1440.00", "7200"
	return f
}

func TestCheck_WhoProposes(t *testing.T) {
	t.Parallel()
	rule := map[string]string{Owners278: "cc278.special", Resident: "seed75.of_all", UnitLift: "lift.cc278"}
	for animal, allowed := range mayPropose {
		for by := range proposers {
			f := good()
			if by == ByPetition {
				f = petition()
			}
			f.Animal, f.Rule, f.Proposer = animal, rule[animal], by
			want := []string(nil)
			if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+by+" ") {
				want = []string{"consent.proposer"}
			}
			require.Equal(t, want, blocks(f), "%s by %s", animal, by)
		}
	}
	for name, change := range map[string]func(*Form){
		"nobody":                      func(f *Form) { f.Proposer = "" },
		"somebody unknown":            func(f *Form) { f.Proposer = "mayor" },
		"signatures of nobody's list": func(f *Form) { f.PetitionAllArea = "7200" },
	} {
		f := good()
		change(&f)
		require.Len(t, blocks(f), 1, name)
	}
}

func TestCheck_Petition(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Form)
		field  string
		says   string
	}{
		"one owner short":           {func(f *Form) { f.PetitionHeads = 17 }, "petition_heads", "联名 17 人，占 90 人的 18.88%（17/90），不足 20%"},
		"0.01 m² short":             {func(f *Form) { f.PetitionArea = "1439.99" }, "petition_area", "联名面积 1,439.99 平方米，占 7,200.00 平方米的 19.99%（1,439.99/7,200.00 平方米），不足 20%"},
		"nobody counted":            {func(f *Form) { f.PetitionHeads = 0 }, "petition_heads", "请填写联名业主人数"},
		"a negative number":         {func(f *Form) { f.PetitionAllHeads = -90 }, "petition_all_heads", "请填写全体业主人数，须大于零"},
		"no area":                   {func(f *Form) { f.PetitionArea = "" }, "petition_area", "请填写联名业主的专有部分面积"},
		"an area of three decimals": {func(f *Form) { f.PetitionArea = "1440.001" }, "petition_area", "小数多于两位"},
		"an area with a comma":      {func(f *Form) { f.PetitionAllArea = "7,200" }, "petition_all_area", "不是数字"},
		"an area beyond all":        {func(f *Form) { f.PetitionAllArea = "99999999999999999999" }, "petition_all_area", "面积过大"},
		"more than there are":       {func(f *Form) { f.PetitionHeads = 91 }, "petition_heads", "联名业主的人数多于全体业主"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := petition()
			tc.change(&f)
			var found []procedure.Finding
			for _, x := range Check(f, Context{Today: day("2026-11-22")}) {
				if x.Level == procedure.Block {
					found = append(found, x)
				}
			}
			require.Len(t, found, 1)
			require.Equal(t, []string{"consent.petition", tc.field}, []string{found[0].Code, found[0].Field})
			require.Contains(t, found[0].Message, tc.says)
		})
	}
	require.Empty(t, blocks(petition()), "exactly a fifth of both")
	empty := good()
	empty.Proposer = ByPetition
	require.Len(t, blocks(empty), 4, "it says everything that is missing")
}

// Where one of the two shares is enough (四川) an area that falls short does not stand against it.
func TestCheck_PetitionOfOneShare(t *testing.T) {
	t.Parallel()
	f := petition()
	f.PetitionArea = "1439.99"
	require.Equal(t, []string{"consent.petition"}, blocks(f))
	for _, x := range Check(f, Context{Today: day("2026-11-22"), Either: true}) {
		require.NotEqual(t, procedure.Block, x.Level, x.Message)
	}
}

func TestFacts_PinTheProposal(t *testing.T) {
	t.Parallel()
	facts, err := petition().Facts(procedure.Actor{Role: procedure.OwnersCommittee}, 0)
	require.NoError(t, err)
	require.Equal(t, &rules.Petition{Signed: rules.Weight{Heads: 18, Area: 144_000}, All: rules.Weight{Heads: 90, Area: 720_000}}, facts.Petition)
	require.Equal(t, "业主联名，18 人（全体 90 人）、1,440.00 平方米（全体 7,200.00 平方米）", facts.ProposedBy())
	f := petition()
	f.PetitionArea = "很多"
	_, err = f.Facts(procedure.Actor{}, 0)
	require.Error(t, err)
}

// What residents decide stands on their own law: nothing of it names the law of owners, and what the law fixes is fixed.
func TestFacts_BasisOfResidents(t *testing.T) {
	t.Parallel()
	residents, owners := Facts{Animal: Resident, Organiser: procedure.CommunityDirector}, Facts{Animal: Owners278, Organiser: procedure.OwnersCommittee}
	for _, s := range Procedure().Stages {
		require.NotContains(t, residents.Stage(s).Basis.Text, "民法典", s.Name)
		require.NotContains(t, residents.Stage(s).Basis.Text, "物业管理条例", s.Name)
		require.Equal(t, s.Basis, owners.Stage(s).Basis, s.Name)
	}
	require.Contains(t, residents.Stage(Accounts).Basis.Text, "居务公开")
	require.Equal(t, []string{"deliberation"}, residents.Stage(Advice).Options[0].Then)
	require.Equal(t, []string{"roll"}, owners.Stage(Advice).Options[0].Then, "the definition is not changed")
	require.Equal(t, procedure.CommunityDirector, owners.Stage(Meeting).Seat.Role, "the residents' committee convenes, whoever organises")

	pack, err := rules.Load(PackID)
	require.NoError(t, err)
	for _, f := range []Facts{residents, owners} {
		for _, shown := range []func() (procedure.Span, procedure.Basis){f.RollDisplay, f.Display, f.Opinions, f.ResultDisplay} {
			span, basis := shown()
			figure, err := pack.Figure(span.Figure)
			require.NoError(t, err)
			require.Equal(t, string(span.Unit), figure.Unit)
			require.NotEmpty(t, basis.Text)
		}
	}
	span, basis := residents.ResultDisplay()
	require.Equal(t, "T", basis.Tag)
	_, err = pack.Override(rules.Change{Key: span.Figure, Value: 14, By: "示例-孙一", Reason: "缩短", At: day("2026-11-22").Start()})
	require.ErrorIs(t, err, &rules.Error{Code: rules.CodeFigureFixed})
}

// A form comes as JSON: every field of a joint proposal is read, and an area is a text.
func TestParse_Petition(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(petition())
	require.NoError(t, err)
	f, err := Parse(raw)
	require.NoError(t, err)
	require.Equal(t, petition(), f)
	for _, bad := range []string{`"petition_area":1440.5`, `"petition_heads":18.5`, `"petition_heads":99999999999999999999`, `"petition_heads":"18"`} {
		_, err := Parse([]byte(`{"animal":"OWNER_278",` + bad + `}`))
		require.Error(t, err, bad)
	}
}
