package server

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/record"
	"gongzhi/rules"
)

// TestPaperIsReadByTwo: the second person neither sees the first reading nor is told it, the same person is refused, and what two
// people read alike is accepted.
func TestPaperIsReadByTwo(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/sheets"
	director, street := w.as("director"), w.as("street")
	first := read[SheetResult](t, director.do(http.MethodPost, n, `{"voter":"0005","choice":"yes"}`))
	require.Equal(t, ballot.SheetOnce, first.Sheet.State)
	require.Equal(t, ballot.Yes, first.Sheet.First.Choice, "one's own reading")
	require.Nil(t, first.Receipt)
	refusedWith(t, director.do(http.MethodPost, n, `{"voter":"0005","choice":"yes"}`), 409, ballot.CodeSheet)

	list := read[record.Page[ballot.Sheet]](t, street.do(http.MethodGet, n, nil))
	require.Empty(t, list.Items[0].First.Choice, "the second reader must not know")
	require.Equal(t, "director", list.Items[0].First.By)
	require.Equal(t, ballot.Yes, read[record.Page[ballot.Sheet]](t, director.do(http.MethodGet, n, nil)).Items[0].First.Choice)

	r := street.do(http.MethodPost, n, `{"voter":"0005","choice":"no"}`)
	different := read[SheetResult](t, r)
	require.Equal(t, ballot.SheetDifferent, different.Sheet.State)
	require.Empty(t, different.Sheet.First.Choice, "the answer does not tell either")
	require.Empty(t, w.polls.casts)

	require.Equal(t, 200, director.do(http.MethodPost, n, `{"voter":"0008","choice":"abstain"}`).Code)
	both := read[SheetResult](t, street.do(http.MethodPost, n, `{"voter":"0008","choice":"abstain"}`))
	require.Equal(t, ballot.SheetCounted, both.Sheet.State)
	require.Equal(t, ballot.Abstain, both.Sheet.First.Choice)
	require.NotEmpty(t, both.Receipt.Tracker)
	require.Equal(t, "street", w.polls.casts[0].By.User)

	// The same request again enters nothing anew.
	key := newKey()
	one := street.keyed(key, http.MethodPost, n, `{"voter":"0009","choice":"no"}`)
	require.Equal(t, 200, one.Code)
	require.Equal(t, one.Body.String(), street.keyed(key, http.MethodPost, n, `{"voter":"0009","choice":"no"}`).Body.String())
	refusedWith(t, street.keyed(key, http.MethodPost, n, `{"voter":"0009","choice":"yes"}`), 409, "idempotency.conflict")
	refusedWith(t, street.do(http.MethodPost, n, `{"voter":"0010","choice":"no","files":["p1"]}`), 422, "attachment.unknown")
	refusedWith(t, street.do(http.MethodPost, n, `{"voter":"0010","choice":"no","signed":"p1"}`), 422, "attachment.unknown")
}

func TestAtTheDoor(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/door"
	c := w.as("director")
	w.files["t1"] = record.Attachment{ID: "t1", Type: "text/plain", By: "director"}
	refusedWith(t, c.do(http.MethodPost, n, `{"voter":"0006","choice":"no","files":["t1"],"witness":"示例-见证"}`), 422, "poll.photo")
	refusedWith(t, c.do(http.MethodPost, n, `{"voter":"0006","choice":"no","files":["p1"],"witness":"示例-郑八"}`), 422, "poll.witness")
	refusedWithin(t, c.do(http.MethodPost, n, `{"voter":"0006","choice":"no","files":[],"witness":"示例-见证"}`), 422, "input.few")
	require.Empty(t, w.polls.casts)
	key := newKey()
	body := `{"voter":"0006","choice":"no","files":["p1"],"witness":"示例-见证"}`
	receipt := read[ReceiptView](t, c.keyed(key, http.MethodPost, n, body))
	require.Equal(t, receipt, read[ReceiptView](t, c.keyed(key, http.MethodPost, n, body)))
	require.Len(t, w.polls.casts, 1)
	cast := w.polls.casts[0]
	require.Equal(t, []string{"director", "示例-见证", "door"}, []string{cast.By.User, cast.Second.Name, string(cast.Channel)})
}

// TestCertifiedByTwo: a result from outside counts after a second person has entered the same.
func TestCertifiedByTwo(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/certified"
	w.files["p2"] = record.Attachment{ID: "p2", Type: "application/pdf", By: "street"}
	body := w.pollSamples()["certified"].body
	theirs := strings.Replace(body, `"p1"`, `"p2"`, 1)
	director, street := w.as("director"), w.as("street")
	refusedWith(t, director.do(http.MethodPost, n, strings.Replace(body, `"counting":"owner"`, `"counting":"household"`, 1)), 422, "poll.counting")
	require.Empty(t, read[ballot.Certified](t, director.do(http.MethodPost, n, body)).Second)
	require.Empty(t, read[ballot.Certified](t, director.do(http.MethodPost, n, body)).Second, "not by the same person")
	refusedWith(t, street.do(http.MethodPost, n, strings.Replace(theirs, `"heads":9`, `"heads":8`, 1)), 409, ballot.CodeResult)
	require.Equal(t, "street", read[ballot.Certified](t, street.do(http.MethodPost, n, theirs)).Second)
	require.Equal(t, "director", w.polls.poll.Imported.By)

	// The second need not upload the certificate that the first has uploaded; a file of somebody else is refused to the first.
	w.polls.poll.Imported = nil
	refusedWith(t, director.do(http.MethodPost, n, theirs), 422, "attachment.unknown")
	require.Equal(t, 200, director.do(http.MethodPost, n, body).Code)
	require.Equal(t, "street", read[ballot.Certified](t, street.do(http.MethodPost, n, body)).Second)
}

// TestLetters: each voter's code, which opens the vote; a program with another secret prints none.
func TestLetters(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/letters"
	c := w.as("director")
	l := read[Letters](t, c.do(http.MethodPost, n, `{"silent":true,"limit":4}`))
	require.Len(t, l.Items, 4)
	require.Equal(t, "0003", l.Items[0].No, "two have voted")
	require.Equal(t, "0006", l.Next)
	require.Equal(t, "https://vote.example/v#"+l.Items[0].Code, l.Items[0].Link)
	require.Equal(t, "1-1-1** 示*", c.open(l.Items[0].Code).Voter.Masked)
	require.Equal(t, "0007", read[Letters](t, c.do(http.MethodPost, n, `{"silent":true,"limit":4,"after":"`+l.Next+`"}`)).Items[0].No)
	refusedWith(t, c.do(http.MethodGet, n, nil), 405, "route.method") // no other site can make a browser ask for codes

	w.polls.voters[5].CodeHash = ballot.CodeHash("another secret")
	refusedWith(t, c.do(http.MethodPost, n, `{}`), 500, "server.fault")
	w.polls.poll.State = ballot.Closed
	refusedWith(t, c.do(http.MethodPost, n, `{}`), 409, ballot.CodeRoll)
}

func TestReminders(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber + "/reminders"
	c := w.as("director")
	r := read[Reminder](t, c.do(http.MethodPost, n, `{"building":"1"}`))
	require.Equal(t, int64(10), r.Silent)
	require.Equal(t, rules.Weight{Heads: 10, Area: 80_000}, r.Weight)
	require.Equal(t, "/polls/"+pollNumber+"/letters?building=1&silent=true", r.Letters)
	refusedWith(t, c.do(http.MethodPost, n, `{"building":"9"}`), 422, "poll.building")
	w.polls.poll.State = ballot.Closed
	refusedWith(t, c.do(http.MethodPost, n, `{}`), 409, ballot.CodeNotOpen)
}

// TestRollImport: nothing is stored before the report was accepted, nor with bad lines unless they are left out on purpose, nor once
// the roll is frozen.
func TestRollImport(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	preparing(w)
	n := "/polls/" + pollNumber + "/roll"
	c, content := w.as("director"), []byte("户号\n")
	w.polls.report.Bad, w.polls.report.BadRows = []ballot.BadLine{{Row: 3, Column: "面积", Value: "八十", Why: "不是数字"}}, 1
	report := read[RollReport](t, c.roll(n+"/check", "清册.csv", content, nil))
	require.Equal(t, RollReport{Rows: 2, Good: 2, BadRows: 1, Bad: w.polls.report.Bad, Unused: []string{}, Voters: 2, Total: rules.Weight{Heads: 2}, Excluded: []string{}, Fingerprint: "cafe"}, report)
	refusedWith(t, c.roll(n, "清册.csv", content, map[string]string{"why": "更正"}), 422, "roll.accept")
	refusedWith(t, c.roll(n, "清册.csv", content, map[string]string{"accept": "true"}), 422, "roll.why")
	refusedWith(t, c.roll(n, "清册.csv", content, map[string]string{"accept": "true", "why": "更正"}), 422, "roll.bad_lines")
	refusedWith(t, c.roll(n, "清册.csv", content, map[string]string{"accept": "true", "why": "更\u202e正", "skip_bad": "true"}), 400, "input.control")
	refusedWith(t, c.roll(n, "清册.pdf", content, map[string]string{"accept": "true", "why": "更正"}), 422, "file.type")
	refusedWith(t, c.roll(n, "清册.csv", nil, map[string]string{"accept": "true", "why": "更正"}), 422, "file.empty")
	refusedWith(t, c.roll(n, "清册.csv", bytes.Repeat([]byte("a"), maxRoll+1), map[string]string{"accept": "true", "why": "更正"}), 413, "file.too_large")
	require.Len(t, w.polls.versions, 1)

	v := read[ballot.RollVersion](t, c.roll(n, "清册.csv", bytes.Repeat([]byte("a"), maxRoll), map[string]string{"accept": "true", "why": "更正", "skip_bad": "true"}))
	require.Equal(t, 2, v.Version)
	require.Equal(t, []string{"更正", "示例-郑八"}, []string{v.Why, v.By})
	w.polls.versions = nil
	require.Equal(t, "导入", read[ballot.RollVersion](t, c.roll(n, "清册.csv", content, map[string]string{"accept": "true", "skip_bad": "true"})).Why)
	w.polls.poll.Frozen = true
	refusedWith(t, c.roll(n, "清册.csv", content, map[string]string{"accept": "true", "why": "更正", "skip_bad": "true"}), 409, ballot.CodeRoll)
}

// TestObjectionsNameNobodyToOthers: who objects is a person on the roll.
func TestObjectionsNameNobodyToOthers(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	n := "/polls/" + pollNumber
	require.Equal(t, "示例-业主甲", read[record.Page[ballot.Objection]](t, w.as("auditor").do(http.MethodGet, n+"/objections", nil)).Items[0].Who)
	require.Equal(t, "示例-业主甲", read[RollView](t, w.as("director").do(http.MethodGet, n+"/roll", nil)).Objections[0].Who)
	for _, path := range []string{n + "/objections?about=roll", n + "/roll"} {
		r := w.as("operator").do(http.MethodGet, path, nil)
		require.Contains(t, r.Body.String(), "面积不对")
		require.NotContains(t, r.Body.String(), "业主甲")
	}
	require.Equal(t, 204, w.as("director").do(http.MethodPost, n+"/objections/o1/answer", `{"answer":"已核对","upheld":true}`).Code)
	require.Equal(t, "示例-郑八", w.polls.objections[0].By)
}

// TestPagesOfVoters: a page ends with the mark of the next one; the last has none.
func TestPagesOfVoters(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c, n := w.as("director"), "/polls/"+pollNumber
	var seen []string
	for after := ""; ; {
		p := read[record.Page[VoterView]](t, c.do(http.MethodGet, n+"/voters?limit=5&after="+after, nil))
		for _, v := range p.Items {
			seen = append(seen, v.No)
		}
		if after = p.Next; after == "" {
			break
		}
	}
	require.Len(t, seen, 12)
	require.Equal(t, "0012", seen[11])
	r := c.do(http.MethodGet, "/polls/roll-template?counting=household&format=xlsx", nil)
	require.Equal(t, "household.xlsx", r.Body.String())
	require.Contains(t, r.Header().Get("Content-Disposition"), ".xlsx")
	refusedWithin(t, c.do(http.MethodGet, "/polls/roll-template?counting=cats", nil), 422, "input.choice")
}
