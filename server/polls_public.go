package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

const (
	shownCheckpoints = 20
	maxExports       = 2 // written at the same time: each reads the whole poll
)

func (s *Server) publicPoll(ctx context.Context, in *PollPath) (*reply[PublicPoll], error) {
	p, err := s.publicView(ctx, in.Number)
	return answer(p), err
}

// publicView is what everybody may know of a vote: its terms, its roll by the fingerprint, its checkpoints, its result.
func (s *Server) publicView(ctx context.Context, number string) (PublicPoll, error) {
	polls := s.Polling.Polls
	p, err := polls.Poll(ctx, number)
	if err != nil {
		return PublicPoll{}, err
	}
	v := PublicPoll{Animal: p.Animal, State: p.State, Extended: p.Extended, Hidden: p.Hidden, Proxies: p.Proxies, Rule: p.Rule, Frozen: p.Frozen,
		Result: p.Result, Now: s.now(), counting: p.Options.Counting}
	if v.PollHead, err = s.pollHead(ctx, p); err != nil {
		return v, err
	}
	versions, err := polls.RollVersions(ctx, number)
	if err != nil {
		return v, err
	}
	if len(versions) > 0 {
		roll := versions[0]
		roll.By = "" // an official's name is nobody's business here
		v.Roll = &roll
	}
	if v.Checkpoints, err = polls.LastCheckpoints(ctx, number, shownCheckpoints); err != nil {
		return v, err
	}
	if v.Verifier, err = s.Polling.Ledger.Verifier(number); err != nil {
		return v, err
	}
	if p.Result != nil {
		v.ResultTitle = "初步统计结果"
		if p.State == ballot.Final {
			v.ResultTitle = "结果"
		}
	}
	if c := p.Imported; c != nil && p.Result != nil {
		v.Certified = &PublicCertified{Platform: c.Platform, Document: c.Document, Totals: c.Totals}
	}
	if exportable(p) {
		v.Export = prefix + "/public/polls/" + url.PathEscape(number) + "/export"
	}
	return v, nil
}

// exportable tells whether there is anything to count again: the export stands after the count, of ballots that are ours.
func exportable(p ballot.Poll) bool {
	return (p.State == ballot.Counted || p.State == ballot.Final) && p.Imported == nil
}

func (s *Server) receiptProof(ctx context.Context, in *receiptPath) (*reply[ballot.Proof], error) {
	if _, err := s.Polling.Polls.Poll(ctx, in.Number); err != nil {
		return nil, err
	}
	proof, err := s.Polling.Ledger.Proof(ctx, in.Number, tracker(in.Tracker))
	return answer(proof), err
}

// tracker reads what people type of a tracker.
func tracker(text string) string {
	text = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(text))
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text)
}

// exportPoll sends what is needed to count again. It reads the whole poll, so that only few are written at the same time.
func (s *Server) exportPoll(ctx context.Context, in *PollPath) (*downloadReply, error) {
	p, err := s.Polling.Polls.Poll(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if !exportable(p) {
		return nil, procedure.Errorf(procedure.Conflict, ballot.CodeNotOpen, "表决结束并完成计票以后，才能下载表决数据。")
	}
	select {
	case s.exports <- struct{}{}:
	default:
		busy := newProblem(http.StatusTooManyRequests, "export.busy", "正在有人下载，请稍后再试。")
		busy.retryAfter = "30"
		return nil, busy
	}
	return &downloadReply{Body: func(hc huma.Context) {
		defer func() { <-s.exports }()
		out := &exportWriter{hc: hc, name: in.Number + ".ndjson"}
		err := s.Polling.Ledger.Export(ctx, out, in.Number)
		switch {
		case err != nil && !out.begun:
			s.problem(ctx, err).write(humagin.Unwrap(hc).Writer)
		case err != nil:
			s.Logger.WarnContext(ctx, "export broke off", "poll", in.Number, "error", err)
			panic(http.ErrAbortHandler) // half an export must not look like a whole one
		}
	}}, nil
}

// exportWriter says what an export is when its first line is there: until then it may be refused.
type exportWriter struct {
	hc    huma.Context
	name  string
	begun bool
}

func (w *exportWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		w.hc.SetHeader("Content-Type", "application/x-ndjson")
		w.hc.SetHeader("Content-Disposition", disposition(w.name))
		w.hc.SetStatus(http.StatusOK)
	}
	return w.hc.BodyWriter().Write(b)
}
