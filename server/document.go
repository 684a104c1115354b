package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// apiConfig is the OpenAPI document before any route is in it.
func apiConfig() huma.Config {
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "共治 Gongzhi", Version: "1", Description: "长周期基层治理事项的办理接口。所有写操作都要带 Idempotency-Key。"},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"session": {Type: "apiKey", In: "cookie", Name: secureCookie},
			},
		},
	}
	return huma.Config{
		OpenAPI:                      doc,
		Formats:                      map[string]huma.Format{"application/json": strictFormat, "json": strictFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{translate, emptyLists},
	}
}

// schemaName keeps types of the same name in different packages apart: record.Stage is Stage, procedure.Stage is
// ProcedureStage, calendar.Deadline is CalendarDeadline, ops.Counts is OpsCounts.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, pkg := range []string{"procedure", "calendar", "ops"} {
		title := strings.ToUpper(pkg[:1]) + pkg[1:]
		if t.PkgPath() == "gongzhi/"+pkg && name != title && name != "Sentence" && name != "Phrase" {
			return title + name
		}
	}
	return name
}

// operation is the OpenAPI operation of a route, with its policy in front of the handler.
func (s *Server) operation(r route) huma.Operation {
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: prefix + r.path, Summary: r.summary,
		Tags: []string{strings.SplitN(strings.TrimPrefix(r.path, "/"), "/", 2)[0]},
		// Both are guarded before huma reads. Its own limit of time would end the connection of a request that waits for the
		// engine as long, and with it the next request on it.
		MaxBodyBytes: -1, BodyReadTimeout: -1,
		Middlewares: huma.Middlewares{s.guard(r)},
		Responses:   map[string]*huma.Response{"default": problemResponse(s.api)},
		Extensions:  map[string]any{"x-policy": r.policy.Who},
	}
	if r.id == "startCase" {
		op.DefaultStatus = http.StatusCreated
	}
	if r.policy.Object != NoObject {
		op.Extensions["x-object"] = r.policy.Object
	}
	if len(r.policy.Roles) > 0 {
		op.Extensions["x-roles"] = r.policy.Roles
	}
	if r.policy.Who != Public {
		op.Security = []map[string][]string{{"session": {}}}
	}
	if r.needsKey() {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: keyHeader, In: "header", Required: true,
			Description: "UUID，或 16–64 个字母、数字、下划线、连字符。同一请求重试时用同一个值。",
			Schema:      &huma.Schema{Type: huma.TypeString, Pattern: keyPattern.String()},
		})
	}
	return op
}

func problemResponse(api huma.API) *huma.Response {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return &huma.Response{Description: "出错", Content: map[string]*huma.MediaType{problemType: {Schema: schema}}}
}

// finishDocument makes the document say what the server does: lists are never null, and huma's own error model is not used.
func finishDocument(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, schema := range schemas {
		neverNull(schema)
	}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			if commands[op.OperationID] {
				pending := *op.Responses[strconv.Itoa(op.DefaultStatus)]
				pending.Description = "已收到，结果尚未确认：见 where"
				op.Responses["202"] = &pending
			}
			for _, response := range op.Responses {
				for _, media := range response.Content {
					neverNull(media.Schema)
				}
			}
		}
	}
}

// commands are the operations that may answer 202: stored, and not yet known to be done.
var commands = map[string]bool{"startCase": true, "actOnCase": true, "actOnTask": true, "readCopy": true}

func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	neverNull(s.Items)
	for _, p := range s.Properties {
		neverNull(p)
	}
}

// Document is the OpenAPI document of the API. It needs no database: nothing is called, only registered.
func Document() ([]byte, error) {
	s, err := build(Options{})
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(s.api.OpenAPI(), "", "  ")
}
