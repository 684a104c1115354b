// Package storetest holds what every database of the store must do, as one suite, and a ready store for other tests.
package storetest

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/store"
)

// Now is the engine's time in tests.
var Now = time.Date(2026, 9, 1, 9, 0, 0, 0, calendar.Zone)

// Kind is the procedure of the cases in tests.
const Kind procedure.Kind = "admission"

// SQLite returns the URL of an empty database in the test's folder.
func SQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite:" + filepath.Join(tb.TempDir(), "共治 ?#%.db") // a path that must be escaped
}

// Open returns a migrated store on SQLite for a test.
func Open(tb testing.TB) *store.Store {
	tb.Helper()
	return OpenURL(tb, SQLite(tb))
}

// OpenURL migrates and opens a database for a test.
func OpenURL(tb testing.TB, url string) *store.Store {
	tb.Helper()
	require.NoError(tb, store.Migrate(tb.Context(), url))
	s, err := store.Open(tb.Context(), store.Options{
		URL: url, Now: func() time.Time { return Now }, Kinds: map[procedure.Kind]string{Kind: "社区工作准入"},
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	require.NoError(tb, s.SealWith(tb.Context(), sealKey))
	return s
}

// sealKey is the key for what people entrust to the store.
var sealKey = [32]byte{1, 2, 3}

// bundle is what one test of the suite works with.
type bundle struct {
	*store.Store
	url string
}

// raw is the database behind the store's back, for tampering and dumps.
func (b bundle) raw(tb testing.TB) *sql.DB {
	tb.Helper()
	driver, dsn := "pgx", b.url
	if path, ok := strings.CutPrefix(b.url, "sqlite:"); ok {
		driver, dsn = "sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)+
			"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// Run runs the suite; url gives each test an empty database of its own.
func Run(t *testing.T, url func(testing.TB) string) {
	for name, test := range map[string]func(*testing.T, bundle){
		"Append/Retry":            testAppendRetry,
		"Append/Refusals":         testAppendRefusals,
		"Append/Concurrent":       testAppendConcurrent,
		"Append/Texts":            testAppendTexts,
		"Append/Join":             testAppendJoin,
		"Append/Title":            testAppendTitle,
		"Append/NothingHalf":      testAppendNothingHalf,
		"Chain/Tampering":         testTampering,
		"Fold/EveryEvent":         testFold,
		"Fold/Rebuild":            testRebuild,
		"Fold/RebuildRepairs":     testRebuildRepairs,
		"Fold/OneByOne":           testFoldOneByOne,
		"Fold/Delegate":           testFoldDelegate,
		"Fold/Cards":              testFoldCards,
		"Fold/Completion":         testFoldCompletion,
		"Feed":                    testFeed,
		"Command/Idempotent":      testCommandIdempotent,
		"Command/Concurrent":      testCommandConcurrent,
		"Command/Settle":          testCommandSettle,
		"Command/KeepOpinion":     testKeepOpinion,
		"Start/Numbers":           testStartNumbers,
		"Start/Idempotent":        testStartIdempotent,
		"Start/Counter":           testStartCounter,
		"Start/Reapply":           testStartReapply,
		"Scope/Cases":             testScopeCases,
		"Scope/Boxes":             testScopeBoxes,
		"Scope/Prefix":            testScopePrefix,
		"Scope/Move":              testScopeMove,
		"Scope/Kinds":             testScopeKinds,
		"Copies/ReadAfterTheEnd":  testReadAfterTheEnd,
		"Page/Walk":               testPageWalk,
		"Page/Cursor":             testPageCursor,
		"Page/Filter":             testPageFilter,
		"People/Holders":          testHolders,
		"People/Accounts":         testAccounts,
		"People/Delegations":      testDelegations,
		"Lists":                   testLists,
		"Lists/Concurrent":        testListsConcurrent,
		"Notices":                 testNotices,
		"Calendar":                testCalendar,
		"Drafts":                  testDrafts,
		"Attachments":             testAttachments,
		"Sessions":                testSessions,
		"Onces":                   testOnces,
		"Lockout":                 testLockout,
		"Settings":                testSettings,
		"Vitals":                  testVitals,
		"OutboxBacklog":           testOutboxBacklog,
		"NextDue":                 testNextDue,
		"Polls/Life":              testPollLife,
		"Polls/Lists":             testPollLists,
		"Polls/Roll":              testPollRoll,
		"Polls/Voters":            testPollVoters,
		"Polls/Kept":              testPollKept,
		"Polls/Certified":         testPollCertified,
		"Polls/Window":            testPollWindow,
		"Polls/Clock":             testPollClock,
		"Polls/Receipt":           testPollReceipt,
		"Polls/Again":             testPollAgain,
		"Polls/Replace":           testPollReplace,
		"Polls/Proxy":             testPollProxy,
		"Polls/Sheets":            testPollSheets,
		"Polls/Page":              testPollPage,
		"Polls/Papers":            testPollPapers,
		"Polls/Letters":           testPollLetters,
		"Polls/Cells":             testPollCells,
		"Polls/Clients":           testPollClients,
		"Polls/Resend":            testPollResend,
		"Polls/Lock":              testPollLock,
		"Polls/Guards":            testPollGuards,
		"Polls/VersionGuard":      testPollVersionGuard,
		"Notify/Outbox":           testOutbox,
		"Notify/Rebuild":          testOutboxRebuild,
		"Notify/FanOut":           testFanOut,
		"Notify/FanOutTogether":   testFanOutTogether,
		"Notify/Deputies":         testFanOutDeputies,
		"Notify/Channels":         testFanOutChannels,
		"Notify/Claim":            testClaim,
		"Notify/Lost":             testClaimLost,
		"Notify/Dropped":          testClaimDropped,
		"Notify/Settle":           testSettle,
		"Notify/Read":             testReadMessages,
		"Notify/Undelivered":      testUndelivered,
		"Notify/OtherWay":         testUndeliveredOtherWay,
		"Notify/Templates":        testTemplates,
		"Notify/Choices":          testChoices,
		"Notify/Sealed":           testSealed,
		"Notify/SealedLater":      testSealedLater,
		"Notify/SealedMoved":      testSealedMoved,
		"Ops/Fold":                testOpsFold,
		"Ops/Concurrent":          testOpsConcurrent,
		"Ops/Standing":            testOpsStanding,
		"Ops/Lists":               testOpsLists,
		"Ops/Acts":                testOpsActs,
		"Ops/Faults":              testFaults,
		"Ops/Proposals":           testProposals,
		"Ops/Batches":             testBatches,
		"Ops/BatchActs":           testBatchActs,
		"Ops/Refold":              testRefold,
		"Ops/Feed":                testOpsFeed,
		"Ops/Views":               testOpsViews,
		"Ops/Overdue":             testOpsOverdue,
		"Ops/Unmanned":            testOpsUnmanned,
		"Ops/Circling":            testOpsCircling,
		"Ops/Silent":              testOpsSilent,
		"Ops/Clock":               testOpsClock,
		"Ops/Lost":                testOpsLost,
		"Board":                   testBoard,
		"Spells":                  testSpells,
		"Spells/Old":              testSpellsOld,
		"Spells/Waits":            testSpellsWaits,
		"Migrate/Refusals":        testMigrateRefusals,
		"Reader/CannotWriteTypes": testReaderMethods,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := url(t)
			test(t, bundle{Store: OpenURL(t, u), url: u})
		})
	}
}

// code asks for a refusal with a stable code.
func code(tb testing.TB, err error, want string) {
	tb.Helper()
	var refusal *procedure.Error
	require.ErrorAs(tb, err, &refusal)
	require.Equal(tb, want, refusal.Code)
}

// SameRows writes the same to two databases and compares every row, column by column.
func SameRows(t *testing.T, a, b string) {
	t.Helper()
	var rows [][]string
	for _, url := range []string{a, b} {
		s := bundle{Store: OpenURL(t, url), url: url}
		saveCases(t, s)
		appendAll(t, s, Full("XW-ZR-2026-009"))
		_, _, err := s.SubmitCommand(t.Context(), command("c1"))
		require.NoError(t, err)
		_, _, err = s.StartCase(t.Context(), filing("c2"))
		require.NoError(t, err)
		_, err = s.Rebuild(t.Context())
		require.NoError(t, err)
		savePoll(t, s)
		rows = append(rows, dump(t, s, append(pollTables, everyTable...)...))
	}
	sameRows(t, rows[0], rows[1])
}
