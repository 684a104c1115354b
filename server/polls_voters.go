package server

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// listVoters is the walking list: whom to visit, in the order of their numbers.
func (s *Server) listVoters(ctx context.Context, in *votersInput) (*reply[record.Page[VoterView]], error) {
	m, err := s.pollPersons(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	voters, err := s.voters(ctx, in.Number, ballot.VoterFilter{Building: in.Building, Silent: in.Silent, Text: in.Text}, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := record.Page[VoterView]{Next: voters.Next}
	for _, v := range voters.Items {
		view := VoterView{No: v.No, Units: v.Units, Building: v.Building, Address: v.Address, Names: v.Names, Speaker: v.Speaker, Contact: v.Contact,
			Weight: v.Weight, Developer: v.Developer, Signed: v.Signed, Voted: v.Choice != "", Channel: v.Channel}
		if !hidden(m.poll) {
			view.Choice = v.Choice
		}
		out.Items = append(out.Items, view)
	}
	return answer(out), nil
}

func (s *Server) voters(ctx context.Context, number string, f ballot.VoterFilter, after string, limit int) (record.Page[ballot.Voter], error) {
	voters, err := s.Polling.Polls.Voters(ctx, number, f, after, limit+1)
	return page(voters, limit, func(v ballot.Voter) string { return v.No }), err
}

// voterBallots gives every version of one voter's ballot. The text of a leaf and its tracker show the choice as the choice does.
func (s *Server) voterBallots(ctx context.Context, in *voterPath) (*reply[record.Page[BallotView]], error) {
	m, err := s.pollPersons(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	v, err := s.Polling.Polls.Voter(ctx, in.Number, in.No)
	if err != nil {
		return nil, err
	}
	receipts, err := s.Polling.Polls.Ballots(ctx, in.Number, in.No)
	if err != nil {
		return nil, err
	}
	papers, err := s.Polling.Polls.Papers(ctx, in.Number, in.No)
	if err != nil {
		return nil, err
	}
	var out record.Page[BallotView]
	for _, r := range receipts {
		came := papers[r.N]
		b := BallotView{N: r.N, Channel: r.Channel, At: r.At, Counts: r.N == v.N, By: came.By.Name, Second: came.Second.Name, Proxy: came.Proxy}
		if !hidden(m.poll) {
			b.Choice, b.Tracker, b.Leaf = r.Choice, r.Tracker, r.Leaf
			if b.Files, err = s.attachments(ctx, came.Files); err != nil {
				return nil, err
			}
		}
		out.Items = append(out.Items, b)
	}
	return answer(out), nil
}

// letters gives the personal codes to print. They are made from the installation's secret each time and stored nowhere, neither
// here nor under the key of the request. That they leave the platform is kept before they do.
func (s *Server) letters(ctx context.Context, in *lettersInput) (*reply[Letters], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if !printable(m.poll) {
		return nil, procedure.Errorf(procedure.Conflict, ballot.CodeRoll, "在本平台表决的，清册确定以后、表决结束以前才能打印投票口令信。")
	}
	voters, err := s.voters(ctx, in.Number, ballot.VoterFilter{Building: in.Body.Building, Silent: in.Body.Silent}, in.Body.After, in.Body.Limit)
	if err != nil {
		return nil, err
	}
	out := Letters{Next: voters.Next}
	if out.Poll, err = s.pollHead(ctx, m.poll); err != nil {
		return nil, err
	}
	base := s.baseURL(ctx)
	for _, v := range voters.Items {
		code := s.Polling.Codes.Code(in.Number, v.No)
		if ballot.CodeHash(code) != v.CodeHash {
			return nil, fmt.Errorf("the secret of this program is not the one with which the codes of %s were made", in.Number)
		}
		out.Items = append(out.Items, CodeLetter{No: v.No, Address: v.Address, Names: v.Names, Units: v.Units, Code: code, Link: base + "/v#" + code})
	}
	return answer(out), s.keepRun(ctx, m, in.Body, out.Items)
}

// keepRun keeps who took which letters out, and when.
func (s *Server) keepRun(ctx context.Context, m pollMatter, in LettersInput, letters []CodeLetter) error {
	if len(letters) == 0 {
		return nil
	}
	return s.Polling.Polls.AddLetters(ctx, m.poll.Number, in.After, ballot.LetterRun{
		By: m.actor.User, Name: m.actor.Title(), At: s.now(), Building: in.Building, Silent: in.Silent,
		First: letters[0].No, Last: letters[len(letters)-1].No, Letters: int64(len(letters)),
	})
}

func (s *Server) printSheets(ctx context.Context, in *printSheetsInput) (*reply[PrintSheets], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	voters, err := s.voters(ctx, in.Number, ballot.VoterFilter{Building: in.Building, Silent: in.Silent}, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := PrintSheets{Next: voters.Next}
	for _, v := range voters.Items {
		out.Items = append(out.Items, PrintSheet{No: v.No, Address: v.Address, Names: v.Names, Speaker: v.Speaker, Units: v.Units, Weight: v.Weight})
	}
	out.Poll, err = s.pollHead(ctx, m.poll)
	return answer(out), err
}

// remind tells how many have not voted, and where their letters are printed, and tells the posts that serve the buildings. It reads
// sums, not voters.
func (s *Server) remind(ctx context.Context, in *reminderInput) (*reply[Reminder], error) {
	m, err := s.organised(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if m.poll.State != ballot.Open {
		return nil, procedure.Errorf(procedure.Conflict, ballot.CodeNotOpen, "只有表决期内才能提醒。")
	}
	cells, err := s.Polling.Polls.Cells(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	query := url.Values{"silent": {"true"}}
	if in.Body.Building != "" {
		query.Set("building", in.Body.Building)
	}
	r := Reminder{Letters: "/polls/" + url.PathEscape(in.Number) + "/letters?" + query.Encode()}
	found := in.Body.Building == ""
	for _, c := range cells {
		if in.Body.Building != "" && c.Building != in.Body.Building {
			continue
		}
		found = true
		r.Silent += c.Voters - c.Ballots
		r.Weight = rules.Weight{Heads: r.Weight.Heads + c.All.Heads - c.Cast.Heads, Area: r.Weight.Area + c.All.Area - c.Cast.Area}
	}
	if !found {
		return nil, invalid("poll.building", "清册里没有这栋楼。")
	}
	if r.Silent > 0 {
		r.Told, err = s.tellOfVote(ctx, m, in.Body.Building, r.Silent)
	}
	return answer(r), err
}

// pollHead is the head of what is printed, and of what a voter sees first.
func (s *Server) pollHead(ctx context.Context, p ballot.Poll) (PollHead, error) {
	notice, err := p.Rule.Notice(p.Options.Counting)
	if err != nil {
		return PollHead{}, err
	}
	units, err := s.unitsByCode(ctx)
	return PollHead{
		Number: p.Number, Title: p.Title, Question: p.Question, Estate: p.Estate, Organiser: units[p.Unit].Name, Notice: notice,
		Opens: p.Opens, Closes: p.Closes, Revisable: p.Revisable, Counting: p.Options.Counting.Label(), PublicLink: s.publicLink(ctx, p.Number),
		Follows: follows(p),
	}, err
}

// baseURL is the address under which residents reach the platform: as configured, or as the request came in.
func (s *Server) baseURL(ctx context.Context) string {
	if s.Polling.PublicURL != "" {
		return strings.TrimSuffix(s.Polling.PublicURL, "/")
	}
	r := requestOf(ctx)
	if s.overTLS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Server) publicLink(ctx context.Context, number string) string {
	return s.baseURL(ctx) + "/gs/" + url.PathEscape(number)
}
