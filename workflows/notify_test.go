package workflows

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/notify"
	"gongzhi/notify/channel"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
	"gongzhi/store/storetest"
)

// robot is a webhook that answers as it is told, and notes when it was asked, in the time of the workflow.
type robot struct {
	mu     sync.Mutex
	down   time.Time // until then it answers 500
	now    func() time.Time
	asked  []time.Time
	ids    map[string]int // accepted, by idempotency key
	server *httptest.Server
}

func newRobot(t *testing.T, now func() time.Time, down time.Time) *robot {
	t.Helper()
	r := &robot{down: down, now: now, ids: map[string]int{}}
	r.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		at := r.now()
		r.asked = append(r.asked, at)
		if at.Before(r.down) {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		r.ids[q.Header.Get("Idempotency-Key")]++
	}))
	t.Cleanup(r.server.Close)
	return r
}

// town is a store with one task at an office whose person wants to be told by webhook, and a schedule in virtual time.
type town struct {
	*store.Store
	env   *testsuite.TestWorkflowEnvironment
	robot *robot
}

func newTown(t *testing.T, down time.Duration) *town {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(2 * time.Minute)
	env.SetStartTime(storetest.Now)
	s := storetest.Open(t)
	w := &town{Store: s, env: env, robot: newRobot(t, env.Now, storetest.Now.Add(down))}
	ctx := t.Context()
	require.NoError(t, s.SaveUnit(ctx, record.Unit{Code: "XW-BG", Name: "准入办", Level: procedure.Department, Path: "/XW/XW-BG/"}))
	require.NoError(t, s.CreateUser(ctx, record.User{ID: "li", Name: "示例-李四"}, "x"))
	require.NoError(t, s.SavePost(ctx, record.Post{ID: "p", User: "li", Unit: "XW-BG", Role: storetest.Office.Role, RoleName: "准入办", From: "2026-01-01"}))
	c := notify.Usual()
	c.Channels, c.URL, c.Form, c.Secret, c.Quiet = []notify.Channel{notify.Webhook}, w.robot.server.URL+"/", notify.Plain, "s", false
	require.NoError(t, s.SaveNotifyChoice(ctx, "li", c))
	k := storetest.NewScript("XW-ZR-2026-001")
	k.Task(storetest.Office, 30)
	_, err := s.Append(ctx, k.Number, k.Events)
	require.NoError(t, err)

	allowed, err := channel.ParseAllowed(w.robot.server.URL + ",127.0.0.0/8")
	require.NoError(t, err)
	env.RegisterWorkflowWithOptions(Messages, workflow.RegisterOptions{Name: MessagesWorkflow})
	env.RegisterWorkflowWithOptions(Deliveries, workflow.RegisterOptions{Name: DeliveriesWorkflow})
	env.RegisterActivity(&activities.Postman{
		Outbox: s, Senders: map[notify.Channel]notify.Sender{notify.Webhook: channel.NewWebhook(allowed, env.Now)}, Now: env.Now, Clock: procedure.RealClock,
	})
	return w
}

// run lets the schedule fire for a while.
func (w *town) run(t *testing.T, during, every time.Duration) {
	t.Helper()
	schedule := func(ctx workflow.Context) error {
		for end := workflow.Now(ctx).Add(during); workflow.Now(ctx).Before(end); {
			if err := workflow.ExecuteChildWorkflow(ctx, MessagesWorkflow).Get(ctx, nil); err != nil {
				return err
			}
			if err := workflow.Sleep(ctx, every); err != nil {
				return err
			}
		}
		return nil
	}
	w.env.ExecuteWorkflow(schedule)
	require.True(t, w.env.IsWorkflowCompleted())
	require.NoError(t, w.env.GetWorkflowError())
}

func (w *town) delivery(t *testing.T, c notify.Channel) notify.Delivery {
	t.Helper()
	page, err := w.CaseDeliveries(t.Context(), "XW-ZR-2026-001", "", 0)
	require.NoError(t, err)
	for _, d := range page.Items {
		if d.Channel == c {
			return d
		}
	}
	t.Fatal("no delivery")
	return notify.Delivery{}
}

// TestMessages_RobotDownForAnHour: a robot that answers 500 for an hour is asked less and less often, and told once when it is back.
// What is read in the platform does not wait for it.
func TestMessages_RobotDownForAnHour(t *testing.T) {
	t.Parallel()
	w := newTown(t, time.Hour)
	w.run(t, 2*time.Hour, 10*time.Second)
	require.Equal(t, storetest.Now.UTC(), w.delivery(t, notify.InApp).SentAt.UTC())
	d := w.delivery(t, notify.Webhook)
	require.Equal(t, notify.Sent, d.State)
	require.Equal(t, len(w.robot.asked), d.Attempts)
	require.Equal(t, map[string]int{d.ID: 1}, w.robot.ids, "told once")
	require.False(t, d.SentAt.Before(storetest.Now.Add(time.Hour)))
	require.LessOrEqual(t, d.SentAt.Sub(storetest.Now), 90*time.Minute+time.Minute)
	var gaps []time.Duration
	for i := 1; i < len(w.robot.asked); i++ {
		gaps = append(gaps, w.robot.asked[i].Sub(w.robot.asked[i-1]).Round(10*time.Second))
	}
	require.Equal(t, []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 320 * time.Second,
		640 * time.Second, 1280 * time.Second, 30 * time.Minute}, gaps)
}

// TestMessages_GivenUpAfterADay: then it is on the list of what did not arrive.
func TestMessages_GivenUpAfterADay(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1000*time.Hour)
	w.run(t, 26*time.Hour, 5*time.Minute)
	d := w.delivery(t, notify.Webhook)
	require.Equal(t, notify.Failed, d.State)
	require.Equal(t, "机器人回答 500", d.Reason)
	last := w.robot.asked[len(w.robot.asked)-1]
	require.Greater(t, last.Sub(storetest.Now), 23*time.Hour)
	require.LessOrEqual(t, last.Sub(storetest.Now), notify.TryFor)
	lost, err := w.Undelivered(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, lost, 1)
	require.Equal(t, d.ID, lost[0].ID)
}

// TestMessages_Idle: a run with nothing to do starts nothing.
func TestMessages_Idle(t *testing.T) {
	t.Parallel()
	w := newTown(t, 0)
	w.run(t, time.Minute, 10*time.Second)
	require.Equal(t, notify.Sent, w.delivery(t, notify.Webhook).State)
	require.Len(t, w.robot.asked, 1)
}
