package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// Logs wraps the handler of a program's log. It masks what looks like a mobile number, an identity number or a personal code of a
// vote: nobody logs these on purpose, but the text of an error may quote what came in. m counts the lines; nil counts none.
func Logs(h slog.Handler, m *Measures) slog.Handler {
	return masking{h, m}
}

type masking struct {
	slog.Handler
	measures *Measures
}

// Handle implements slog.Handler.
func (k masking) Handle(ctx context.Context, r slog.Record) error {
	if k.measures != nil {
		k.measures.lines.WithLabelValues(strings.ToLower(r.Level.String())).Inc()
	}
	clean := slog.NewRecord(r.Time, r.Level, mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(masked(a))
		return true
	})
	return k.Handler.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (k masking) WithAttrs(attrs []slog.Attr) slog.Handler {
	list := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		list[i] = masked(a)
	}
	return masking{k.Handler.WithAttrs(list), k.measures}
}

// WithGroup implements slog.Handler.
func (k masking) WithGroup(name string) slog.Handler {
	return masking{k.Handler.WithGroup(name), k.measures}
}

func masked(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, mask(v.String()))
	case slog.KindAny:
		return slog.String(a.Key, mask(fmt.Sprint(v.Any())))
	case slog.KindGroup:
		list := make([]any, 0, len(v.Group()))
		for _, inner := range v.Group() {
			list = append(list, masked(inner))
		}
		return slog.Group(a.Key, list...)
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// A mobile number (GB: 11 digits from 13 to 19), an identity number (GB 11643: 17 digits and a check character), and the 16
// characters of a personal code, in groups of four.
var personal = regexp.MustCompile(`\b(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx]|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b`)

func mask(text string) string {
	if len(text) < 11 { // shorter than the shortest
		return text
	}
	return personal.ReplaceAllLiteralString(text, "***")
}
