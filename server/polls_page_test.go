package server

import (
	"bytes"
	"html/template"
	"image"
	"image/color"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/calendar"
)

// TestNoticePage: the page of a vote is whole without a script, a style or a session, and tells no name.
func TestNoticePage(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	w.polls.poll.Question = `同意吗<script>alert(1)</script>`
	r := w.get("/gs/" + pollNumber)
	page := r.Body.String()
	require.Equal(t, 200, r.Code)
	require.Equal(t, "text/html; charset=utf-8", r.Header().Get("Content-Type"))
	require.Equal(t, "no-store", r.Header().Get("Cache-Control"))
	require.Empty(t, r.Result().Cookies())
	require.NotContains(t, page, "<script")
	require.Contains(t, page, template.HTMLEscapeString(w.polls.poll.Question))
	require.NotContains(t, page, "示例-")
	for _, shown := range []string{"正在表决", "2026年9月21日（周一） 09:00 至 2026年9月22日（周二） 10:00", strings.Repeat("ab", 32), "计票单位：业主", "12 人，专有部分面积 960.00 平方米",
		"一人至多代理 3 户", "gongzhi/" + pollNumber + "\n2\n", `<svg class="qr"`} {
		require.Contains(t, page, shown)
	}
	require.NotContains(t, page, "<h2>初步统计结果")
	require.NotContains(t, page, "/export")

	counted(w)
	page = w.get("/gs/" + pollNumber).Body.String()
	for _, shown := range []string{"<h2>初步统计结果", "参与未达规定比例，表决不成立", "16.66%（2/12）", "不少于 2/3", "询异", "/api/v1/public/polls/" + pollNumber + "/export"} {
		require.Contains(t, page, shown)
	}
	w.polls.poll.State = ballot.Final
	require.NotContains(t, w.get("/gs/"+pollNumber).Body.String(), "<h2>初步统计结果")
}

func TestNoticePageChecksReceipts(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	require.Contains(t, w.get("/gs/"+pollNumber+"?receipt=0123-4567-89ab-cdef").Body.String(), "第 1 条")
	page := w.get("/gs/" + pollNumber + "?receipt=%3Cb%3E").Body.String()
	require.Contains(t, page, "没有编号为这个的回执。")
	require.NotContains(t, page, "<b>")
}

func TestNoticePageMissing(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	for _, path := range []string{"/gs/XW-BJ-2026-999", "/gs/", "/gs/a/b", "/gs/%2e%2e"} {
		r := w.get(path)
		require.Equal(t, http.StatusNotFound, r.Code, path)
		require.Contains(t, r.Body.String(), "没有这个表决")
	}
	w.polls.broken = errFake
	r := w.get("/gs/" + pollNumber)
	require.Equal(t, 500, r.Code)
	require.NotContains(t, r.Body.String(), errFake.Error())
}

// TestQR draws the path again and compares it with the code, module by module.
func TestQR(t *testing.T) {
	t.Parallel()
	const text = "https://vote.example/v#0123-4567-89AB-CDEF"
	got, err := qrOf(text)
	require.NoError(t, err)
	want, err := qr.Encode(text, qr.M, qr.Auto)
	require.NoError(t, err)
	drawn := image.NewGray(image.Rect(0, 0, got.Size, got.Size))
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(got.Path, -1) {
		x, y, length := atoi(t, m[1]), atoi(t, m[2]), atoi(t, m[3])
		require.Equal(t, m[3], m[4])
		for i := range length {
			drawn.SetGray(x+i, y, color.Gray{Y: 255})
		}
	}
	size := want.Bounds().Dx()
	require.Equal(t, size+2*quietZone, got.Size)
	for y := range got.Size {
		for x := range got.Size {
			inside := image.Pt(x-quietZone, y-quietZone).In(want.Bounds())
			require.Equal(t, inside && dark(want.At(x-quietZone, y-quietZone)), drawn.GrayAt(x, y).Y == 255, "%d,%d", x, y)
		}
	}
	_, err = qrOf(string(bytes.Repeat([]byte("x"), 4000)))
	require.Error(t, err)
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

// TestNoticeSaysWhatFollows: what it takes in whole numbers, what follows either way, and the end as people say it.
func TestNoticeSaysWhatFollows(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	p := &w.polls.poll
	midnight := calendar.DateOf(*p.Closes).End()
	p.Closes, p.Effect, p.Extension, p.CoolOff, p.Frozen = &midnight, "更换外墙保温，预算 60 万元，从维修资金列支。", 10, 90, true
	p.Rule.Conditions = []string{"被占用专有部分的业主书面同意"}
	const numbers = "同意至少 9 人（全体 12 人都参与时）；只有 8 人参与时，至少 6 人。"
	follows := []string{"更换外墙保温", "被占用专有部分的业主书面同意，由街道办事处确认", "延长一次，共 10 日", "满 90 日才可以再次表决"}
	page := w.get("/gs/" + pollNumber).Body.String()
	for _, shown := range append(follows, "至 2026年9月22日（周二） 24:00", numbers) {
		require.Contains(t, page, shown)
	}
	opened := w.client().open(w.polls.code("0003"))
	require.Contains(t, strings.Join(opened.Poll.Plain, ""), numbers)
	require.Subset(t, strings.Split(strings.Join(append(opened.Poll.Passes, opened.Poll.Fails...), "。"), "。"), []string{"项目不启动"})

	p.Effect, p.Extension, p.CoolOff, p.Frozen, p.Rule.Conditions = "", 0, 0, false, nil
	page = w.get("/gs/" + pollNumber).Body.String()
	for _, gone := range append(follows, numbers) {
		require.NotContains(t, page, gone, "nothing is said that is not so")
	}
}
