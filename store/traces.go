package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
	"gorm.io/gorm"
)

// tracing begins a span for each statement of somebody who is followed. What the program asks by itself, twice a second, is not.
// The text of a statement holds no values: they are bound, and the linter keeps texts constant.
type tracing struct{ tracer trace.Tracer }

// Name implements gorm.Plugin.
func (tracing) Name() string { return "gongzhi:traces" }

// Initialize implements gorm.Plugin.
func (t tracing) Initialize(db *gorm.DB) error {
	c := db.Callback()
	return errors.Join(
		c.Create().Before("gorm:create").Register("traces:begin", t.begin), c.Create().After("gorm:create").Register("traces:end", t.end),
		c.Query().Before("gorm:query").Register("traces:begin", t.begin), c.Query().After("gorm:query").Register("traces:end", t.end),
		c.Update().Before("gorm:update").Register("traces:begin", t.begin), c.Update().After("gorm:update").Register("traces:end", t.end),
		c.Delete().Before("gorm:delete").Register("traces:begin", t.begin), c.Delete().After("gorm:delete").Register("traces:end", t.end),
		c.Row().Before("gorm:row").Register("traces:begin", t.begin), c.Row().After("gorm:row").Register("traces:end", t.end),
		c.Raw().Before("gorm:raw").Register("traces:begin", t.begin), c.Raw().After("gorm:raw").Register("traces:end", t.end),
	)
}

type statementKey struct{}

// traced is a statement that runs.
type traced struct {
	span  trace.Span
	outer context.Context // given back to the statement, which may be used again
}

func (t tracing) begin(db *gorm.DB) {
	outer := db.Statement.Context
	if db.DryRun || db.Error != nil || !trace.SpanFromContext(outer).IsRecording() {
		return
	}
	ctx, span := t.tracer.Start(outer, "sql", trace.WithSpanKind(trace.SpanKindClient))
	db.Statement.Context = context.WithValue(ctx, statementKey{}, traced{span, outer})
}

func (t tracing) end(db *gorm.DB) {
	s, ok := db.Statement.Context.Value(statementKey{}).(traced)
	if !ok {
		return
	}
	db.Statement.Context = s.outer
	describe(s.span, db.Statement.SQL.String())
	if db.Error != nil && !errors.Is(db.Error, gorm.ErrRecordNotFound) {
		s.span.SetStatus(codes.Error, "") // its text may quote a value
	}
	s.span.End()
}

// longestText bounds the text of a statement in a span: a batch repeats itself.
const longestText = 400

func describe(span trace.Span, text string) {
	text = strings.Join(strings.Fields(text), " ")
	verb, _, _ := strings.Cut(text, " ")
	if len(text) > longestText {
		text = strings.ToValidUTF8(text[:longestText], "") + "…"
	}
	span.SetName("sql " + strings.ToLower(verb))
	span.SetAttributes(attribute.String("db.query.text", text))
}

// trace has the statements of both pools followed.
func (s *Store) trace(t trace.Tracer) error {
	s.tracer = t
	var used []*gorm.DB
	for _, db := range []*gorm.DB{s.db, s.reads.db, s.chains} {
		if slices.Contains(used, db) {
			continue
		}
		if err := db.Use(tracing{t}); err != nil {
			return err
		}
		used = append(used, db)
	}
	return nil
}

// follow begins a span for a piece of work of the store, where somebody is followed.
func (s *Store) follow(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if s.tracer == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, noop.Span{}
	}
	return s.tracer.Start(ctx, name, options...)
}

// finish ends a span of follow.
func finish(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
