package server

import (
	"context"

	"gongzhi/record"
)

// listNotices lists what was published. A notice is public: its place is a wall, so that every official may read every one,
// also of a case whose page is closed to him.
func (s *Server) listNotices(ctx context.Context, in *noticesInput) (*reply[record.Page[NoticeView]], error) {
	page, err := s.Reader.Notices(ctx, record.NoticeFilter{
		Kind: in.Kind, District: in.District, Text: in.Text, Open: in.Open, Today: s.today(), After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	views, err := s.noticeViews(ctx, page.Items)
	return answer(record.Page[NoticeView]{Items: views, Next: page.Next}), err
}

func (s *Server) getNotice(ctx context.Context, in *IDPath) (*reply[NoticeView], error) {
	n, err := s.Reader.Notice(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.noticeViews(ctx, []record.Notice{n})
	if err != nil {
		return nil, err
	}
	return answer(views[0]), nil
}

// noticeViews says of each notice whether it is still open, and whether the session may see the case behind it.
func (s *Server) noticeViews(ctx context.Context, notices []record.Notice) ([]NoticeView, error) {
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	var numbers []string
	for _, n := range notices {
		if n.Case != "" {
			numbers = append(numbers, n.Case)
		}
	}
	visible, err := s.Reader.Visible(ctx, whoIs(ctx).Scope, numbers)
	if err != nil {
		return nil, err
	}
	today := s.today()
	views := make([]NoticeView, 0, len(notices))
	for _, n := range notices {
		views = append(views, NoticeView{
			Notice: n, DistrictName: units[n.District].Name, Open: n.Open(today), MayObject: n.MayObject(today), CaseVisible: visible[n.Case],
		})
	}
	return views, nil
}
