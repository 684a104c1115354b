package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/test/pgtest"
)

func TestCommandFindsServerAndItsExitCodeIsKept(t *testing.T) {
	t.Parallel()
	if _, err := pgtest.FindBinaries(); err != nil {
		pgtest.Server(t) // skips or fails with the reason
	}
	code, err := run([]string{"sh", "-c", `case "$GONGZHI_TEST_POSTGRES" in postgres://*) exit 7;; esac; exit 1`})
	require.NoError(t, err)
	require.Equal(t, 7, code)

	code, err = run([]string{"true"})
	require.NoError(t, err)
	require.Zero(t, code)

	code, err = run([]string{"/no/such/command"})
	require.Error(t, err)
	require.NotZero(t, code)
}
