package server

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// noticePath is where the public notices of votes stand, outside of the API: they are read without a script.
const noticePath = "/gs/"

//go:embed polls_page.html
var noticeText string

var noticeTemplate = template.Must(template.New("notice").Parse(noticeText))

// noticePage is what the template shows.
type noticePage struct {
	Poll  PublicPoll
	Self  string
	State string
	Check *receiptCheck
	QR    *qrDrawing // of the newest checkpoint
	Rows  []noticeRow
}

// receiptCheck is the answer to somebody who asks for a receipt.
type receiptCheck struct {
	Proof *ballot.Proof
	Place int64 // from 1
	Why   string
}

// noticeRow is one line of the count.
type noticeRow struct{ Name, Heads, Area string }

var pollStates = map[ballot.PollState]string{
	ballot.Preparing: "准备中：清册公示，还没有开始表决。", ballot.Open: "正在表决。", ballot.Closed: "表决已经结束，正在计票。",
	ballot.Counted: "初步统计结果公示，正在询异。", ballot.Final: "结果已经确定。", ballot.Void: "本次表决已经终止，没有结果。",
}

// notice serves the public page of a vote: a whole page from the server.
func (s *Server) notice(g *gin.Context) {
	ctx := g.Request.Context()
	number, err := url.PathUnescape(strings.TrimPrefix(g.Request.URL.EscapedPath(), noticePath))
	if err != nil || number == "" || strings.Contains(number, "/") || (g.Request.Method != http.MethodGet && g.Request.Method != http.MethodHead) {
		s.noticeMissing(g)
		return
	}
	page := noticePage{Self: noticePath + url.PathEscape(number)}
	if page.Poll, err = s.publicView(ctx, number); err != nil {
		s.noticeFailed(g, err)
		return
	}
	page.State = pollStates[page.Poll.State]
	if len(page.Poll.Checkpoints) > 0 {
		qr, err := qrOf(page.Poll.Checkpoints[0].Note)
		if err != nil {
			s.noticeFailed(g, err)
			return
		}
		page.QR = &qr
	}
	if r := page.Poll.Result; r != nil {
		page.Rows = noticeRows(r.Totals)
	}
	if asked := g.Query("receipt"); asked != "" {
		if page.Check, err = s.checkReceipt(g, number, asked); err != nil {
			s.noticeFailed(g, err)
			return
		}
	}
	var out bytes.Buffer
	if err := noticeTemplate.Execute(&out, page); err != nil {
		s.noticeFailed(g, err)
		return
	}
	g.Header("Cache-Control", "no-store")
	g.Data(http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}

func (s *Server) checkReceipt(g *gin.Context, number, asked string) (*receiptCheck, error) {
	proof, err := s.Polling.Ledger.Proof(g.Request.Context(), number, tracker(asked))
	if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
		return &receiptCheck{Why: refusal.Message}, nil
	}
	return &receiptCheck{Proof: &proof, Place: proof.Index + 1}, err
}

func (s *Server) noticeMissing(g *gin.Context) {
	g.Data(http.StatusNotFound, "text/html; charset=utf-8", []byte(plainPage("没有这个表决", "请核对网址，或向组织单位询问。")))
}

func (s *Server) noticeFailed(g *gin.Context, err error) {
	p := s.problem(g.Request.Context(), err)
	if p.Status == http.StatusNotFound {
		s.noticeMissing(g)
		return
	}
	g.Data(p.Status, "text/html; charset=utf-8", []byte(plainPage(p.Title, p.Detail)))
}

// plainPage is a page of one sentence.
func plainPage(title, text string) string {
	return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>` +
		template.HTMLEscapeString(title) + `</title></head><body style="font-size:1.25rem;margin:2rem"><h1>` +
		template.HTMLEscapeString(title) + `</h1><p>` + template.HTMLEscapeString(text) + `</p></body></html>`
}

func noticeRows(t rules.Totals) []noticeRow {
	row := func(name string, w rules.Weight) noticeRow {
		return noticeRow{Name: name, Heads: grouped(w.Heads), Area: squareMetres(w.Area)}
	}
	return []noticeRow{
		row("清册总数", t.All), row("同意", t.Yes), row("不同意", t.No), row("弃权", t.Abstain), row("已签收未表决", t.Signed),
	}
}

// Window is when one may vote.
func (p noticePage) Window() string {
	if p.Poll.Opens == nil || p.Poll.Closes == nil {
		return "还没有确定。"
	}
	return p.Time(*p.Poll.Opens) + " 至 " + endTime(*p.Poll.Closes)
}

// Time writes a moment in Chinese time.
func (noticePage) Time(t time.Time) string {
	return calendar.DateOf(t).Long() + t.In(calendar.Zone).Format(" 15:04")
}

// endTime writes an end that no longer counts as people say it: 00:00 of a day is 24:00 of the day before.
func endTime(t time.Time) string {
	if day := calendar.DateOf(t); t.Equal(day.Start()) {
		return day.AddDays(-1).Long() + " 24:00"
	}
	return noticePage{}.Time(t)
}

// ByArea tells whether area counts.
func (p noticePage) ByArea() bool { return p.Poll.counting == rules.ByOwner }

// Heads names what is counted by heads.
func (p noticePage) Heads() string {
	if p.Poll.counting == rules.ByHousehold {
		return "户数"
	}
	return "人数"
}

// Weight writes a weight.
func (p noticePage) Weight(w rules.Weight) string {
	text := grouped(w.Heads) + " 人"
	if p.Poll.counting == rules.ByHousehold {
		text = grouped(w.Heads) + " 户"
	}
	if p.ByArea() {
		text += "，专有部分面积 " + squareMetres(w.Area) + " 平方米"
	}
	return text
}

// Ratio writes what a test asks for: 不少于 3/4, 超过 1/2.
func (noticePage) Ratio(r rules.Ratio) string {
	word := "不少于"
	if r.Strict {
		word = "超过"
	}
	return word + " " + strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
}

// squareMetres writes an area in 0.01 m²: 5,440.00.
func squareMetres(area int64) string {
	cents := strconv.FormatInt(100+area%100, 10)
	return grouped(area/100) + "." + cents[1:]
}

// grouped writes a count with a comma before every third digit.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
