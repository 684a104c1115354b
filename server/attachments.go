package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gabriel-vasile/mimetype"

	"gongzhi/procedure"
	"gongzhi/record"
)

// The containers in which office programs write: what a content looks like from outside.
const (
	typeOLE = "application/x-ole-storage"
	typeZIP = "application/zip"
)

// accepted says which contents belong to which extension. SVG and HTML can carry script and are in no row.
var accepted = map[string][]string{
	".pdf":  {"application/pdf"},
	".png":  {"image/png"},
	".jpg":  {"image/jpeg"},
	".jpeg": {"image/jpeg"},
	".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".doc":  {"application/msword", typeOLE},
	".xls":  {"application/vnd.ms-excel", typeOLE},
	".wps":  {"application/msword", typeOLE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", typeZIP},
	".et":   {"application/vnd.ms-excel", typeOLE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", typeZIP},
	".txt":  {"text/plain"},
}

var (
	errFileType = invalid("file.type", "不接受这种文件。可上传：pdf、png、jpg、docx、xlsx、doc、xls、wps、et、txt。")
	errFileName = invalid("file.name", "文件名无效，请改名后重新上传。")
)

func (s *Server) upload(ctx context.Context, in *uploadInput) (*reply[record.Attachment], error) {
	file := in.RawBody.Data().File
	defer file.Close()
	name, err := fileName(file.Filename)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxFile:
		return nil, errFileTooLarge
	case len(content) == 0:
		return nil, invalid("file.empty", "文件「%s」是空的。", name)
	}
	kind, err := fileType(name, content)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	who := whoIs(ctx)
	a := record.Attachment{
		ID: newID(), Name: name, Type: kind, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		By: who.User.ID, ByName: who.User.Name, Unit: who.Active.Unit, At: s.now(),
	}
	if err := s.Blobs.Put(ctx, a.SHA256, content, kind); err != nil {
		return nil, fmt.Errorf("content of attachment: %w", err)
	}
	a, err = s.Files.SaveAttachment(ctx, a)
	return answer(a), err
}

// fileName cleans the name a browser sent: no folders, nothing invisible, not endless.
func fileName(raw string) (string, error) {
	name := strings.TrimSpace(path.Base(strings.ReplaceAll(raw, `\`, "/")))
	const longest = 120
	switch {
	case name == "" || name == "." || name == ".." || name == "/" || strings.HasPrefix(name, "."):
		return "", errFileName
	case cleanText("", name, false) != nil:
		return "", errFileName
	case len([]rune(name)) > longest:
		return "", invalid("file.name", "文件名过长，至多 %d 个字。", longest)
	}
	return name, nil
}

// fileType sniffs a content and refuses one that its extension does not promise.
func fileType(name string, content []byte) (string, error) {
	types, known := accepted[strings.ToLower(path.Ext(name))]
	if !known {
		return "", errFileType
	}
	found := mimetype.Detect(content)
	for _, t := range types {
		if found.Is(t) {
			return t, nil
		}
	}
	return "", invalid("file.mismatch", "文件「%s」的内容与扩展名不符，可能已损坏或被改名。", name)
}

// usableFiles proves that every file exists and was uploaded by the person.
func (s *Server) usableFiles(ctx context.Context, ids []string) ([]record.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	unknown := invalid("attachment.unknown", "有一个附件不存在，或不是您上传的，请重新上传。")
	files, err := s.Reader.Attachments(ctx, ids)
	if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	who := whoIs(ctx)
	for _, id := range ids {
		if !slices.ContainsFunc(files, func(a record.Attachment) bool { return a.ID == id && a.By == who.User.ID }) {
			return nil, unknown
		}
	}
	return files, nil
}

// download sends a file to its uploader, and to whoever sees the case it is used in; one that came in with a ballot, to whoever may see
// the ballots of the case.
func (s *Server) download(ctx context.Context, in *IDPath) (*downloadReply, error) {
	missing := procedure.Errorf(procedure.NotFound, "attachment.not_found", "没有这个附件，或您无权查看。")
	a, err := s.Reader.Attachment(ctx, in.ID)
	if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	if who := whoIs(ctx); a.By != who.User.ID {
		if a.Case == "" {
			return nil, missing
		}
		if err := s.seesFile(ctx, a); err != nil {
			if refusal := (*procedure.Error)(nil); errors.As(err, &refusal) {
				return nil, missing
			}
			return nil, err
		}
	}
	content, err := s.Blobs.Open(ctx, a.SHA256)
	if err != nil {
		return nil, fmt.Errorf("content of attachment: %w", err)
	}
	return &downloadReply{Body: func(hc huma.Context) {
		defer content.Close()
		hc.SetHeader("Content-Type", a.Type)
		hc.SetHeader("Content-Length", strconv.FormatInt(a.Size, 10))
		hc.SetHeader("Content-Disposition", disposition(a.Name))
		// What is opened from here runs nothing and reaches nothing.
		hc.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
		hc.SetStatus(http.StatusOK)
		if _, err := io.Copy(hc.BodyWriter(), content); err != nil {
			s.Logger.InfoContext(ctx, "download broke off", "error", err)
		}
	}}, nil
}

// seesFile refuses a file of a case to whoever may not see it. The photo of a ballot shows how a person voted: it stays with who took
// it while the results are hidden.
func (s *Server) seesFile(ctx context.Context, a record.Attachment) error {
	if !a.Ballot {
		_, err := s.visibleCase(ctx, a.Case)
		return err
	}
	m, err := s.pollPersons(ctx, a.Case)
	if err == nil && hidden(m.poll) {
		err = procedure.Errorf(procedure.NotFound, "attachment.not_found", "过程结果在截止前不公开，票的照片到截止以后才能查看。")
	}
	return err
}

// disposition names a download: plain ASCII for old browsers, the real name after RFC 5987.
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
