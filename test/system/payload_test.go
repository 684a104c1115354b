package system

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

// TestPayloadKey: with a key, whoever gets the engine's file cannot read a case in it; the case itself works as ever.
func TestPayloadKey(t *testing.T) {
	t.Parallel()
	const title = "密级较高的摸底登记"
	for name, c := range map[string]struct {
		env      []string
		readable bool
	}{
		"with a key":    {[]string{"GONGZHI_PAYLOAD_KEY=" + strings.Repeat("0f", 32)}, false},
		"without a key": {nil, true}, // the control: the search would find it
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := up(t, c.env, dir, "--demo")
			w := newTown(p.url, demo.Password)
			number := w.file(t, "tjj.sun", admission.Kind, application(title))
			w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
			w.answer(t, "jd01.jin", number, "street-hearing", procedure.Agree, "")
			code, _ := p.stop(t)
			require.Zero(t, code)
			require.Equal(t, c.readable, contains(t, dir, title), "the engine's files contain the title")

			again := up(t, c.env, dir, "--demo")
			w = w.moved(again.url)
			w.answer(t, "jd02.wei", number, "street-hearing", procedure.Agree, "")
			require.Equal(t, title, w.look(t, number).Case.Title)
			if len(c.env) == 0 {
				return
			}
			code, _ = again.stop(t)
			require.Zero(t, code)
			// With a wrong key the program runs, and the case waits: nothing is guessed, nothing is lost.
			wrong := up(t, []string{"GONGZHI_PAYLOAD_KEY=" + strings.Repeat("a0", 32)}, dir, "--demo")
			w = w.moved(wrong.url)
			task := w.task(t, number, "community-hearing", "sq0101.tao")
			r, err := w.as(t, "sq0101.tao").send(request{method: "POST", path: actions(task.ID), body: decision(procedure.Agree, "")})
			require.NoError(t, err)
			require.NotEqual(t, 200, r.status, "%s", r)
			var done result
			r.read(t, &done)
			wrong.kill()
			right := up(t, c.env, dir, "--demo")
			w = w.moved(right.url)
			eventually(t, "with the right key it goes on", sweepLimit, func() bool {
				return answers(t, w, number, "community-hearing", done.Command) == 1
			})
		})
	}
}

// contains searches every file of the engine, its backups and logs included.
func contains(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "temporal*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
