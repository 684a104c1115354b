package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"gongzhi/notify"
)

var stamp = time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)

// asked is what a robot was sent.
type asked struct {
	header http.Header
	query  url.Values
	body   string
}

// robot is a web server in this process that answers the same to everything.
func robot(t *testing.T, status int, answer string) (address string, got func() []asked) {
	t.Helper()
	requests := make(chan asked, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		requests <- asked{r.Header, r.URL.Query(), string(b)}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []asked {
		var list []asked
		for len(requests) > 0 {
			list = append(list, <-requests)
		}
		return list
	}
}

// open allows one server of a test: over http, in the inner network.
func open(t *testing.T, address string) *Webhook {
	t.Helper()
	a, err := ParseAllowed(address + ", 127.0.0.0/8")
	require.NoError(t, err)
	return NewWebhook(a, func() time.Time { return stamp })
}

func parcel(address string, form notify.Form) notify.Parcel {
	return notify.Parcel{
		ID: "d1", Kind: notify.Urged, Case: "XW-ZR-2026-014", At: stamp, Link: "https://gongzhi.example/cases/XW-ZR-2026-014",
		Person: notify.Person{User: "li"}, Letter: notify.Letter{Subject: "催办：<b>", Text: "示例-[李四](https://evil.example)，请办理。"},
		Choice: notify.Choice{URL: address + "/send?key=K", Form: form, Secret: "密钥"},
	}
}

func mac(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

func TestWebhookForms(t *testing.T) {
	t.Parallel()
	for form, c := range map[notify.Form]struct {
		answer string
		check  func(t *testing.T, a asked, body map[string]any)
	}{
		notify.Plain: {"anything", func(t *testing.T, a asked, body map[string]any) {
			require.Equal(t, "d1", body["id"])
			require.Equal(t, "示例-[李四](https://evil.example)，请办理。", body["text"])
			require.Equal(t, "1788771600", a.header.Get(headerTimestamp))
			require.Equal(t, "sha256="+hex.EncodeToString(mac("密钥", "1788771600."+a.body)), a.header.Get(headerSignature))
		}},
		notify.WeCom: {`{"errcode":0,"errmsg":"ok"}`, func(t *testing.T, a asked, body map[string]any) {
			require.Equal(t, "markdown", body["msgtype"])
			text := body["markdown"].(map[string]any)["content"].(string)
			require.NotContains(t, text, "](https://evil")
			require.NotContains(t, text, "<b>")
			require.Contains(t, text, "[打开办件](https://gongzhi.example/cases/XW-ZR-2026-014)")
			require.Empty(t, a.header.Get(headerSignature))
		}},
		notify.DingTalk: {`{"errcode":0}`, func(t *testing.T, a asked, body map[string]any) {
			require.Equal(t, "markdown", body["msgtype"])
			require.Equal(t, "1788771600000", a.query.Get("timestamp"))
			require.Equal(t, base64.StdEncoding.EncodeToString(mac("密钥", "1788771600000\n密钥")), a.query.Get("sign"))
		}},
		notify.Feishu: {`{"code":0,"msg":"success"}`, func(t *testing.T, _ asked, body map[string]any) {
			require.Equal(t, "text", body["msg_type"])
			require.Equal(t, "1788771600", body["timestamp"])
			require.Equal(t, base64.StdEncoding.EncodeToString(mac("1788771600\n密钥", "")), body["sign"])
		}},
	} {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()
			address, got := robot(t, 200, c.answer)
			require.NoError(t, open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, form)})[0])
			list := got()
			require.Len(t, list, 1)
			require.Equal(t, "d1", list[0].header.Get(headerKey))
			require.Equal(t, "K", list[0].query.Get("key"))
			var body map[string]any
			require.NoError(t, json.Unmarshal([]byte(list[0].body), &body))
			c.check(t, list[0], body)
		})
	}
}

// TestWebhookAnswers: what a robot answers decides whether it is asked again. No reason shows the address, whose query is a secret.
func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status   int
		answer   string
		form     notify.Form
		hopeless bool
		want     string
	}{
		"500":                 {500, "", notify.Plain, false, "机器人回答 500"},
		"429":                 {429, "", notify.Plain, false, "机器人回答 429"},
		"404":                 {404, "", notify.Plain, true, "机器人回答 404"},
		"a redirect":          {302, "", notify.Plain, true, "转到别处"},
		"a refusal with 200":  {200, `{"errcode":45009,"errmsg":"too many"}`, notify.WeCom, false, "代码 45009"},
		"a refusal of 飞书":     {200, `{"code":19021}`, notify.Feishu, false, "代码 19021"},
		"no JSON":             {200, `<html>`, notify.DingTalk, false, "读不懂"},
		"JSON without a code": {200, `{}`, notify.DingTalk, false, "读不懂"},
	} {
		address, got := robot(t, c.status, c.answer)
		err := open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, c.form)})[0]
		require.ErrorContains(t, err, c.want, name)
		var hopeless *notify.Hopeless
		require.Equal(t, c.hopeless, errors.As(err, &hopeless), name)
		require.NotContains(t, err.Error(), "key=")
		require.Len(t, got(), 1, name)
	}
}

// TestWebhookDown: a robot that fails is not asked again in the same batch; what it was not asked counts as no attempt.
func TestWebhookDown(t *testing.T) {
	t.Parallel()
	address, got := robot(t, 500, "")
	errs := open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, notify.Plain), parcel(address, notify.Plain), parcel(address, notify.Plain)})
	require.Len(t, got(), 1)
	var postponed *notify.Postponed
	require.False(t, errors.As(errs[0], &postponed))
	require.ErrorAs(t, errs[1], &postponed)
	require.ErrorAs(t, errs[2], &postponed)
}

func TestWebhookHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	require.ErrorContains(t, open(t, s.URL).Send(ctx, []notify.Parcel{parcel(s.URL, notify.Plain)})[0], "没有回答")
	require.Less(t, time.Since(began), requestLimit)
	require.Equal(t, 5*time.Second, open(t, s.URL).client.Timeout, "without a limit of the caller")
}

// TestWebhookLongAnswer: of a long answer only the beginning is read.
func TestWebhookLongAnswer(t *testing.T) {
	t.Parallel()
	address, _ := robot(t, 200, strings.Repeat(" ", answerMost)+`{"errcode":0}`)
	require.ErrorContains(t, open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, notify.WeCom)})[0], "读不懂")
	address, _ = robot(t, 200, strings.Repeat(" ", 100)+`{"errcode":0}`)
	require.NoError(t, open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, notify.WeCom)})[0], "the control")
}

// TestWebhookRedirect: a robot that sends us to an inner address is not followed, even where that address could be reached.
func TestWebhookRedirect(t *testing.T) {
	t.Parallel()
	inner, got := robot(t, 200, "secret")
	s := httptest.NewServer(http.RedirectHandler(inner, http.StatusTemporaryRedirect))
	t.Cleanup(s.Close)
	a, err := ParseAllowed(s.URL + "," + inner + ",127.0.0.0/8")
	require.NoError(t, err)
	w := NewWebhook(a, time.Now)
	require.ErrorContains(t, w.Send(t.Context(), []notify.Parcel{parcel(s.URL, notify.Plain)})[0], "转到别处")
	require.Empty(t, got())
	require.NoError(t, w.Send(t.Context(), []notify.Parcel{parcel(inner, notify.Plain)})[0], "the control: it can be reached by itself")
}

// TestWebhookInner: a name that is allowed and leads into the inner network is refused when the connection is made.
func TestWebhookInner(t *testing.T) {
	t.Parallel()
	address, got := robot(t, 200, "")
	for _, host := range []string{address, strings.Replace(address, "127.0.0.1", "localhost", 1)} {
		a, err := ParseAllowed(host)
		require.NoError(t, err)
		err = NewWebhook(a, time.Now).Send(t.Context(), []notify.Parcel{parcel(host, notify.Plain)})[0]
		var hopeless *notify.Hopeless
		require.ErrorAs(t, err, &hopeless)
		require.Contains(t, hopeless.Reason, "内部网络")
	}
	require.Empty(t, got())
	require.NoError(t, open(t, address).Send(t.Context(), []notify.Parcel{parcel(address, notify.Plain)})[0], "the control: where the network is allowed")
}

// TestWebhookPrivateDNS: a public name whose server answers with an inner address, as in DNS rebinding.
func TestWebhookPrivateDNS(t *testing.T) {
	t.Parallel()
	address, got := robot(t, 200, "")
	u, err := url.Parse(address)
	require.NoError(t, err)
	host := "http://robot.example:" + u.Port()
	inner, err := ParseAllowed(host)
	require.NoError(t, err)
	w := NewWebhook(inner, time.Now)
	w.client = inner.client(nameserver(t))
	err = w.Send(t.Context(), []notify.Parcel{parcel(host, notify.Plain)})[0]
	require.ErrorContains(t, err, "内部网络")
	require.Empty(t, got())

	allowed, err := ParseAllowed(host + ",127.0.0.0/8")
	require.NoError(t, err)
	w = NewWebhook(allowed, time.Now)
	w.client = allowed.client(nameserver(t))
	require.NoError(t, w.Send(t.Context(), []notify.Parcel{parcel(host, notify.Plain)})[0], "the control: the name is looked up, and answers")
	require.Len(t, got(), 1)
}

// nameserver says that every name is 127.0.0.1.
func nameserver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1},
					Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
				}}
			}
			if packed, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	a, err := ParseAllowed("qyapi.example.cn, http://10.1.2.3:8080 ,oapi.example.cn:8443, 10.1.2.0/24,")
	require.NoError(t, err)
	require.True(t, a.Any())
	for address, want := range map[string]bool{
		"https://qyapi.example.cn/send?key=1":   true,
		"https://QYAPI.example.cn/send":         true,
		"https://qyapi.example.cn:443/send":     true,
		"https://oapi.example.cn:8443/":         true,
		"http://10.1.2.3:8080/":                 true,
		"https://10.1.2.3:8080/":                true,
		"http://qyapi.example.cn/":              false, // not over http
		"https://qyapi.example.cn:22/":          false,
		"https://oapi.example.cn/":              false,
		"https://evil.example/":                 false,
		"https://qyapi.example.cn.evil.example": false,
		"https://evil.example/qyapi.example.cn": false,
		"ftp://qyapi.example.cn/":               false,
		"http://10.1.2.4:8080/":                 false,
		"file:///etc/passwd":                    false,
		"":                                      false,
	} {
		require.Equal(t, want, a.Check(address) == nil, address)
	}
	none, err := ParseAllowed("")
	require.NoError(t, err)
	require.False(t, none.Any())
	require.Error(t, none.Check("https://qyapi.example.cn/"))
	for _, bad := range []string{"a b", "https://x.cn/path", "x.cn/path", "http://"} {
		_, err := ParseAllowed(bad)
		require.Error(t, err, bad)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	a, err := ParseAllowed("robot.example.cn,10.1.2.0/24,169.254.0.0/16,100.64.0.0/10")
	require.NoError(t, err)
	for ip, want := range map[string]bool{
		"8.8.8.8": true, "2400:3200::1": true, "10.1.2.3": true, "::ffff:10.1.2.3": true, "169.254.1.1": true,
		"127.0.0.1": false, "::1": false, "10.1.3.1": false, "192.168.0.1": false, "172.16.0.1": false, "0.0.0.0": false, "::": false,
		"169.254.169.254": false, "100.100.100.200": false, "::ffff:169.254.169.254": false, "fe80::1": false, "fc00::1": false,
		"::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "224.0.0.1": false, "255.255.255.255": false,
		"198.18.0.1": false, "fe80::1%eth0": false, "fd00:ec2::254": false,
	} {
		require.Equal(t, want, a.reach(netip.MustParseAddr(ip)), ip)
	}
	require.ErrorIs(t, a.control("tcp", "127.0.0.1:443", nil), errInner)
	require.ErrorIs(t, a.control("tcp", "nonsense", nil), errInner)
	require.NoError(t, a.control("tcp", "8.8.8.8:443", nil))
}

func TestSMS(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sms.jsonl")
	s := NewFileSMS(path, func() time.Time { return stamp })
	p := parcel("", "")
	p.Choice.Phone = "13800000000"
	for range 2 {
		require.Equal(t, []error{nil, nil}, s.Send(t.Context(), []notify.Parcel{p, p}))
	}
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	require.Len(t, lines, 4)
	require.JSONEq(t, `{"id":"d1","at":"2026-09-07T09:00:00Z","phone":"13800000000","text":"示例-[李四](https://evil.example)，请办理。"}`, lines[0])
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "phone numbers are nobody else's")
	bad := NewFileSMS(filepath.Join(path, "x"), time.Now)
	for _, err := range bad.Send(t.Context(), []notify.Parcel{p, p}) {
		require.Error(t, err)
	}
}
