package ballot

import (
	"context"
	"iter"
	"time"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Store keeps polls. *store.Store satisfies it. Refusals are *procedure.Error with the codes of errors.go; every other error is a
// fault. Every write is whole or not at all. Times that are given are case time. Whatever must fall into the window is judged by
// the clock of the database, which clock turns into case time.
type Store interface {
	Reader

	// PreparePoll creates the poll of a case. The same terms again change nothing; others are refused.
	PreparePoll(ctx context.Context, t Terms) error
	// AddRoll stores a new version of the roll with its fingerprint; refused once the roll is frozen.
	AddRoll(ctx context.Context, number string, lines []Line, v RollVersion) (RollVersion, error)
	// FreezeRoll turns the newest version into voters, which come in any order. Freezing a frozen roll changes nothing, and asks for
	// none. It refuses an empty roll and objections to the roll that nobody has answered.
	FreezeRoll(ctx context.Context, number string, voters iter.Seq2[Voter, error], total rules.Weight) error
	// OpenPoll opens the window. The same window again changes nothing.
	OpenPoll(ctx context.Context, number string, opens, closes time.Time) error
	// ExtendPoll moves the close, once for each n (1, 2 …).
	ExtendPoll(ctx context.Context, number string, n int, closes time.Time) error
	// ClosePoll refuses before the close by the database's clock, and appends the closing leaf. It is idempotent.
	ClosePoll(ctx context.Context, number string, clock func(time.Time) time.Time) (Poll, error)
	// VoidPoll ends a poll whose case ended before.
	VoidPoll(ctx context.Context, number string) error
	// SaveResult stores what the count found; the same again changes nothing, another is refused.
	SaveResult(ctx context.Context, number string, r Result) error
	// FinishPoll ends 询异.
	FinishPoll(ctx context.Context, number string) error
	// SaveCertified stores the certified result of an official platform.
	SaveCertified(ctx context.Context, number string, c Certified) error

	// Cast accepts ballots, each whole or refused, several in one transaction. clock turns the database's time into case time.
	// It locks the ledger of each poll, so that the order of leaves is the order of acceptance.
	Cast(ctx context.Context, casts []Cast, clock func(time.Time) time.Time) []Accepted
	// EnterSheet stores one person's reading of a paper ballot. When the second agrees it is accepted in the same transaction.
	EnterSheet(ctx context.Context, c Cast, clock func(time.Time) time.Time) (Sheet, *Receipt, error)
	// MarkSigned notes that a voter signed for a ballot sheet, or opened the page with the code: until the close, for from then on
	// nobody takes part any more.
	MarkSigned(ctx context.Context, number, voter string, clock func(time.Time) time.Time) error

	AddObjection(ctx context.Context, number string, o Objection) (Objection, error)
	AnswerObjection(ctx context.Context, number string, o Objection) error
	AddCheckpoint(ctx context.Context, number string, c Checkpoint) error
}

// Accepted is the end of one ballot: a receipt, or a refusal.
type Accepted struct {
	Receipt Receipt
	Err     error
}

// Reader reads polls.
type Reader interface {
	Poll(ctx context.Context, number string) (Poll, error) // CodePoll when there is none
	// PollsOf are the polls that a unit organised, newest first: for the cool-off after a failed vote.
	PollsOf(ctx context.Context, unit string, limit int) ([]Poll, error)
	// OpenPolls are the numbers of the polls that are open, or closed without a result.
	OpenPolls(ctx context.Context) ([]string, error)
	RollVersions(ctx context.Context, number string) ([]RollVersion, error)                                // newest first
	RollLines(ctx context.Context, number string, version int, after string, limit int) ([]Line, error)    // in the order of codes; version 0: newest
	Voters(ctx context.Context, number string, f VoterFilter, after string, limit int) ([]Voter, error)    // in the order of numbers
	Voter(ctx context.Context, number, no string) (Voter, error)                                           // CodeVoter
	MaskedVoters(ctx context.Context, number, after string, limit int) ([]MaskedVoter, error)              // in the order of numbers
	VoterByCode(ctx context.Context, hash string) (number string, v Voter, err error)                      // CodeCode
	Cells(ctx context.Context, number string) ([]Cell, error)                                              // one for each building, unmerged, with choices
	Totals(ctx context.Context, number string) (rules.Totals, error)                                       // from the running sums
	CountBallots(ctx context.Context, number string) (rules.Totals, error)                                 // from the ballots themselves
	Channels(ctx context.Context, number string) (map[Channel]int64, error)                                // ballots that count, by channel
	Leaves(ctx context.Context, number string, from int64, limit int) ([]LeafRow, error)                   // in order
	LeafByTracker(ctx context.Context, number, tracker string) (LeafRow, error)                            // CodeReceipt
	Ballots(ctx context.Context, number, voter string) ([]Receipt, error)                                  // every version of one voter's ballot
	Checkpoints(ctx context.Context, number string) ([]Checkpoint, error)                                  // oldest first: one a minute of the window
	LastCheckpoints(ctx context.Context, number string, limit int) ([]Checkpoint, error)                   // newest first
	Sheets(ctx context.Context, number string, state SheetState, after string, limit int) ([]Sheet, error) // in the order of voters
	Objections(ctx context.Context, number, about string) ([]Objection, error)                             // oldest first
}

// VoterFilter chooses voters.
type VoterFilter struct {
	Building string
	Silent   bool   // without a ballot
	Text     string // part of the address, a name or a unit
}

// Refusals of votes share these codes; messages are made where they arise.
const (
	CodePoll      = "poll.not_found"
	CodeTerms     = "poll.terms"     // the terms cannot be changed
	CodeRoll      = "poll.roll"      // no roll, frozen, wrong version
	CodeObjection = "poll.objection" // somebody's objection has no answer
	CodeNotOpen   = "poll.not_open"  // before the window
	CodeOver      = "poll.closed"    // after it
	CodeEarly     = "poll.early"     // closing before the close
	CodeVoter     = "poll.voter"     // not on the roll
	CodeChoice    = "poll.choice"
	CodeVoted     = "poll.voted"    // a ballot counts that this one cannot replace
	CodeSheet     = "poll.sheet"    // the two readings differ, or the same person twice
	CodeProxy     = "poll.proxy"    // not allowed, or too many
	CodeReceipt   = "poll.receipt"  // no such tracker
	CodeAgain     = "poll.repeated" // the same request with another ballot
	CodeResult    = "poll.result"
	CodeCode      = "poll.code" // a personal code that is not one
)

// refuse makes a refusal.
func refuse(kind procedure.Refusal, code, format string, args ...any) error {
	return procedure.Errorf(kind, code, format, args...)
}
