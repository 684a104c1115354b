package channel

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"mime"
	"net"
	stdmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"gongzhi/notify"
)

// post is a mail server in this process.
type post struct {
	mu       sync.Mutex
	mails    []string
	to       []string
	sessions int
	refuse   map[string]error // by recipient
	address  string
	trust    *tls.Config
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions++
	return &postSession{post: p}, nil
}

type postSession struct {
	*post
	rcpt string
	in   bool
}

func (s *postSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "gongzhi" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *postSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rcpt = to
	return s.refuse[to]
}

func (s *postSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails, s.to = append(s.mails, string(b)), append(s.to, s.rcpt)
	return err
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }

// openPost starts a mail server that wants TLS and a password.
func openPost(t *testing.T) *post {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	p := &post{refuse: map[string]error{}, trust: &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}}
	server := smtp.NewServer(p)
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	server.Domain = "mail.example.cn"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.address = l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-done)
	})
	return p
}

func (p *post) channel(t *testing.T, change ...func(*MailConfig)) *Mail {
	t.Helper()
	c := MailConfig{Address: p.address, User: "gongzhi", Password: "secret", From: "共治 <gongzhi@example.cn>", Trust: p.trust}
	for _, f := range change {
		f(&c)
	}
	m, err := NewMail(c, func() time.Time { return time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC) })
	require.NoError(t, err)
	return m
}

func mailTo(address, id string) notify.Parcel {
	return notify.Parcel{
		ID: id, Letter: notify.Letter{Subject: "催办：<b>统计表</b> 𠮷", Text: "示例-李四，请办理「<script>alert(1)</script>」。"},
		Link: "https://gongzhi.example/cases/XW-ZR-2026-014", Choice: notify.Choice{Address: address},
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	p.refuse["gone@example.cn"] = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	p.refuse["full@example.cn"] = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
	errs := p.channel(t).Send(t.Context(), []notify.Parcel{
		mailTo("li@example.cn", "a1"), mailTo("gone@example.cn", "a2"), mailTo("full@example.cn", "a3"), mailTo("wang@example.cn", "a4"),
	})
	require.NoError(t, errs[0])
	var hopeless *notify.Hopeless
	require.ErrorAs(t, errs[1], &hopeless)
	require.Equal(t, "邮件服务器拒收（550）", hopeless.Reason)
	require.EqualError(t, errs[2], "邮件服务器暂不接收（452）")
	require.False(t, errors.As(errs[2], &hopeless), "tried again")
	require.NoError(t, errs[3], "one refusal holds up nobody else")
	require.Equal(t, []string{"li@example.cn", "wang@example.cn"}, p.to)
	require.Equal(t, 2, p.sessions, "one connection: before and after TLS begins")

	m, err := stdmail.ReadMessage(strings.NewReader(p.mails[0]))
	require.NoError(t, err)
	require.Equal(t, "<a1@example.cn>", m.Header.Get("Message-ID"))
	require.Equal(t, "auto-generated", m.Header.Get("Auto-Submitted"))
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, "催办：<b>统计表</b> 𠮷", subject)
	from, err := m.Header.AddressList("From")
	require.NoError(t, err)
	require.Equal(t, "共治", from[0].Name)
	parts := partsOf(t, m)
	require.Contains(t, parts["text/plain"], "<script>alert(1)</script>")
	require.Contains(t, parts["text/plain"], "https://gongzhi.example/cases/XW-ZR-2026-014")
	require.Contains(t, parts["text/html"], "&lt;script&gt;")
	require.NotContains(t, parts["text/html"], "<script>")
}

func TestMailTrouble(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	for name, c := range map[string]struct {
		change func(*MailConfig)
		want   string
	}{
		"wrong password":     {func(c *MailConfig) { c.Password = "wrong" }, "邮件服务器不认账号"},
		"unknown authority":  {func(c *MailConfig) { c.Trust = nil }, "邮件服务器"},
		"nobody listens":     {func(c *MailConfig) { c.Address = "127.0.0.1:1" }, "邮件服务器连接不上"},
		"TLS from the start": {func(c *MailConfig) { c.TLS = "tls" }, "邮件服务器"},
	} {
		errs := p.channel(t, c.change).Send(t.Context(), []notify.Parcel{mailTo("li@example.cn", "a1"), mailTo("li@example.cn", "a2")})
		require.ErrorContains(t, errs[0], c.want, name)
		var hopeless *notify.Hopeless
		require.False(t, errors.As(errs[0], &hopeless), name)
		var postponed *notify.Postponed
		require.ErrorAs(t, errs[1], &postponed, name)
	}
	require.Empty(t, p.mails)
	require.NoError(t, errors.Join(p.channel(t).Send(t.Context(), []notify.Parcel{mailTo("li@example.cn", "a1")})...), "the control")
}

// TestMailHangs: a server that takes the connection and says nothing costs no more than its limit.
func TestMailHangs(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	m, err := NewMail(MailConfig{Address: l.Addr().String(), From: "gongzhi@example.cn", Limit: 100 * time.Millisecond}, time.Now)
	require.NoError(t, err)
	began := time.Now()
	require.ErrorContains(t, m.Send(t.Context(), []notify.Parcel{mailTo("li@example.cn", "a1")})[0], "邮件服务器没有回答")
	require.Less(t, time.Since(began), mailLimit/2)
}

func TestMailConfig(t *testing.T) {
	t.Parallel()
	good := MailConfig{Address: "mail.example.cn:587", From: "共治 <gongzhi@example.cn>"}
	_, err := NewMail(good, time.Now)
	require.NoError(t, err)
	for _, spoil := range []func(*MailConfig){
		func(c *MailConfig) { c.Address = "mail.example.cn" }, func(c *MailConfig) { c.Address = "mail.example.cn:smtp" },
		func(c *MailConfig) { c.From = "nobody" }, func(c *MailConfig) { c.TLS = "yes" },
	} {
		bad := good
		spoil(&bad)
		_, err := NewMail(bad, time.Now)
		require.Error(t, err)
	}
}
