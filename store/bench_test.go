package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
	"gongzhi/store/storetest"
	"gongzhi/test/pgtest"
)

// BenchmarkPages measures every page query on 10,000 cases with 200,000 events, 4,000 units and four districts.
func BenchmarkPages(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": pgtest.Schema} {
		b.Run(name, func(b *testing.B) {
			s := storetest.OpenURL(b, url(b))
			fill(b, s)
			benchPages(b, s)
		})
	}
}

const districts = 4

func fill(b *testing.B, s *store.Store) {
	b.Helper()
	unit := func(code, name, path string, level procedure.Level) {
		require.NoError(b, s.SaveUnit(b.Context(), record.Unit{Code: code, Name: name, Level: level, Path: path}))
	}
	unit("T", "示例市", "/T/", procedure.City)
	for d := range districts {
		district := fmt.Sprintf("D%d", d)
		unit(district, "示例区", "/T/"+district+"/", procedure.District)
		for i := range 1000 {
			code := fmt.Sprintf("%s-%03d", district, i)
			unit(code, "单位"+code, "/T/"+district+"/"+code+"/", procedure.Department)
		}
	}
	for n := range 10_000 {
		district := fmt.Sprintf("D%d", n%districts)
		holder := func(i int) procedure.Holder {
			code := fmt.Sprintf("%s-%03d", district, (n/districts*7+i)%1000)
			return procedure.Holder{Unit: code, UnitName: "单位" + code, Role: "street.office"}
		}
		office := procedure.Holder{Unit: district + "-000", UnitName: "准入办", Role: "admission.office"}
		by := procedure.Actor{User: fmt.Sprintf("u%d", n%500), Name: "示例-孙一", Unit: holder(9).Unit, Role: "department.officer"}
		c := storetest.NewScriptBy(fmt.Sprintf("%s-ZR-2026-%05d", district, n), by, district)
		for i := range 5 {
			h := holder(i)
			if i == 0 {
				h = office
			}
			id := c.Task(h, n%90+i)
			c.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: id, Rung: procedure.RungYellow})
			if n%3 == 0 {
				c.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: id, Rung: procedure.RungRed})
			}
			if i > 0 && n%4 > 0 {
				answer := procedure.Answered{Task: id, Answer: procedure.Agree, Label: "同意"}
				c.Add(procedure.TaskAnswered, procedure.Actor{User: fmt.Sprintf("a%d", n%100), Name: "示例-李四"}, "", answer)
			}
		}
		for len(c.Events) < 19 {
			c.Add(procedure.CaseComplained, by, "", procedure.Complained{Unit: holder(1).Unit})
		}
		if n%2 == 0 {
			c.Add(procedure.CaseClosed, procedure.SystemEngine, "", procedure.Closed{Outcome: procedure.Outcome{State: procedure.Completed}})
		} else {
			c.Add(procedure.CasePhased, procedure.SystemEngine, "", procedure.Phased{State: procedure.Executing})
		}
		_, err := s.Append(b.Context(), c.Number, c.Events)
		require.NoError(b, err)
	}
}

func benchPages(b *testing.B, s *store.Store) {
	all := record.Scope{{Everything: true}}
	district := record.Scope{{Paths: []string{"/T/D1/"}, Users: []string{"u1"}}}
	city := record.Scope{{Paths: []string{"/T/"}}}
	post := record.Scope{{Holders: []procedure.Holder{{Unit: "D1-001", Role: "street.office"}}, Users: []string{"a1"}}}
	office := record.Scope{{Holders: []procedure.Holder{{Unit: "D1-000", Role: "admission.office"}}, Users: []string{"a1"}}}
	none := record.Scope{{Paths: []string{"/T/D1/D1-999/x/"}}}
	for name, scope := range map[string]record.Scope{
		"all": all, "district": district, "city": city, "post": post, "office": office, "none": none,
	} {
		for what, f := range map[string]record.CaseFilter{
			"due": {}, "started": {Sort: "started"}, "red": {Card: "red"}, "text": {Text: "00777"}, "nothing": {Text: "没有"},
			"unit": {Unit: "D1-005"}, "state": {State: procedure.Executing}, "mine": {Mine: true},
		} {
			b.Run("cases/"+name+"/"+what, func(b *testing.B) {
				for b.Loop() {
					page, err := s.Cases(b.Context(), scope, f)
					require.NoError(b, err)
					f.After = page.Next // walk on, then begin anew
				}
			})
		}
		for _, box := range []record.TaskBox{record.BoxTodo, record.BoxDone, record.BoxOverdue} {
			b.Run("tasks/"+name+"/"+string(box), func(b *testing.B) {
				f := record.TaskFilter{Box: box}
				for b.Loop() {
					page, err := s.Tasks(b.Context(), scope, f)
					require.NoError(b, err)
					f.After = page.Next
				}
			})
		}
		b.Run("counts/"+name, func(b *testing.B) {
			for b.Loop() {
				_, err := s.Counts(b.Context(), scope, "2026-09-05")
				require.NoError(b, err)
			}
		})
	}
	b.Run("case", func(b *testing.B) {
		for b.Loop() {
			_, err := s.CaseDesk(b.Context(), district, "D1-ZR-2026-00777")
			require.NoError(b, err)
			_, err = s.Events(b.Context(), "D1-ZR-2026-00777", 0, 0)
			require.NoError(b, err)
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			_, err := s.VerifyCase(b.Context(), "D1-ZR-2026-00777")
			require.NoError(b, err)
		}
	})
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			report, err := s.Rebuild(b.Context())
			require.NoError(b, err)
			b.ReportMetric(float64(report.Events), "events")
		}
	})
}
