package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
	"gongzhi/store/storetest"
	"gongzhi/test/pgtest"
)

// TestTenThousandReminders: reminders of the same minute are fanned out and claimed 500 at a time, each with a number of statements
// that does not grow with theirs.
func TestTenThousandReminders(t *testing.T) {
	t.Parallel()
	const reminders, offices = 10_000, 50
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": pgtest.Schema} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.OpenURL(t, url(t))
			ctx := t.Context()
			mailing := notify.Usual()
			mailing.Channels, mailing.Address = []notify.Channel{notify.Mail}, "li@example.cn"
			for i := range offices {
				unit, user := fmt.Sprintf("U%02d", i), fmt.Sprintf("u%02d", i)
				require.NoError(t, s.SaveUnit(ctx, record.Unit{Code: unit, Name: unit, Level: procedure.Department, Path: "/" + unit + "/"}))
				require.NoError(t, s.CreateUser(ctx, record.User{ID: user, Name: user}, "x"))
				require.NoError(t, s.SavePost(ctx, record.Post{User: user, Unit: unit, Role: "office", RoleName: "岗位", From: "2026-01-01"}))
				require.NoError(t, s.SaveNotifyChoice(ctx, user, mailing))
			}
			list := make([]notify.Message, reminders)
			for i := range list {
				list[i] = notify.Message{
					Source: fmt.Sprintf("XW-ZR-2026-%05d.9", i), Kind: notify.Due, At: storetest.Now, Case: fmt.Sprintf("XW-ZR-2026-%05d", i), Title: "统计表",
					TaskTitle: "会审", Day: "2026-09-01", To: procedure.Holder{Unit: fmt.Sprintf("U%02d", i%offices), Role: "office"},
				}
			}
			require.NoError(t, s.Tell(ctx, list))

			tick := notify.Tick{Engine: storetest.Now, Case: storetest.Now, Channels: notify.Outside()}
			statements := store.CountStatements(s)
			began := time.Now()
			runs, deliveries := 0, 0
			for more := true; more; runs++ {
				f, err := s.FanOut(ctx, tick)
				require.NoError(t, err)
				deliveries += f.Deliveries
				more = f.Messages > 0
			}
			require.Equal(t, 2*reminders, deliveries)
			asked := statements.Swap(0)
			require.GreaterOrEqual(t, asked, int64(runs), "the control: they are counted")
			require.LessOrEqual(t, asked, int64(runs*30), "statements of a fan-out")
			fanned := time.Since(began)

			began = time.Now()
			sent := map[string]bool{}
			runs = 0
			for more := true; more; runs++ {
				claimed, err := s.ClaimDeliveries(ctx, tick, storetest.Now.Add(time.Minute), 500)
				require.NoError(t, err)
				more = len(claimed) > 0
				var results []notify.Result
				for _, d := range claimed {
					require.False(t, sent[d.ID])
					sent[d.ID] = true
					results = append(results, notify.Settle(d, nil, storetest.Now, storetest.Now))
				}
				if more {
					require.NoError(t, s.SettleDeliveries(ctx, claimed[0].Claim, results))
				}
			}
			require.Len(t, sent, reminders)
			require.LessOrEqual(t, statements.Load(), int64(runs*10), "statements of a claim and its settlement")
			t.Logf("%d reminders: fanned out in %v, claimed and settled in %v", reminders, fanned.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
		})
	}
}
