package server

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"gongzhi/procedure"
)

// handler is one operation: typed in, typed out.
type handler[I, O any] func(ctx context.Context, in *I) (*O, error)

// bind makes a line of the route table out of a handler that reads, or that stores a command under the request's key.
func bind[I, O any](h handler[I, O]) binder {
	return func(s *Server, op huma.Operation) {
		huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := h(ctx, in)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
	}
}

// once makes a line of the route table out of a handler that writes something else than a command. The answer is stored under
// the request's key, and a repeated request gets the stored answer.
func once[I, O any](h handler[I, O]) binder {
	return func(s *Server, op huma.Operation) {
		bind(func(ctx context.Context, in *I) (*O, error) { return runOnce(ctx, s.Onces, in, h) })(s, op)
	}
}

func runOnce[I, O any](ctx context.Context, onces Onces, in *I, h handler[I, O]) (*O, error) {
	c := callOf(ctx)
	stored, fresh, err := onces.Once(ctx, c.who.User.ID, c.key, c.digest)
	if err != nil {
		return nil, err
	}
	if !fresh {
		out := new(O)
		if err := json.Unmarshal(stored, out); err != nil {
			return nil, fmt.Errorf("stored answer of key: %w", err)
		}
		return out, nil
	}
	out, err := h(ctx, in)
	if err != nil {
		if dropErr := onces.OnceDrop(context.WithoutCancel(ctx), c.who.User.ID, c.key); dropErr != nil {
			return nil, fmt.Errorf("%w (and the key is still reserved: %w)", err, dropErr)
		}
		return nil, err
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("answer cannot be stored: %w", err)
	}
	return out, onces.OnceDone(context.WithoutCancel(ctx), c.who.User.ID, c.key, raw)
}

// call is what the guard found out about a request.
type call struct {
	who    *Principal // nil on public routes without a session
	key    string     // the Idempotency-Key
	digest string     // of method, path, active post and body
}

type callKey struct{}

func callOf(ctx context.Context) call {
	c, _ := ctx.Value(callKey{}).(call)
	return c
}

// whoIs is the session's person; the guard has put it there on every route that is not public.
func whoIs(ctx context.Context) *Principal { return callOf(ctx).who }

var errNotFound = procedure.Errorf(procedure.NotFound, "not_found", "未找到所请求的内容，或您无权查看。")
