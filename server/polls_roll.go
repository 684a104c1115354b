package server

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
)

// The bounds of a roll's file and of the report on it.
const (
	maxRoll     = 10 << 20
	maxReported = 500
)

var (
	errRollTooLarge = newProblem(http.StatusRequestEntityTooLarge, "file.too_large", "清册文件超过 10 MiB。请只保留模板里的栏目，或另存为 CSV。")
	errRollType     = invalid("file.type", "清册只接受 xlsx 和 csv 文件。请下载模板填写。")
)

func (s *Server) rollTemplate(_ context.Context, in *templateInput) (*downloadReply, error) {
	content, err := s.Polling.Rolls.Template(in.Counting, in.Format)
	if err != nil {
		return nil, err
	}
	kind := "text/csv; charset=utf-8"
	if in.Format == "xlsx" {
		kind = accepted[".xlsx"][0]
	}
	return &downloadReply{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", kind)
		hc.SetHeader("Content-Length", strconv.Itoa(len(content)))
		hc.SetHeader("Content-Disposition", disposition("清册模板（"+in.Counting.Label()+"）."+in.Format))
		hc.SetStatus(http.StatusOK)
		_, _ = hc.BodyWriter().Write(content) // the caller may have gone away
	}}, nil
}

// readRoll reads the file of a roll, within its bounds.
func (s *Server) readRoll(file huma.FormFile, p ballot.Poll) (ballot.Report, error) {
	defer file.Close()
	if file.Size > maxRoll {
		return ballot.Report{}, errRollTooLarge
	}
	name, err := fileName(file.Filename)
	if err != nil {
		return ballot.Report{}, err
	}
	if lower := strings.ToLower(name); !strings.HasSuffix(lower, ".xlsx") && !strings.HasSuffix(lower, ".csv") {
		return ballot.Report{}, errRollType
	}
	content, err := io.ReadAll(io.LimitReader(file, maxRoll+1))
	switch {
	case err != nil:
		return ballot.Report{}, err
	case len(content) > maxRoll:
		return ballot.Report{}, errRollTooLarge
	case len(content) == 0:
		return ballot.Report{}, invalid("file.empty", "文件「%s」是空的。", name)
	}
	return s.Polling.Rolls.Read(name, content, p.Options.Counting)
}

func (s *Server) checkRoll(ctx context.Context, in *rollCheckInput) (*reply[RollReport], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	file, err := s.readRoll(in.RawBody.Data().File, m.poll)
	if err != nil {
		return nil, err
	}
	r := RollReport{Rows: file.Rows, Good: len(file.Lines), Bad: file.Bad[:min(len(file.Bad), maxReported)], BadRows: file.BadRows, Unused: file.Unused}
	if len(file.Lines) > 0 {
		count, err := s.Polling.Rolls.Count(in.Number, file.Lines, m.poll.Options)
		if err != nil {
			return nil, err
		}
		r.Voters, r.Total, r.Fingerprint = count.Voters, count.Total, count.Fingerprint
		r.Excluded = count.Excluded[:min(len(count.Excluded), maxReported)]
	}
	return answer(r), nil
}

// importRoll stores a new version of the roll. Nothing is stored unless the person has accepted the report.
func (s *Server) importRoll(ctx context.Context, in *rollImportInput) (*reply[ballot.RollVersion], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	form := in.RawBody.Data()
	if !form.Accept {
		return nil, invalid("roll.accept", "请先核对导入报告，确认后再导入。")
	}
	if m.poll.Frozen || m.poll.State != ballot.Preparing {
		return nil, procedure.Errorf(procedure.Conflict, ballot.CodeRoll, "清册已经确定，不能再改。")
	}
	why, err := s.whyRoll(ctx, in.Number, form.Why)
	if err != nil {
		return nil, err
	}
	file, err := s.readRoll(form.File, m.poll)
	switch {
	case err != nil:
		return nil, err
	case file.BadRows > 0 && !form.SkipBad:
		return nil, invalid("roll.bad_lines", "有 %d 行不能使用，没有导入。请改好后重新上传，或选择略过这些行。", file.BadRows)
	case len(file.Lines) == 0:
		return nil, invalid("roll.empty", "文件里没有可用的行，没有导入。")
	}
	count, err := s.Polling.Rolls.Count(in.Number, file.Lines, m.poll.Options)
	if err != nil {
		return nil, err
	}
	v, err := s.Polling.Polls.AddRoll(ctx, in.Number, file.Lines, ballot.RollVersion{
		Fingerprint: count.Fingerprint, Lines: len(file.Lines), Voters: count.Voters, Total: count.Total, Excluded: len(count.Excluded),
		Why: why, By: m.actor.Title(), At: s.now(),
	})
	return answer(v), err
}

// whyRoll says why there is a new version. A correction says what it corrects: it stands in the history of the roll.
func (s *Server) whyRoll(ctx context.Context, number, why string) (string, error) {
	why = strings.TrimSpace(why)
	if err := cleanText("why", why, false); err != nil {
		return "", malformed(err)
	}
	versions, err := s.Polling.Polls.RollVersions(ctx, number)
	switch {
	case err != nil:
		return "", err
	case why != "":
		return why, nil
	case len(versions) > 0:
		return "", invalid("roll.why", "清册已有第 %d 版。再次导入是更正，请写明更正了什么。", versions[0].Version)
	}
	return "导入", nil
}

func (s *Server) rollVersions(ctx context.Context, in *PollPath) (*reply[RollView], error) {
	m, err := s.pollMatter(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	var v RollView
	if v.Versions, err = s.Polling.Polls.RollVersions(ctx, in.Number); err != nil {
		return nil, err
	}
	v.Objections, err = s.objections(ctx, m, "roll")
	return answer(v), err
}

func (s *Server) rollLines(ctx context.Context, in *rollLinesInput) (*reply[record.Page[ballot.Line]], error) {
	if _, err := s.pollPersons(ctx, in.Number); err != nil {
		return nil, err
	}
	lines, err := s.Polling.Polls.RollLines(ctx, in.Number, in.Version, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return answer(page(lines, in.Limit, func(l ballot.Line) string { return l.Code })), nil
}

// page cuts a list that was read one longer than asked for, to know whether there is more.
func page[T any](items []T, limit int, key func(T) string) record.Page[T] {
	if len(items) <= limit {
		return record.Page[T]{Items: items}
	}
	items = items[:limit]
	return record.Page[T]{Items: items, Next: key(items[limit-1])}
}

// objections are shown without the persons who made them to whoever may not know who is on the roll.
func (s *Server) objections(ctx context.Context, m pollMatter, about string) ([]ballot.Objection, error) {
	list, err := s.Polling.Polls.Objections(ctx, m.poll.Number, about)
	if err != nil || m.enter || readsPersons(whoIs(ctx)) {
		return list, err
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Who = ""
	}
	return list, nil
}

func (s *Server) listObjections(ctx context.Context, in *objectionsInput) (*reply[record.Page[ballot.Objection]], error) {
	m, err := s.pollMatter(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	about := []string{"roll", "result"}
	if in.About != "" {
		about = []string{in.About}
	}
	var all []ballot.Objection
	for _, a := range about {
		list, err := s.objections(ctx, m, a)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return answer(record.Page[ballot.Objection]{Items: all}), nil
}

// object notes what somebody says at the counter or in writing; residents have no account.
func (s *Server) object(ctx context.Context, in *objectInput) (*reply[ballot.Objection], error) {
	if _, err := s.organised(ctx, in.Number); err != nil {
		return nil, err
	}
	o, err := s.Polling.Polls.AddObjection(ctx, in.Number, ballot.Objection{
		ID: newID(), About: in.Body.About, Who: in.Body.Who, Line: in.Body.Line, Text: in.Body.Text, At: s.now(),
	})
	return answer(o), err
}

func (s *Server) answerObjection(ctx context.Context, in *answerObjectionInput) (*done, error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return &done{}, s.Polling.Polls.AnswerObjection(ctx, in.Number, ballot.Objection{
		ID: in.ID, Answer: in.Body.Answer, Upheld: in.Body.Upheld, Answered: &now, By: m.actor.Title(),
	})
}
