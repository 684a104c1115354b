package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gongzhi/app"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/test/pgtest"
)

// shape is a running product with its engine.
type shape struct {
	base   string // http://…
	engine *embedded.Server
	apps   []*app.App
}

// start runs the product on a migrated database. Split makes the API and the worker two programs, as in a cluster; they share
// this process, but not a connection. Dir holds the engine's file and the attachments.
func (b *bench) start(ctx context.Context, dir, database string, split bool) (_ *shape, err error) {
	log := slog.New(b.log)
	s := &shape{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.engine, err = b.startEngine(ctx, dir); err != nil {
		return nil, err
	}
	files := filepath.Join(dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return nil, err
	}
	cfg := app.Config{DatabaseURL: database, TemporalAddress: s.engine.HostPort(), TemporalNamespace: s.engine.Namespace(),
		Listen: "127.0.0.1:0", BlobURL: "file://" + files + "?no_tmp_dir=true", BallotKeyFile: filepath.Join(dir, "ballot.key")}
	parts := []app.Parts{{Server: true, Worker: true, Logger: log}}
	if split {
		parts = []app.Parts{{Server: true, Logger: log}, {Worker: true, Logger: log}}
	}
	for _, p := range parts {
		a, err := app.New(ctx, cfg, p)
		if err != nil {
			return nil, err
		}
		s.apps = append(s.apps, a)
		if p.Server {
			s.base = "http://" + a.Addr
		}
	}
	return s, nil
}

func (b *bench) startEngine(ctx context.Context, dir string) (*embedded.Server, error) {
	return embedded.Start(ctx, embedded.Options{Dir: dir, Logger: slog.New(b.log), Beside: map[string]time.Duration{
		app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour}})
}

func (s *shape) close() error {
	var errs []error
	for i := len(s.apps) - 1; i >= 0; i-- {
		errs = append(errs, s.apps[i].Close())
	}
	if s.engine != nil {
		errs = append(errs, s.engine.Stop())
	}
	return errors.Join(errs...)
}

// prepare makes a database with the units, people and lists of 星梧区. It is not a demonstration: time is real.
func prepare(ctx context.Context, database string) (*store.Store, error) {
	if err := store.Migrate(ctx, database); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{URL: database})
	if err != nil {
		return nil, err
	}
	if err := demo.Seed(ctx, s, server.HashPassword); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// database is one kind of database.
type database struct {
	name  string
	title string // of the shape that runs on it
	split bool
	make  func(ctx context.Context, dir string) (url string, drop func() error, err error)
}

// databases lists the chosen kinds, with the shape of the product that runs on each.
func (b *bench) databases() []database {
	all := []database{{"SQLite", "gongzhi up: embedded engine and SQLite", false, func(_ context.Context, dir string) (string, func() error, error) {
		return "sqlite:" + filepath.Join(dir, "gongzhi.db"), func() error { return nil }, nil
	}}}
	if b.pg != nil {
		all = append(all, database{"PostgreSQL", "server + worker: engine over TCP and PostgreSQL", true,
			func(ctx context.Context, _ string) (string, func() error, error) { return b.pg.create(ctx) }})
	} else if b.database != "sqlite" {
		fmt.Fprintln(b.out, "PostgreSQL is missing on this machine: its half is not measured")
	}
	return slices.DeleteFunc(all, func(d database) bool { return b.database != "" && b.database != strings.ToLower(d.name) })
}

// postgres is a server: one that the caller started, or our own.
type postgres struct {
	admin string
	own   *pgtest.Instance
}

// openPostgres finds or starts a server. Where PostgreSQL is not installed it returns nil and says so.
func openPostgres(ctx context.Context) (*postgres, string, error) {
	if admin := os.Getenv(pgtest.EnvDSN); admin != "" {
		return &postgres{admin: admin}, "", nil
	}
	own, err := pgtest.Open(ctx)
	if pgtest.IsMissing(err) {
		return nil, err.Error(), nil
	}
	if err != nil {
		return nil, "", err
	}
	return &postgres{admin: own.Admin(), own: own}, "", nil
}

func (p *postgres) close() error {
	if p.own == nil {
		return nil
	}
	return p.own.Close()
}

func (p *postgres) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// create makes an empty database and returns its address and how to drop it.
func (p *postgres) create(ctx context.Context) (string, func() error, error) {
	name := "bench_" + strings.ToLower(rand.Text())
	if err := p.exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return "", nil, err
	}
	u, err := url.Parse(p.admin)
	if err != nil {
		return "", nil, errors.New(pgtest.EnvDSN + " is not a URL")
	}
	u.Path = "/" + name
	return u.String(), func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // also after an interrupt
		defer cancel()
		return p.exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}, nil
}

func (p *postgres) version(ctx context.Context, missing string) string {
	if p == nil {
		return "none: " + missing
	}
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		return "unknown: " + err.Error()
	}
	defer conn.Close(ctx)
	var version string
	if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return "unknown: " + err.Error()
	}
	return version
}
