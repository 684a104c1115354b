package server

import (
	"context"

	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listDrafts(ctx context.Context, _ *none) (*reply[[]record.Draft], error) {
	drafts, err := s.Reader.Drafts(ctx, whoIs(ctx).User.ID)
	return answer(drafts), err
}

func (s *Server) getDraft(ctx context.Context, in *IDPath) (*reply[record.Draft], error) {
	d, err := s.Reader.Draft(ctx, whoIs(ctx).User.ID, in.ID)
	return answer(d), err
}

func (s *Server) createDraft(ctx context.Context, in *body[NewDraft]) (*reply[record.Draft], error) {
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
	return answer(d), err
}

func (s *Server) saveDraft(ctx context.Context, in *draftSaveInput) (*reply[record.Draft], error) {
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
	d, err = s.Drafts.SaveDraft(ctx, d)
	return answer(d), err
}

func (s *Server) deleteDraft(ctx context.Context, in *IDPath) (*done, error) {
	who := whoIs(ctx)
	if _, err := s.Reader.Draft(ctx, who.User.ID, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Drafts.DeleteDraft(ctx, who.User.ID, in.ID)
}
