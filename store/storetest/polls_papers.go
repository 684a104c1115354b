package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/record"
	"gongzhi/store"
)

// testPollPapers: what comes in with a ballot belongs to its case from the moment on at which it is accepted, and a file that is not
// there, that somebody else uploaded or that another case uses is refused with the whole ballot.
func testPollPapers(t *testing.T, b bundle) {
	ctx := t.Context()
	some := terms(poll)
	some.Proxies = 2
	openPoll(t, b, some, 10)
	openPoll(t, b, terms("XW-YZ-2026-002"), 10)
	file := func(id string) record.Attachment {
		a, err := b.Attachment(ctx, id)
		require.NoError(t, err)
		return a
	}
	is := func(id, number string) {
		t.Helper()
		a := file(id)
		require.Equal(t, number, a.Case, id)
		require.Equal(t, number != "", a.Ballot, id)
	}
	for _, id := range []string{"photo", "mandate", "scan", "list", "loose"} {
		uploads(t, b, ballot.Cast{By: reader1, Files: []string{id}})
	}
	uploads(t, b, ballot.Cast{By: reader2, Files: []string{"theirs"}})

	c := door(poll, 1, ballot.Yes, "a")
	c.Proxy, c.Files = "示例-钱", []string{"photo", "mandate"}
	casts(t, b, c)
	is("photo", poll)
	is("mandate", poll)
	got, err := b.Papers(ctx, poll, "0001")
	require.NoError(t, err)
	require.Equal(t, map[int]ballot.Papers{1: {By: reader1, Second: witness, Proxy: "示例-钱", Files: []string{"photo", "mandate"}}}, got)

	refused := func(c ballot.Cast, want string) {
		t.Helper()
		before := dump(t, b, append([]string{"attachments"}, pollTables...)...)
		end := b.Cast(ctx, []ballot.Cast{c}, within)[0]
		code(t, end.Err, want)
		sameRows(t, before, dump(t, b, append([]string{"attachments"}, pollTables...)...))
	}
	c = door(poll, 2, ballot.Yes, "b")
	c.Files = []string{"loose", "missing"}
	refused(c, store.CodeAttachment)
	c.Files = []string{"loose", "theirs"}
	refused(c, store.CodeAttachment)
	c.Files, c.Signed = []string{"loose"}, "theirs"
	refused(c, store.CodeAttachment)
	foreign := door("XW-YZ-2026-002", 2, ballot.Yes, "b")
	foreign.Files = []string{"loose", "photo"}
	refused(foreign, store.CodeAttached)
	is("loose", "")

	// Two polls in one transaction: the first one has the file.
	c, foreign = door(poll, 3, ballot.No, "c"), door("XW-YZ-2026-002", 3, ballot.No, "c")
	c.Files, foreign.Files = []string{"loose"}, []string{"loose"}
	ends := b.Cast(ctx, []ballot.Cast{c, foreign}, within)
	require.NoError(t, ends[0].Err)
	code(t, ends[1].Err, store.CodeAttached)
	is("loose", poll)
	c = door(poll, 4, ballot.No, "d") // the same case may show it again
	c.Files = []string{"loose"}
	casts(t, b, c)

	// Paper: each reader brings files of one's own, and the second need not bring any. What two people read differently is kept.
	casts(t, b, web(poll, 5, ballot.No, "e"))
	first := sheet(poll, 5, ballot.Yes, reader1, "f")
	first.Files, first.Signed = []string{"scan"}, "theirs"
	_, _, err = b.EnterSheet(ctx, first, within)
	code(t, err, store.CodeAttachment)
	is("scan", "")
	first.Signed = "list"
	_, _, err = b.EnterSheet(ctx, first, within)
	require.NoError(t, err)
	is("scan", poll)
	is("list", poll)
	second := sheet(poll, 5, ballot.Yes, reader2, "g")
	second.Files = []string{"scan"}
	_, _, err = b.EnterSheet(ctx, second, within)
	code(t, err, store.CodeAttachment) // another person's
	second.Files = []string{"theirs"}
	_, receipt, err := b.EnterSheet(ctx, second, within)
	require.NoError(t, err)
	require.NotNil(t, receipt)
	got, err = b.Papers(ctx, poll, "0005")
	require.NoError(t, err)
	require.Empty(t, got[1].Files, "on the web nothing comes in")
	require.Equal(t, ballot.Papers{By: reader1, Second: reader2, Files: []string{"scan", "theirs", "list"}}, got[2])
	exact(t, b, poll)
}

// testPollLetters: each run of letters is kept, page by page as one, and another filter, person or beginning is another run.
func testPollLetters(t *testing.T, b bundle) {
	ctx := t.Context()
	run := func(first, last string, letters int64) ballot.LetterRun {
		return ballot.LetterRun{By: "ye", Name: "示例-业一", At: opens.UTC(), Building: "1", First: first, Last: last, Letters: letters}
	}
	lines, voters, total := estate(poll, 10)
	require.NoError(t, b.PreparePoll(ctx, terms(poll)))
	_, err := b.AddRoll(ctx, poll, lines, version(lines, voters, total))
	require.NoError(t, err)
	code(t, b.AddLetters(ctx, poll, "", run("0001", "0004", 4)), ballot.CodeRoll)
	require.NoError(t, b.FreezeRoll(ctx, poll, each(voters), total))

	require.NoError(t, b.AddLetters(ctx, poll, "", run("0001", "0004", 4)))
	goesOn := run("0005", "0008", 4)
	goesOn.At = opens.AddDate(0, 0, 1).UTC()
	require.NoError(t, b.AddLetters(ctx, poll, "0004", goesOn))
	require.NoError(t, b.AddLetters(ctx, poll, "", run("0001", "0004", 4))) // printed again
	other := run("0005", "0008", 4)
	other.By, other.Name = "he", "示例-何二"
	require.NoError(t, b.AddLetters(ctx, poll, "0004", other))
	silent := run("0009", "0010", 2)
	silent.By, silent.Name, silent.Silent = "he", "示例-何二", true
	require.NoError(t, b.AddLetters(ctx, poll, "0008", silent))

	whole := run("0001", "0008", 8)
	whole.At, whole.N = goesOn.At, 1
	again := run("0001", "0004", 4)
	again.N, other.N, silent.N = 2, 3, 4
	list, err := b.LetterRuns(ctx, poll, 10)
	require.NoError(t, err)
	require.Equal(t, []ballot.LetterRun{silent, other, again, whole}, list)
	list, err = b.LetterRuns(ctx, poll, 1)
	require.NoError(t, err)
	require.Len(t, list, 1)

	code(t, b.AddLetters(ctx, "XW-YZ-2026-009", "", again), ballot.CodePoll)
	code(t, b.AddLetters(ctx, poll, "", ballot.LetterRun{By: "ye"}), ballot.CodeVoter)
	require.NoError(t, b.OpenPoll(ctx, poll, opens, closes))
	require.NoError(t, b.AddLetters(ctx, poll, "", run("0001", "0001", 1)))
	_, err = b.ClosePoll(ctx, poll, at(closes))
	require.NoError(t, err)
	code(t, b.AddLetters(ctx, poll, "", run("0001", "0001", 1)), ballot.CodeRoll)
}
