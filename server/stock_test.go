package server

import (
	"bytes"
	"context"
	"mime/multipart"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func draft(id, user string) record.Draft {
	return record.Draft{ID: id, User: user, Kind: "admission", Form: []byte(`{}`), Version: 1}
}

func attachment(id, by string) record.Attachment {
	return record.Attachment{ID: id, Name: "清单 \"一\".txt", Type: "text/plain", Size: 6, SHA256: "sha", By: by}
}

func command(id, user string) record.Command {
	return record.Command{Command: procedure.Command{ID: id, Case: "XW-ZR-2026-014", Actor: procedure.Actor{User: user}}, State: record.CommandDone, Seq: 3}
}

func delegation(id, from, to string) record.Delegation {
	return record.Delegation{ID: id, From: from, FromName: "示例-李四", To: to, Begin: "2026-09-01", End: "2026-09-30"}
}

func deadlines(t *testing.T) []record.Deadline {
	t.Helper()
	d, err := calendar.Official().Deadline(time.Date(2026, 9, 7, 9, 0, 0, 0, calendar.Zone), calendar.Within(calendar.Workdays(15)), nil)
	require.NoError(t, err)
	d.Ledger = nil // as recorded
	return []record.Deadline{{Case: "XW-ZR-2026-014", Clock: "approval", Title: "审批时限", State: "running", Deadline: d}}
}

func multipartFile(t *testing.T, name string, content []byte) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return b.Bytes(), m.FormDataContentType()
}

// asPrincipal is the context of a request by somebody.
func asPrincipal(t *testing.T, w *world, login string) context.Context {
	t.Helper()
	a, err := w.s.readAccount(t.Context(), login)
	require.NoError(t, err)
	units, err := w.s.unitsByCode(t.Context())
	require.NoError(t, err)
	return context.WithValue(t.Context(), callKey{}, call{who: newPrincipal(a, a.posts[0], units)})
}
