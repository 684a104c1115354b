package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"index.html":             file("entry"),
		"v.html":                 file("resident"),
		"placeholder.html":       file("placeholder"),
		"favicon.svg":            file("<svg/>"),
		"assets/index-B1x2.js":   file("code"),
		"assets/index-B1x2.css":  file("style"),
		"assets/deep/font.woff2": file("font"),
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	const (
		forever = "public, max-age=31536000, immutable"
		ask     = "no-cache"
		html    = "text/html; charset=utf-8"
	)
	tests := []struct {
		name, method, path string
		status             int
		body, typ, cache   string
	}{
		{"root", "GET", "/", 200, "entry", html, ask},
		{"page", "GET", "/desk", 200, "entry", html, ask},
		{"case page", "GET", "/cases/XW-ZR-2026-014", 200, "entry", html, ask},
		{"deep page", "GET", "/cases/XW-ZR-2026-014/print", 200, "entry", html, ask},
		{"page of an id with a dot", "GET", "/notices/XW-ZR-2026-014.n66", 200, "entry", html, ask},
		{"residents' page", "GET", "/v", 200, "resident", html, ask},
		{"below the residents' page", "GET", "/v/any", 200, "entry", html, ask},
		{"entry by name", "GET", "/index.html", 200, "entry", html, ask},
		{"script", "GET", "/assets/index-B1x2.js", 200, "code", "text/javascript; charset=utf-8", forever},
		{"style", "GET", "/assets/index-B1x2.css", 200, "style", "text/css; charset=utf-8", forever},
		{"font", "GET", "/assets/deep/font.woff2", 200, "font", "font/woff2", forever},
		{"icon", "GET", "/favicon.svg", 200, "<svg/>", "image/svg+xml", ask},
		{"head", "HEAD", "/desk", 200, "", html, ask},
		{"script of an older build", "GET", "/assets/index-Old.js", 404, "", "", ""},
		{"folder", "GET", "/assets", 404, "", "", ""},
		{"unknown file", "GET", "/robots.txt", 404, "", "", ""},
		{"placeholder behind a build", "GET", "/placeholder.html", 404, "", "", ""},
		{"api", "GET", "/api/v1/unknown", 404, "", "", ""},
		{"health", "GET", "/healthz", 404, "", "", ""},
		{"out of the folder", "GET", "/../embed.go", 404, "", "", ""},
		{"write", "POST", "/desk", 405, "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rec := httptest.NewRecorder()
			handler(built()).ServeHTTP(rec, httptest.NewRequest(tt.method, tt.path, nil))
			if rec.Code != tt.status {
				t.Fatalf("status %d, want %d", rec.Code, tt.status)
			}
			if tt.status != http.StatusOK {
				if got := rec.Header().Get("Cache-Control"); strings.Contains(got, "immutable") {
					t.Errorf("an error is cached for ever: %q", got)
				}
				return
			}
			if got := rec.Body.String(); got != tt.body {
				t.Errorf("body %q, want %q", got, tt.body)
			}
			if got := rec.Header().Get("Content-Type"); got != tt.typ {
				t.Errorf("type %q, want %q", got, tt.typ)
			}
			if got := rec.Header().Get("Cache-Control"); got != tt.cache {
				t.Errorf("cache %q, want %q", got, tt.cache)
			}
			if got := rec.Header().Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("nosniff is missing: %q", got)
			}
		})
	}
}

func TestPlaceholderUntilBuilt(t *testing.T) {
	t.Parallel()
	files := built()
	delete(files, "index.html")
	rec := httptest.NewRecorder()
	handler(files).ServeHTTP(rec, httptest.NewRequest("GET", "/desk", nil))
	if rec.Code != http.StatusOK || rec.Body.String() != "placeholder" {
		t.Fatalf("got %d %q, want the placeholder", rec.Code, rec.Body.String())
	}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "共治") {
		t.Fatalf("the embedded entry page is missing: %d", rec.Code)
	}
}
