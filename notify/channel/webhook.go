package channel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gongzhi/notify"
)

const (
	// requestLimit bounds one request.
	requestLimit = 5 * time.Second
	// answerMost is how much of an answer is read.
	answerMost = 16 << 10
)

// The headers of our own form. The signature is HMAC-SHA256 with the person's secret over «timestamp.body», in hex.
const (
	headerTimestamp = "X-Gongzhi-Timestamp"
	headerSignature = "X-Gongzhi-Signature"
	headerKey       = "Idempotency-Key"
)

// Webhook posts to the robot of a person's choice.
type Webhook struct {
	allowed Allowed
	client  *http.Client
	now     func() time.Time
}

// NewWebhook makes a channel that reaches only what is allowed. now is the machine's time: robots check how old a signature is.
func NewWebhook(a Allowed, now func() time.Time) *Webhook {
	return &Webhook{allowed: a, client: a.client(nil), now: now}
}

// Station implements notify.Sender: one robot.
func (w *Webhook) Station(p notify.Parcel) string { return p.Choice.URL }

// Send implements notify.Sender. After a robot did not answer, it is not asked again in this batch.
func (w *Webhook) Send(ctx context.Context, parcels []notify.Parcel) []error {
	errs := make([]error, len(parcels))
	var down error
	for i, p := range parcels {
		if down == nil {
			errs[i] = w.post(ctx, p)
			var hopeless *notify.Hopeless
			if errs[i] != nil && !errors.As(errs[i], &hopeless) {
				down = errs[i]
			}
			continue
		}
		errs[i] = &notify.Postponed{Reason: down.Error()}
	}
	return errs
}

func (w *Webhook) post(ctx context.Context, p notify.Parcel) error {
	if p.Choice.Lost {
		return &notify.Hopeless{Reason: "机器人的地址和密钥已不能读取，请本人在「通知设置」里重新填写"}
	}
	u, err := url.Parse(p.Choice.URL)
	if err != nil {
		return &notify.Hopeless{Reason: "机器人地址无效"}
	}
	if err := w.allowed.check(u); err != nil {
		return &notify.Hopeless{Reason: "机器人地址被拒绝，" + err.Error()}
	}
	r, err := w.request(ctx, u, p)
	if err != nil {
		return err
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return reasonOf(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	switch code := answer.StatusCode; {
	case code >= 300 && code < 400:
		return &notify.Hopeless{Reason: fmt.Sprintf("机器人要求转到别处（%d），已拒绝", code)}
	case code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code >= 500:
		return fmt.Errorf("机器人回答 %d", code)
	case code >= 400:
		return &notify.Hopeless{Reason: fmt.Sprintf("机器人回答 %d", code)}
	case err != nil:
		return reasonOf(err)
	}
	return accepted(p.Choice.Form, text)
}

// request is the message in the form that the robot wants, signed as it wants.
func (w *Webhook) request(ctx context.Context, u *url.URL, p notify.Parcel) (*http.Request, error) {
	now := w.now()
	secret := p.Choice.Secret
	target := *u
	var payload any
	switch p.Choice.Form {
	case notify.WeCom:
		payload = map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": p.Markdown(p.Link)}}
	case notify.DingTalk:
		payload = map[string]any{"msgtype": "markdown", "markdown": map[string]any{"title": p.Subject, "text": p.Markdown(p.Link)}}
		if secret != "" {
			stamp := strconv.FormatInt(now.UnixMilli(), 10)
			q := target.Query()
			q.Set("timestamp", stamp)
			q.Set("sign", base64.StdEncoding.EncodeToString(sum(secret, stamp+"\n"+secret)))
			target.RawQuery = q.Encode()
		}
	case notify.Feishu:
		body := map[string]any{"msg_type": "text", "content": map[string]any{"text": p.Subject + "\n" + p.PlainText(p.Link)}}
		if secret != "" {
			stamp := strconv.FormatInt(now.Unix(), 10)
			body["timestamp"] = stamp
			body["sign"] = base64.StdEncoding.EncodeToString(sum(stamp+"\n"+secret, "")) // its key is what the others sign
		}
		payload = body
	default:
		payload = plainBody{
			ID: p.ID, Kind: p.Kind, Case: p.Case, Subject: p.Subject, Text: p.Text, Link: p.Link, User: p.Person.User, At: p.At.Format(time.RFC3339),
		}
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, &notify.Hopeless{Reason: "机器人地址无效"}
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "gongzhi")
	r.Header.Set(headerKey, p.ID)
	if p.Choice.Form == notify.Plain {
		stamp := strconv.FormatInt(now.Unix(), 10)
		r.Header.Set(headerTimestamp, stamp)
		r.Header.Set(headerSignature, "sha256="+hex.EncodeToString(sum(secret, stamp+"."+string(body))))
	}
	return r, nil
}

// plainBody is our own form.
type plainBody struct {
	ID      string      `json:"id"`
	Kind    notify.Kind `json:"kind"`
	Case    string      `json:"case"`
	Subject string      `json:"subject"`
	Text    string      `json:"text"`
	Link    string      `json:"link,omitempty"`
	User    string      `json:"user"`
	At      string      `json:"at"`
}

func sum(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	_, _ = h.Write([]byte(text)) // a hash never fails
	return h.Sum(nil)
}

// accepted reads what a robot says in an answer with status 200: it refuses with a code in the body.
func accepted(form notify.Form, text []byte) error {
	if form == notify.Plain {
		return nil
	}
	var said struct {
		ErrCode *int64 `json:"errcode"` // 企业微信, 钉钉
		Code    *int64 `json:"code"`    // 飞书
		Status  *int64 `json:"StatusCode"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return errors.New("机器人的回答读不懂")
	}
	for _, code := range []*int64{said.ErrCode, said.Code, said.Status} {
		if code != nil {
			if *code != 0 {
				return fmt.Errorf("机器人拒绝了（代码 %d）", *code)
			}
			return nil
		}
	}
	return errors.New("机器人的回答读不懂")
}

// reasonOf says in words why a request failed. The error itself holds the address, whose query is often a secret.
func reasonOf(err error) error {
	var (
		timeout interface{ Timeout() bool }
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errInner):
		return &notify.Hopeless{Reason: "机器人" + errInner.Error()}
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("机器人在 5 秒内没有回答")
	case errors.As(err, &dns):
		return errors.New("机器人的主机名查不到")
	case errors.As(err, &cert):
		return errors.New("机器人的证书无效")
	}
	return errors.New("机器人连接不上")
}
