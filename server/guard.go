package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

const (
	keyHeader = "Idempotency-Key"
	maxBody   = 256 << 10 // an update of more could block its workflow
	maxFile   = 20 << 20
)

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

var (
	errKeyMissing = invalid("idempotency.missing", "缺少 Idempotency-Key 请求头，无法保证不重复办理。")
	errKeyInvalid = invalid("idempotency.invalid", "Idempotency-Key 应为 UUID，或 16–64 个字母、数字、下划线、连字符。")
)

// guard stands before every handler: session, policy, key and body, in this order.
func (s *Server) guard(r route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		routed(humagin.Unwrap(hc), r)
		c, err := s.admit(humagin.Unwrap(hc), hc.Operation(), r)
		if err != nil {
			s.problem(hc.Context(), err).write(humagin.Unwrap(hc).Writer)
			return
		}
		defer dropUpload(humagin.Unwrap(hc))
		next(huma.WithValue(hc, callKey{}, c))
	}
}

// dropUpload removes what an upload has left in the system's folder for temporary files. The HTTP server does that only for the
// request it made itself, and the one that carries the span is a copy.
func dropUpload(g *gin.Context) {
	if form := g.Request.MultipartForm; form != nil {
		_ = form.RemoveAll() // nothing of the request depends on it
	}
}

func (s *Server) admit(g *gin.Context, op *huma.Operation, r route) (call, error) {
	who, err := s.principal(g.Request.Context())
	if err != nil {
		return call{}, err
	}
	if err := r.policy.admits(who); err != nil {
		return call{}, err
	}
	c := call{who: who}
	if r.needsKey() {
		switch c.key = g.GetHeader(keyHeader); {
		case c.key == "":
			return call{}, errKeyMissing
		case !keyPattern.MatchString(c.key):
			return call{}, errKeyInvalid
		}
	}
	if g.Request.Method == http.MethodGet {
		return c, nil
	}
	canonical, err := s.body(g, op)
	if err != nil {
		return call{}, err
	}
	if r.key == keySecret {
		canonical = nil
	}
	post := ""
	if who != nil {
		post = who.Active.ID
	}
	c.digest = digest(g.Request.Method, g.Request.URL.EscapedPath(), post, canonical)
	return c, nil
}

// body limits and checks the body of a write, and gives its canonical form. Files are limited here and read by their handler.
func (s *Server) body(g *gin.Context, op *huma.Operation) (canonical []byte, err error) {
	if op.RequestBody == nil {
		g.Request.Body = http.NoBody
		return nil, nil
	}
	media, _, err := mime.ParseMediaType(g.GetHeader("Content-Type"))
	if err != nil || op.RequestBody.Content[media] == nil {
		if op.RequestBody.Content["multipart/form-data"] != nil {
			return nil, newProblem(http.StatusUnsupportedMediaType, "input.media_type", "请以表单文件（multipart/form-data）的方式上传。")
		}
		return nil, newProblem(http.StatusUnsupportedMediaType, "input.media_type", "只接受 JSON 格式（application/json）。")
	}
	if media == "multipart/form-data" {
		defer s.readWithin(g, fileWithin)()
		return nil, limitUpload(g)
	}
	defer s.readWithin(g, textWithin)()
	raw, err := io.ReadAll(http.MaxBytesReader(g.Writer, g.Request.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, newProblem(http.StatusRequestEntityTooLarge, "input.too_large", "提交的内容超过 256 KiB，请精简文字，或改用附件。")
		}
		return nil, newProblem(http.StatusBadRequest, "input.incomplete", "请求没有传完，请检查网络后重试。")
	}
	tree, err := parseStrict(raw)
	if err != nil {
		return nil, malformed(err)
	}
	g.Request.Body = io.NopCloser(bytes.NewReader(raw))
	return json.Marshal(tree) // sorted names, no white space, numbers as written
}

// The time in which a body must have arrived.
const (
	textWithin = 20 * time.Second
	fileWithin = 2 * time.Minute // 20 MiB over a slow line
)

// readWithin bounds the reading of a body, against callers who send it drop by drop. The function it returns lifts the bound:
// left in place, it would end a request that is still being worked on.
func (s *Server) readWithin(g *gin.Context, d time.Duration) (lift func()) {
	c := http.NewResponseController(g.Writer)
	if err := c.SetReadDeadline(s.wall().Add(d)); err != nil {
		return func() {} // not a network connection
	}
	return func() { _ = c.SetReadDeadline(time.Time{}) } // it could be set, so it can be lifted
}

func limitUpload(g *gin.Context) error {
	const overhead = 64 << 10 // of the form around the file
	if g.Request.ContentLength > maxFile+overhead {
		return errFileTooLarge
	}
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, maxFile+overhead)
	if err := g.Request.ParseMultipartForm(1 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return errFileTooLarge
		}
		return newProblem(http.StatusBadRequest, "input.malformed", "上传的内容不完整，请重新选择文件上传。")
	}
	return nil
}

var errFileTooLarge = newProblem(http.StatusRequestEntityTooLarge, "file.too_large", "文件超过 20 MiB，请压缩或拆分后上传。")

func malformed(err error) error {
	code, text := strictMessage(err.Error())
	if code == "" {
		return err
	}
	return newProblem(http.StatusBadRequest, code, text+"。")
}

// digest identifies a request, so that the same key with another request is noticed.
func digest(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		b, ok := p.([]byte)
		if !ok {
			b = fmt.Append(nil, p)
		}
		fmt.Fprintf(h, "%d:", len(b)) // lengths keep the parts apart
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
