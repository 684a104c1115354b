package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// Principal is who makes a request: a person, the post that person acts in, and for whom else.
type Principal struct {
	User       record.User
	Posts      []record.Post // in force today
	Active     record.Post
	Represents []represented
	Scope      record.Scope
	District   string // unit code of the district of the active post
	Disabled   bool   // the unit of the active post is out of use: nothing new is started there
}

// represented is a delegation in force, with the delegator's posts.
type represented struct {
	record.Delegation
	Posts []record.Post
}

// covers tells whether the delegation is for a kind of procedure.
func (r represented) covers(kind procedure.Kind) bool {
	return len(r.Kinds) == 0 || slices.Contains(r.Kinds, kind)
}

// holder is the holder that a post stands for.
func holder(p record.Post) procedure.Holder {
	return procedure.Holder{Unit: p.Unit, UnitName: p.UnitName, Role: p.Role, RoleName: p.Role.Title()}
}

// actor is the person in the active post.
func (p *Principal) actor() procedure.Actor {
	return procedure.Actor{User: p.User.ID, Name: p.User.Name, Unit: p.Active.Unit, Role: p.Active.Role}
}

// actorFor finds in which post, and for whom, the person may act on a holder's task. One's own active post comes first.
func (p *Principal) actorFor(h procedure.Holder, kind procedure.Kind) (procedure.Actor, bool) {
	if a := p.actor(); h.Competent(a) {
		return a, true
	}
	for _, r := range p.Represents {
		if !r.covers(kind) {
			continue
		}
		for _, post := range r.Posts {
			a := procedure.Actor{User: p.User.ID, Name: p.User.Name, Unit: post.Unit, Role: post.Role, For: r.From, ForName: r.FromName}
			if h.Competent(a) {
				return a, true
			}
		}
	}
	return procedure.Actor{}, false
}

// account is what the store knows about a user, as of a short while ago.
type account struct {
	user       record.User
	print      string // of the password: a new password ends the other sessions
	posts      []record.Post
	represents []represented
	read       time.Time
}

// accountAge is how long an account may be remembered: a disabled account or an ended post is dead after at most this.
const accountAge = 2 * time.Second

// directory remembers accounts and units for accountAge.
type directory struct {
	mu       sync.Mutex
	accounts map[string]account
	units    map[string]record.Unit
	unitsAt  time.Time
}

func (d *directory) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts, d.units = nil, nil
}

// account reads a user with the posts and delegations of today.
func (s *Server) account(ctx context.Context, user string) (account, error) {
	now := s.Now()
	s.directory.mu.Lock()
	a, ok := s.directory.accounts[user]
	s.directory.mu.Unlock()
	if ok && now.Sub(a.read) < accountAge && !now.Before(a.read) {
		return a, nil
	}
	a, err := s.readAccount(ctx, user)
	if err != nil {
		return account{}, err
	}
	a.read = now
	s.directory.mu.Lock()
	defer s.directory.mu.Unlock()
	const most = 10_000
	if s.directory.accounts == nil || len(s.directory.accounts) >= most {
		s.directory.accounts = map[string]account{}
	}
	s.directory.accounts[user] = a
	return a, nil
}

func (s *Server) readAccount(ctx context.Context, login string) (account, error) {
	user, hash, err := s.Reader.UserByLogin(ctx, login)
	if err != nil {
		return account{}, err
	}
	day := s.today()
	a := account{user: user, print: fingerprint(hash)}
	if a.posts, err = s.Reader.PostsOf(ctx, user.ID, day); err != nil {
		return account{}, err
	}
	given, err := s.Reader.DelegationsTo(ctx, user.ID, day)
	if err != nil {
		return account{}, err
	}
	for _, d := range given {
		if d.Revoked != nil || d.Begin > day || d.End < day {
			continue
		}
		posts, err := s.Reader.PostsOf(ctx, d.From, day)
		if err != nil {
			return account{}, err
		}
		a.represents = append(a.represents, represented{Delegation: d, Posts: posts})
	}
	return a, nil
}

func fingerprint(passwordHash string) string {
	sum := sha256.Sum256([]byte(passwordHash))
	return hex.EncodeToString(sum[:8])
}

// unitsByCode gives every unit.
func (s *Server) unitsByCode(ctx context.Context) (map[string]record.Unit, error) {
	now := s.Now()
	s.directory.mu.Lock()
	units, at := s.directory.units, s.directory.unitsAt
	s.directory.mu.Unlock()
	if units != nil && now.Sub(at) < accountAge && !now.Before(at) {
		return units, nil
	}
	list, err := s.Reader.Units(ctx)
	if err != nil {
		return nil, err
	}
	units = make(map[string]record.Unit, len(list))
	for _, u := range list {
		units[u.Code] = u
	}
	s.directory.mu.Lock()
	defer s.directory.mu.Unlock()
	s.directory.units, s.directory.unitsAt = units, now
	return units, nil
}

// newPrincipal puts an account into one of its posts. A delegation for all procedures widens what the person sees as a post of
// one's own does; one for some procedures is a grant of its own.
func newPrincipal(a account, active record.Post, units map[string]record.Unit) *Principal {
	p := &Principal{User: a.user, Posts: a.posts, Active: active, Represents: a.represents, District: districtOf(active.Unit, units),
		Disabled: units[active.Unit].Disabled}
	own := record.Grant{Users: []string{a.user.ID}}
	own = widened(own, active, a.user.ID, a.user.Name, units)
	var limited record.Scope
	for _, r := range a.represents {
		g := &own
		if len(r.Kinds) > 0 {
			limited = append(limited, record.Grant{Kinds: r.Kinds})
			g = &limited[len(limited)-1]
		}
		g.Users = append(g.Users, r.From)
		for _, post := range r.Posts {
			*g = widened(*g, post, r.From, r.FromName, units)
		}
	}
	p.Scope = append(record.Scope{own}, limited...)
	return p
}

// visibleCase reads a case within the scope of the session.
func (s *Server) visibleCase(ctx context.Context, number string) (record.Case, error) {
	return s.Reader.Case(ctx, whoIs(ctx).Scope, number)
}

// widened adds to a grant what a post sees: its tasks, and the cases of its subtree.
func widened(g record.Grant, post record.Post, user, name string, units map[string]record.Unit) record.Grant {
	named := procedure.Holder{Unit: post.Unit, UnitName: post.UnitName, User: user, UserName: name}
	g.Holders = append(g.Holders, holder(post), named)
	code := post.Unit
	if slices.Contains(districtRoles, post.Role) {
		if d := districtOf(post.Unit, units); d != "" {
			code = d
		}
	}
	if u, ok := units[code]; ok && u.Path != "" && !slices.Contains(g.Paths, u.Path) {
		g.Paths = append(g.Paths, u.Path)
	}
	return g
}

// districtOf is the district a unit belongs to; a district belongs to itself.
func districtOf(code string, units map[string]record.Unit) string {
	u, ok := units[code]
	switch {
	case !ok:
		return ""
	case u.Level == procedure.District:
		return u.Code
	}
	return u.District
}

// now is the time of cases.
func (s *Server) now() time.Time { return s.Clock().Case(s.Now()) }

// today is the civil day of cases.
func (s *Server) today() string { return calendar.DateOf(s.now()).String() }
