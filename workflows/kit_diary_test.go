package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// perform plays a script against the clock.
func perform(t *testing.T, s script) *court {
	t.Helper()
	c := newCourt(t, s.start)
	c.poll = s.poll
	for i, scene := range s.scenes {
		act := func() {
			for _, cmd := range scene.acts(c) {
				c.send(cmd, c.must)
			}
		}
		if moment := at(scene.at).Sub(at(s.start)); moment > 0 {
			c.at(scene.at, act)
		} else { // at the start itself: one after the other
			c.later(time.Duration(i+1)*time.Minute, act)
		}
	}
	require.Equal(t, s.state, c.play(Catalog()[s.filing.Kind], s.filing).State)
	return c
}

func TestDiaries(t *testing.T) {
	t.Parallel()
	for _, s := range scripts() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			c := perform(t, s)
			golden(t, s.name, c.diary())
			require.Empty(t, c.ledger().faults)
			c.lastIsClose(c.events[len(c.events)-1].Actor)
		})
	}
}

// The order in which parallel lanes get their plans is the engine's, so the lines of one instant are compared sorted.
func TestDiaries_TheSameEveryTime(t *testing.T) {
	t.Parallel()
	for _, s := range scripts() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, perform(t, s).diary(), perform(t, s).diary())
		})
	}
}

// Where nothing runs side by side the record is the same to the last byte.
func TestRecord_TheSameToTheLastByte(t *testing.T) {
	t.Parallel()
	for _, s := range scripts() {
		if s.name != "admission-correction" && s.name != "revision" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, perform(t, s).sums(), perform(t, s).sums())
		})
	}
}

// sums are the hashes of the lines, chained as the store chains them.
func (c *court) sums() []string {
	var out []string
	prev := ""
	for _, e := range c.events {
		e.Prev = prev
		prev = e.Sum()
		out = append(out, string(e.Type)+" "+prev)
	}
	return out
}
