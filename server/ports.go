package server

import (
	"context"
	"io"
	"time"

	"github.com/alexedwards/scs/v2"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// Reader is the read side of the store. Refusals are *procedure.Error; every other error is a fault.
type Reader interface {
	CaseReader
	TaskReader
	PeopleReader
	ListReader
	NoticeReader
	ReportReader

	Drafts(ctx context.Context, user string) ([]record.Draft, error)
	Draft(ctx context.Context, user, id string) (record.Draft, error)
	Command(ctx context.Context, id string) (record.Command, error)
	Attachment(ctx context.Context, id string) (record.Attachment, error)
	Attachments(ctx context.Context, ids []string) ([]record.Attachment, error)

	// Calendar gives the calendar of a version; the empty version is the current one.
	Calendar(ctx context.Context, version string) (*calendar.Calendar, error)
	// Changes is the feed of recorded events after an id, in the order of ids.
	Changes(ctx context.Context, afterID int64, limit int) ([]record.Change, error)
	// LastChange is the id of the newest change, 0 when there is none.
	LastChange(ctx context.Context) (int64, error)
	// Visible tells which of the cases a scope sees.
	Visible(ctx context.Context, scope record.Scope, numbers []string) (map[string]bool, error)
	// NextDue is the earliest future moment at which an open task or wait wants attention.
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)
	Ping(ctx context.Context) error
}

// CaseReader reads cases (办件). The methods that take a number only are asked after Case or CaseDesk has allowed it.
type CaseReader interface {
	Case(ctx context.Context, scope record.Scope, number string) (record.Case, error)
	Cases(ctx context.Context, scope record.Scope, filter record.CaseFilter) (record.Page[record.Case], error)
	CaseTasks(ctx context.Context, number string) ([]record.Task, error)
	// CaseDesk is a case with its tasks and stages, as of one moment.
	CaseDesk(ctx context.Context, scope record.Scope, number string) (record.Desk, error)
	CaseDeadlines(ctx context.Context, number string) ([]record.Deadline, error)
	CaseWaits(ctx context.Context, number string) ([]record.Wait, error)
	CaseCopies(ctx context.Context, number string) ([]record.Copy, error)
	CaseNotices(ctx context.Context, number string) ([]record.Notice, error)
	CaseFiling(ctx context.Context, number string) (record.Filing, error)
	Events(ctx context.Context, number string, afterSeq int64, limit int) ([]procedure.Event, error)
	// VerifyCase recomputes the chain of a case, its head and the hash of its form.
	VerifyCase(ctx context.Context, number string) (record.Verification, error)
}

// TaskReader reads tasks (待办) and copies (抄送). Days are civil days such as 2026-09-28.
type TaskReader interface {
	Task(ctx context.Context, scope record.Scope, id string) (record.Task, error)
	Tasks(ctx context.Context, scope record.Scope, filter record.TaskFilter) (record.Page[record.Task], error)
	Counts(ctx context.Context, scope record.Scope, today string) (record.Counts, error)
	Copies(ctx context.Context, scope record.Scope, unreadOnly bool, after string, limit int) (record.Page[record.Copy], error)
}

// PeopleReader reads units, accounts, posts and delegations.
type PeopleReader interface {
	Units(ctx context.Context) ([]record.Unit, error)
	Unit(ctx context.Context, code string) (record.Unit, error)
	// Users finds accounts by a part of their login or name; the empty text finds all. Posts are included.
	Users(ctx context.Context, text string) ([]record.User, error)
	UserByLogin(ctx context.Context, login string) (user record.User, passwordHash string, err error)
	// PostsOf gives the posts that are in force on a day.
	PostsOf(ctx context.Context, user, day string) ([]record.Post, error)
	DelegationsTo(ctx context.Context, user, day string) ([]record.Delegation, error)
	DelegationsOf(ctx context.Context, user string) ([]record.Delegation, error)
	DelegationsFrom(ctx context.Context, user string) ([]record.Delegation, error)
}

// ListReader reads the lists (清单) of a district.
type ListReader interface {
	// Lists gives the versions without their items, newest first; the empty district means all.
	Lists(ctx context.Context, district string) ([]record.ListVersion, error)
	// List gives one version with its items; the empty version is the newest.
	List(ctx context.Context, district, version string) (record.ListVersion, error)
}

// NoticeReader reads what was published (公告). Notices are public: they have no scope.
type NoticeReader interface {
	Notices(ctx context.Context, filter record.NoticeFilter) (record.Page[record.Notice], error)
	Notice(ctx context.Context, id string) (record.Notice, error)
}

// Filed is what a case starts with: the command, and what stays in the database.
type Filed struct {
	Command record.Command // its Filing has no number yet
	Form    []byte         // JSON
	Title   string
	Files   []string
}

// Commands stores what officials do before it is sent to the engine.
type Commands interface {
	// SubmitCommand stores a command once. The same id with the same Request digest gives the stored one, fresh = false;
	// with another digest it is refused with idempotency.conflict.
	SubmitCommand(ctx context.Context, c record.Command) (stored record.Command, fresh bool, err error)
	// StartCase also allocates the number of the case and stores the form. It is idempotent in the same way. It refuses with
	// case.reapplied when the case that the form names has been applied for again already.
	StartCase(ctx context.Context, f Filed) (stored record.Command, fresh bool, err error)
	// ReadCopy stores the command that marks a copy of a closed case as read, together with its effect. It is idempotent in the
	// same way.
	ReadCopy(ctx context.Context, c record.Command) (stored record.Command, fresh bool, err error)
	// SettleCommand records the end of a command that is pending; the first end stands.
	SettleCommand(ctx context.Context, id string, end record.CommandEnd) error
}

// Drafts stores what is not sent yet. The server gives the ids. A save with an old Version is refused with draft.stale; Version
// 0 creates.
type Drafts interface {
	SaveDraft(ctx context.Context, d record.Draft) (record.Draft, error)
	// KeepOpinion keeps as a draft what was written with an action that was refused, in place of what was kept of the same task.
	KeepOpinion(ctx context.Context, c record.Command) error
	DeleteDraft(ctx context.Context, user, id string) error
}

// Files stores what is known about an attachment; its content goes to the Blobs.
type Files interface {
	SaveAttachment(ctx context.Context, a record.Attachment) (record.Attachment, error)
}

// People changes accounts, posts, units, delegations and calendars. The server gives the ids of posts and delegations.
type People interface {
	CreateUser(ctx context.Context, u record.User, passwordHash string) error
	// SaveUser changes the name and the state of an account.
	SaveUser(ctx context.Context, u record.User) error
	SetPassword(ctx context.Context, user, passwordHash string) error
	SavePost(ctx context.Context, p record.Post) (record.Post, error)
	EndPost(ctx context.Context, id, lastDay string) error
	SaveUnit(ctx context.Context, u record.Unit) error
	SaveDelegation(ctx context.Context, d record.Delegation) (record.Delegation, error)
	RevokeDelegation(ctx context.Context, user, id string, at time.Time) error
	SaveCalendarYear(ctx context.Context, table calendar.YearTable) error
}

// Onces makes writes that are not commands idempotent.
type Onces interface {
	// Once reserves a key of a user. fresh is true for whoever must do the work now: the first one, or the next one when a
	// reservation has stood for a minute without an answer. A finished key gives its stored answer. Another digest is
	// refused with idempotency.conflict, an unfinished one with idempotency.running.
	Once(ctx context.Context, user, key, digest string) (answer []byte, fresh bool, err error)
	// OnceDone stores the answer.
	OnceDone(ctx context.Context, user, key string, answer []byte) error
	// OnceDrop gives the key back after a refusal or a fault, so that the same key may be tried again.
	OnceDrop(ctx context.Context, user, key string) error
}

// Logins counts attempts at passwords across processes. A key is an opaque digest of account, or of account and address.
type Logins interface {
	// LoginAttempt counts an attempt before the password is looked at. n is its number among those of which none came later
	// than within after the one before; 0 when limit of them have been counted: then it may not be made, and last is the
	// moment of the last one.
	LoginAttempt(ctx context.Context, key string, at time.Time, within time.Duration, limit int) (n int, last time.Time, err error)
	// DropLoginAttempt takes an attempt back whose password nobody looked at.
	DropLoginAttempt(ctx context.Context, key string) error
	// ClearLoginAttempts forgets the attempts under keys.
	ClearLoginAttempts(ctx context.Context, keys ...string) error
}

// Sessions is where sessions are kept, under a hash of their token.
type Sessions = scs.CtxStore

// Engine passes a stored command on to the case, or starts the case when the command carries a filing. It returns
// *procedure.Error when the case refuses. Any other error, a time-out included, means that the result is not known yet.
type Engine interface {
	Send(ctx context.Context, c record.Command) (procedure.Receipt, error)
}

// Intake judges an application before anything is stored. There is one for each kind of procedure. It never writes.
type Intake interface {
	Check(ctx context.Context, form []byte, who Applicant, now time.Time) (Check, error)
	// File turns a form that Check passed into the filing of a case, without a number, and its title.
	File(ctx context.Context, form []byte, who Applicant, now time.Time) (procedure.Filing, string, error)
}

// Applicant is who applies, in which post, for which district.
type Applicant struct {
	Actor    procedure.Actor
	District string // unit code
}

// Blobs keeps contents under their hash. A *blob.Bucket needs a few lines to satisfy it.
type Blobs interface {
	Put(ctx context.Context, key string, content []byte, contentType string) error
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// DemoClock moves the time of the demonstration. It is nil in production.
type DemoClock interface {
	Jump(ctx context.Context, to time.Time) (procedure.Clock, error)
}
