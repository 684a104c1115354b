package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gongzhi/ballot"
	"gongzhi/record"
	"gongzhi/rules"
)

// Polling is what the routes of votes stand on. Everything is required unless it says otherwise.
type Polling struct {
	Polls  Polls
	Box    Box
	Rolls  Rolls
	Ledger Ledger
	Codes  Codes
	// PublicURL is the address under which residents reach the platform, without a slash at its end. Empty: the address under
	// which the request came in.
	PublicURL string
}

// missing names what the routes of votes cannot do without.
func (p Polling) missing() error {
	var errs []error
	for name, absent := range map[string]bool{
		"Polls": p.Polls == nil, "Box": p.Box == nil, "Rolls": p.Rolls == nil, "Ledger": p.Ledger == nil, "Codes": p.Codes == nil,
	} {
		if absent {
			errs = append(errs, fmt.Errorf("server: option Polling.%s is missing", name))
		}
	}
	return errors.Join(errs...)
}

// Polls keeps votes: what the API reads, and what people write. What the workflow of a case does to its poll is not here.
type Polls interface {
	ballot.Reader

	// PollPage lists the polls whose cases the scope sees, newest first.
	PollPage(ctx context.Context, s record.Scope, f ballot.PollFilter) (record.Page[ballot.Listed], error)
	// Papers is what came in with each version of a voter's ballot, by its number.
	Papers(ctx context.Context, number, voter string) (map[int]ballot.Papers, error)
	// LetterRuns lists the runs of letters with personal codes, newest first; AddLetters keeps one, or that it goes on after a number.
	LetterRuns(ctx context.Context, number string, limit int) ([]ballot.LetterRun, error)
	AddLetters(ctx context.Context, number, after string, l ballot.LetterRun) error

	AddRoll(ctx context.Context, number string, lines []ballot.Line, v ballot.RollVersion) (ballot.RollVersion, error)
	EnterSheet(ctx context.Context, c ballot.Cast, clock func(time.Time) time.Time) (ballot.Sheet, *ballot.Receipt, error)
	MarkSigned(ctx context.Context, number, voter string, clock func(time.Time) time.Time) error
	AddObjection(ctx context.Context, number string, o ballot.Objection) (ballot.Objection, error)
	AnswerObjection(ctx context.Context, number string, o ballot.Objection) error
	SaveCertified(ctx context.Context, number string, c ballot.Certified) error
}

// Box takes ballots. The same request again gives the same receipt.
type Box interface {
	Cast(ctx context.Context, c ballot.Cast) (ballot.Receipt, error)
}

// Rolls reads the files of rolls (清册).
type Rolls interface {
	// Read reads an .xlsx or .csv file whole. Lines that cannot be used are reported, not refused.
	Read(name string, content []byte, c rules.Counting) (ballot.Report, error)
	// Count tells what lines amount to under the options of a poll.
	Count(number string, lines []ballot.Line, o rules.RollOptions) (RollCount, error)
	Template(c rules.Counting, format string) ([]byte, error)
}

// RollCount is what a roll amounts to.
type RollCount struct {
	Voters      int
	Total       rules.Weight
	Excluded    []string // codes that do not count
	Fingerprint string
}

// Ledger is what is public of a poll's ballots.
type Ledger interface {
	// Proof is the proof that the leaf of a tracker is in the ledger; CodeReceipt when there is none.
	Proof(ctx context.Context, number, tracker string) (ballot.Proof, error)
	// Verifier is the key with which the checkpoints of a poll are checked.
	Verifier(number string) (string, error)
	// Export writes everything that is needed to count again.
	Export(ctx context.Context, w io.Writer, number string) error
}

// Codes makes the personal codes, which are stored nowhere. A ballot.Secret does.
type Codes interface {
	Code(number, voter string) string
}
