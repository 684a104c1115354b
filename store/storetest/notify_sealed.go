package storetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
)

// robot is a choice whose address and secret open a robot to whoever has them.
func robot() notify.Choice {
	c := notify.Usual()
	c.Channels, c.Form, c.Quiet = []notify.Channel{notify.Webhook}, notify.DingTalk, false
	c.URL, c.Secret = "https://robot.example/send?key=ROBOTKEY", "SIGNINGKEY"
	return c
}

// choiceColumn is what a thief of the database reads.
func choiceColumn(t *testing.T, b bundle, user string) string {
	t.Helper()
	var body string
	require.NoError(t, b.raw(t).QueryRowContext(t.Context(), "SELECT body FROM notify_choices WHERE user_id = '"+user+"'").Scan(&body))
	return body
}

// tamper writes the column of a choice behind the store's back.
func tamper(t *testing.T, b bundle, user, body string) {
	t.Helper()
	_, err := b.raw(t).ExecContext(t.Context(), "UPDATE notify_choices SET body = '"+body+"' WHERE user_id = '"+user+"'")
	require.NoError(t, err)
}

func testSealed(t *testing.T, b bundle) {
	staff(t, b)
	ctx := t.Context()
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", robot()))
	column := choiceColumn(t, b, "li")
	require.Contains(t, column, "dingtalk", "the control: it is the column of the choice")
	for _, secret := range []string{"SIGNINGKEY", "ROBOTKEY", "robot.example"} {
		require.NotContains(t, column, secret)
	}
	kept, err := b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, robot(), kept)
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", robot()))
	require.NotEqual(t, column, choiceColumn(t, b, "li"), "sealed anew, nobody can tell that it is the same")

	// Whoever sends gets it back.
	s := NewScript("XW-ZR-2026-001")
	s.Task(Office, 3)
	appendAll(t, b, s)
	_, err = b.FanOut(ctx, tick())
	require.NoError(t, err)
	claimed, err := b.ClaimDeliveries(ctx, tick(), Now.Add(1), 10)
	require.NoError(t, err)
	require.Len(t, claimed, 1)
	require.Equal(t, robot(), claimed[0].Choice)

	// With another key it is lost, and is said to be; the rest of the choice stands, and a new one can be made.
	require.NoError(t, b.SealWith(ctx, [32]byte{9}))
	kept, err = b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.True(t, kept.Lost)
	require.Empty(t, kept.URL+kept.Secret)
	require.Equal(t, []notify.Channel{notify.Webhook}, kept.Channels)
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", robot()))
	kept, err = b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, robot(), kept)
}

// testSealedLater: rows from before there was a key are read, and sealed when the program starts.
func testSealedLater(t *testing.T, b bundle) {
	saveUsers(t, b, "li", "wang")
	ctx := t.Context()
	require.NoError(t, b.SaveNotifyChoice(ctx, "li", robot()))
	require.NoError(t, b.SaveNotifyChoice(ctx, "wang", mailing()))
	untouched := choiceColumn(t, b, "wang")
	plain, err := json.Marshal(robot())
	require.NoError(t, err)
	tamper(t, b, "li", string(plain))
	require.Contains(t, choiceColumn(t, b, "li"), "SIGNINGKEY", "the control: the column is what is looked at")
	kept, err := b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, robot(), kept, "a row in plain text is read")
	for range 2 {
		require.NoError(t, b.SealWith(ctx, sealKey))
		require.NotContains(t, choiceColumn(t, b, "li"), "SIGNINGKEY")
		require.NotContains(t, choiceColumn(t, b, "li"), "ROBOTKEY")
		kept, err = b.NotifyChoice(ctx, "li")
		require.NoError(t, err)
		require.Equal(t, robot(), kept)
	}
	require.Equal(t, untouched, choiceColumn(t, b, "wang"))
}

// testSealedMoved: who writes to the database cannot have somebody else's robot told what is for him.
func testSealedMoved(t *testing.T, b bundle) {
	saveUsers(t, b, "li", "wang")
	ctx := t.Context()
	for _, user := range []string{"li", "wang"} {
		require.NoError(t, b.SaveNotifyChoice(ctx, user, robot()))
	}
	tamper(t, b, "wang", choiceColumn(t, b, "li"))
	kept, err := b.NotifyChoice(ctx, "wang")
	require.NoError(t, err)
	require.True(t, kept.Lost)
	kept, err = b.NotifyChoice(ctx, "li")
	require.NoError(t, err)
	require.False(t, kept.Lost, "the control: where it was, it opens")
}
