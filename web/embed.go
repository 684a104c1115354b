// Package web serves the console (控制台), which is built into the binary.
//
// The folder dist holds what Vite builds. Only dist/placeholder.html is kept under version control, so that the Go
// program can be built without Node; it is what visitors see until the console has been built.
package web

import (
	"bytes"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

const (
	index       = "index.html"
	resident    = "v.html" // the residents' pages (居民表决): a program of its own, so that a phone does not load the console
	placeholder = "placeholder.html"
	hashed      = "assets/" // Vite puts a content hash into the name of every file in this folder
)

// Handler serves the built console: files as they are, the entry page for every address that looks like a page of the
// console, and 404 for everything else.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is part of the binary: its absence is a programming error
	}
	return handler(files)
}

// Built tells whether the binary holds a built console and not only the placeholder.
func Built() bool {
	_, err := fs.Stat(dist, "dist/"+index)
	return err == nil
}

func handler(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if name != "" && name != placeholder && serve(w, r, files, name) {
			return
		}
		if name == "v" && serve(w, r, files, resident) {
			return
		}
		if isPage(name) && (serve(w, r, files, index) || serve(w, r, files, placeholder)) {
			return
		}
		http.NotFound(w, r)
	})
}

// isPage tells whether an address is one that the console's router may know: nothing below the folders of the program
// itself, and no file beside the entry page. Below a page a dot is part of an id: /notices/XW-ZR-2026-014.n66.
func isPage(name string) bool {
	switch top, _, _ := strings.Cut(name, "/"); top {
	case "api", "assets", "healthz", "readyz", "metrics":
		return false
	}
	return path.Ext(name) == "" || strings.Contains(name, "/")
}

// serve writes one file; it returns false when there is none.
func serve(w http.ResponseWriter, r *http.Request, files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	if err != nil || info.IsDir() {
		return false
	}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.HasPrefix(name, hashed) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		// The entry page names the hashed files, so it must be asked for anew after every upgrade.
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return true
}

// types do not depend on the machine's own table of MIME types.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".map": "application/json", ".txt": "text/plain; charset=utf-8",
}

func contentType(name string) string {
	if t, ok := types[path.Ext(name)]; ok {
		return t
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
