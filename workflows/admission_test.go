package workflows

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

var update = flag.Bool("update", false, "write the golden diaries anew")

// golden compares a diary with the one a lawyer has read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "diaries", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// approve plays the sample up to the decision of the joint meeting.
func (c *court) approve(decision procedure.Answer) {
	c.at("2026-09-07 10:00", func() { c.answer("formal-review", office, procedure.Accept) })
	c.at("2026-09-08 10:00", func() {
		for _, u := range streets {
			c.answer("street-hearing", person("街道"+u, u, procedure.StreetOffice), procedure.Agree)
		}
	})
	c.at("2026-09-10 10:00", func() {
		for i, u := range communities {
			a := procedure.Agree
			if i == 4 {
				a = procedure.AgreeIf
			}
			c.answer("community-hearing", director(u), a)
		}
	})
	c.at("2026-09-18 10:00", func() {
		for _, u := range members {
			c.answer("joint-review", member(u), procedure.Agree)
		}
	})
	c.at("2026-09-28 15:00", func() { c.answer("decision", meeting, decision) })
}

func (c *court) enact() {
	c.at("2026-10-08 09:30", func() { c.answer("publication", office, procedure.Publish) })
	c.at("2026-10-12 10:00", func() { c.answer("funding", clerk, procedure.Paid) })
	c.at("2026-10-13 10:00", func() {
		for _, u := range communities {
			c.answer("handover", director(u), procedure.Received)
		}
	})
}

func (c *court) reports(moment string, units ...string) {
	c.at(moment, func() {
		for _, u := range units {
			c.answer("progress", director(u), procedure.Report)
		}
	})
}

func TestAdmission_FromApplicationToExit(t *testing.T) {
	t.Parallel()
	c := newCourt(t, "2026-09-07 09:00")
	c.approve(procedure.AgreeIf)
	c.enact()
	c.reports("2026-11-20 10:00", communities...)
	c.reports("2026-12-18 10:00", communities[:4]...) // one stays silent: recorded, never filled in

	o := c.run(e6())

	require.Equal(t, procedure.Completed, o.State)
	golden(t, "admission", c.diary())
}
