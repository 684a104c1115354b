package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type fakeSecrets struct {
	settings map[string]string
	votes    bool
}

func (f *fakeSecrets) Setting(_ context.Context, name string) (string, bool, error) {
	v, ok := f.settings[name]
	return v, ok, nil
}
func (f *fakeSecrets) SaveSetting(_ context.Context, name, value string) error {
	f.settings[name] = value
	return nil
}
func (f *fakeSecrets) HasPolls(context.Context) (bool, error) { return f.votes, nil }

// TestBallotSecretInAFolder: the key is made once, is read by nobody else, and is never replaced once there are votes.
func TestBallotSecretInAFolder(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "ballot.key")
	db, cfg := &fakeSecrets{settings: map[string]string{}}, Config{BallotKeyFile: name}
	first, err := ballotSecret(t.Context(), cfg, db)
	require.NoError(t, err)
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	again, err := ballotSecret(t.Context(), cfg, db)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.NotContains(t, db.settings[ballotSetting], strings.Repeat("0", 16))

	db.votes = true
	again, err = ballotSecret(t.Context(), cfg, db)
	require.NoError(t, err)
	require.Equal(t, first, again)
	kept, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, os.Remove(name))
	_, err = ballotSecret(t.Context(), cfg, db)
	require.ErrorContains(t, err, "ballot.key_missing")
	require.ErrorContains(t, err, "备份")
	require.NoFileExists(t, name, "no other key takes its place")

	require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("0c", 32)), 0o600))
	_, err = ballotSecret(t.Context(), cfg, db)
	require.ErrorContains(t, err, "ballot.key_wrong")
	require.NoError(t, os.WriteFile(name, kept, 0o600))
	_, err = ballotSecret(t.Context(), cfg, db)
	require.NoError(t, err, "the one of the backup fits")
}

// TestBallotSecretOfACluster: a database without votes takes the key it is given; one with votes only its own.
func TestBallotSecretOfACluster(t *testing.T) {
	t.Parallel()
	db := &fakeSecrets{settings: map[string]string{}}
	for _, digits := range []string{"0a", "0b"} {
		_, err := ballotSecret(t.Context(), Config{BallotKey: strings.Repeat(digits, 32)}, db)
		require.NoError(t, err)
	}
	db.votes = true
	_, err := ballotSecret(t.Context(), Config{BallotKey: strings.Repeat("0b", 32)}, db)
	require.NoError(t, err)
	_, err = ballotSecret(t.Context(), Config{BallotKey: strings.Repeat("0a", 32)}, db)
	require.ErrorContains(t, err, "ballot.key_wrong")
	_, err = ballotSecret(t.Context(), Config{BallotKey: "short"}, db)
	require.ErrorContains(t, err, "GONGZHI_BALLOT_KEY")
}
