package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// The time limits of requests. A stream has none: each of its writes has one.
const (
	requestWithin = 30 * time.Second
	exportWithin  = 15 * time.Minute
	headerWithin  = 10 * time.Second
	idleWithin    = 2 * time.Minute
	pingWithin    = 2 * time.Second
)

type baseKey struct{}

// chain puts together what every request passes through, from the outside in.
func (s *Server) chain() http.Handler {
	s.gin.NoRoute(s.noRoute)
	notices := withLimit(s.gin)
	s.gin.NoMethod(func(g *gin.Context) {
		newProblem(http.StatusMethodNotAllowed, "route.method", "此地址不支持这种操作。").write(g.Writer)
	})
	csrf := http.NewCrossOriginProtection()
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		newProblem(http.StatusForbidden, "csrf.refused", "请求来自其他网站，已拒绝。请在本系统页面中操作。").write(w)
	}))
	api := s.withSession(withLimit(s.gin))
	mux := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
			s.healthz(w)
		case r.URL.Path == "/readyz":
			s.readyz(w, r)
		case strings.HasPrefix(r.URL.Path, "/api/"):
			w.Header().Set("Cache-Control", "no-store")
			api.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, noticePath):
			notices.ServeHTTP(w, r)
		default:
			s.gin.ServeHTTP(w, r)
		}
	})
	return s.outer(csrf.Handler(mux))
}

// Serve returns an http.Server around the handler, with the time limits that the handler relies on.
func (s *Server) Serve(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s.Handler(), ReadHeaderTimeout: headerWithin, IdleTimeout: idleWithin,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
	}
}

// withLimit bounds every request in time but the stream, whose session's ordinary use does not count as use either. An export is as
// long as the line of whoever takes it is slow.
func withLimit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix+"/stream" {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), quietKey{}, true)))
			return
		}
		within := requestWithin
		if strings.HasPrefix(r.URL.Path, prefix+"/public/") && strings.HasSuffix(r.URL.Path, "/export") {
			within = exportWithin
		}
		ctx, cancel := context.WithTimeout(r.Context(), within)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// outer sets the headers, catches panics, and has the request noted.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		secure(w.Header(), s.overTLS(r))
		ctx, known, span := s.observe(r)
		w.Header().Set("X-Request-Id", known.id)
		c := &counting{ResponseWriter: w}
		defer func() { s.observed(ctx, c, r, known, span, s.Now().Sub(start)) }()
		defer func() {
			if v := recover(); v != nil {
				s.panicked(ctx, c, v)
			}
		}()
		next.ServeHTTP(c, r.WithContext(context.WithValue(ctx, baseKey{}, ctx)))
	})
}

func (s *Server) panicked(ctx context.Context, c *counting, v any) {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	p := s.fault(ctx, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	if c.status == 0 {
		p.write(c)
	}
}

// secure sets what a browser must know before anything else.
func secure(h http.Header, tls bool) {
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "+
		"font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if tls {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// counting remembers status and length of an answer.
type counting struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counting) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counting) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Flush serves callers that know only http.Flusher.
func (c *counting) Flush() {
	_ = http.NewResponseController(c.ResponseWriter).Flush() // nothing to do when it cannot
}

func (s *Server) noRoute(g *gin.Context) {
	if strings.HasPrefix(g.Request.URL.Path, noticePath) {
		s.notice(g)
		return
	}
	if s.Console == nil || strings.HasPrefix(g.Request.URL.Path, "/api/") {
		newProblem(http.StatusNotFound, "route.not_found", "没有这个地址。").write(g.Writer)
		return
	}
	g.Status(http.StatusOK) // Gin has set 404 for the console's routes, which it does not know
	s.Console.ServeHTTP(g.Writer, g.Request)
}

func (s *Server) healthz(w http.ResponseWriter) { health(w, http.StatusOK, "ok") }

// readyz says whether requests can be served: the database answers.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	if err := s.Reader.Ping(ctx); err != nil {
		s.Logger.WarnContext(ctx, "not ready", "error", err)
		health(w, http.StatusServiceUnavailable, "database")
		return
	}
	health(w, http.StatusOK, "ok")
}

func health(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Health{Status: text}) // the prober may have gone away
}

// prefixes reads addresses and networks.
func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p)
			continue
		}
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("server: trusted proxy %q is neither an address nor a network", text)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}
