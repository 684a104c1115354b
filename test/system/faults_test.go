package system

import (
	crand "crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/app"
	"gongzhi/embedded"
	"gongzhi/ops"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/server"
)

// TestEveryKindOfStandstill plays the operator's morning against the real program: each kind there is is made, is on the list of the
// real program, is mended, and is gone. The player itself says what is missing.
func TestEveryKindOfStandstill(t *testing.T) {
	t.Parallel()
	p, w := demonstration(t)
	began := time.Now()
	out := must(t, "demo", "stuck", "--url", p.url)
	t.Logf("%s\n%s", time.Since(began).Round(time.Second), out)
	require.NotContains(t, out, "✗")
	_, listed, _ := strings.Cut(out, "二、清单（")
	listed, mended, _ := strings.Cut(listed, "三、处置")
	for _, k := range ops.Kinds() {
		require.Contains(t, listed, "【"+k.Title()+"】", "found")
		require.Contains(t, mended, "【"+k.Title()+"】", "mended")
	}
	require.Contains(t, out, "这次制造的：0")

	// Nothing is left broken, and whoever could not act can.
	var left []server.Fault
	w.as(t, "ops.bai").get(t, "/demo/faults", &left)
	require.Empty(t, left)
	w.as(t, "sq0201.xie")
}

// TestTheServersLookWhereNoWorkerDoes: the workers carry the sweeps, so that without them nobody would say that there are none. Both
// servers look by themselves, in time, and it is one incident all the same; on demand they look as well.
func TestTheServersLookWhereNoWorkerDoes(t *testing.T) {
	t.Parallel()
	c := newCluster(t, map[string]time.Duration{app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour})
	one, two, hand := c.server(t), c.server(t), c.worker(t)
	w := newTown(one.url, c.password)
	operator := w.as(t, "ops.bai")
	runs := func() (v server.RunsView) {
		operator.get(t, "/incidents/runs", &v)
		return v
	}
	eventually(t, "the worker has looked", settleLimit, func() bool { return len(runs().Runs) > 0 })
	hand.kill()
	gone := time.Now()
	got := w.as(t, "tjj.sun").do(t, request{method: "POST", path: "/cases", body: filing(admission.Kind, soon("没有办理程序")), key: crand.Text()})
	require.Equal(t, http.StatusAccepted, got.status, "%s", got)

	var page record.Page[server.IncidentView]
	eventually(t, "the missing worker is on the list, though nobody has asked for it", 2*time.Minute, func() bool {
		operator.get(t, "/incidents?kind="+string(ops.NoWorker), &page)
		return len(page.Items) > 0
	})
	took := time.Since(gone)
	t.Logf("on the list %s after the worker has gone", took.Round(time.Second))
	require.Less(t, took, 90*time.Second+5*time.Second, "the interval in which the servers watch")
	require.Contains(t, page.Items[0].Sentence.Text, "没有程序在处理「办件」队列")

	// Asked for at once at both servers: one incident, opened once.
	sweep := request{method: "POST", path: "/incidents/sweep", body: map[string]any{}}
	here, there := func() (reply, error) { return operator.send(sweep) }, func() (reply, error) { return operator.at(two.url).send(sweep) }
	for _, r := range together(t, here, there) {
		var swept server.Swept
		r.read(t, &swept)
		require.True(t, swept.Done, "%s", r)
	}
	operator.get(t, "/incidents?kind="+string(ops.NoWorker), &page)
	require.Len(t, page.Items, 1)
	require.Equal(t, 1, page.Items[0].Times)

	c.worker(t)
	eventually(t, "it is over when a worker is back", 2*time.Minute, func() bool {
		require.Equal(t, http.StatusOK, operator.post(t, "/incidents/sweep", map[string]any{}, nil).status)
		operator.get(t, "/incidents?kind="+string(ops.NoWorker), &page)
		return len(page.Items) == 0
	})
}
