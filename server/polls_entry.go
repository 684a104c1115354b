package server

import (
	"context"
	"slices"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
)

// listSheets lists the paper ballots that were entered. Nobody reads in it what another person entered before the two agree: a
// second reading that knows the first is none.
func (s *Server) listSheets(ctx context.Context, in *sheetsInput) (*reply[record.Page[ballot.Sheet]], error) {
	m, err := s.pollPersons(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	sheets, err := s.Polling.Polls.Sheets(ctx, in.Number, in.State, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := page(sheets, in.Limit, func(s ballot.Sheet) string { return s.Voter })
	out.Items = slices.Clone(out.Items)
	for i, sheet := range out.Items {
		out.Items[i] = blind(sheet, whoIs(ctx).User.ID, hidden(m.poll))
	}
	return answer(out), nil
}

// blind leaves out of a sheet what a person may not know: the other's reading before both agree, and every choice while results
// are hidden.
func blind(s ballot.Sheet, user string, hidden bool) ballot.Sheet {
	cover := func(e *ballot.Entry) *ballot.Entry {
		if e == nil || !hidden && (s.State == ballot.SheetCounted || e.By == user) {
			return e
		}
		covered := *e
		covered.Choice, covered.Proxy = "", ""
		return &covered
	}
	s.First, s.Second = cover(s.First), cover(s.Second)
	s.Past = slices.Clone(s.Past)
	for i := range s.Past {
		s.Past[i] = *cover(&s.Past[i])
	}
	return s
}

// enterSheet takes one person's reading of a paper ballot. It is accepted when a second person has read the same.
func (s *Server) enterSheet(ctx context.Context, in *sheetInput) (*reply[SheetResult], error) {
	m, err := s.entering(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if _, err := s.usableFiles(ctx, papers(in.Body.Files, in.Body.Signed)); err != nil {
		return nil, err
	}
	sheet, receipt, err := s.Polling.Polls.EnterSheet(ctx, ballot.Cast{
		Number: in.Number, Voter: in.Body.Voter, Choice: in.Body.Choice, Channel: ballot.Paper, Request: requestKey(m.actor.User, callOf(ctx).key),
		By: m.actor, Proxy: in.Body.Proxy, Files: in.Body.Files, Signed: in.Body.Signed,
	}, s.Clock().Case)
	if err != nil {
		return nil, err
	}
	out := SheetResult{Sheet: blind(sheet, m.actor.User, false)}
	if receipt != nil {
		view := s.receiptView(ctx, *receipt)
		out.Receipt = &view
	}
	return answer(out), nil
}

// papers are the files of a ballot with the signed list, if there is one.
func papers(files []string, signed string) []string {
	if signed == "" {
		return files
	}
	return append(slices.Clone(files), signed)
}

// castAtDoor takes a ballot at the door: a photo of the signed sheet, and a witness beside whoever enters it.
func (s *Server) castAtDoor(ctx context.Context, in *doorInput) (*reply[ReceiptView], error) {
	m, err := s.entering(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if in.Body.Witness == m.actor.Name {
		return nil, invalid("poll.witness", "见证人不能是录入人自己。")
	}
	files, err := s.usableFiles(ctx, papers(in.Body.Files, in.Body.Signed))
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(files, isPicture) {
		return nil, invalid("poll.photo", "入户表决须附签名表决票的照片（png 或 jpg）。")
	}
	r, err := s.Polling.Box.Cast(ctx, ballot.Cast{
		Number: in.Number, Voter: in.Body.Voter, Choice: in.Body.Choice, Channel: ballot.Door, Request: requestKey(m.actor.User, callOf(ctx).key),
		By: m.actor, Second: procedure.Actor{Name: in.Body.Witness}, Proxy: in.Body.Proxy, Files: in.Body.Files, Signed: in.Body.Signed,
	})
	if err != nil {
		return nil, err
	}
	return answer(s.receiptView(ctx, r)), nil
}

func isPicture(a record.Attachment) bool { return a.Type == "image/png" || a.Type == "image/jpeg" }

func (s *Server) markSigned(ctx context.Context, in *signedInput) (*done, error) {
	if _, err := s.entering(ctx, in.Number); err != nil {
		return nil, err
	}
	return &done{}, s.Polling.Polls.MarkSigned(ctx, in.Number, in.Body.Voter, s.Clock().Case)
}

// saveCertified keeps the result of an official platform. One person enters it, and a second reads the same certificate and enters the
// same again: nothing is counted from it before.
func (s *Server) saveCertified(ctx context.Context, in *certifiedInput) (*reply[ballot.Certified], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if in.Body.Totals.Counting != m.poll.Options.Counting {
		return nil, invalid("poll.counting", "本次表决按%s计票，认证结果的计票单位与此不同。", m.poll.Options.Counting.Label())
	}
	c := ballot.Certified{Platform: in.Body.Platform, Document: in.Body.Document, File: in.Body.File, Totals: in.Body.Totals, By: m.actor.User}
	if old := m.poll.Imported; old == nil || old.File != c.File {
		if _, err := s.usableFiles(ctx, []string{c.File}); err != nil {
			return nil, err
		}
	}
	if old := m.poll.Imported; old != nil && old.By != c.By {
		if old.Platform != c.Platform || old.Document != c.Document || old.Totals != c.Totals {
			return nil, procedure.Errorf(procedure.Conflict, ballot.CodeResult, "您录入的与第一人录入的不同。请两人一起核对认证文件；由第一人改正后，您再录入一次。")
		}
		c.File = old.File // one certificate
	}
	if err := s.Polling.Polls.SaveCertified(ctx, in.Number, c); err != nil {
		return nil, err
	}
	p, err := s.Polling.Polls.Poll(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	return answer(*p.Imported), nil
}

// receiptView adds to a receipt the place where anybody checks it.
func (s *Server) receiptView(ctx context.Context, r ballot.Receipt) ReceiptView {
	return ReceiptView{Receipt: r, Link: s.publicLink(ctx, r.Number) + "?receipt=" + r.Tracker}
}
