package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// listing is a program whose list never changes.
func listing(t *testing.T, items string) *stuck {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/incidents"):
			_, _ = io.WriteString(w, `{"items":[`+items+`]}`)
		case strings.HasSuffix(r.URL.Path, "/verify"):
			_, _ = io.WriteString(w, `{"ok":false}`)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	}))
	t.Cleanup(s.Close)
	who := Anonymous(s.URL)
	clients := map[string]*Client{"ops.bai": who, "audit.dou": who}
	return &stuck{player: &player{ctx: t.Context(), base: s.URL, out: io.Discard, clients: clients}}
}

// What is not found, is still there, or left a record that is not whole, is an error.
func TestStuckNoticesWhatIsMissing(t *testing.T) {
	t.Parallel()
	nothing := listing(t, "")
	nothing.add("overdue", "1", nil)
	found, err := nothing.find(nothing.troubles[0])
	require.NoError(t, err)
	require.False(t, found)
	err = nothing.patiently(time.Millisecond, func() (string, error) { return "overdue 1", nil })
	require.ErrorContains(t, err, "overdue 1")
	require.NoError(t, nothing.empty())
	require.Empty(t, nothing.wrong)
	require.NoError(t, nothing.whole())
	require.Len(t, nothing.wrong, 1)

	one := listing(t, `{"id":"i","kind_title":"超期未办","sentence":{"text":"还没有办"}}`)
	one.add("overdue", "1", nil)
	found, err = one.find(one.troubles[0])
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, one.empty())
	require.Len(t, one.wrong, 1)
}
