package store

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// A statement that is being read is compiled once more for whoever asks in between, and what is kept stays bounded.
func TestKeeping(t *testing.T) {
	t.Parallel()
	d := database{kind: sqliteKind, path: filepath.Join(t.TempDir(), "keep.db")}
	db, err := d.openSQLite(false, 1)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	c, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()

	const query = "SELECT value FROM (SELECT 1 AS value UNION ALL SELECT 2) WHERE value >= ?"
	outer, err := c.QueryContext(t.Context(), query, 1)
	require.NoError(t, err)
	var seen []int
	for outer.Next() {
		var a, b int
		require.NoError(t, outer.Scan(&a))
		require.NoError(t, c.QueryRowContext(t.Context(), query, 2).Scan(&b)) // would reset the outer one, were it the same
		seen = append(seen, a, b)
	}
	require.NoError(t, outer.Err())
	require.NoError(t, outer.Close())
	require.Equal(t, []int{1, 2, 2, 2}, seen)

	for i := range keptStatements + 20 {
		var n int
		require.NoError(t, c.QueryRowContext(t.Context(), "SELECT "+strconv.Itoa(i)+" + ?", 1).Scan(&n))
		require.Equal(t, i+1, n)
	}
	require.NoError(t, c.Raw(func(driver any) error {
		kept := len(driver.(*keeper).kept)
		require.Positive(t, kept)
		require.LessOrEqual(t, kept, keptStatements)
		return nil
	}))
}
