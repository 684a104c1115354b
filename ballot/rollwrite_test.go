package ballot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/rules"
)

// What is written is read back as the same roll.
func TestRollFile_IsReadBack(t *testing.T) {
	t.Parallel()
	for c, lines := range map[rules.Counting][]ballot.Line{rules.ByOwner: demo.TingyuRoll(), rules.ByHousehold: demo.HuaiyinHouseholds()} {
		content, err := ballot.RollFile(lines, c)
		require.NoError(t, err)
		report, err := ballot.ReadRoll("清册.csv", content, c, ballot.DefaultLimits())
		require.NoError(t, err)
		require.Empty(t, report.Bad)
		require.Equal(t, ballot.Fingerprint(lines), ballot.Fingerprint(report.Lines))
	}
}
