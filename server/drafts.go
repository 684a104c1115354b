package server

import (
	"context"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listDrafts(ctx context.Context, _ *none) (*reply[[]DraftView], error) {
	drafts, err := s.Reader.Drafts(ctx, whoIs(ctx).User.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.draftViews(ctx, drafts)
	return answer(views), err
}

func (s *Server) getDraft(ctx context.Context, in *IDPath) (*reply[DraftView], error) {
	d, err := s.Reader.Draft(ctx, whoIs(ctx).User.ID, in.ID)
	if err != nil {
		return nil, err
	}
	return s.draftView(ctx, d)
}

func (s *Server) draftView(ctx context.Context, d record.Draft) (*reply[DraftView], error) {
	views, err := s.draftViews(ctx, []record.Draft{d})
	if err != nil {
		return nil, err
	}
	return answer(views[0]), nil
}

// draftViews describes the files of drafts, so that a form opened again shows them by name.
func (s *Server) draftViews(ctx context.Context, drafts []record.Draft) ([]DraftView, error) {
	var ids []string
	for _, d := range drafts {
		ids = append(ids, d.Files...)
	}
	files, err := s.Reader.Attachments(ctx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]DraftView, 0, len(drafts))
	for _, d := range drafts {
		v := DraftView{Draft: d}
		for _, id := range d.Files {
			if i := slices.IndexFunc(files, func(a record.Attachment) bool { return a.ID == id }); i >= 0 {
				v.Attachments = append(v.Attachments, files[i])
			}
		}
		views = append(views, v)
	}
	return views, nil
}

func (s *Server) createDraft(ctx context.Context, in *body[NewDraft]) (*reply[DraftView], error) {
	who := whoIs(ctx)
	if _, ok := s.catalogued(in.Body.Kind); !ok {
		return nil, errNoProcedure
	}
	if _, err := s.usableFiles(ctx, in.Body.Files); err != nil {
		return nil, err
	}
	d, err := s.Drafts.SaveDraft(ctx, record.Draft{
		ID: newID(), User: who.User.ID, Unit: who.Active.Unit, Kind: in.Body.Kind, Title: in.Body.Title,
		Form: in.Body.Form, Files: in.Body.Files, Saved: s.now(),
	})
	if err != nil {
		return nil, err
	}
	return s.draftView(ctx, d)
}

func (s *Server) saveDraft(ctx context.Context, in *draftSaveInput) (*reply[DraftView], error) {
	d, err := s.Reader.Draft(ctx, whoIs(ctx).User.ID, in.ID)
	if err != nil {
		return nil, err
	}
	if d.Version != in.Body.Version {
		return nil, procedure.Errorf(procedure.Conflict, "draft.stale", "这份草稿已在别处修改过（%s），本次未保存。请刷新后再改，以免覆盖。", clockTime(d.Saved))
	}
	if _, err := s.usableFiles(ctx, in.Body.Files); err != nil {
		return nil, err
	}
	d.Title, d.Form, d.Files, d.Saved = in.Body.Title, in.Body.Form, in.Body.Files, s.now()
	if d, err = s.Drafts.SaveDraft(ctx, d); err != nil {
		return nil, err
	}
	return s.draftView(ctx, d)
}

func (s *Server) deleteDraft(ctx context.Context, in *IDPath) (*done, error) {
	who := whoIs(ctx)
	if _, err := s.Reader.Draft(ctx, who.User.ID, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Drafts.DeleteDraft(ctx, who.User.ID, in.ID)
}
