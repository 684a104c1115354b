package server

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
)

// stockPoll puts the case of the poll into the world: of a community, in its street.
func (w *world) stockPoll() {
	w.cases[pollNumber] = record.Case{Number: pollNumber, Kind: "consent", Title: "听雨花园外墙改造", State: procedure.Running, District: "XW", Unit: "0101"}
	w.paths[pollNumber] = "/YT/XW/XW-01/0101/"
	w.files["p1"] = record.Attachment{ID: "p1", Name: "票.jpg", Type: "image/jpeg", Size: 6, SHA256: "sha", By: "director"}
}

func preparing(w *world) {
	w.polls.poll.State, w.polls.poll.Frozen, w.polls.poll.Opens, w.polls.poll.Closes = ballot.Preparing, false, nil, nil
}

func counted(w *world) { w.polls.count(ballot.Counted) }

// pollSamples are the samples of the routes of votes. An operator sees the case of the poll and may do nothing with it.
func (w *world) pollSamples() map[string]sample {
	n := "/polls/" + pollNumber
	code := `{"code":"` + w.polls.code("0003") + `"`
	return map[string]sample{
		"rollTemplate":    {path: "/polls/roll-template?counting=owner&format=csv", by: "clerk"},
		"polls":           {path: "/polls?state=open&unit=XW-01&text=听雨&limit=20", by: "operator"},
		"poll":            {path: n, by: "operator", wrong: "street2", hidden: true},
		"roll":            {path: n + "/roll", by: "operator", wrong: "street2", hidden: true},
		"rollLines":       {path: n + "/roll/lines", by: "auditor", wrong: "operator"},
		"checkRoll":       {path: n + "/roll/check", by: "director", wrong: "operator", roll: map[string]string{}},
		"importRoll":      {path: n + "/roll", by: "director", wrong: "auditor", roll: map[string]string{"accept": "true", "why": "更正：面积"}, prepare: preparing},
		"objections":      {path: n + "/objections", by: "operator", wrong: "stranger", hidden: true},
		"object":          {path: n + "/objections", by: "street", wrong: "operator", body: `{"about":"roll","who":"示例-业主乙","text":"面积不对"}`},
		"answerObjection": {path: n + "/objections/o1/answer", by: "director", wrong: "operator", body: `{"answer":"已核对登记簿","upheld":false}`, status: 204},
		"voters":          {path: n + "/voters?silent=true", by: "street", wrong: "operator"},
		"voterBallots":    {path: n + "/voters/0001/ballots", by: "auditor", wrong: "operator"},
		"letters":         {path: n + "/letters", by: "director", wrong: "auditor", body: `{"building":"1"}`},
		"printSheets":     {path: n + "/sheets/print", by: "director", wrong: "auditor"},
		"sheets":          {path: n + "/sheets?state=once", by: "auditor", wrong: "operator"},
		"enterSheet":      {path: n + "/sheets", by: "director", wrong: "auditor", body: `{"voter":"0005","choice":"yes"}`},
		"castAtDoor":      {path: n + "/door", by: "director", wrong: "operator", body: `{"voter":"0006","choice":"no","files":["p1"],"witness":"示例-见证"}`},
		"markSigned":      {path: n + "/signed", by: "director", wrong: "operator", body: `{"voter":"0007"}`, status: 204},
		"certified": {path: n + "/certified", by: "director", wrong: "operator", body: `{"platform":"市业主电子投票平台","document":"示 1 号","file":"p1",` +
			`"totals":{"counting":"owner","all":{"heads":12,"area":96000},"yes":{"heads":9,"area":72000},"no":{"heads":0,"area":0},"abstain":{"heads":0,"area":0},"signed":{"heads":0,"area":0}}}`},
		"reminders":  {path: n + "/reminders", by: "director", wrong: "operator", body: `{}`},
		"openVote":   {path: "/vote/open", body: code + `}`},
		"castVote":   {path: "/vote/cast", body: code + `,"choice":"yes"}`},
		"publicPoll": {path: "/public" + n},
		"receipt":    {path: "/public" + n + "/receipts/0123456789ABCDEF"},
		"exportPoll": {path: "/public" + n + "/export", prepare: counted},
	}
}

// rollForm is a form with the file of a roll.
func rollForm(t *testing.T, name string, content []byte, fields map[string]string) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	for field, value := range fields {
		require.NoError(t, m.WriteField(field, value))
	}
	require.NoError(t, m.Close())
	return b.Bytes(), m.FormDataContentType()
}

func (c *client) roll(path, name string, content []byte, fields map[string]string) *httptest.ResponseRecorder {
	form, kind := rollForm(c.t, name, content, fields)
	return c.do(http.MethodPost, path, form, "Content-Type", kind)
}

// TestPollOfAnotherPlace: a poll of a case that one does not see does not exist, on every route; neither does a poll that is not
// there. The director is the control.
func TestPollOfAnotherPlace(t *testing.T) {
	t.Parallel()
	n := newWorld(t)
	samples := n.pollSamples()
	for _, r := range n.s.table {
		s, ok := samples[r.id]
		if !ok || r.policy.Who == Public || r.id == "rollTemplate" || r.id == "polls" {
			continue
		}
		t.Run(r.id, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stock()
			if s.prepare != nil {
				s.prepare(w)
			}
			for _, login := range []string{"street2", "stranger", "member"} {
				require.Equal(t, http.StatusNotFound, s.send(w.as(login), r.method), login)
			}
			require.Less(t, s.send(w.as("director"), r.method), 300)
			delete(w.cases, pollNumber)
			require.Equal(t, http.StatusNotFound, s.send(w.as("director"), r.method), "no case")
		})
	}
}

// TestWhoOrganises fixes who may act on a vote: posts of its unit and the street above, and whoever holds a task of its case.
func TestWhoOrganises(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	may := func(login string) PollRights {
		return read[Board](t, w.as(login).do(http.MethodGet, "/polls/"+pollNumber, nil)).May
	}
	require.Equal(t, PollRights{People: true, Letters: true, Enter: true, Objections: true, Remind: true}, may("director"))
	require.Equal(t, may("director"), may("street"))
	w.polls.poll.Platform = "省级业主电子表决系统"
	require.True(t, may("director").Certify)
	require.False(t, may("director").Letters, "its codes open nothing")
	refusedWith(t, w.as("director").do(http.MethodPost, "/polls/"+pollNumber+"/letters", `{}`), 409, ballot.CodeRoll)
	w.polls.poll.Platform = ""
	require.Equal(t, PollRights{People: true}, may("auditor"))
	require.Equal(t, PollRights{}, may("operator"))

	// Whoever holds an open task of the case organises too; when the task is done, no more.
	w.tasks = append(w.tasks, record.Task{ID: pollNumber + ".9", Case: pollNumber, State: record.TaskOpen, Holder: procedure.Holder{Unit: "XW-TJ", Role: procedure.DepartmentClerk}})
	require.True(t, may("clerk").Letters)
	w.tasks[len(w.tasks)-1].State = record.TaskDone
	require.False(t, may("clerk").Letters)

	// A witness of the community enters paper and organises nothing.
	w.posts = append(w.posts, record.Post{ID: "p-witness", User: "colleague", Unit: "0101", Role: procedure.Witness, From: "2026-01-01"})
	w.posts = slices.DeleteFunc(w.posts, func(p record.Post) bool { return p.ID == "p-colleague" })
	require.Equal(t, PollRights{People: true, Enter: true}, may("colleague"))

	// Before the roll is frozen it may be imported, and nothing printed.
	preparing(w)
	require.Equal(t, PollRights{People: true, Import: true, Objections: true}, may("director"))
}
