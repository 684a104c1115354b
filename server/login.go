package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/alexedwards/argon2id"

	"gongzhi/procedure"
)

// The lockout: 5 attempts of one account from one address without a right password close that pair for 15 minutes. Attempts
// at an account from anywhere only slow its logins down, so that nobody can lock an office out from outside. An attempt is
// counted before its password is looked at: guesses side by side would all be let in otherwise.
const (
	maxAttempts = 5
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
		return invalid("password.weak", "密码至少 12 位，并包含大写字母、小写字母、数字、符号中的三种。")
	}
	if login != "" && strings.Contains(strings.ToLower(password), strings.ToLower(login)) {
		return invalid("password.login", "密码中不能包含登录名。")
	}
	return nil
}

// gate hashes passwords, a few at a time.
type gate struct {
	params  *argon2id.Params
	slots   chan struct{}
	decoy   func() string // a hash that no password has: an unknown account takes as long as a known one
	compare func(password, hash string) (bool, error)
}

func newGate(params *argon2id.Params) gate {
	decoy := sync.OnceValue(func() string {
		hash, err := argon2id.CreateHash(newReference()+newReference(), params)
		if err != nil {
			return ""
		}
		return hash
	})
	return gate{params: params, slots: make(chan struct{}, hashers), decoy: decoy, compare: argon2id.ComparePasswordAndHash}
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
	ok, err := g.compare(password, hash)
	return ok && known, err
}

var errLogin = newProblem(http.StatusUnauthorized, "login.failed", "登录名或密码不正确。连续输错 5 次，将在 15 分钟内不能从此处登录。")

func (s *Server) login(ctx context.Context, in *body[LoginInput]) (*reply[Me], error) {
	r := requestOf(ctx)
	if err := s.mayHaveSession(r); err != nil {
		return nil, err
	}
	login := strings.ToLower(strings.TrimSpace(in.Body.Login))
	user, hash, err := s.Reader.UserByLogin(ctx, login)
	if refusal := (*procedure.Error)(nil); err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	if user.Disabled {
		hash = "" // no password is right
	}
	ok, err := s.isPassword(ctx, login, in.Body.Password, hash)
	if err != nil {
		return nil, err
	}
	if !ok {
		s.Logger.InfoContext(ctx, "login", "ok", false)
		return nil, errLogin
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

// isPassword compares a password with the hash of an account. The attempt is counted first, and forgotten when the password is
// right, or when it has not been looked at.
func (s *Server) isPassword(ctx context.Context, login, password, hash string) (bool, error) {
	account, pair := loginKey(login, ""), loginKey(login, s.clientAddr(requestOf(ctx)))
	if err := s.count(ctx, account, pair); err != nil {
		return false, err
	}
	ok, err := s.gate.matches(ctx, password, hash)
	if err != nil {
		return false, errors.Join(err, s.uncount(ctx, account, pair))
	}
	if !ok {
		return false, nil
	}
	return true, s.Logins.ClearLoginAttempts(ctx, account, pair)
}

// count counts an attempt. It refuses a locked pair and slows an account down that is being guessed at.
func (s *Server) count(ctx context.Context, account, pair string) error {
	now := s.Now()
	n, last, err := s.Logins.LoginAttempt(ctx, pair, now, lockFor, maxAttempts)
	if err != nil {
		return err
	}
	if n == 0 {
		left := last.Add(lockFor).Sub(now)
		p := newProblem(http.StatusTooManyRequests, "login.locked", fmt.Sprintf("连续输错次数过多，请 %d 分钟后再试，或联系系统管理员。", int(left.Minutes())+1))
		p.retryAfter = fmt.Sprint(int(left.Seconds()) + 1)
		return p
	}
	if n, _, err = s.Logins.LoginAttempt(ctx, account, now, lockFor, math.MaxInt32); err != nil {
		return err
	}
	if n <= slowAfter {
		return nil
	}
	if err := s.pause(ctx, min(time.Duration(n-slowAfter)*slowStep, slowest)); err != nil {
		return errors.Join(err, s.uncount(ctx, account, pair))
	}
	return nil
}

// uncount takes an attempt back although its request may have ended.
func (s *Server) uncount(ctx context.Context, account, pair string) error {
	ctx = context.WithoutCancel(ctx)
	return errors.Join(s.Logins.DropLoginAttempt(ctx, pair), s.Logins.DropLoginAttempt(ctx, account))
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
	_, hash, err := s.Reader.UserByLogin(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	ok, err := s.isPassword(ctx, who.User.ID, in.Body.Old, hash)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, invalid("password.wrong", "原密码不正确，密码未修改。")
	}
	if err := CheckPassword(who.User.ID, in.Body.New); err != nil {
		return nil, err
	}
	if in.Body.New == in.Body.Old {
		return nil, invalid("password.same", "新密码不能与原密码相同。")
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
