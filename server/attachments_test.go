package server

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/record"
)

func office(t *testing.T, main string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", main} {
		f, err := z.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(`<?xml version="1.0"?><x/>`))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestUpload(t *testing.T) {
	t.Parallel()
	picture := image.NewGray(image.Rect(0, 0, 1, 1))
	var pngFile, jpgFile bytes.Buffer
	require.NoError(t, png.Encode(&pngFile, picture))
	require.NoError(t, jpeg.Encode(&jpgFile, picture, nil))
	ole := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 1024)...)
	pdf := []byte("%PDF-1.7\n1 0 obj\n")
	for _, c := range []struct {
		name    string
		content []byte
		saved   string // name under which it is kept; empty: refused
		code    string
	}{
		{"拨付凭证.pdf", pdf, "拨付凭证.pdf", ""},
		{"照片.PNG", pngFile.Bytes(), "照片.PNG", ""},
		{"照片.jpg", jpgFile.Bytes(), "照片.jpg", ""},
		{"方案.docx", office(t, "word/document.xml"), "方案.docx", ""},
		{"预算.xlsx", office(t, "xl/workbook.xml"), "预算.xlsx", ""},
		{"旧.doc", ole, "旧.doc", ""},
		{"旧.xls", ole, "旧.xls", ""},
		{"金山.wps", ole, "金山.wps", ""},
		{"金山.et", ole, "金山.et", ""},
		{"说明.txt", []byte("说明"), "说明.txt", ""},
		{`C:\用户\李\说明.txt`, []byte("说明"), "说明.txt", ""},
		{"../../etc/说明.txt", []byte("说明"), "说明.txt", ""},
		{"画.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "", "file.type"},
		{"页.html", []byte(`<html><script>1</script></html>`), "", "file.type"},
		{"程序.exe", []byte("MZ"), "", "file.type"},
		{"无", []byte("x"), "", "file.type"},
		{"页.pdf", []byte(`<html><script>1</script></html>`), "", "file.mismatch"},
		{"页.txt", []byte(`<!DOCTYPE html><html><script>1</script></html>`), "", "file.mismatch"},
		{"画.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "", "file.mismatch"},
		{"预算.docx", office(t, "xl/workbook.xml"), "", "file.mismatch"},
		{"压缩.docx", office(t, "any/thing.bin"), "", "file.mismatch"},
		{"空.txt", nil, "", "file.empty"},
		{".htaccess.txt", []byte("x"), "", "file.name"},
		{strings.Repeat("长", 121) + ".txt", []byte("x"), "", "file.name"},
		{"翻转\u202etxt.txt", []byte("x"), "", "file.name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			client := w.as("clerk")
			form, kind := multipartFile(t, c.name, c.content)
			key := newKey()
			r := client.keyed(key, http.MethodPost, "/attachments", form, "Content-Type", kind)
			if c.saved == "" {
				refusedWith(t, r, 422, c.code)
				require.Empty(t, w.files)
				require.Empty(t, w.blobs)
				return
			}
			require.Equal(t, 200, r.Code, r.Body.String())
			a := read[record.Attachment](t, r)
			require.Equal(t, c.saved, a.Name)
			require.Equal(t, c.content, w.blobs[a.SHA256])
			require.Equal(t, a.ID, read[record.Attachment](t, client.keyed(key, http.MethodPost, "/attachments", form, "Content-Type", kind)).ID)
			require.Len(t, w.files, 1)

			got := client.do(http.MethodGet, "/attachments/"+a.ID, nil)
			require.Equal(t, c.content, got.Body.Bytes())
			require.Equal(t, a.Type, got.Header().Get("Content-Type"))
			require.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
			require.Contains(t, got.Header().Get("Content-Disposition"), "attachment; filename=\"")
			_, encoded, _ := strings.Cut(got.Header().Get("Content-Disposition"), "filename*=UTF-8''")
			name, err := url.PathUnescape(encoded)
			require.NoError(t, err)
			require.Equal(t, c.saved, name)
			require.Contains(t, got.Header().Get("Content-Security-Policy"), "sandbox")
		})
	}
}

func TestUploadTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form, kind := multipartFile(t, "大.txt", bytes.Repeat([]byte("x"), maxFile+1))
	refusedWith(t, w.as("clerk").do(http.MethodPost, "/attachments", form, "Content-Type", kind), 413, "file.too_large")
	require.Empty(t, w.blobs)
}

// TestUploadLeavesNothingBehind: a roll of residents in the system's temporary folder would be there for everybody.
func TestUploadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mark := []byte(rand.Text())
	left := func() (n int) {
		names, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
		require.NoError(t, err)
		for _, name := range names {
			if b, err := os.ReadFile(name); err == nil && bytes.HasPrefix(b, mark) { // another test may remove its own meanwhile
				n++
			}
		}
		return n
	}
	spilt, err := os.CreateTemp("", "multipart-")
	require.NoError(t, err)
	_, err = spilt.Write(mark)
	require.NoError(t, errors.Join(err, spilt.Close()))
	require.Equal(t, 1, left(), "one that is left behind is seen")
	require.NoError(t, os.Remove(spilt.Name()))

	form, kind := multipartFile(t, "大.txt", append(mark, bytes.Repeat([]byte("x"), 3<<20)...)) // too large to be kept in memory
	require.Equal(t, 200, w.as("clerk").do(http.MethodPost, "/attachments", form, "Content-Type", kind).Code)
	require.Zero(t, left())
}

// TestWhoSeesAFile: the uploader; then those who see its case; for everybody else it does not exist.
func TestWhoSeesAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	see := func(login string) int { return w.as(login).do(http.MethodGet, "/attachments/f1", nil).Code }
	require.Equal(t, 200, see("clerk"))
	require.Equal(t, 404, see("member"))
	a := w.files["f1"]
	a.Case = "XW-ZR-2026-014"
	w.files["f1"] = a
	require.Equal(t, 200, see("member"))
	require.Equal(t, 404, see("street2"))
	refusedWith(t, w.as("clerk").do(http.MethodGet, "/attachments/none", nil), 404, "attachment.not_found")
	refusedWith(t, w.as("stranger").do(http.MethodGet, "/attachments/f1", nil), 404, "attachment.not_found")
}

func TestDispositionCannotBeForged(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`a".exe`, "a\r\nSet-Cookie: x=y", `a\".txt`, "a%22.txt", "清单； filename=x.exe"} {
		got := disposition(name)
		require.NotContains(t, got, "\r")
		require.NotContains(t, got, "\n")
		require.Equal(t, 2, strings.Count(got, `"`), got)
	}
}
