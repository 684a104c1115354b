package server

import (
	"context"

	"gongzhi/ops"
)

func (s *Server) listViews(ctx context.Context, in *viewsInput) (*reply[[]ops.View], error) {
	views, err := s.Operations.Views.Views(ctx, whoIs(ctx).User.ID, in.Page)
	return answer(views), err
}

// getView opens a view by its link, whoever keeps it: a view is only words, what is behind them is read with one's own rights.
func (s *Server) getView(ctx context.Context, in *ViewPath) (*reply[ops.View], error) {
	v, err := s.Operations.Views.View(ctx, in.ID)
	return answer(v), err
}

func (s *Server) saveView(ctx context.Context, in *viewInput) (*reply[ops.View], error) {
	who := whoIs(ctx)
	v, err := s.Operations.Views.SaveView(ctx, ops.View{
		ID: in.ID, User: who.User.ID, UserName: who.User.Name, Page: in.Body.Page, Name: in.Body.Name, Query: in.Body.Query, Saved: s.now(),
	})
	return answer(v), err
}

func (s *Server) deleteView(ctx context.Context, in *ViewPath) (*done, error) {
	return &done{}, s.Operations.Views.DeleteView(ctx, whoIs(ctx).User.ID, in.ID)
}
