package rules

// Quorate tells whether as many take part as the rule asks; true where it asks nothing.
func (r ConsentRule) Quorate(t Totals) (bool, error) {
	verdict, err := Judge(r, t)
	if err != nil {
		return false, err
	}
	for _, test := range verdict.Tests {
		if test.Quorum() && !test.Met {
			return false, nil
		}
	}
	return true, nil
}

// Extendable tells whether more time can still be given to a vote whose notice allows an extension: it is given once, at the
// close, when too few take part. Who has taken part does so at the close, so that a quorum that is met stays met; only where the
// silent follow the majority may it be lost again, and how the majority stands is not to be told.
func (r ConsentRule) Extendable(t Totals) (bool, error) {
	asks := false
	for _, test := range r.Tests {
		asks = asks || test.Quorum()
	}
	if !asks || r.Silent == SilentFollows {
		return asks, nil
	}
	quorate, err := r.Quorate(t)
	return !quorate, err
}
