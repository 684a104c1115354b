package app

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
)

func TestSealer(t *testing.T) {
	t.Parallel()
	a, err := newSealer(strings.Repeat("ab", 32))
	require.NoError(t, err)
	b, err := newSealer(strings.Repeat("cd", 32))
	require.NoError(t, err)
	plain := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`"协助摸底登记"`)}

	sealed, err := a.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.False(t, bytes.Contains(sealed[0].Data, plain.Data), "the text can be read")
	again, err := a.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.NotEqual(t, sealed[0].Data, again[0].Data, "the same text is sealed alike twice")

	opened, err := a.Decode(sealed)
	require.NoError(t, err)
	require.Equal(t, plain.Data, opened[0].Data)
	require.Equal(t, plain.Metadata, opened[0].Metadata)

	_, err = b.Decode(sealed)
	require.ErrorContains(t, err, "key", "another key opens it")
	sealed[0].Data[20] ^= 1
	_, err = a.Decode(sealed)
	require.Error(t, err, "a changed payload opens")

	through, err := a.Decode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.Equal(t, plain.Data, through[0].Data, "what was never sealed passes")
}
