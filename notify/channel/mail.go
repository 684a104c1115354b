package channel

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	stdmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"gongzhi/notify"
)

const mailLimit = 20 * time.Second

// MailConfig is the mail server.
type MailConfig struct {
	Address  string // host:port
	User     string // empty: no authentication
	Password string
	From     string // «共治 <gongzhi@example.cn>»
	TLS      string // starttls (default), tls, none
	// Trust holds the certificates to trust; nil: those of the machine.
	Trust *tls.Config
	// Limit bounds each step with the server; 0: 20 seconds.
	Limit time.Duration
}

// Mail sends mail through one SMTP server.
type Mail struct {
	host    string
	options []mail.Option
	from    *stdmail.Address
	domain  string
	now     func() time.Time
}

// NewMail checks the configuration. Nothing is connected yet.
func NewMail(c MailConfig, now func() time.Time) (*Mail, error) {
	host, text, err := net.SplitHostPort(c.Address)
	port, err2 := strconv.Atoi(text)
	if err := errors.Join(err, err2); err != nil || host == "" {
		return nil, fmt.Errorf("邮件服务器「%s」应写作 主机:端口", c.Address)
	}
	from, err := stdmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("发件人「%s」无效", c.From)
	}
	m := &Mail{host: host, from: from, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:], now: now}
	m.options = []mail.Option{mail.WithPort(port), mail.WithTimeout(cmp.Or(c.Limit, mailLimit)), mail.WithHELO("gongzhi." + m.domain)}
	switch c.TLS {
	case "", "starttls":
		m.options = append(m.options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls":
		m.options = append(m.options, mail.WithSSL())
	case "none":
		m.options = append(m.options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("邮件加密方式「%s」应为 starttls、tls 或 none", c.TLS)
	}
	if c.Trust != nil {
		m.options = append(m.options, mail.WithTLSConfig(c.Trust))
	}
	if c.User != "" {
		m.options = append(m.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password))
	}
	if _, err := mail.NewClient(host, m.options...); err != nil {
		return nil, fmt.Errorf("邮件服务器：%w", err)
	}
	return m, nil
}

// Station implements notify.Sender: there is one server.
func (*Mail) Station(notify.Parcel) string { return "smtp" }

// Send implements notify.Sender: all mails over one connection.
func (m *Mail) Send(ctx context.Context, parcels []notify.Parcel) []error {
	errs := make([]error, len(parcels))
	client, err := mail.NewClient(m.host, m.options...)
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		down := errors.New(mailReason(err))
		for i := range errs {
			errs[i] = &notify.Postponed{Reason: down.Error()}
		}
		errs[0] = down // the one that was tried
		return errs
	}
	defer func() { _ = client.Close() }()
	var down error
	for i, p := range parcels {
		switch {
		case down == nil && ctx.Err() != nil:
			down = errors.New("发送超时")
			fallthrough
		case down != nil:
			errs[i] = &notify.Postponed{Reason: down.Error()}
		default:
			var again bool
			if errs[i], again = m.one(client, p); again {
				down = errs[i]
			}
		}
	}
	return errs
}

// one sends a mail. down means that the server, not the mail, is the trouble.
func (m *Mail) one(client *mail.Client, p notify.Parcel) (err error, down bool) {
	msg, err := m.message(p)
	if err != nil {
		return err, false
	}
	err = client.Send(msg)
	var refused *mail.SendError
	switch {
	case err == nil:
		return nil, false
	case !errors.As(err, &refused):
		return errors.New(mailReason(err)), true
	case refused.ErrorCode() >= 500:
		return &notify.Hopeless{Reason: fmt.Sprintf("邮件服务器拒收（%d）", refused.ErrorCode())}, false
	case refused.ErrorCode() >= 400:
		return fmt.Errorf("邮件服务器暂不接收（%d）", refused.ErrorCode()), false
	}
	return errors.New(mailReason(err)), true
}

// message is the mail of a parcel. Its Message-ID is the id of the delivery: a server that gets it twice can tell.
func (m *Mail) message(p notify.Parcel) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.FromFormat(m.from.Name, m.from.Address); err != nil {
		return nil, &notify.Hopeless{Reason: "发件人地址无效"}
	}
	if err := msg.To(p.Choice.Address); err != nil {
		return nil, &notify.Hopeless{Reason: "邮件地址无效"}
	}
	msg.Subject(p.Subject)
	msg.SetMessageIDWithValue(p.ID + "@" + m.domain)
	msg.SetDateWithValue(m.now())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday replies
	msg.SetBodyString(mail.TypeTextPlain, p.PlainText(p.Link))
	msg.AddAlternativeString(mail.TypeTextHTML, p.HTML(p.Link))
	return msg, nil
}

func mailReason(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "邮件服务器没有回答"
	case strings.Contains(strings.ToLower(err.Error()), "auth"):
		return "邮件服务器不认账号"
	}
	return "邮件服务器连接不上"
}
