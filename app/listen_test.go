package app

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListen_ABusyPortSaysWhatToDo(t *testing.T) {
	t.Parallel()
	first, err := listen("127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, first.Close()) }()

	_, err = listen(first.Addr().String())

	require.ErrorContains(t, err, "listen.busy")
	require.ErrorContains(t, err, "--listen")
}
