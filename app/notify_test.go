package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
)

func TestSenders(t *testing.T) {
	t.Parallel()
	none, err := notifying(Config{}, nil)
	require.NoError(t, err)
	require.Empty(t, none.Channels, "what is not set up is not offered")
	require.Error(t, none.Webhook("https://robot.example/"))

	all := Config{
		SMTPAddress: "mail.example.cn:587", SMTPFrom: "共治 <gongzhi@example.cn>", SMTPTLS: "starttls", WebhookHosts: "robot.example", SMSFile: "/tmp/sms",
	}
	n, err := notifying(all, nil)
	require.NoError(t, err)
	require.Equal(t, notify.Outside(), n.Channels)
	require.NoError(t, n.Webhook("https://robot.example/"))
	require.Error(t, n.Webhook("https://evil.example/"))

	good := all
	good.DatabaseURL, good.TemporalAddress, good.BallotKey = "sqlite:/x", "h:1", strings.Repeat("0a", 32)
	require.NoError(t, good.Check(false, true))
	for name, spoil := range map[string]func(*Config){
		"GONGZHI_SMTP：":          func(c *Config) { c.SMTPFrom = "" },
		"邮件服务器":                  func(c *Config) { c.SMTPAddress = "mail.example.cn" },
		"邮件加密方式":                 func(c *Config) { c.SMTPTLS = "yes" },
		"GONGZHI_WEBHOOK_HOSTS：": func(c *Config) { c.WebhookHosts = "https://robot.example/send" },
	} {
		bad := good
		spoil(&bad)
		require.ErrorContains(t, bad.Check(false, true), name)
	}
}
