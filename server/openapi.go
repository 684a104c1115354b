package server

import (
	"context"
	"encoding/json"
)

type openapiReply struct {
	ContentType string `header:"Content-Type"`
	Body        json.RawMessage
}

func (s *Server) openapi(context.Context, *none) (*openapiReply, error) {
	raw, err := json.Marshal(s.api.OpenAPI())
	return &openapiReply{ContentType: "application/json", Body: raw}, err
}
