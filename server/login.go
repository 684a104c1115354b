package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/alexedwards/argon2id"

	"gongzhi/procedure"
)

// The lockout: 5 failures of one account from one address close that pair for 15 minutes. Failures of an account from
// anywhere only slow its logins down, so that nobody can lock an office out from outside.
const (
	maxFailures = 5
	lockFor     = 15 * time.Minute
	slowAfter   = 10
	slowStep    = 200 * time.Millisecond
	slowest     = 4 * time.Second
	hashers     = 3 // each takes 64 MiB
)

// hashParams is the cost of a password hash: 64 MiB, three passes.
func hashParams() *argon2id.Params {
	return &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}
}

// HashPassword hashes a password with argon2id for the store.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, hashParams())
}

// CheckPassword refuses a password that is too weak for an official: 12 signs of three kinds (等保 L3, CES1-01).
func CheckPassword(login, password string) error {
	kinds := map[string]bool{}
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			kinds["lower"] = true
		case unicode.IsUpper(r):
			kinds["upper"] = true
		case unicode.IsDigit(r):
			kinds["digit"] = true
		default:
			kinds["other"] = true
		}
	}
	if len([]rune(password)) < 12 || len(kinds) < 3 {
		return invalid("password.weak", "口令至少 12 位，并包含大写字母、小写字母、数字、符号中的三种。")
	}
	if login != "" && strings.Contains(strings.ToLower(password), strings.ToLower(login)) {
		return invalid("password.login", "口令中不能包含登录名。")
	}
	return nil
}

// gate hashes passwords, a few at a time.
type gate struct {
	params *argon2id.Params
	slots  chan struct{}
	decoy  func() string // a hash that no password has: an unknown account takes as long as a known one
}

func newGate(params *argon2id.Params) gate {
	return gate{params: params, slots: make(chan struct{}, hashers), decoy: sync.OnceValue(func() string {
		hash, err := argon2id.CreateHash(newReference()+newReference(), params)
		if err != nil {
			return ""
		}
		return hash
	})}
}

// matches compares a password with a hash. The empty hash matches nothing, in the same time.
func (g gate) matches(ctx context.Context, password, hash string) (bool, error) {
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	known := hash != ""
	if !known {
		hash = g.decoy()
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return ok && known, err
}

var errLogin = newProblem(http.StatusUnauthorized, "login.failed", "登录名或口令不正确。连续输错 5 次，将在 15 分钟内不能从此处登录。")

func (s *Server) login(ctx context.Context, in *body[LoginInput]) (*reply[Me], error) {
	r := requestOf(ctx)
	if err := s.mayHaveSession(r); err != nil {
		return nil, err
	}
	login := strings.ToLower(strings.TrimSpace(in.Body.Login))
	account, pair := loginKey(login, ""), loginKey(login, s.clientAddr(r))
	if err := s.brake(ctx, account, pair); err != nil {
		return nil, err
	}
	user, hash, err := s.Reader.UserByLogin(ctx, login)
	if refusal := (*procedure.Error)(nil); err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	ok, err := s.gate.matches(ctx, in.Body.Password, hash)
	if err != nil {
		return nil, err
	}
	if !ok || user.Disabled {
		return nil, s.failed(ctx, account, pair)
	}
	if err := s.Logins.ClearLoginFailures(ctx, pair); err != nil {
		return nil, err
	}
	s.directory.forget()
	a, err := s.account(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	if len(a.posts) == 0 {
		return nil, procedure.Errorf(procedure.Forbidden, "login.no_post", "您的账号目前没有岗位，不能办理事项。请联系系统管理员。")
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, a, a.posts[0]); err != nil {
		return nil, err
	}
	s.Logger.InfoContext(ctx, "login", "ok", true)
	return s.meOf(ctx, newPrincipal(a, a.posts[0], units))
}

// loginKey names a counter without keeping a name or an address.
func loginKey(login, addr string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s:%s", len(login), login, addr))
	return hex.EncodeToString(sum[:])
}

func (s *Server) clientAddr(r *http.Request) string {
	if s.fromProxy(r) {
		if g := ginOf(r.Context()); g != nil {
			return g.ClientIP()
		}
	}
	a, _ := remoteAddr(r)
	return a.String()
}

// brake refuses a locked pair and slows an account down that is being guessed at.
func (s *Server) brake(ctx context.Context, account, pair string) error {
	now := s.Now()
	n, last, err := s.Logins.LoginFailures(ctx, pair, now.Add(-lockFor))
	if err != nil {
		return err
	}
	if open := last.Add(lockFor); n >= maxFailures && now.Before(open) {
		p := newProblem(http.StatusTooManyRequests, "login.locked", fmt.Sprintf("连续输错次数过多，请 %d 分钟后再试，或联系系统管理员。", int(open.Sub(now).Minutes())+1))
		p.retryAfter = fmt.Sprint(int(open.Sub(now).Seconds()) + 1)
		return p
	}
	if n, _, err = s.Logins.LoginFailures(ctx, account, now.Add(-lockFor)); err != nil {
		return err
	}
	if n >= slowAfter {
		return s.pause(ctx, min(time.Duration(n-slowAfter+1)*slowStep, slowest))
	}
	return nil
}

func (s *Server) failed(ctx context.Context, account, pair string) error {
	now := s.Now()
	s.Logger.InfoContext(ctx, "login", "ok", false)
	return errors.Join(s.Logins.AddLoginFailure(ctx, pair, now), s.Logins.AddLoginFailure(ctx, account, now), errLogin)
}

// wait sleeps, unless the request ends first.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) logout(ctx context.Context, _ *none) (*done, error) {
	return &done{}, manager(ctx).Destroy(ctx)
}

func (s *Server) changePassword(ctx context.Context, in *body[PasswordInput]) (*done, error) {
	who := whoIs(ctx)
	r := requestOf(ctx)
	account, pair := loginKey(who.User.ID, ""), loginKey(who.User.ID, s.clientAddr(r))
	if err := s.brake(ctx, account, pair); err != nil {
		return nil, err
	}
	_, hash, err := s.Reader.UserByLogin(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	ok, err := s.gate.matches(ctx, in.Body.Old, hash)
	if err != nil {
		return nil, err
	}
	if !ok {
		if err := errors.Join(s.Logins.AddLoginFailure(ctx, pair, s.Now()), s.Logins.AddLoginFailure(ctx, account, s.Now())); err != nil {
			return nil, err
		}
		return nil, invalid("password.wrong", "原口令不正确，口令未修改。")
	}
	if err := CheckPassword(who.User.ID, in.Body.New); err != nil {
		return nil, err
	}
	if in.Body.New == in.Body.Old {
		return nil, invalid("password.same", "新口令不能与原口令相同。")
	}
	return s.setPassword(ctx, who, in.Body.New)
}

// setPassword changes the password and keeps this session only.
func (s *Server) setPassword(ctx context.Context, who *Principal, password string) (*done, error) {
	hash, err := s.hashed(ctx, password)
	if err != nil {
		return nil, err
	}
	if err := s.People.SetPassword(ctx, who.User.ID, hash); err != nil {
		return nil, err
	}
	s.directory.forget()
	m := manager(ctx)
	if err := m.RenewToken(ctx); err != nil {
		return nil, err
	}
	m.Put(ctx, keyPrint, fingerprint(hash))
	return &done{}, nil
}

func (s *Server) hashed(ctx context.Context, password string) (string, error) {
	select {
	case s.gate.slots <- struct{}{}:
		defer func() { <-s.gate.slots }()
		return argon2id.CreateHash(password, s.gate.params)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
