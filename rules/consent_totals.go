package rules

// Totals are the totals of a vote at one moment, of valid ballots only: a ballot that
// joint owners cast against each other is silent until they agree.
type Totals struct {
	Counting Counting `json:"counting"`
	All      Weight   `json:"all"` // the whole roll
	Yes      Weight   `json:"yes"`
	No       Weight   `json:"no"`
	Abstain  Weight   `json:"abstain"`
	// Signed holds the entries that signed for the ballot or logged in, and cast none.
	Signed Weight `json:"signed"`
}

func (t Totals) cast() Weight { return t.Yes.plus(t.No).plus(t.Abstain) }

// open returns the entries that have cast no ballot.
func (t Totals) open() Weight { return t.All.minus(t.cast()) }

// check refuses totals that no roll can have.
func (t Totals) check() error {
	rest := t.All
	for _, part := range []Weight{t.Yes, t.No, t.Abstain, t.Signed} {
		if part.Heads > rest.Heads || part.Area > rest.Area || !part.possible(t.Counting) {
			return refuse(CodeConsentImpossible, "票数或面积不可能：各项不得为负数，合计不得超过清册的总数")
		}
		rest = rest.minus(part)
	}
	if !rest.possible(t.Counting) {
		return refuse(CodeConsentImpossible, "票数与面积不相符：每个业主都有面积，其他计票单位没有面积")
	}
	return nil
}

// possible tells whether w can be a group of entries: by owner every head has at least
// 0.01 m², otherwise nobody has any.
func (w Weight) possible(c Counting) bool {
	if w.Heads < 0 || w.Area < 0 {
		return false
	}
	if c != ByOwner {
		return w.Area == 0
	}
	return w.Area >= w.Heads && (w.Heads > 0 || w.Area == 0)
}

// groups returns the groups that the tests compare, with the silent votes of mode s.
func (t Totals) groups(s Silent) map[Group]Weight {
	yes, participants := t.Yes, t.cast()
	switch {
	case s == SilentAbstains:
		participants = participants.plus(t.Signed)
	case s == SilentFollows && t.leads(t.Yes, t.No, t.Abstain):
		yes, participants = yes.plus(t.open()), t.All
	case s == SilentFollows && (t.leads(t.No, t.Yes, t.Abstain) || t.leads(t.Abstain, t.Yes, t.No)):
		participants = t.All
	}
	return map[Group]Weight{Everybody: t.All, Participants: participants, Agreeing: yes}
}

// leads tells whether one option is the majority that silent votes follow: more than
// each other option in heads, and in area where area is counted. No rule says what
// holds when the two disagree; then the silent follow nobody.
func (t Totals) leads(option Weight, others ...Weight) bool {
	for _, o := range others {
		if option.Heads <= o.Heads || (t.Counting == ByOwner && option.Area <= o.Area) {
			return false
		}
	}
	return true
}
