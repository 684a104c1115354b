package channel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Allowed says where webhooks may go. A host is allowed by its name; what the name stands for is looked at again when the
// connection is made, so that no name leads into the inner network.
type Allowed struct {
	hosts    map[string]bool // host, or host:port
	plain    map[string]bool // of those: over http
	networks []netip.Prefix  // inner addresses that may be reached none the less
}

// ParseAllowed reads «robot.example.cn, http://10.1.2.3:8080, 10.1.2.0/24»: hosts (over https unless they begin with http://), and
// inner networks that may be reached. Empty: webhooks go nowhere.
func ParseAllowed(text string) (Allowed, error) {
	a := Allowed{hosts: map[string]bool{}, plain: map[string]bool{}}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if p, err := netip.ParsePrefix(part); err == nil {
			a.networks = append(a.networks, p.Masked())
			continue
		}
		host, plain := strings.CutPrefix(part, "http://")
		host = strings.ToLower(strings.TrimPrefix(host, "https://"))
		if u, err := url.Parse("https://" + host); err != nil || u.Host != host || u.Hostname() == "" {
			return a, fmt.Errorf("「%s」不是主机名或网段", part)
		}
		a.hosts[host] = true
		if plain {
			a.plain[host] = true
		}
	}
	return a, nil
}

// Any tells whether there is anywhere to go.
func (a Allowed) Any() bool { return len(a.hosts) > 0 }

// Check refuses an address that is not on the list.
func (a Allowed) Check(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("地址无效")
	}
	return a.check(u)
}

// check refuses a URL whose host is not on the list.
func (a Allowed) check(u *url.URL) error {
	host := strings.ToLower(u.Host)
	name := strings.ToLower(u.Hostname())
	listed := a.hosts[host] || u.Port() == "" && a.hosts[name] || u.Port() == "443" && u.Scheme == "https" && a.hosts[name]
	switch {
	case !listed:
		return errors.New("主机不在允许之列")
	case u.Scheme == "http" && !a.plain[host]:
		return errors.New("须用 https")
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("须用 https")
	}
	return nil
}

// errInner is the refusal of an address of the inner network.
var errInner = errors.New("地址属于内部网络，已拒绝")

// special are networks that no webhook has business with, beside those that netip knows by name.
var special = func() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()

// metadata is where clouds keep the secrets of a machine. No list opens it.
var metadata = []netip.Addr{netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("fd00:ec2::254")}

// reach tells whether an address may be connected to.
func (a Allowed) reach(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, m := range metadata {
		if ip == m {
			return false
		}
	}
	for _, n := range a.networks {
		if n.Contains(ip) {
			return true
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, n := range special {
		if n.Contains(ip) {
			return false
		}
	}
	return true
}

// control looks at the address a connection is about to be made to: after the name was looked up, whatever it said before.
func (a Allowed) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !a.reach(to.Addr()) {
		return errInner
	}
	return nil
}

// client makes connections that reach no inner address, follow no redirect and use no proxy: a proxy would make the connection in
// our place.
func (a Allowed) client(resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{Timeout: requestLimit, Control: a.control, Resolver: resolver}
	return &http.Client{
		Timeout:       requestLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			},
			TLSHandshakeTimeout: requestLimit, ResponseHeaderTimeout: requestLimit, MaxResponseHeaderBytes: 32 << 10,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}
