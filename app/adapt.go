package app

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"gocloud.dev/blob"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/catalog"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/store"
)

// asRefusal is errors.As for refusals.
func asRefusal(err error, target **procedure.Error) bool { return errors.As(err, target) }

// reads is the reading half of the store, in case time: it has no method that writes.
type reads struct {
	*store.Reader
	clock *clock
}

// NextDue implements server.Reader.
func (r reads) NextDue(ctx context.Context) (time.Time, bool, error) {
	return r.Reader.NextDue(ctx, r.clock.Now())
}

// people is the store with what the server asks for in its own words.
type people struct {
	*store.Store
	clock *clock
}

// StartCase implements server.Commands: the store wants the prefix of the number, which the catalogue knows.
func (p people) StartCase(ctx context.Context, f server.Filed) (record.Command, bool, error) {
	c, _ := catalog.Find(f.Command.Filing.Kind)
	return p.Store.StartCase(ctx, record.StartCase{
		Command: f.Command, Prefix: c.Prefix, Form: f.Form, Title: f.Title, Files: f.Files,
		Reapplications: f.Command.Filing.Figures[admission.Reapplications],
	})
}

// SaveCalendarYear implements server.People. Open cases then reckon their provisional deadlines anew.
func (p people) SaveCalendarYear(ctx context.Context, table calendar.YearTable) error {
	if _, err := p.Store.SaveCalendarYear(ctx, table); err != nil {
		return err
	}
	return tellAll(ctx, p.Store, p.clock.tell, procedure.CalendarSignal, table.Year)
}

// SaveAttachment implements server.Files.
func (p people) SaveAttachment(ctx context.Context, a record.Attachment) (record.Attachment, error) {
	a.ID = named(a.ID)
	return a, p.Store.SaveAttachment(ctx, a)
}

// SavePost implements server.People.
func (p people) SavePost(ctx context.Context, post record.Post) (record.Post, error) {
	post.ID = named(post.ID)
	return post, p.Store.SavePost(ctx, post)
}

// SaveDelegation implements server.People.
func (p people) SaveDelegation(ctx context.Context, d record.Delegation) (record.Delegation, error) {
	d.ID = named(d.ID)
	return d, p.Store.SaveDelegation(ctx, d)
}

// RevokeDelegation implements server.People: only the giver revokes.
func (p people) RevokeDelegation(ctx context.Context, user, id string, at time.Time) error {
	d, err := p.Store.Delegation(ctx, id)
	if err != nil {
		return err
	}
	if d.From != user {
		return procedure.Errorf(procedure.NotFound, "delegation.not_found", "委托不存在")
	}
	return p.Store.RevokeDelegation(ctx, id, at)
}

// named gives a new thing its id.
func named(id string) string {
	if id != "" {
		return id
	}
	return rand.Text()
}

// blobs keeps contents in a bucket: a folder or an S3-compatible store.
type blobs struct{ bucket *blob.Bucket }

// Put implements server.Blobs.
func (b blobs) Put(ctx context.Context, key string, content []byte, contentType string) error {
	return b.bucket.WriteAll(ctx, key, content, &blob.WriterOptions{ContentType: contentType})
}

// Open implements server.Blobs.
func (b blobs) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	return b.bucket.NewReader(ctx, key, nil)
}
