package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func env(m map[string]string) func(string) string { return func(name string) string { return m[name] } }

func TestLoad(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "url")
	require.NoError(t, os.WriteFile(secret, []byte("postgres://u:p@h/db\n"), 0o600))

	c, err := Load(env(map[string]string{"GONGZHI_DATABASE_URL_FILE": secret, "GONGZHI_LISTEN": ":9000"}))
	require.NoError(t, err)
	require.Equal(t, "postgres://u:p@h/db", c.DatabaseURL, "a secret comes from its file without the line end")
	require.Equal(t, ":9000", c.Listen)
	require.Equal(t, "gongzhi", c.TemporalNamespace, "the default")

	_, err = Load(env(map[string]string{"GONGZHI_DATABASE_URL": "x", "GONGZHI_DATABASE_URL_FILE": secret, "GONGZHI_BLOB_URL_FILE": "/nowhere"}))
	require.ErrorContains(t, err, "GONGZHI_DATABASE_URL 与")
	require.ErrorContains(t, err, "GONGZHI_BLOB_URL_FILE", "every mistake is reported at once")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := Config{DatabaseURL: "sqlite:/x", BlobURL: "mem://", Listen: ":1", TemporalAddress: "h:1", BallotKey: strings.Repeat("0a", 32)}
	require.NoError(t, good.Check(true, true))
	for name, spoil := range map[string]func(*Config){
		"GONGZHI_DATABASE_URL":     func(c *Config) { c.DatabaseURL = "" },
		"GONGZHI_BLOB_URL":         func(c *Config) { c.BlobURL = "" },
		"GONGZHI_LISTEN":           func(c *Config) { c.Listen = "8080" },
		"GONGZHI_METRICS_LISTEN":   func(c *Config) { c.MetricsListen = "9464" },
		"GONGZHI_TEMPORAL_ADDRESS": func(c *Config) { c.TemporalAddress = "" },
		"GONGZHI_PLAIN_HTTP":       func(c *Config) { c.PlainHTTP = "true" },
		"GONGZHI_PAYLOAD_KEY":      func(c *Config) { c.PayloadKey = "short" },
		"GONGZHI_BALLOT_KEY 须":     func(c *Config) { c.BallotKey = "short" },
		"没有设置 GONGZHI_BALLOT_KEY":  func(c *Config) { c.BallotKey = "" },
		"GONGZHI_PUBLIC_URL":       func(c *Config) { c.PublicURL = "vote.example.cn/x" },
		"GONGZHI_TEMPORAL_UI_URL":  func(c *Config) { c.TemporalUIURL = "javascript:alert(1)" },
	} {
		bad := good
		spoil(&bad)
		require.ErrorContains(t, bad.Check(true, true), name)
	}
	worker := good
	worker.BlobURL, worker.Listen = "", ""
	require.NoError(t, worker.Check(false, true), "a worker needs no files and no address")
}

func TestVariablesAreNamedAlike(t *testing.T) {
	t.Parallel()
	for _, v := range Variables() {
		require.True(t, strings.HasPrefix(v, "GONGZHI_"), v)
	}
}
