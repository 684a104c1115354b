package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"gongzhi/store"
)

// place is a fresh database with the units and people of 星梧区, and a folder beside it.
type place struct {
	*bench
	database
	dir, address string
}

// onEach does work in a place of each kind, one after the other.
func (b *bench) onEach(ctx context.Context, purpose string, work func(ctx context.Context, p *place) error) error {
	for _, d := range b.databases() {
		fmt.Fprintf(b.out, "\n%s\n", d.title)
		if err := b.on(ctx, d, purpose, work); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}

func (b *bench) on(ctx context.Context, d database, purpose string, work func(ctx context.Context, p *place) error) (err error) {
	p := &place{bench: b, database: d}
	if p.dir, err = b.folder(purpose + "-" + d.name); err != nil {
		return err
	}
	var drop func() error
	if p.address, drop, err = d.make(ctx, p.dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	st, err := prepare(ctx, p.address)
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		return err
	}
	return work(ctx, p)
}

// running does work while the product runs.
func (p *place) running(ctx context.Context, work func(s *shape) error) (err error) {
	s, err := p.start(ctx, p.dir, p.address, p.split)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return work(s)
}

// stored does work with the store alone.
func (p *place) stored(ctx context.Context, work func(s *store.Store) error) (err error) {
	s, err := store.Open(ctx, store.Options{URL: p.address})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return work(s)
}

// analyse tells PostgreSQL what was loaded. A server in use finds out by itself within a minute; the one of the tests has that
// switched off.
func analyse(ctx context.Context, address string) error {
	if !strings.HasPrefix(address, "postgres") {
		return nil
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ANALYZE")
	return errors.Join(err, conn.Close(ctx))
}
