package app

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// Config says what the program needs to know from outside. Load reads it from the environment; secrets may come from files.
type Config struct {
	DatabaseURL       string // GONGZHI_DATABASE_URL: sqlite:/path or postgres://…
	TemporalAddress   string // GONGZHI_TEMPORAL_ADDRESS
	TemporalNamespace string // GONGZHI_TEMPORAL_NAMESPACE
	TemporalUIURL     string // GONGZHI_TEMPORAL_UI_URL: where operators' browsers reach Temporal's own console; empty: there is none
	Listen            string // GONGZHI_LISTEN
	MetricsListen     string // GONGZHI_METRICS_LISTEN: host:port of /metrics, /healthz, /readyz; empty: none
	BlobURL           string // GONGZHI_BLOB_URL: file:///path or s3://bucket
	TrustedProxies    string // GONGZHI_TRUSTED_PROXIES: comma-separated networks
	PlainHTTP         string // GONGZHI_PLAIN_HTTP: "yes" lets other machines sign in without TLS
	PayloadKey        string // GONGZHI_PAYLOAD_KEY: 64 hexadecimal digits; encrypts what goes through Temporal
	BallotKey         string // GONGZHI_BALLOT_KEY: 64 hexadecimal digits; codes, pseudonyms and checkpoints of votes come from it
	PublicURL         string // GONGZHI_PUBLIC_URL: https://…, printed on letters and receipts; empty: as the request came in

	SMTPAddress  string // GONGZHI_SMTP_ADDRESS: host:port; empty: no mail
	SMTPUser     string // GONGZHI_SMTP_USER
	SMTPPassword string // GONGZHI_SMTP_PASSWORD
	SMTPFrom     string // GONGZHI_SMTP_FROM: 共治 <gongzhi@example.cn>
	SMTPTLS      string // GONGZHI_SMTP_TLS: starttls, tls, none
	WebhookHosts string // GONGZHI_WEBHOOK_HOSTS: hosts that robots may be at, and inner networks that may be reached
	SMSFile      string // GONGZHI_SMS_FILE: where text messages are written; empty: none

	// BallotKeyFile is where the key of votes is kept when BallotKey is empty. It is created when it is missing and there are no votes.
	BallotKeyFile string
}

// variable is one setting that may come from the environment.
type variable struct {
	name  string
	value *string
	def   string
}

func (c *Config) variables() []variable {
	return []variable{
		{"GONGZHI_DATABASE_URL", &c.DatabaseURL, ""},
		{"GONGZHI_TEMPORAL_ADDRESS", &c.TemporalAddress, "127.0.0.1:7233"},
		{"GONGZHI_TEMPORAL_NAMESPACE", &c.TemporalNamespace, "gongzhi"},
		{"GONGZHI_TEMPORAL_UI_URL", &c.TemporalUIURL, ""},
		{"GONGZHI_LISTEN", &c.Listen, "127.0.0.1:8080"},
		{"GONGZHI_METRICS_LISTEN", &c.MetricsListen, ""},
		{"GONGZHI_BLOB_URL", &c.BlobURL, ""},
		{"GONGZHI_TRUSTED_PROXIES", &c.TrustedProxies, ""},
		{"GONGZHI_PLAIN_HTTP", &c.PlainHTTP, ""},
		{"GONGZHI_PAYLOAD_KEY", &c.PayloadKey, ""},
		{"GONGZHI_BALLOT_KEY", &c.BallotKey, ""},
		{"GONGZHI_PUBLIC_URL", &c.PublicURL, ""},
		{"GONGZHI_SMTP_ADDRESS", &c.SMTPAddress, ""},
		{"GONGZHI_SMTP_USER", &c.SMTPUser, ""},
		{"GONGZHI_SMTP_PASSWORD", &c.SMTPPassword, ""},
		{"GONGZHI_SMTP_FROM", &c.SMTPFrom, ""},
		{"GONGZHI_SMTP_TLS", &c.SMTPTLS, "starttls"},
		{"GONGZHI_WEBHOOK_HOSTS", &c.WebhookHosts, ""},
		{"GONGZHI_SMS_FILE", &c.SMSFile, ""},
	}
}

// Variables lists the names of all settings. Each may also be given as NAME_FILE.
func Variables() []string {
	var names []string
	for _, v := range new(Config).variables() {
		names = append(names, v.name)
	}
	return names
}

// Load reads the settings through getenv and reports every mistake at once.
func Load(getenv func(string) string) (Config, error) {
	var c Config
	var errs []error
	for _, v := range c.variables() {
		*v.value = v.def
		if s := getenv(v.name); s != "" {
			*v.value = s
		}
		file := getenv(v.name + "_FILE")
		if file == "" {
			continue
		}
		if getenv(v.name) != "" {
			errs = append(errs, fmt.Errorf("%s 与 %s_FILE 只能给一个", v.name, v.name))
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s_FILE：%w", v.name, err))
			continue
		}
		*v.value = strings.TrimSpace(string(b))
	}
	return c, errors.Join(errs...)
}

// Check refuses what cannot work. need names the parts the program has: server, worker.
func (c Config) Check(server, worker bool) error {
	var errs []error
	if c.DatabaseURL == "" {
		errs = append(errs, errors.New("没有设置 GONGZHI_DATABASE_URL"))
	}
	if server {
		if _, _, err := net.SplitHostPort(c.Listen); err != nil {
			errs = append(errs, fmt.Errorf("GONGZHI_LISTEN：%w", err))
		}
		if c.BlobURL == "" {
			errs = append(errs, errors.New("没有设置 GONGZHI_BLOB_URL"))
		}
	}
	if _, _, err := net.SplitHostPort(c.MetricsListen); c.MetricsListen != "" && err != nil {
		errs = append(errs, fmt.Errorf("GONGZHI_METRICS_LISTEN：%w", err))
	}
	if worker && c.TemporalAddress == "" {
		errs = append(errs, errors.New("没有设置 GONGZHI_TEMPORAL_ADDRESS"))
	}
	if c.PlainHTTP != "" && c.PlainHTTP != "yes" {
		errs = append(errs, errors.New("GONGZHI_PLAIN_HTTP 只能是 yes"))
	}
	if c.PayloadKey != "" {
		if _, err := payloadKey(c.PayloadKey); err != nil {
			errs = append(errs, err)
		}
	}
	if c.BallotKey == "" && c.BallotKeyFile == "" {
		errs = append(errs, errors.New("没有设置 GONGZHI_BALLOT_KEY"))
	}
	if c.BallotKey != "" {
		if _, err := ballotKey(c.BallotKey); err != nil {
			errs = append(errs, err)
		}
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" &&
		(err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "") {
		errs = append(errs, errors.New("GONGZHI_PUBLIC_URL 应写作 https://vote.example.cn"))
	}
	if _, err := c.consoleBase(); err != nil {
		errs = append(errs, err)
	}
	if _, _, err := c.senders(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Limits in time of starting and stopping.
const (
	stopLimit  = 10 * time.Second
	sweepEvery = time.Minute
)
