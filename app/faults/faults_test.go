package faults

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/notify"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/server"
)

// works is a plant that remembers.
type works struct {
	ended []string
	hired int
}

func (w *works) End(_ context.Context, number string) error {
	w.ended = append(w.ended, number)
	return nil
}
func (w *works) Hire() error { w.hired++; return nil }
func (w *works) Dismiss()    { w.hired-- }

func TestSetFault(t *testing.T) {
	t.Parallel()
	w := &works{hired: 1}
	f := New(w)
	set := func(name, number string, on bool) error {
		return f.SetFault(t.Context(), server.Fault{Fault: name, Case: number}, on)
	}
	require.NoError(t, set(Code, "1", true))
	require.NoError(t, set(Code, "1", true))
	require.NoError(t, set(Code, "2", true))
	require.Equal(t, []server.Fault{{Fault: Code, Title: "程序出错", Case: "1"}, {Fault: Code, Title: "程序出错", Case: "2"}}, f.Faults())
	require.True(t, f.has(Code, "1"))
	require.False(t, f.has(Code, "3"), "another case")
	require.False(t, f.has(Record, "1"), "another fault")
	require.NoError(t, set(Code, "1", false))
	require.False(t, f.has(Code, "1"))
	require.NoError(t, set(Workers, "", true))
	require.Zero(t, w.hired)
	require.NoError(t, set(Workers, "", false))
	require.Equal(t, 1, w.hired)
	require.NoError(t, set(Engine, "1", true))
	require.Equal(t, []string{"1"}, w.ended)
	require.Len(t, f.Faults(), 1, "what cannot be taken back is not kept")

	for code, err := range map[string]error{
		"fault.unknown": set("wish", "", true), "fault.case": set(Code, "", true), "fault.final": set(Engine, "1", false),
	} {
		var refusal *procedure.Error
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, code, refusal.Code)
	}
	require.ErrorContains(t, set(Workers, "1", true), "fault.case")
}

type oneNotice struct {
	ops.Displays
	list []record.Notice
}

func (o *oneNotice) OpenNotices(context.Context, procedure.Kind) ([]record.Notice, error) {
	return append([]record.Notice(nil), o.list...), nil
}

// A notice looks too short until it is published again; that of another case never does.
func TestDisplays(t *testing.T) {
	t.Parallel()
	f := New(&works{})
	o := &oneNotice{list: []record.Notice{
		{ID: "1.n2", Case: "1", Until: "2026-09-22"}, {ID: "2.n2", Case: "2", Until: "2026-09-22"}, {ID: "1.n3", Case: "1"},
	}}
	until := func() (days []string) {
		list, err := f.Displays(o).OpenNotices(t.Context(), "consent")
		require.NoError(t, err)
		for _, n := range list {
			days = append(days, n.Until)
		}
		return days
	}
	require.Equal(t, []string{"2026-09-22", "2026-09-22", ""}, until())
	fault := server.Fault{Fault: Notice, Case: "1"}
	require.NoError(t, f.SetFault(t.Context(), fault, true))
	require.Equal(t, []string{"2026-09-19", "2026-09-22", ""}, until())
	o.list = append(o.list, record.Notice{ID: "1.n9", Case: "1", Until: calendar.Date{Year: 2026, Month: 10, Day: 7}.String()})
	require.Equal(t, []string{"2026-09-19", "2026-09-22", "", "2026-10-07"}, until())
	require.NoError(t, f.SetFault(t.Context(), fault, false))
	require.Equal(t, "2026-09-22", until()[0])
}

type sees struct{ kind ops.Kind }

func (s sees) Kind() ops.Kind { return s.kind }
func (s sees) Detect(context.Context, time.Time) ([]ops.Finding, error) {
	return []ops.Finding{{Cause: "a"}}, nil
}

func TestDetectors(t *testing.T) {
	t.Parallel()
	f := New(&works{})
	list := f.Detectors([]ops.Detector{sees{ops.Overdue}, sees{ops.Circling}})
	look := func() (errs []error) {
		for _, d := range list {
			_, err := d.Detect(t.Context(), time.Time{})
			errs = append(errs, err)
		}
		return errs
	}
	require.NoError(t, errors.Join(look()...))
	require.NoError(t, f.SetFault(t.Context(), server.Fault{Fault: Detector}, true))
	errs := look()
	require.NoError(t, errs[0])
	require.Error(t, errs[1])
}

// sent is a gateway that takes everything.
type sent struct{ cases []string }

func (*sent) Station(notify.Parcel) string { return "one" }
func (s *sent) Send(_ context.Context, parcels []notify.Parcel) []error {
	for _, p := range parcels {
		s.cases = append(s.cases, p.Case)
	}
	return make([]error, len(parcels))
}

// Only the messages about one case are refused, and each gets its own answer.
func TestSenders(t *testing.T) {
	t.Parallel()
	f, gateway := New(&works{}), &sent{}
	all := map[notify.Channel]notify.Sender{notify.SMS: gateway}
	f.Senders(all)
	require.NoError(t, f.SetFault(t.Context(), server.Fault{Fault: Delivery, Case: "2"}, true))
	errs := all[notify.SMS].Send(t.Context(), []notify.Parcel{{Case: "1"}, {Case: "2"}, {Case: "3"}})
	require.Equal(t, []string{"1", "3"}, gateway.cases)
	require.NoError(t, errors.Join(errs[0], errs[2]))
	var hopeless *notify.Hopeless
	require.ErrorAs(t, errs[1], &hopeless)
	require.NoError(t, f.SetFault(t.Context(), server.Fault{Fault: Delivery, Case: "2"}, false))
	require.NoError(t, errors.Join(all[notify.SMS].Send(t.Context(), []notify.Parcel{{Case: "2"}})...))

	none := map[notify.Channel]notify.Sender{}
	f.Senders(none)
	require.Empty(t, none, "what is not set up stays so")
}
