package system

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
)

// TestDemoPlaysTheSample: the player asserts every date and state of the worked example itself.
func TestDemoPlaysTheSample(t *testing.T) {
	t.Parallel()
	p, _ := demonstration(t)
	out, code := runs(t, "", "demo", "admission", "--url", p.url)
	require.Zero(t, code, "%s", out)
	require.Contains(t, out, "XW-ZR-2026-014")
	require.Contains(t, out, "2026-12-21")
	require.NotContains(t, out, "✗")
	// What has been played cannot be played again on the same folder: it says so instead of pretending.
	out, code = runs(t, "", "demo", "admission", "--url", p.url)
	require.NotZero(t, code)
	require.Contains(t, out, "演示时间已是")
}

// TestDemoPlayerNoticesWrongDates is the control of the test above: two days later other dates hold, and the player must say so.
func TestDemoPlayerNoticesWrongDates(t *testing.T) {
	t.Parallel()
	p, _ := demonstration(t, "--now", "2026-09-09T08:00:00+08:00")
	out, code := runs(t, "", "demo", "admission", "--url", p.url)
	require.NotZero(t, code, "%s", out)
	require.Contains(t, out, "错误：")

	// A speed at which the story's days run away between two requests makes a deadline come out otherwise, or the story late.
	fast, _ := demonstration(t, "--speed", "200000")
	out, code = runs(t, "", "demo", "admission", "--url", fast.url)
	require.NotZero(t, code, "%s", out)
}

// TestDemoFlagsNeedDemo: virtual time exists in a demonstration only.
func TestDemoFlagsNeedDemo(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--now=2026-09-07T09:00:00+08:00", "--speed=2", "--speed=1"} {
		dir := filepath.Join(t.TempDir(), "data")
		out, code := runs(t, "", "up", "--data", dir, "--listen", "127.0.0.1:0", flag)
		require.NotZero(t, code, flag)
		require.Contains(t, out, "只能与 --demo 一起使用", flag)
		require.NoDirExists(t, dir, "nothing is made before the flags are judged")
	}
	for flag, text := range map[string]string{"--speed=0": "--speed 须在", "--now=tomorrow": "--now 应写作", "--listen=nowhere": "--listen"} {
		out, code := runs(t, "", "up", "--data", t.TempDir(), "--demo", flag)
		require.NotZero(t, code, flag)
		require.Contains(t, out, text, flag)
	}
}

// TestWithoutDemoNothingOfItWorks: no known password, no clock, no list of accounts; and a demonstration's folder is refused.
func TestWithoutDemoNothingOfItWorks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir)
	require.NotContains(t, p.out.String(), demo.Password)
	nobody := stranger(p.url)
	for _, login := range []string{"ops.bai", "admin.shui", "admin", "root"} {
		r := nobody.do(t, request{method: "POST", path: "/session", body: map[string]string{"login": login, "password": demo.Password}})
		require.Equal(t, http.StatusUnauthorized, r.status, "%s", r)
		require.Equal(t, "login.failed", r.refusal().Code)
	}
	require.Equal(t, http.StatusNotFound, nobody.do(t, request{method: "GET", path: "/demo/accounts"}).status)
	code, _ := p.stop(t)
	require.Zero(t, code)

	// The first administrator comes from the command line, with a password of a real one's strength.
	out, code := runs(t, "", "unit", "add", "YT", "云汀市", "city", "--data", dir)
	require.Zero(t, code, out)
	out, code = runs(t, "", "unit", "add", "XW", "星梧区", "district", "YT", "--data", dir)
	require.Zero(t, code, out)
	out, code = runs(t, "short\n", "user", "add", "boss", "示例-管", "--unit", "XW", "--data", dir)
	require.NotZero(t, code)
	require.Contains(t, out, "密码至少 12 位")
	const secret = "Nine-Rivers-2026"
	out, code = runs(t, secret+"\n", "user", "add", "boss", "示例-管", "--unit", "XW", "--data", dir)
	require.Zero(t, code, out)

	p = up(t, nil, dir)
	boss, err := signIn(p.url, "boss", secret)
	require.NoError(t, err)
	r := boss.do(t, request{method: "POST", path: "/clock/jump", body: map[string]string{"to": "next"}})
	require.Equal(t, http.StatusNotFound, r.status, "virtual time does not exist here: %s", r)
	var clock struct {
		Now     time.Time
		Virtual bool
	}
	boss.get(t, "/clock", &clock)
	require.False(t, clock.Virtual)
	require.WithinDuration(t, time.Now(), clock.Now, time.Minute)
}

// TestDemoFolderIsRefusedWithoutDemo: cases that lived in virtual time never become real ones.
func TestDemoFolderIsRefusedWithoutDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	code, _ := p.stop(t)
	require.Zero(t, code)
	out, code := runs(t, "", "up", "--data", dir, "--listen", "127.0.0.1:0")
	require.NotZero(t, code)
	require.Contains(t, out, "属于演示")
	require.NotContains(t, out, "共治已启动")
}

// TestStopAndStartAgain: SIGTERM ends everything cleanly, also with an open stream and an open case, and the folder goes on.
func TestStopAndStartAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	w := newTown(p.url, demo.Password)
	number := w.file(t, "tjj.sun", "admission", application("停机再启"))
	listen(t, w.as(t, "ops.bai"), "")

	second, code := runs(t, "", "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	require.NotZero(t, code)
	require.Contains(t, second, "正被另一个进程使用")

	code, took := p.stop(t)
	require.Zero(t, code, "%s", p.out)
	require.Less(t, took, 10*time.Second, "%s", p.out)

	again := up(t, nil, dir, "--demo")
	w = w.moved(again.url)
	require.Equal(t, number, w.look(t, number).Case.Number, "sessions and cases are still there")
	w.answer(t, "office.qian", number, "formal-review", "accept", "")
}
