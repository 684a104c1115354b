package embedded

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
	"go.uber.org/zap/zapcore"
)

// fatalError is what Fatal panics with, so that Start can tell it from a programming error.
type fatalError struct {
	message string
	cause   error // the error tag of the log line, if any
}

func (e *fatalError) Error() string {
	if e.cause == nil {
		return e.message
	}
	return e.message + ": " + e.cause.Error()
}

func (e *fatalError) Unwrap() error { return e.cause }

// expected holds the beginnings of warnings that follow from how this package configures the engine.
var expected = [...]string{
	"HTTP API port has not been set.", // Nexus is not used
}

// engineLogger writes the engine's warnings and errors to slog. The engine's own logger ends the process on Fatal;
// here Fatal panics instead, so that the host process keeps its stack trace and its deferred functions.
// While the engine stops it logs a flood of cancelled contexts that mean nothing; those lines are dropped.
type engineLogger struct {
	out      *slog.Logger
	tags     []tag.Tag
	stopping *atomic.Bool // shared by all loggers derived with With
}

var (
	_ log.Logger     = engineLogger{}
	_ log.WithLogger = engineLogger{}
)

func newEngineLogger(out *slog.Logger) engineLogger {
	return engineLogger{out: out, stopping: new(atomic.Bool)}
}

// With returns a logger that adds the tags to every line. The engine derives loggers for single tasks, so the tags
// are turned into attributes only when a line is really written.
func (l engineLogger) With(tags ...tag.Tag) log.Logger {
	l.tags = slices.Concat(l.tags, tags)
	return l
}

// Debug and Info are dropped: a quiet engine writes hundreds of such lines a minute.
func (l engineLogger) Debug(string, ...tag.Tag) {}

// Info does nothing, see Debug.
func (l engineLogger) Info(string, ...tag.Tag) {}

// Warn writes the line unless the engine is stopping.
func (l engineLogger) Warn(message string, tags ...tag.Tag) {
	for _, prefix := range expected {
		if strings.HasPrefix(message, prefix) {
			return
		}
	}
	l.write(slog.LevelWarn, message, tags)
}

// Error writes the line unless the engine is stopping.
func (l engineLogger) Error(message string, tags ...tag.Tag) {
	l.write(slog.LevelError, message, tags)
}

// DPanic only logs: it marks what should panic in development builds of the engine.
func (l engineLogger) DPanic(message string, tags ...tag.Tag) {
	l.write(slog.LevelError, message, tags)
}

// Panic logs and panics, as its interface demands.
func (l engineLogger) Panic(message string, tags ...tag.Tag) { l.Fatal(message, tags...) }

// Fatal logs and panics; it never ends the process by itself.
func (l engineLogger) Fatal(message string, tags ...tag.Tag) {
	l.emit(slog.LevelError, message, tags) // even while stopping: a panic without a line would be a riddle
	failure := &fatalError{message: message}
	for _, t := range tags {
		if err, ok := valueOf(t).(error); ok {
			failure.cause = err
			break
		}
	}
	panic(failure)
}

func (l engineLogger) write(level slog.Level, message string, tags []tag.Tag) {
	if !l.stopping.Load() {
		l.emit(level, message, tags)
	}
}

func (l engineLogger) emit(level slog.Level, message string, tags []tag.Tag) {
	ctx := context.Background() // the engine's logger has no context to pass on
	if !l.out.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, len(l.tags)+len(tags))
	for _, t := range l.tags {
		attrs = append(attrs, slog.Any(t.Key(), valueOf(t)))
	}
	for _, t := range tags {
		attrs = append(attrs, slog.Any(t.Key(), valueOf(t)))
	}
	l.out.LogAttrs(ctx, level, message, attrs...)
}

// valueOf returns the value of a tag. An error is returned as it is: the tag's own Value makes a text of it, and
// picks at random between the short and the long one.
func valueOf(t tag.Tag) any {
	if z, ok := t.(tag.ZapTag); ok && z.Field().Type == zapcore.ErrorType {
		return z.Field().Interface
	}
	return t.Value()
}
