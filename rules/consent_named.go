package rules

// quorum and consent build the tests that the named rules are made of.
func quorum(m Measure, r Ratio) ConsentTest {
	return ConsentTest{Key: "quorum." + string(m), Measure: m, Part: Participants, Whole: Everybody, Ratio: r}
}

func consent(m Measure, of Group, r Ratio) ConsentTest {
	return ConsentTest{Key: "consent." + string(m), Measure: m, Part: Agreeing, Whole: of, Ratio: r}
}

// art278 returns the four tests of art. 278 of the Civil Code (民法典): two thirds take
// part, and of those who take part the ratio agrees, in heads and in area.
func art278(agree Ratio) []ConsentTest {
	return []ConsentTest{
		quorum(Heads, AtLeast2of3), quorum(Area, AtLeast2of3),
		consent(Heads, Participants, agree), consent(Area, Participants, agree),
	}
}

func source278(text string) Source {
	return Source{Article: "民法典第二百七十八条", Text: text, Tag: TextRead}
}

// sourceSeed75 is advice of a policy article; the reading of it is a product default.
func sourceSeed75(text string) Source {
	return Source{Article: "政策文章的建议，不是法律规定；读法为产品默认值", Text: text, Tag: Default}
}

// ConsentRules returns the named rules, in the order in which screens offer them.
func ConsentRules() []ConsentRule {
	owner, everyUnit := []Counting{ByOwner}, []Counting{ByResident, ByHousehold, ByOwner}
	participatingQuorum := quorum(Heads, MoreThanHalf)
	participatingQuorum.Optional = true
	return []ConsentRule{
		{
			ID: "cc278.special", Title: "业主共同决定（特别事项）", Art278: true, Counting: owner, Silent: SilentAbsent,
			Text:    "依照《民法典》第二百七十八条，筹集维修资金、改建重建、改变共有部分用途或者利用共有部分经营等事项，由业主共同决定。",
			Sources: []Source{source278("第六项至第八项：人数和面积均三分之二以上参与，参与者人数和面积均四分之三以上同意")},
			Tests:   art278(AtLeast3of4),
		},
		{
			ID: "cc278.ordinary", Title: "业主共同决定（一般事项）", Art278: true, Counting: owner, Silent: SilentAbsent,
			Text:    "依照《民法典》第二百七十八条，使用维修资金、选举业主委员会、选聘物业服务人等一般事项，由业主共同决定。",
			Sources: []Source{source278("其他事项：人数和面积均三分之二以上参与，参与者人数和面积均过半数同意")},
			Tests:   art278(MoreThanHalf),
		},
		{
			ID: "seed75.of_all", Title: "全体四分之三以上同意", Counting: everyUnit, Silent: SilentAbsent,
			Text:    "重大改造项目经清册全体的75%以上同意后实施。这是政策建议，不是法律规定；涉及业主共同决定事项的，还须依照《民法典》第二百七十八条表决。",
			Sources: []Source{sourceSeed75("重大改造项目由居民投票，75%以上居民同意后实施；按字面以清册全体为基数")},
			Tests:   []ConsentTest{consent(Heads, Everybody, AtLeast3of4)},
		},
		{
			ID: "seed75.of_participating", Title: "参与者四分之三以上同意", Counting: everyUnit, Silent: SilentAbsent,
			Text:    "重大改造项目经参与表决者的75%以上同意后实施。这是政策建议，不是法律规定；涉及业主共同决定事项的，还须依照《民法典》第二百七十八条表决。",
			Sources: []Source{sourceSeed75("以参与表决者为基数；另可要求参与者超过全体的半数")},
			Tests:   []ConsentTest{participatingQuorum, consent(Heads, Participants, AtLeast3of4)},
		},
		{
			ID: "lift.cc278", Title: "加装电梯（按《民法典》）", Art278: true, Counting: owner, Silent: SilentAbsent,
			Text:    "加装电梯由本单元或者本幢的业主依照《民法典》第二百七十八条共同决定。",
			Sources: []Source{source278("在单元或幢的范围内，人数和面积均三分之二以上参与，参与者人数和面积均四分之三以上同意")},
			Tests:   art278(AtLeast3of4),
		},
		{
			ID: "lift.jinan2019", Title: "加装电梯（济南，2017/2019）", Counting: owner, Silent: SilentAbsent,
			Text:    "加装电梯由本单元的业主签字同意，以全体业主为基数。该规则制定于《民法典》施行之前。",
			Sources: []Source{{Article: "济南（莱芜、钢城）既有住宅加装电梯规则（2017/2019）", Text: "本单元面积和人数均占全体三分之二以上的业主签字同意；被占用专有部分的业主同意；方案公示15日，同幢或受影响的其他业主没有未解决的书面异议", Tag: TextRead}},
			Tests:   []ConsentTest{consent(Heads, Everybody, AtLeast2of3), consent(Area, Everybody, AtLeast2of3)},
			Conditions: []string{
				"专有部分被占用的业主同意",
				"方案公示15日",
				"公示期满，同幢或者受影响的其他业主没有未解决的书面异议",
			},
		},
		{
			ID: "lift.two_thirds_heads", Title: "加装电梯（三分之二业主同意）", Counting: owner, Silent: SilentAbsent,
			Text:    "加装电梯经本单元或者本幢三分之二以上的业主同意。",
			Sources: []Source{{Article: "河南物业条例（2018）", Text: "本单元或本幢三分之二以上业主同意", Tag: TextRead}},
			Tests:   []ConsentTest{consent(Heads, Everybody, AtLeast2of3)},
		},
	}
}

// FindConsentRule returns the named rule of that id.
func FindConsentRule(id string) (ConsentRule, error) {
	for _, r := range ConsentRules() {
		if r.ID == id {
			return r, nil
		}
	}
	return ConsentRule{}, refuse(CodeConsentRule, "没有表决规则 %.60q", id)
}
