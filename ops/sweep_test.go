package ops

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shelf keeps incidents in memory.
type shelf struct {
	known  map[Kind][]Incident
	runs   map[Kind]Run
	broken Kind // whose folds fail
}

func (s *shelf) Fold(_ context.Context, kind Kind, _ time.Time, run Run, f func([]Incident) []Change) error {
	if kind == s.broken {
		return errors.New("database gone")
	}
	s.runs[kind] = run
	for _, c := range f(s.known[kind]) {
		if c.New {
			s.known[kind] = append(s.known[kind], c.Incident)
			continue
		}
		s.known[kind] = []Incident{c.Incident}
	}
	return nil
}

type looking struct {
	kind Kind
	look func() ([]Finding, error)
}

func (l looking) Kind() Kind                                           { return l.kind }
func (l looking) Detect(context.Context, time.Time) ([]Finding, error) { return l.look() }

// A detector that fails or panics takes no other with it; that it failed is an incident, and what it found before stands.
func TestSweep_Failures(t *testing.T) {
	t.Parallel()
	k := &shelf{known: map[Kind][]Incident{}, runs: map[Kind]Run{}}
	found := func() ([]Finding, error) { return []Finding{{Cause: "a", Since: nine}}, nil }
	late, silent := found, found
	now := nine
	s := Sweep{Keeper: k, Now: func(context.Context) (time.Time, error) { return now, nil }, Watch: func() time.Time { return nine }, Logger: slog.New(slog.DiscardHandler)}
	run := func() error {
		s.Detectors = []Detector{looking{Overdue, late}, looking{Silent, silent}}
		now = now.Add(time.Minute)
		return s.Run(t.Context())
	}
	require.NoError(t, run())
	require.Empty(t, k.known[Sweeping])

	late = func() ([]Finding, error) { panic("nil map") }
	silent = func() ([]Finding, error) { return nil, nil }
	require.NoError(t, run())
	require.Equal(t, Open, k.known[Overdue][0].State, "nothing is known about it")
	require.Equal(t, Resolved, k.known[Silent][0].State, "the other has looked")
	require.Equal(t, "panic: nil map", k.runs[Overdue].Error)
	require.Empty(t, k.runs[Silent].Error)
	require.Len(t, k.known[Sweeping], 1)
	require.Equal(t, "「超期未办」的检测未能完成，该类问题暂时看不到新情况。", k.known[Sweeping][0].Sentence.Text)

	late = found
	require.NoError(t, run())
	require.Equal(t, Resolved, k.known[Sweeping][0].State)

	k.broken = Overdue
	require.ErrorContains(t, run(), "fold overdue: database gone")
	require.Equal(t, now, k.runs[Silent].At, "the other was folded")
}

type failures []FailedDelivery

func (f failures) FailedDeliveries(context.Context) ([]FailedDelivery, error) { return f, nil }

// A wrong address is one line, however many reminders went there.
func TestUndelivered(t *testing.T) {
	t.Parallel()
	mail := FailedDelivery{ID: "d1", Case: "1", Title: "甲", Person: "示例-孙一", Unit: "XW-TJ", UnitName: "区统计局", Channel: "邮件", Why: "地址不存在。", At: nine.Add(time.Hour)}
	again, hook := mail, mail
	again.ID, again.Case, again.At = "d2", "2", nine
	hook.ID, hook.Channel = "d3", "企业微信"
	found, err := UndeliveredDetector{failures{mail, again, hook}}.Detect(t.Context(), nine)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, "给 示例-孙一 的提醒未送达：邮件，地址不存在，共 2 条。", found[0].Sentence.Text)
	require.Equal(t, nine, found[0].Since)
	require.Len(t, found[0].Cases, 2)
	require.Equal(t, "给 示例-孙一 的提醒未送达：企业微信，地址不存在。", found[1].Sentence.Text)
	found, err = UndeliveredDetector{failures{}}.Detect(t.Context(), nine)
	require.NoError(t, err)
	require.Empty(t, found)
}

// Every kind has a title and its place in the list.
func TestKinds(t *testing.T) {
	t.Parallel()
	require.Len(t, Kinds(), len(titles))
	for _, k := range Kinds() {
		require.NotEmpty(t, k.Title())
	}
}
