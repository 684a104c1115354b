package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoVetFindsPlanted runs the built program under the go command, as make lint does, on a module with one violation
// of each check. The folders have tests, because the go command then names the packages differently.
func TestGoVetFindsPlanted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lint := filepath.Join(dir, "gongzhilint")
	if out, err := exec.Command("go", "build", "-o", lint, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	files := map[string]string{
		"go.mod":              "module gongzhi\n\ngo 1.26\n\nrequire gorm.io/gorm v0.0.0\n\nreplace gorm.io/gorm => ./gorm\n",
		"gorm/go.mod":         "module gorm.io/gorm\n\ngo 1.26\n",
		"gorm/gorm.go":        "package gorm\n\ntype DB struct{}\n\nfunc (*DB) Order(any) {}\n",
		"rules/rules.go":      "package rules\n\nvar Half = 0.5\n",
		"rules/rules_test.go": "package rules\n\nvar third = 1.0 / 3\n",
		"rules/black_test.go": "package rules_test\n\nvar third = 1.0 / 3\n",
		"store/store.go":      "package store\n\nimport \"gorm.io/gorm\"\n\nfunc By(db *gorm.DB, column string) { db.Order(column) }\n",
		"server/server.go":    "package server\n\nimport (\n\t_ \"gongzhi/store\"\n\t\"time\"\n)\n\nvar Now = time.Now()\n",
		"attic/attic.go":      "package attic\n",
		"notify/notify.go":    "package notify\n\nimport _ \"gongzhi/rules\"\n",
	}
	for name, text := range files {
		path := filepath.Join(dir, "module", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	vet := exec.Command("go", "vet", "-vettool="+lint, "./...")
	vet.Dir = filepath.Join(dir, "module")
	vet.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := vet.CombinedOutput()
	if err == nil {
		t.Fatalf("go vet is content:\n%s", out)
	}
	for _, want := range []string{
		"rules/rules.go:3:", "floating-point",
		"store/store.go:5:", "SQL text given to gorm's Order",
		"server must not import gongzhi/store",
		"time.Now reads the wall clock",
		`no import rule covers the folder "attic"`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("not found: %s", want)
		}
	}
	for _, never := range []string{"_test.go", "notify/notify.go"} {
		if strings.Contains(string(out), never) {
			t.Errorf("false alarm in %s", never)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
