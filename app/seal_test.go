package app

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/notify"
	"gongzhi/record"
	"gongzhi/store/storetest"
)

// TestSealKey: the key is the same in every program of an installation, another in every other one, and not the secret itself.
func TestSealKey(t *testing.T) {
	t.Parallel()
	key, err := sealKey(ballot.Secret{1})
	require.NoError(t, err)
	require.NotEqual(t, [32]byte(ballot.Secret{1}), key)
	other, err := sealKey(ballot.Secret{2})
	require.NoError(t, err)
	require.NotEqual(t, key, other)

	s := storetest.Open(t)
	ctx := t.Context()
	require.NoError(t, s.CreateUser(ctx, record.User{ID: "li", Name: "示例-李四"}, "x"))
	c := notify.Usual()
	c.Channels, c.URL, c.Form = []notify.Channel{notify.Webhook}, "https://robot.example/send?key=K", notify.WeCom
	for secret, lost := range map[byte]bool{1: false, 2: true} {
		require.NoError(t, seal(ctx, s, ballot.Secret{1}))
		require.NoError(t, s.SaveNotifyChoice(ctx, "li", c))
		require.NoError(t, seal(ctx, s, ballot.Secret{secret}), "as after a restart")
		kept, err := s.NotifyChoice(ctx, "li")
		require.NoError(t, err)
		require.Equal(t, lost, kept.Lost)
		require.Equal(t, lost, kept.URL != c.URL)
	}
}
