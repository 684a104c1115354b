package ops

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// world is an engine and a record as the detectors of the machine see them.
type world struct {
	problems []record.Problem
	faults   []record.Fault
	cleared  []string
	queues   []record.Queue
	engine   map[string]record.Inside
	record   map[string]procedure.CaseState
	asked    int      // single cases described
	more     int64    // open cases on both sides that nothing is wrong with
	walked   int      // times that all cases of the engine were gone through
	known    []string // causes of what is on the list
	runs     []Run
	err      error
}

func (w *world) Problems(context.Context) ([]record.Problem, error) { return w.problems, w.err }
func (w *world) Faults(_ context.Context, attempts int32) ([]record.Fault, error) {
	var out []record.Fault
	for _, f := range w.faults {
		if f.Attempt >= attempts {
			out = append(out, f)
		}
	}
	return out, w.err
}

func (w *world) ClearFault(_ context.Context, number, _, activity string) error {
	w.cleared = append(w.cleared, number+"/"+activity)
	return nil
}
func (w *world) allQueues(context.Context) ([]record.Queue, error) { return w.queues, w.err }
func (w *world) CaseTitles(_ context.Context, numbers []string) (map[string]string, error) {
	titles := map[string]string{}
	for _, n := range numbers {
		titles[n] = "标题 " + n
	}
	return titles, nil
}

func (w *world) Inside(_ context.Context, number string) (record.Inside, bool, error) {
	w.asked++
	in, ok := w.engine[number]
	return in, ok, w.err
}

func (w *world) Open(context.Context) (int64, error) {
	n := w.more
	for _, in := range w.engine {
		if in.Status == "Running" {
			n++
		}
	}
	return n, w.err
}

func (w *world) EachOpen(_ context.Context, f func(record.Opened)) error {
	w.walked++
	for number, in := range w.engine {
		if in.Status == "Running" {
			f(record.Opened{Case: number, Since: morning.Add(-time.Hour)})
		}
	}
	return w.err
}

func (w *world) CountOpen(context.Context) (int64, error) {
	n := w.more
	for _, s := range w.record {
		if s.Open() {
			n++
		}
	}
	return n, w.err
}

func (w *world) EachOpenCase(_ context.Context, f func(record.Opened)) error {
	for number, s := range w.record {
		if s.Open() {
			f(record.Opened{Case: number, Since: morning.Add(-time.Hour)})
		}
	}
	return w.err
}

func (w *world) StandingCauses(_ context.Context, kind Kind) ([]string, error) {
	if kind != Disagree {
		return nil, errors.New("asked for another kind")
	}
	return w.known, w.err
}

func (w *world) Runs(context.Context) ([]Run, error) { return w.runs, w.err }

func (w *world) Standing(_ context.Context, number string) (procedure.CaseState, error) {
	return w.record[number], w.err
}

var morning = time.Date(2026, 9, 7, 1, 0, 0, 0, time.UTC)

func same(t time.Time) time.Time { return t }

func clockAt(t time.Time) func() time.Time { return func() time.Time { return t } }

func TestFailing(t *testing.T) {
	t.Parallel()
	w := &world{}
	d := Failing{Machine: w, Titles: w}
	found, err := d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Empty(t, found)

	w.problems = []record.Problem{{Case: "b", Cause: "NonDeterministicError"}, {Case: "a", Cause: "NonDeterministicError"}, {Case: "c", Cause: "Odd"}}
	found, err = d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Len(t, found, 2, "one a cause")
	require.Equal(t, "新版程序与办件的历史不一致，已停住，2 件同因。", found[0].Sentence.Text)
	require.Equal(t, []Affected{{Number: "a", Title: "标题 a"}, {Number: "b", Title: "标题 b"}}, found[0].Cases)
	require.Equal(t, "程序出错（Odd），已停住，1 件同因。", found[1].Sentence.Text)

	w.err = errors.New("the engine does not answer")
	_, err = d.Detect(t.Context(), morning)
	require.Error(t, err, "never a part")
}

func TestRepeating(t *testing.T) {
	t.Parallel()
	fault := func(number, text string, attempt int32, ago time.Duration) record.Fault {
		return record.Fault{Case: number, Run: "r", Activity: "7", Type: "Record", Attempt: attempt, Error: text,
			First: morning.Add(-time.Hour), Last: morning.Add(-ago)}
	}
	w := &world{faults: []record.Fault{
		fault("a", "dial tcp 10.0.0.7:5432: refused", 3, time.Minute), fault("b", "dial tcp 10.0.0.7:5433: refused", 9, time.Minute),
		fault("c", "disk full", 4, time.Minute), fault("d", "once more", 2, time.Minute),
		fault("e", "its worker died", 5, time.Hour), fault("f", "it still fails", 5, time.Hour),
	}, engine: map[string]record.Inside{"e": {Run: "r"}, "f": {Run: "r", Pending: []record.Unfinished{{ID: "7"}}}}}
	d := Repeating{Faults: w, Machine: w, Titles: w, Engine: clockAt(morning), Case: same}
	found, err := d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Len(t, found, 3)
	require.Equal(t, "「写入记录」第 9 次重试仍失败：dial tcp 10.0.0.7:5432: refused，2 件同因。", found[0].Sentence.Text)
	require.Len(t, found[0].Cases, 2)
	require.Equal(t, morning.Add(-time.Hour), found[0].Since)
	require.Equal(t, []string{"e/7"}, w.cleared, "what has ended with its worker is forgotten")
	require.Equal(t, 2, w.asked, "only what nobody has renewed is asked about")
}

func TestDeserted(t *testing.T) {
	t.Parallel()
	at := func(ago time.Duration) *time.Time { m := morning.Add(-ago); return &m }
	for name, c := range map[string]struct {
		queue record.Queue
		want  string
	}{
		"a worker asks":              {record.Queue{Seen: at(time.Minute)}, ""},
		"a worker is behind":         {record.Queue{Seen: at(time.Second), Backlog: 900, Oldest: 19 * time.Second}, ""},
		"nobody has ever asked":      {record.Queue{Title: "办件"}, "没有程序在处理「办件」队列，目前没有积压。"},
		"the last one is long gone":  {record.Queue{Title: "办件", Seen: at(76 * time.Second)}, "没有程序在处理「办件」队列，目前没有积压。"},
		"work lies although one did": {record.Queue{Title: "办件", Seen: at(30 * time.Second), Backlog: 3, Oldest: 90 * time.Second}, "没有程序在处理「办件」队列，积压 3 件，最早的已等 1 分钟。"},
	} {
		w := &world{queues: []record.Queue{c.queue}}
		found, err := Deserted{Queues: w.allQueues, Engine: clockAt(morning)}.Detect(t.Context(), morning)
		require.NoError(t, err, name)
		if c.want == "" {
			require.Empty(t, found, name)
			continue
		}
		require.Len(t, found, 1, name)
		require.Equal(t, c.want, found[0].Sentence.Text, name)
		require.GreaterOrEqual(t, morning.Sub(found[0].Since), patiences[NoWorker].before, "it is on the list at once")
	}
}

func TestDiffering(t *testing.T) {
	t.Parallel()
	running := record.Inside{Status: "Running"}
	w := &world{engine: map[string]record.Inside{"a": running, "b": running}, record: map[string]procedure.CaseState{"a": procedure.Running, "b": procedure.Executing}}
	d := Differing{Machine: w, Record: w, Titles: w, Case: same}
	found, err := d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Empty(t, found)
	require.Zero(t, w.asked, "where the lists agree no case is asked about")

	delete(w.record, "b") // its row is lost
	found, err = d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "办件 b：记录显示没有这件办件，引擎显示办理中。", found[0].Sentence.Text)
	require.Equal(t, 1, w.asked)

	w.record["b"] = procedure.Running
	w.engine["a"] = record.Inside{Status: "Terminated"} // somebody has ended it beside us
	found, err = d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "办件 a：记录显示仍在办理，引擎显示已被强行结束。", found[0].Sentence.Text)

	w.record["a"] = procedure.Terminated
	found, err = d.Detect(t.Context(), morning)
	require.NoError(t, err)
	require.Empty(t, found, "mended")
}

// One case lost here and one lost there leave the numbers equal. Of many cases that is found twice an hour, and followed from then on.
func TestDiffering_OfMany(t *testing.T) {
	t.Parallel()
	running := record.Inside{Status: "Running"}
	half := morning.Add(30 * time.Minute)
	before, after := half.Add(-time.Second), half
	for _, c := range []struct {
		name   string
		more   int64
		looked *time.Time
		known  []string
		lost   string // a case that only the record has, besides
		found  []string
		walked int
	}{
		{"few", 0, &after, nil, "", []string{"a", "b"}, 1},
		{"many", fewOpen, &after, nil, "", nil, 0},
		{"many, first of the half hour", fewOpen, &before, nil, "", []string{"a", "b"}, 1},
		{"many, never looked", fewOpen, nil, nil, "", []string{"a", "b"}, 1},
		{"many, known already", fewOpen, &after, []string{"a", "b"}, "", []string{"a", "b"}, 0},
		{"many, half of it known", fewOpen, &after, []string{"a"}, "", []string{"a", "b"}, 1},
		{"many, known already, and one more", fewOpen, &after, []string{"a", "b"}, "c", []string{"a", "b", "c"}, 1},
		{"many, what was known is mended", fewOpen, &after, []string{"a", "b", "e"}, "", []string{"a", "b"}, 0},
		{"many, known already, first of the half hour", fewOpen, &before, []string{"b"}, "", []string{"a", "b"}, 1},
	} {
		w := &world{engine: map[string]record.Inside{"a": running, "e": running},
			record: map[string]procedure.CaseState{"b": procedure.Running, "e": procedure.Running}, more: c.more, known: c.known,
			runs: []Run{{Kind: Code, LastOK: &after}, {Kind: Disagree, LastOK: c.looked}}}
		if c.lost != "" {
			w.record[c.lost] = procedure.Running
		}
		found, err := Differing{Machine: w, Record: w, Titles: w, Case: same}.Detect(t.Context(), half.Add(10*time.Minute))
		require.NoError(t, err)
		var causes []string
		for _, f := range found {
			causes = append(causes, f.Cause)
		}
		slices.Sort(causes)
		require.Equal(t, c.found, causes, c.name)
		require.Equal(t, c.walked, w.walked, c.name)
	}
}

// What names a single case or connection does not make another cause.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	require.Equal(t, Fingerprint("dial tcp 10.0.0.7:5432: refused"), Fingerprint("dial tcp 10.0.0.12:54321: refused"))
	require.NotEqual(t, Fingerprint("disk full"), Fingerprint("disk gone"))
	require.Equal(t, "first line", Fingerprint("first line\nsecond line"))
}
