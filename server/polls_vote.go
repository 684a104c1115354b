package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

// errCode is the one answer to every code that is not one, so that the answer tells nothing about codes.
var errCode = newProblem(http.StatusNotFound, ballot.CodeCode, "没有这个投票口令。请对照信上的 16 位字符核对后再输；字母大小写、空格和横线没有关系。")

// byCode finds the voter of a personal code, and the number of the poll. The code itself goes no further: not into an error, not into
// the log.
func (s *Server) byCode(ctx context.Context, code string) (number string, v ballot.Voter, err error) {
	wrong, err := s.mayGuess(ctx)
	if err != nil {
		return "", ballot.Voter{}, err
	}
	number, v, err = s.Polling.Polls.VoterByCode(ctx, ballot.CodeHash(code))
	if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
		wrong()
		err = errCode
	}
	return number, v, err
}

// openVote shows a voter the vote and the ballot that counts now. While the vote is open this is what the rules call logging in
// (rules.SilentAbstains), and is noted.
func (s *Server) openVote(ctx context.Context, in *body[CodeInput]) (*reply[OpenedVote], error) {
	number, v, err := s.byCode(ctx, in.Body.Code)
	if err != nil {
		return nil, err
	}
	p, err := s.Polling.Polls.Poll(ctx, number)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if p.State == ballot.Open && !v.Signed && p.Opens != nil && !now.Before(*p.Opens) && p.Closes != nil && now.Before(*p.Closes) {
		err := s.Polling.Polls.MarkSigned(ctx, p.Number, v.No, s.Clock().Case)
		if refusal := (*procedure.Error)(nil); err != nil && !errors.As(err, &refusal) { // refused: it has closed just now
			return nil, err
		}
	}
	head, err := s.pollHead(ctx, p)
	if err != nil {
		return nil, err
	}
	o := OpenedVote{
		Poll:  OpenedPoll{PollHead: head, State: p.State, Result: outcome(p)},
		Voter: OpenedVoter{Masked: v.Masked, Units: v.Units, Weight: v.Weight}, Now: now,
	}
	if o.Ballots, err = s.ownBallots(ctx, p.Number, v.No); err != nil {
		return nil, err
	}
	o.Verifier, err = s.Polling.Ledger.Verifier(p.Number)
	return answer(o), err
}

// shownBallots is how many versions of a voter's ballot the page shows; each says which one it is, so that nobody is misled.
const shownBallots = 50

// ownBallots are the receipts of a voter, newest first. Every leaf is public; which ones are a voter's, only the code tells.
func (s *Server) ownBallots(ctx context.Context, number, voter string) ([]ReceiptView, error) {
	receipts, err := s.Polling.Polls.Ballots(ctx, number, voter)
	if err != nil {
		return nil, err
	}
	receipts = receipts[max(0, len(receipts)-shownBallots):]
	views := make([]ReceiptView, 0, len(receipts))
	for _, r := range slices.Backward(receipts) {
		views = append(views, s.receiptView(ctx, r))
	}
	return views, nil
}

// castVote takes a ballot. The same request again gives the same receipt. The key is joined with the voter: keys of two voters may
// be alike.
func (s *Server) castVote(ctx context.Context, in *body[VoteInput]) (*reply[ReceiptView], error) {
	number, v, err := s.byCode(ctx, in.Body.Code)
	if err != nil {
		return nil, err
	}
	r, err := s.Polling.Box.Cast(ctx, ballot.Cast{
		Number: number, Voter: v.No, Choice: in.Body.Choice, Channel: ballot.Web, Request: requestKey(v.No, callOf(ctx).key),
	})
	if err != nil {
		return nil, err
	}
	return answer(s.receiptView(ctx, r)), nil
}

// requestKey joins the key of a request with whose it is.
func requestKey(whose, key string) string { return digest(whose, key) }

// outcome is the result in a word, once it is known.
func outcome(p ballot.Poll) string {
	if p.Result == nil {
		return ""
	}
	return p.Result.Verdict.Outcome.Label()
}
