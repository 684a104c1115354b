package embedded

import (
	"bytes"
	"errors"
	"log/slog"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

func TestEngineLogger(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := newEngineLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})))
	derived := log.With(l, tag.String("service", "history"))
	lines := func() string { defer out.Reset(); return out.String() }

	derived.Debug("unseen")
	derived.Info("unseen")
	derived.Warn("HTTP API port has not been set. More text.")
	require.Empty(t, lines())
	derived.Warn("slow", tag.Error(syscall.EIO))
	require.Equal(t, "level=WARN msg=slow service=history error=\"input/output error\"\n", lines())
	derived.Error("bad")
	require.Equal(t, "level=ERROR msg=bad service=history\n", lines())

	l.stopping.Store(true)
	derived.Warn("context canceled")
	derived.Error("context canceled")
	derived.DPanic("context canceled")
	require.Empty(t, lines(), "dropped while stopping, also by derived loggers")

	defer func() {
		err, ok := recover().(error)
		require.True(t, ok)
		require.True(t, errors.Is(err, syscall.EADDRINUSE), "the cause can be told")
		require.Contains(t, lines(), "msg=over", "never silent")
	}()
	derived.Fatal("over", tag.Error(syscall.EADDRINUSE))
	t.Fatal("Fatal returned")
}
