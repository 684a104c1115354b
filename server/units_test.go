package server

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// TestUnitIsRenamed: what is left out stays, and the new name is in force at once.
func TestUnitIsRenamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	before, err := w.Unit(t.Context(), "XW-01")
	require.NoError(t, err)
	r := admin.do(http.MethodPut, "/units/XW-01", `{"name":"梧桐里街道"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Body.String())
	want := before
	want.Name = "梧桐里街道"
	require.Equal(t, want, read[record.Unit](t, r))
	require.Contains(t, read[[]record.Unit](t, w.as("street").do(http.MethodGet, "/units", nil)), want)
	refusedWith(t, admin.do(http.MethodPut, "/units/none", `{"name":"x"}`), http.StatusNotFound, "unit.not_found")
	refusedWith(t, admin.do(http.MethodPut, "/units/XW-01", `{"name":""}`), http.StatusUnprocessableEntity, "input.invalid")
}

// TestUnitOutOfUse: it takes nothing new, and what runs goes on.
func TestUnitOutOfUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	admin := w.as("admin")
	set := func(code, body string) record.Unit {
		t.Helper()
		r := admin.do(http.MethodPut, "/units/"+code, body)
		require.Equal(t, http.StatusOK, r.Code, r.Body.String())
		return read[record.Unit](t, r)
	}
	post := `{"user":"office","unit":"XW-CZ","role":"admission.member","from":"2026-09-01"}`
	start := `{"kind":"admission","form":{}}`
	transfer := func(unit, user string) string {
		return `{"action":"transfer","opinion":"请接手","target":{"unit":"` + unit + `","user":"` + user + `"}}`
	}
	// The control: in use, everything is taken.
	require.Equal(t, http.StatusOK, admin.do(http.MethodPost, "/posts", post).Code)
	require.Equal(t, http.StatusCreated, w.as("clerk").do(http.MethodPost, "/cases", start).Code)

	require.True(t, set("XW-TJ", `{"disabled":true}`).Disabled)
	require.Equal(t, "区财政局", set("XW-CZ", `{"disabled":true}`).Name)
	refusedWith(t, admin.do(http.MethodPost, "/posts", post), http.StatusConflict, "unit.disabled")
	refusedWith(t, w.as("clerk").do(http.MethodPost, "/cases", start), http.StatusForbidden, "unit.disabled")
	card := read[[]ProcedureCard](t, w.as("clerk").do(http.MethodGet, "/procedures", nil))[0]
	require.False(t, card.MayStart)
	require.Contains(t, card.WhyNot, "已停用")
	task := w.taskPath(w.taskID) + "/actions"
	refusedWith(t, w.as("operator").do(http.MethodPost, task, transfer("XW-CZ", "colleague")), http.StatusConflict, "unit.disabled")
	child := `{"code":"0103","name":"听雨社区","level":"community","parent":"XW-CZ"}`
	refusedWith(t, admin.do(http.MethodPost, "/units", child), http.StatusConflict, "unit.disabled")

	// A colleague takes it over, and decides.
	require.Equal(t, http.StatusOK, w.as("member").do(http.MethodPost, task, transfer("XW-CZ", "colleague")).Code)
	require.Equal(t, http.StatusOK, w.as("member").do(http.MethodPost, task, `{"action":"answer","answer":"agree"}`).Code)

	require.False(t, set("XW-TJ", `{"disabled":false}`).Disabled)
	require.Equal(t, http.StatusCreated, w.as("clerk").do(http.MethodPost, "/cases", start).Code)
}

// TestAStandingClockNamesTheUnit: the record says «申请单位»; who reads is told the unit's name, as it is now.
func TestAStandingClockNamesTheUnit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	n := "XW-ZR-2026-014"
	clocks := deadlines(t)
	clocks[0].State, clocks[0].Ground, clocks[0].WaitFor = "paused", "supplement", procedure.Applicant
	w.deadlines[n] = clocks
	d := read[CaseDetail](t, w.as("office").do(http.MethodGet, "/cases/"+n, nil))
	require.Contains(t, d.Sentence.Text, "时钟已暂停：等 区统计局 补正")
	require.NotContains(t, d.Sentence.Text, procedure.Applicant)
	require.Equal(t, "区统计局", d.Deadlines[0].WaitFor)

	clocks[0].WaitFor = "专家组" // any other name stays
	d = read[CaseDetail](t, w.as("office").do(http.MethodGet, "/cases/"+n, nil))
	require.Contains(t, d.Sentence.Text, "时钟已暂停：等 专家组 补正")
}

// TestUnitsInUseStandTogether: no unit in use stands below one that is not.
func TestUnitsInUseStandTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	off, on := `{"disabled":true}`, `{"disabled":false}`
	refusedWith(t, admin.do(http.MethodPut, "/units/XW-01", off), http.StatusConflict, "unit.above")
	require.Equal(t, http.StatusOK, admin.do(http.MethodPut, "/units/0101", off).Code)
	require.Equal(t, http.StatusOK, admin.do(http.MethodPut, "/units/XW-01", off).Code)
	refusedWith(t, admin.do(http.MethodPut, "/units/0101", on), http.StatusConflict, "unit.below")
	require.Equal(t, http.StatusOK, admin.do(http.MethodPut, "/units/XW-01", on).Code)
	require.Equal(t, http.StatusOK, admin.do(http.MethodPut, "/units/0101", on).Code)
}
