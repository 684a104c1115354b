package rules

// Plain says every test of r in whole numbers of a roll, as people say them: 同意至少 45 户（全体 59 户）。 It is empty while there is
// no roll.
func (r ConsentRule) Plain(c Counting, all Weight) []string {
	if all.Heads <= 0 {
		return nil
	}
	lines := make([]string, 0, len(r.Tests))
	for _, t := range r.Tests {
		lines = append(lines, r.plain(t, c, all))
	}
	return lines
}

func (r ConsentRule) plain(t ConsentTest, c Counting, all Weight) string {
	amount := func(n int64) string { return t.Measure.amount(n, c) }
	whole := t.Measure.In(all)
	word := "同意至少 "
	if t.Quorum() {
		word = "参与至少 "
	}
	line := word + amount(t.Ratio.Least(whole)) + "（全体 " + amount(whole)
	if t.Whole == Everybody {
		return line + "）。"
	}
	line += "都参与时）"
	// Fewer may take part, down to the quorum.
	for _, q := range r.Tests {
		if q.Quorum() && q.Measure == t.Measure {
			n := q.Ratio.Least(whole)
			line += "；只有 " + amount(n) + "参与时，至少 " + amount(t.Ratio.Least(n))
		}
	}
	return line + "。"
}

// amount writes a count of m with its unit: 1,230 户, 4,320.00 平方米.
func (m Measure) amount(n int64, c Counting) string {
	if m == Area {
		return squareMetres(n) + " 平方米"
	}
	if c == ByHousehold {
		return grouped(n) + " 户"
	}
	return grouped(n) + " 人"
}
