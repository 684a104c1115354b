package app

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConsole(t *testing.T) {
	t.Parallel()
	none, err := Config{}.console()
	require.NoError(t, err)
	require.Nil(t, none, "without the setting there is no link")

	c := Config{TemporalUIURL: "https://ops.example.cn/temporal/", TemporalNamespace: "gongzhi"}
	link, err := c.console()
	require.NoError(t, err)
	require.Equal(t, "https://ops.example.cn/temporal/namespaces/gongzhi/workflows/case:XW-ZR-2026-014/019a-7/history",
		link("case:XW-ZR-2026-014", "019a-7"))

	// Whatever a name is, the link stays in the console.
	for _, name := range []string{
		"../../../evil", "..", "", "a/b", "a?b=c", "a#b", `"><script>`, "//evil.example", "%2e%2e", "办件", "\\evil",
	} {
		u, err := url.Parse(link(name, name))
		require.NoError(t, err, name)
		require.Equal(t, "ops.example.cn", u.Host, name)
		require.Empty(t, u.RawQuery+u.Fragment, name)
		parts := strings.Split(u.EscapedPath(), "/")
		require.Len(t, parts, 8, name)
		require.Equal(t, []string{"", "temporal", "namespaces", "gongzhi", "workflows"}, parts[:5], name)
		require.Equal(t, "history", parts[7], name)
	}

	for _, bad := range []string{
		"javascript:alert(1)", "ops.example.cn", "https://a:b@ops.example.cn", "https://ops.example.cn/?q=1", "https://ops.example.cn/#x",
		"ftp://x", "/x", "https://%zz",
	} {
		_, err := Config{TemporalUIURL: bad}.console()
		require.ErrorContains(t, err, "GONGZHI_TEMPORAL_UI_URL", bad)
	}
}
