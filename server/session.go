package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Cookies and life of sessions.
const (
	secureCookie = "__Host-gongzhi"
	plainCookie  = "gongzhi" // HTTP without TLS: a demonstration on this machine
	sessionIdle  = 30 * time.Minute
	sessionLife  = 12 * time.Hour
	seenEvery    = time.Minute // how exactly the last use is kept: one write a minute, not one a request
)

// The values of a session.
const (
	keyUser  = "user"
	keyPost  = "post"
	keyBorn  = "born"
	keySeen  = "seen"
	keyPrint = "print"
)

type (
	managerKey struct{}
	quietKey   struct{} // set on requests that machines make: they do not keep a session alive
)

func (s *Server) newManager(name string, secure bool) *scs.SessionManager {
	// Not scs.New: it starts a store of its own, with a goroutine that cannot be ended safely.
	m := &scs.SessionManager{Store: ctxStore{s.Sessions}, Codec: scs.GobCodec{}, Lifetime: sessionLife, HashTokenInStore: true}
	m.Cookie = scs.SessionCookie{Name: name, Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, Path: "/"}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.problem(r.Context(), err).write(w) }
	return m
}

// ctxStore keeps scs to the methods that take a context.
type ctxStore struct{ Sessions }

// withSession loads the session of a request: under the __Host- name over TLS, under the plain name otherwise.
func (s *Server) withSession(next http.Handler) http.Handler {
	branch := func(m *scs.SessionManager) http.Handler {
		return m.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), managerKey{}, m)))
		}))
	}
	secure, plain := branch(s.newManager(secureCookie, true)), branch(s.newManager(plainCookie, false))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.overTLS(r) {
			secure.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}

// overTLS tells whether the browser speaks TLS, with us or with a trusted proxy before us.
func (s *Server) overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" && s.fromProxy(r)
}

func (s *Server) fromProxy(r *http.Request) bool {
	from, ok := remoteAddr(r)
	return ok && slices.ContainsFunc(s.proxies, func(n netip.Prefix) bool { return n.Contains(from) })
}

func remoteAddr(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	return a.Unmap(), err == nil
}

// mayHaveSession refuses to open a session over plain HTTP from afar: its cookie could be read on the way.
func (s *Server) mayHaveSession(r *http.Request) error {
	from, known := remoteAddr(r)
	if s.overTLS(r) || s.Demo || s.PlainHTTP || known && from.IsLoopback() {
		return nil
	}
	return procedure.Errorf(procedure.Forbidden, "auth.insecure", "当前连接未加密，不能登录。请改用 https:// 开头的地址。")
}

func manager(ctx context.Context) *scs.SessionManager {
	m, _ := ctx.Value(managerKey{}).(*scs.SessionManager)
	return m
}

// principal is the person of the request's session, or nil without one. A session that has expired, whose account is disabled,
// whose password was changed elsewhere, or whose post has ended is destroyed.
func (s *Server) principal(ctx context.Context) (*Principal, error) {
	m := manager(ctx)
	if m == nil {
		return nil, nil
	}
	user := m.GetString(ctx, keyUser)
	if user == "" {
		return nil, nil
	}
	now := s.Now()
	born, seen := time.Unix(m.GetInt64(ctx, keyBorn), 0), time.Unix(m.GetInt64(ctx, keySeen), 0)
	if now.Sub(born) >= sessionLife || now.Sub(seen) >= sessionIdle {
		return nil, m.Destroy(ctx)
	}
	a, err := s.account(ctx, user)
	if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
		return nil, m.Destroy(ctx) // the account is gone
	}
	if err != nil {
		return nil, err
	}
	active, ok := postByID(a.posts, m.GetString(ctx, keyPost))
	if a.user.Disabled || a.print != m.GetString(ctx, keyPrint) || !ok {
		return nil, m.Destroy(ctx)
	}
	if quiet, _ := ctx.Value(quietKey{}).(bool); !quiet && now.Sub(seen) >= seenEvery {
		m.Put(ctx, keySeen, now.Unix())
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	return newPrincipal(a, active, units), nil
}

// open starts a session with a new token.
func (s *Server) open(ctx context.Context, a account, post record.Post) error {
	m := manager(ctx)
	if err := m.Clear(ctx); err != nil {
		return err
	}
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	now := s.Now().Unix()
	m.Put(ctx, keyUser, a.user.ID)
	m.Put(ctx, keyPost, post.ID)
	m.Put(ctx, keyPrint, a.print)
	m.Put(ctx, keyBorn, now)
	m.Put(ctx, keySeen, now)
	return nil
}

func postByID(posts []record.Post, id string) (record.Post, bool) {
	i := slices.IndexFunc(posts, func(p record.Post) bool { return p.ID == id })
	if i < 0 {
		return record.Post{}, false
	}
	return posts[i], true
}
