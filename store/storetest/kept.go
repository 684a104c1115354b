package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

func testDrafts(t *testing.T, b bundle) {
	ctx := t.Context()
	d := record.Draft{ID: "d1", User: "sun", Unit: "XW-CZ", Kind: Kind, Title: "草稿", Form: json.RawMessage(`{"a":"𠮷"}`), Files: []string{}}
	first, err := b.SaveDraft(ctx, d)
	require.NoError(t, err)
	require.EqualValues(t, 1, first.Version)
	_, err = b.SaveDraft(ctx, d)
	code(t, err, store.CodeStale)
	first.Title = "改过"
	second, err := b.SaveDraft(ctx, first)
	require.NoError(t, err)
	_, err = b.SaveDraft(ctx, first)
	code(t, err, store.CodeStale)
	got, err := b.Draft(ctx, "sun", "d1")
	require.NoError(t, err)
	require.Equal(t, second, got)
	_, err = b.Draft(ctx, "li", "d1")
	code(t, err, store.CodeDraft)
	stolen := second
	stolen.User = "li"
	_, err = b.SaveDraft(ctx, stolen)
	code(t, err, store.CodeStale)
	require.NoError(t, b.DeleteDraft(ctx, "li", "d1"))
	list, err := b.Drafts(ctx, "sun")
	require.NoError(t, err)
	require.Len(t, list, 1, "nobody deletes another's draft")
	require.NoError(t, b.DeleteDraft(ctx, "sun", "d1"))
	_, err = b.SaveDraft(ctx, record.Draft{ID: "d2", User: "sun", Form: json.RawMessage(`{`)})
	code(t, err, store.CodeText)
	empty, err := b.SaveDraft(ctx, record.Draft{ID: "d2", User: "sun"})
	require.NoError(t, err)
	_, err = json.Marshal(empty)
	require.NoError(t, err)
	require.NoError(t, b.DeleteDraft(ctx, "sun", "d2"))
	list, err = b.Drafts(ctx, "sun")
	require.NoError(t, err)
	require.Empty(t, list)
}

func testAttachments(t *testing.T, b bundle) {
	ctx := t.Context()
	for _, id := range []string{"f1", "f2"} {
		require.NoError(t, b.SaveAttachment(ctx, record.Attachment{
			ID: id, Name: "拨付凭证.pdf", Type: "application/pdf", Size: 3, SHA256: "abc", By: "li", ByName: "示例-李四",
			Unit: "XW-BG", At: Now.UTC(),
		}))
	}
	c := command("c1")
	c.Files = []string{"f1"}
	_, _, err := b.SubmitCommand(ctx, c)
	require.NoError(t, err)
	f, err := b.Attachment(ctx, "f1")
	require.NoError(t, err)
	require.Equal(t, c.Case, f.Case)
	again := command("c2") // the same case may show it again
	again.Files = []string{"f1"}
	_, _, err = b.SubmitCommand(ctx, again)
	require.NoError(t, err)
	theft := command("c3")
	theft.Case, theft.Files = "LH-ZR-2026-001", []string{"f2", "f1"}
	_, _, err = b.SubmitCommand(ctx, theft)
	code(t, err, store.CodeAttached)
	_, err = b.Command(ctx, "c3")
	code(t, err, store.CodeCommand)
	f, err = b.Attachment(ctx, "f2")
	require.NoError(t, err)
	require.Empty(t, f.Case, "nothing half")
	theft.Files = []string{"f9"}
	_, _, err = b.SubmitCommand(ctx, theft)
	code(t, err, store.CodeAttachment)
	in := filing("c4")
	in.Files = []string{"f2"}
	started, _, err := b.StartCase(ctx, in)
	require.NoError(t, err)
	list, err := b.Attachments(ctx, []string{"f2", "f9", "f1"})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, started.Case, list[0].Case)
	form, err := b.CaseFiling(ctx, started.Case)
	require.NoError(t, err)
	require.Equal(t, []string{"f2"}, form.Attachments)
	_, err = b.Attachment(ctx, "f9")
	code(t, err, store.CodeAttachment)
}

func testSessions(t *testing.T, b bundle) {
	ctx := t.Context()
	var x scs.CtxStore = b.Sessions()
	require.NoError(t, x.CommitCtx(ctx, "token-1", []byte{0, 1, 255}, Now.Add(time.Hour)))
	require.NoError(t, x.CommitCtx(ctx, "token-2", []byte("old"), Now))
	data, found, err := x.FindCtx(ctx, "token-1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, []byte{0, 1, 255}, data)
	for _, token := range []string{"token-2", "token-3", ""} {
		_, found, err = x.FindCtx(ctx, token)
		require.NoError(t, err)
		require.False(t, found, token)
	}
	kept := dump(t, b, "sessions")
	require.NotContains(t, strings.Join(kept, " "), "token-1")
	require.Len(t, kept, 2)
	require.NoError(t, x.CommitCtx(ctx, "token-1", []byte("new"), Now.Add(time.Hour)))
	data, _, err = x.FindCtx(ctx, "token-1")
	require.NoError(t, err)
	require.Equal(t, "new", string(data))
	n, err := b.Sessions().Sweep(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.NoError(t, x.DeleteCtx(ctx, "token-1"))
	require.NoError(t, x.DeleteCtx(ctx, "token-1"))
	_, found, err = x.FindCtx(ctx, "token-1")
	require.NoError(t, err)
	require.False(t, found)
}

// testLockout: of 50 guesses in the same moment, in any number of processes, five are let in.
func testLockout(t *testing.T, b bundle) {
	ctx := t.Context()
	const limit, within = 5, 15 * time.Minute
	other, err := store.Open(ctx, store.Options{URL: b.url})
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	numbers := make([]int, 50)
	var g errgroup.Group
	for i := range numbers {
		g.Go(func() (err error) {
			process := []*store.Store{b.Store, other}[i%2]
			numbers[i], _, err = process.LoginAttempt(ctx, "key", Now, within, limit)
			return err
		})
	}
	require.NoError(t, g.Wait())
	slices.Sort(numbers)
	require.Equal(t, append(make([]int, 45), 1, 2, 3, 4, 5), numbers)

	attempt := func(key string, after time.Duration, want int) {
		t.Helper()
		n, last, err := b.LoginAttempt(ctx, key, Now.Add(after), within, limit)
		require.NoError(t, err)
		require.Equal(t, want, n)
		if want == 0 {
			require.Equal(t, Now.UTC(), last, "when the last one was counted")
		}
	}
	attempt("key", within-time.Second, 0)
	attempt("other", 0, 1)
	require.NoError(t, b.DropLoginAttempt(ctx, "key"))
	require.NoError(t, b.DropLoginAttempt(ctx, "nobody"))
	attempt("key", 0, 5)
	attempt("key", 0, 0)
	attempt("key", within, 1)
	attempt("key", within+time.Minute, 2)
	attempt("key", 2*within+time.Minute-time.Second, 3)
	require.NoError(t, b.ClearLoginAttempts(ctx, "key", "nobody"))
	attempt("key", within, 1)

	require.NoError(t, b.ClearLeftovers(ctx))
	require.Len(t, dump(t, b, "login_attempts"), 2)
	_, _, err = b.LoginAttempt(ctx, "old", Now.Add(-25*time.Hour), within, limit)
	require.NoError(t, err)
	require.NoError(t, b.ClearLeftovers(ctx))
	require.Len(t, dump(t, b, "login_attempts"), 2, "days later they are forgotten")
}

func testOnces(t *testing.T, b bundle) {
	ctx := t.Context()
	results := make([]string, 20)
	var g errgroup.Group
	for i := range results {
		g.Go(func() error {
			_, fresh, err := b.Once(ctx, "sun", "k1", "digest")
			var refused *procedure.Error
			switch {
			case err == nil && fresh:
				results[i] = "fresh"
			case errors.As(err, &refused) && !fresh:
				results[i] = refused.Code
			default:
				return fmt.Errorf("fresh=%v err=%w", fresh, err)
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	slices.Sort(results)
	require.Equal(t, "fresh", results[0])
	require.Equal(t, store.CodeRunning, results[1], "only one does the work")
	_, _, err := b.Once(ctx, "sun", "k1", "another")
	code(t, err, store.CodeIdempotent)
	_, fresh, err := b.Once(ctx, "li", "k1", "another")
	require.NoError(t, err)
	require.True(t, fresh, "keys belong to users")
	require.NoError(t, b.OnceDrop(ctx, "li", "k1"))
	_, fresh, err = b.Once(ctx, "li", "k1", "changed")
	require.NoError(t, err)
	require.True(t, fresh)

	later := func(d time.Duration) *store.Store {
		s, err := store.Open(ctx, store.Options{URL: b.url, Now: func() time.Time { return Now.Add(d) }})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	}
	soon := later(time.Minute)
	_, fresh, err = soon.Once(ctx, "sun", "k1", "digest")
	require.NoError(t, err)
	require.True(t, fresh, "whoever reserved it is gone")
	_, _, err = soon.Once(ctx, "sun", "k1", "digest")
	code(t, err, store.CodeRunning)
	require.NoError(t, b.OnceDone(ctx, "sun", "k1", []byte{1, 0, 255}))
	require.NoError(t, b.OnceDrop(ctx, "sun", "k1"), "what is done stays")
	answer, fresh, err := b.Once(ctx, "sun", "k1", "digest")
	require.NoError(t, err)
	require.False(t, fresh)
	require.Equal(t, []byte{1, 0, 255}, answer)
	_, fresh, err = later(25*time.Hour).Once(ctx, "sun", "k1", "digest")
	require.NoError(t, err)
	require.True(t, fresh, "a day later it is forgotten")
}

func testSettings(t *testing.T, b bundle) {
	ctx := t.Context()
	_, found, err := b.Setting(ctx, "clock")
	require.NoError(t, err)
	require.False(t, found)
	for _, value := range []string{`{"speed":60}`, ""} {
		require.NoError(t, b.SaveSetting(ctx, "clock", value))
		got, found, err := b.Setting(ctx, "clock")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, value, got)
	}
	require.NoError(t, b.Ping(ctx))
}

func testNextDue(t *testing.T, b bundle) {
	ctx := t.Context()
	_, ok, err := b.NextDue(ctx, Now)
	require.NoError(t, err)
	require.False(t, ok)
	s := NewScript("XW-ZR-2026-001")
	id := s.Task(Office, 3)
	due := s.Events[1].At.AddDate(0, 0, 3)
	until := Now.AddDate(0, 0, 20).UTC()
	s.Add(procedure.WaitOpened, procedure.SystemEngine, "", procedure.Waiting{Wait: "term", Until: &until})
	s.Add(procedure.WaitOpened, procedure.SystemEngine, "", procedure.Waiting{Wait: "endless"})
	appendAll(t, b, s)
	at, ok, err := b.NextDue(ctx, Now)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, due, at)
	at, ok, err = b.NextDue(ctx, due)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, until, at)
	s.Add(procedure.TaskAnswered, Officer, "", answered(id))
	appendAll(t, b, s)
	at, _, err = b.NextDue(ctx, Now)
	require.NoError(t, err)
	require.Equal(t, until, at)
	_, ok, err = b.NextDue(ctx, until)
	require.NoError(t, err)
	require.False(t, ok)
}

func testMigrateRefusals(t *testing.T, b bundle) {
	ctx := t.Context()
	require.NoError(t, store.Migrate(ctx, b.url), "migrating twice is harmless")
	raw := b.raw(t)
	open := func(want string) {
		t.Helper()
		s, err := store.Open(ctx, store.Options{URL: b.url})
		if want == "" {
			require.NoError(t, err)
			require.NoError(t, s.Close())
			return
		}
		code(t, err, want)
	}
	open("")
	_, err := raw.ExecContext(ctx, "INSERT INTO gongzhi_schema (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)
	open(store.CodeNewer)
	_, err = raw.ExecContext(ctx, "DELETE FROM gongzhi_schema WHERE version_id > 0")
	require.NoError(t, err)
	open(store.CodeUnmigrated)
	_, err = raw.ExecContext(ctx, "DROP TABLE gongzhi_schema")
	require.NoError(t, err)
	open(store.CodeUnmigrated)
	for _, url := range []string{"", "sqlite:", "mysql://x", "/tmp/x.db"} {
		_, err := store.Open(ctx, store.Options{URL: url})
		code(t, err, store.CodeURL)
		code(t, store.Migrate(ctx, url), store.CodeURL)
	}
}

// testReaderMethods: a Reader is handed to code that must not write, so it has no method that does.
func testReaderMethods(t *testing.T, b bundle) {
	reader := reflect.TypeOf(b.Reader())
	for i := range reader.NumMethod() {
		name := reader.Method(i).Name
		for _, verb := range []string{"Save", "Append", "Submit", "Settle", "Touch", "Start", "Set", "Create", "Delete", "Import", "Rebuild", "Allocate", "End", "Revoke", "Add", "Once", "Clear", "Disable", "Enable", "Close"} {
			require.False(t, strings.HasPrefix(name, verb) && name != "Setting", name)
		}
	}
	require.Positive(t, reader.NumMethod())
}
