package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"gongzhi/ballot"
)

// ballotSetting keeps the public half of the votes' secret, by which another secret is noticed: with it every personal code that was
// handed out would be dead, and no checkpoint would fit the ones before.
const ballotSetting = "ballot.key"

// secrets is what the votes' secret is checked against.
type secrets interface {
	Setting(ctx context.Context, name string) (string, bool, error)
	SaveSetting(ctx context.Context, name, value string) error
	HasPolls(ctx context.Context) (bool, error)
}

func ballotKey(text string) (ballot.Secret, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != len(ballot.Secret{}) {
		return ballot.Secret{}, errors.New("GONGZHI_BALLOT_KEY 须为 64 位十六进制数")
	}
	return ballot.Secret(key), nil
}

// ballotSecret gives the secret of the votes, from the setting or from its file, which is created once. A database with votes
// refuses every other secret than its own.
func ballotSecret(ctx context.Context, cfg Config, s secrets) (ballot.Secret, error) {
	known, isKnown, err := s.Setting(ctx, ballotSetting)
	if err != nil {
		return ballot.Secret{}, err
	}
	votes, err := s.HasPolls(ctx)
	if err != nil {
		return ballot.Secret{}, err
	}
	text := cfg.BallotKey
	if text == "" {
		if text, err = ballotFile(cfg.BallotKeyFile, votes); err != nil {
			return ballot.Secret{}, err
		}
	}
	secret, err := ballotKey(text)
	if err != nil {
		return secret, err
	}
	public, err := secret.Verifier("gongzhi")
	switch {
	case err != nil:
		return secret, err
	case isKnown && known == public:
		return secret, nil
	case isKnown && votes:
		return secret, errors.New("表决密钥不是这个数据库用的那一个：已发出的口令会全部失效，检查点也接不上。请从备份恢复原来的密钥（ballot.key 或 GONGZHI_BALLOT_KEY）再启动（ballot.key_wrong）")
	}
	return secret, s.SaveSetting(ctx, ballotSetting, public)
}

// ballotFile reads the file of the secret, or creates it where there are no votes yet.
func ballotFile(name string, votes bool) (string, error) {
	b, err := os.ReadFile(name)
	switch {
	case err == nil:
		return strings.TrimSpace(string(b)), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("表决密钥：%w", err)
	case votes:
		return "", fmt.Errorf("数据库里已有表决，但是找不到表决密钥 %s。没有它，口令、假名和检查点都不能再用。请从备份恢复这个文件再启动（ballot.key_missing）", name)
	}
	key := make([]byte, len(ballot.Secret{}))
	_, _ = rand.Read(key) // never fails
	text := hex.EncodeToString(key)
	return text, keep(name, text)
}

// keep writes the secret where nobody else reads it. It is there whole or not at all, and on disk before the first code is made with it.
func keep(name, text string) error {
	unfinished := name + ".new"
	f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("表决密钥：%w", err)
	}
	_, err = f.WriteString(text + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("表决密钥：%w", err)
	}
	return os.Rename(unfinished, name)
}
