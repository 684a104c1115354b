package server

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
	"gongzhi/ops"
)

// faultSamples are the samples of the routes of faults, see samples.
func faultSamples() map[string]sample {
	return map[string]sample{
		"demoFaults":   {path: "/demo/faults", by: "operator", wrong: "admin"},
		"setDemoFault": {path: "/demo/faults/workers", by: "operator", wrong: "admin", body: `{"on":true}`},
	}
}

// fakeFaults remembers what is broken.
type fakeFaults struct {
	mu sync.Mutex
	on []Fault
}

func (f *fakeFaults) Faults() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.on)
}

func (f *fakeFaults) SetFault(_ context.Context, x Fault, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = slices.DeleteFunc(f.on, func(o Fault) bool { return o == x })
	if on {
		f.on = append(f.on, x)
	}
	return nil
}

// A program that is no demonstration cannot be broken through its API, by nobody.
func TestFaults_OnlyInADemonstration(t *testing.T) {
	t.Parallel()
	real := newWorld(t, func(o *Options) { o.Demo, o.DemoClock, o.DemoFaults = false, nil, nil })
	for _, login := range []string{"operator", "admin"} {
		c := real.as(login)
		status, code := http.StatusNotFound, "not_found"
		if login == "admin" {
			status, code = http.StatusForbidden, "auth.forbidden"
		}
		refusedWith(t, c.do(http.MethodGet, "/demo/faults", nil), status, code)
		refusedWith(t, c.do(http.MethodPut, "/demo/faults/workers", `{"on":true}`), status, code)
	}

	c := newWorld(t).as("operator")
	require.Empty(t, read[[]Fault](t, c.do(http.MethodGet, "/demo/faults", nil)))
	want := []Fault{{Fault: "code", Case: "XW-ZR-2026-014"}}
	require.Equal(t, want, read[[]Fault](t, c.do(http.MethodPut, "/demo/faults/code", `{"on":true,"case":"XW-ZR-2026-014"}`)))
	require.Equal(t, want, read[[]Fault](t, c.do(http.MethodGet, "/demo/faults", nil)))
	require.Equal(t, http.StatusUnprocessableEntity, c.do(http.MethodPut, "/demo/faults/wish", `{"on":true}`).Code)
	require.Empty(t, read[[]Fault](t, c.do(http.MethodPut, "/demo/faults/code", `{"on":false,"case":"XW-ZR-2026-014"}`)))
}

// What did not arrive is sent again from the list: every delivery of the case that was given up, and nothing else.
func TestRemedy_Redeliver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const number = "XW-ZR-2026-014"
	w.ops.add("lost", ops.Undelivered, "XW-CZ", w.now, number)
	for id, state := range map[string]notify.State{"m2": notify.Failed, "m3": notify.Sent} {
		w.inbox.add(notify.Delivery{ID: id, State: state, Channel: notify.SMS})
	}
	w.mend("lost")
	c := w.as("operator")
	page := read[IncidentPage](t, c.do(http.MethodGet, "/incidents/lost", nil))
	require.Equal(t, ops.Redeliver, page.Remedies[0].Remedy)
	require.True(t, page.Remedies[0].Allowed)
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/lost/remedies", `{"remedy":"redeliver","version":1,"reason":"号码已更正"}`))
	require.Equal(t, []CaseCured{{Case: number, Title: "摸底登记", Done: true, Text: "已重新发送。"}}, r.Results)
	require.Equal(t, []string{"m2"}, w.inbox.retried)

	w.ops.add("again", ops.Undelivered, "XW-CZ", w.now, number)
	w.inbox.deliveries = nil
	r = read[CureResult](t, c.do(http.MethodPost, "/incidents/again/remedies", `{"remedy":"redeliver","version":1,"reason":"再发"}`))
	require.False(t, r.Results[0].Done)
	require.Contains(t, r.Results[0].Text, "没有需要重发的通知")
}
