package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/record"
	"gongzhi/rules"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/web"
)

const votesCase = "XW-BJ-2026-001"

// oneCase stands for the case of the vote: its workflow is not needed here.
type oneCase struct{ reads }

func (oneCase) Case(context.Context, record.Scope, string) (record.Case, error) {
	return record.Case{Number: votesCase, Kind: "consent", Unit: "0101"}, nil
}
func (oneCase) CaseTasks(context.Context, string) ([]record.Task, error) { return nil, nil }

type noEngine struct{}

func (noEngine) Send(context.Context, record.Command) (procedure.Receipt, error) {
	return procedure.Receipt{}, context.Canceled
}

func (noEngine) Sweep(context.Context, string) error { return context.Canceled }

func (noEngine) StartBatch(context.Context, string) error { return context.Canceled }

// voting is the API over a real store, a real box and a real ledger.
type voting struct {
	t      *testing.T
	h      http.Handler
	cookie string
	keys   *int
}

func (v voting) do(method, path, media string, body io.Reader, into any) int {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), method, path, body)
	r.RemoteAddr = "127.0.0.1:1"
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	*v.keys++
	r.Header.Set("Idempotency-Key", fmt.Sprintf("votes-test-%08d", *v.keys))
	r.Header.Set("Cookie", v.cookie)
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, r)
	if into != nil {
		require.Equal(v.t, http.StatusOK, w.Code, w.Body.String())
		if raw, ok := into.(*[]byte); ok {
			*raw = w.Body.Bytes()
		} else {
			require.NoError(v.t, json.Unmarshal(w.Body.Bytes(), into))
		}
	}
	return w.Code
}

func (v voting) send(method, path string, body map[string]any, into any) int {
	v.t.Helper()
	if body == nil {
		return v.do(method, path, "", nil, into)
	}
	raw, err := json.Marshal(body)
	require.NoError(v.t, err)
	return v.do(method, path, "application/json", bytes.NewReader(raw), into)
}

func (v voting) as(login string) voting {
	v.t.Helper()
	raw, err := json.Marshal(map[string]string{"login": login, "password": demo.Password})
	require.NoError(v.t, err)
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodPost, "/api/v1/session", bytes.NewReader(raw))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, r)
	require.Equal(v.t, http.StatusOK, w.Code, w.Body.String())
	v.cookie = w.Result().Cookies()[0].String()
	return v
}

func newVoting(t *testing.T) (voting, *votes) {
	t.Helper()
	ctx, url := t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "gongzhi.db")
	require.NoError(t, store.Migrate(ctx, url))
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(ctx, store.Options{URL: url, Logger: log, Now: time.Now, Kinds: map[procedure.Kind]string{"consent": "表决"}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, demo.Seed(ctx, s, server.HashPassword))
	k := &clock{mapping: procedure.RealClock(), store: s, tell: func(context.Context, []string, string, any) error { return nil }}
	a := &App{log: log}
	v, err := a.votes(ctx, Config{BallotKey: strings.Repeat("0d", 32)}, s, k)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	bucket, err := blob.OpenBucket(ctx, "file://"+t.TempDir()+"?no_tmp_dir=true")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, bucket.Close()) })
	p := people{s, k}
	letters, err := notifying(Config{}, s)
	require.NoError(t, err)
	api, err := server.New(server.Options{
		Reader: oneCase{reads{s.Reader(), k}}, Commands: p, Drafts: s, Files: p, People: p, Onces: s, Logins: s, Sessions: s.Sessions(), Engine: noEngine{},
		Blobs: blobs{bucket}, Polling: v.polling("https://vote.example"), Notifying: letters,
		Operations: server.Operations{Incidents: s, Views: s, Sweeper: noEngine{}, Proposals: s, Machine: mender{}, Batches: s, Starter: noEngine{}, Vitals: vitals{}}, Catalog: catalog.All, Now: time.Now, Clock: k.Mapping, Console: web.Handler(), Logger: log,
	})
	require.NoError(t, err)
	t.Cleanup(api.Close)
	return voting{t: t, h: api.Handler(), keys: new(int)}, v
}

// TestAVoteOverHTTP carries a small vote from the roll to the checked receipt, through the real roll reader, store, box and ledger.
func TestAVoteOverHTTP(t *testing.T) {
	t.Parallel()
	anybody, v := newVoting(t)
	ctx, conductor, number := t.Context(), v.conductor(), votesCase
	api := "/api/v1/polls/" + number
	var rule rules.ConsentRule
	for _, r := range rules.ConsentRules() {
		if r.ID == "seed75.of_all" {
			rule = r
		}
	}
	require.NoError(t, conductor.Prepare(ctx, ballot.Terms{Number: number, District: "XW", Unit: "0101", Animal: ballot.Resident, Title: "楼道照明更新", Question: "是否同意更新楼道照明？",
		Estate: "槐荫社区", Rule: rule, Options: rules.RollOptions{Counting: rules.ByHousehold}, Revisable: true}))

	director, street := anybody.as("sq0101.tao"), anybody.as("jd01.jin")
	var roll []byte
	director.send(http.MethodGet, "/api/v1/polls/roll-template?counting=household&format=csv", nil, &roll)
	for i := range 12 {
		roll = fmt.Appendf(roll, "1-1-%d01,1,1,%d,%d01,示例-住户%d,3301**********%04d,\r\n", i+1, i+1, i+1, i+1, i)
	}
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	file, err := m.CreateFormFile("file", "清册.csv")
	require.NoError(t, err)
	_, err = file.Write(roll)
	require.NoError(t, err)
	require.NoError(t, m.WriteField("accept", "true"))
	require.NoError(t, m.Close())
	var version ballot.RollVersion
	director.do(http.MethodPost, api+"/roll", m.FormDataContentType(), &form, &version)
	require.Equal(t, 12, version.Voters)

	_, err = conductor.Freeze(ctx, number)
	require.NoError(t, err)
	closes := time.Now().Add(time.Hour)
	require.NoError(t, conductor.Open(ctx, number, time.Now().Add(-time.Hour), closes))

	var letters server.Letters
	director.send(http.MethodPost, api+"/letters", map[string]any{"limit": 200}, &letters)
	require.Len(t, letters.Items, 12)
	var receipt server.ReceiptView
	for _, l := range letters.Items[:9] {
		var opened server.OpenedVote
		anybody.send(http.MethodPost, "/api/v1/vote/open", map[string]any{"code": l.Code}, &opened)
		require.Empty(t, opened.Ballots)
		anybody.send(http.MethodPost, "/api/v1/vote/cast", map[string]any{"code": l.Code, "choice": "yes"}, &receipt)
	}
	require.Equal(t, http.StatusNotFound, anybody.send(http.MethodPost, "/api/v1/vote/open", map[string]any{"code": "0000-0000-0000-0000"}, nil))

	var sheet server.SheetResult
	director.send(http.MethodPost, api+"/sheets", map[string]any{"voter": "0010", "choice": "no"}, &sheet)
	require.Nil(t, sheet.Receipt)
	require.Equal(t, http.StatusConflict, director.send(http.MethodPost, api+"/sheets", map[string]any{"voter": "0010", "choice": "no"}, nil))
	street.send(http.MethodPost, api+"/sheets", map[string]any{"voter": "0010", "choice": "no"}, &sheet)
	require.NotNil(t, sheet.Receipt)

	var board server.Board
	director.send(http.MethodGet, api, nil, &board)
	require.Equal(t, int64(9), board.Totals.Yes.Heads)
	require.Equal(t, rules.WillPass, board.Forecast.Prospect)
	require.False(t, board.Forecast.Certain)

	var proof ballot.Proof
	anybody.send(http.MethodGet, "/api/v1/public/polls/"+number+"/receipts/"+receipt.Tracker, nil, &proof)
	var public server.PublicPoll
	anybody.send(http.MethodGet, "/api/v1/public/polls/"+number, nil, &public)
	require.NoError(t, ballot.VerifyProof(proof, public.Verifier))
	require.Equal(t, receipt.Leaf, proof.Leaf)
	require.Equal(t, version.Fingerprint, public.Roll.Fingerprint)

	// The database's clock closes the vote; here it has come to the close.
	later := func(t time.Time) time.Time { return t.Add(2 * time.Hour) }
	_, err = v.store.ClosePoll(ctx, number, later)
	require.NoError(t, err)
	require.Equal(t, http.StatusConflict, anybody.send(http.MethodPost, "/api/v1/vote/cast", map[string]any{"code": letters.Items[11].Code, "choice": "yes"}, nil))
	require.NoError(t, conductor.Checkpoint(ctx, number))
	tally, err := conductor.Count(ctx, number)
	require.NoError(t, err)
	require.True(t, tally.Passed)
	var export, page []byte
	anybody.send(http.MethodGet, "/api/v1/public/polls/"+number+"/export", nil, &export)
	require.Contains(t, string(export), ballot.ExportFormat)
	require.NotContains(t, string(export), letters.Items[0].Names[0])
	anybody.send(http.MethodGet, "/gs/"+number+"?receipt="+receipt.Tracker, nil, &page)
	require.Contains(t, string(page), "75.00%（9/12）")
	require.Contains(t, string(page), "choice yes")
}
