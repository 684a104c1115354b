package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// SubmitCommand stores an official's action before it is sent. The same id with the same request returns what is
// stored and fresh=false; with another request CodeIdempotent. Its files become files of the case.
func (s *Store) SubmitCommand(ctx context.Context, c record.Command) (stored record.Command, fresh bool, err error) {
	if err := checkCommand(c); err != nil {
		return record.Command{}, false, err
	}
	if len(c.Files) == 0 { // one statement is whole by itself
		return s.store(s.db.WithContext(ctx), c)
	}
	err = s.write(ctx, func(tx *gorm.DB) error {
		if stored, fresh, err = s.store(tx, c); err != nil || !fresh {
			return err
		}
		return attach(tx, c.Case, c.Files)
	})
	return stored, fresh, err
}

func checkCommand(c record.Command) error {
	if c.ID == "" || c.Request == "" {
		return invalid(CodeText, "缺少请求编号（Idempotency-Key）")
	}
	if len(c.Fields) > 0 && !json.Valid(c.Fields) {
		return invalid(CodeText, "填报内容不是有效的 JSON")
	}
	return checkText(c.ID, c.Case, c.Opinion, string(c.Fields), c.Actor.Name)
}

// checkText refuses what PostgreSQL cannot keep, so that both databases keep the same.
func checkText(texts ...string) error {
	for _, t := range texts {
		if !utf8.ValidString(t) || strings.ContainsRune(t, 0) {
			return invalid(CodeText, "文字中含有无法保存的字符，请删除后重试")
		}
	}
	return nil
}

// store inserts a command, or returns the one of the same id.
func (s *Store) store(tx *gorm.DB, c record.Command) (record.Command, bool, error) {
	c.State, c.Stored, c.Seq, c.Attempts = record.CommandPending, clean(s.now()), 0, 0
	c.Refusal, c.Code, c.Reason, c.Kept = "", "", "", ""
	c.At = clean(c.At)
	row, err := newCommandRow(c)
	if err != nil {
		return c, false, err
	}
	result := tx.Exec(insertCommand, tuples{row.values()})
	if result.Error != nil {
		return c, false, fmt.Errorf("store the command: %w", result.Error)
	}
	if result.RowsAffected == 1 {
		return c, true, nil
	}
	old, err := findCommand(tx, c.ID)
	if err != nil {
		return c, false, fmt.Errorf("read the command: %w", err)
	}
	if old.Request != c.Request {
		return record.Command{}, false, conflict(CodeIdempotent, "同一请求编号（Idempotency-Key）已用于另一请求，请换用新的编号")
	}
	stored, err := old.command()
	return stored, false, err
}

func newCommandRow(c record.Command) (commandRow, error) {
	body, err := encode(c)
	return commandRow{
		ID: c.ID, CaseNumber: c.Case, Request: c.Request, Body: body, State: string(c.State), Stored: micros(c.Stored),
	}, err
}

func (r commandRow) command() (record.Command, error) {
	c, err := decode[record.Command](r.Body)
	c.Request, c.State, c.Seq = r.Request, record.CommandState(r.State), r.Seq
	c.Refusal, c.Code, c.Reason, c.Kept = procedure.Refusal(r.Refusal), r.Code, r.Reason, r.Kept
	c.Stored, c.Attempts = moment(r.Stored), r.Attempts
	return c, err
}

// SettleCommand records the end of a pending command: done without an event, or refused with what its sender is answered.
// The first end stands. A command whose effect is on record stays done.
func (s *Store) SettleCommand(ctx context.Context, id string, end record.CommandEnd) error {
	if end.State != record.CommandDone && end.State != record.CommandRefused {
		return invalid(CodeFilter, "操作的结果 %.40q 无效", end.State)
	}
	err := s.db.WithContext(ctx).Model(&commandRow{}).Where("id = ? AND state = ?", id, record.CommandPending).
		Select("state", "refusal", "code", "reason", "kept").Updates(commandRow{
		State: string(end.State), Refusal: string(end.Refusal), Code: end.Code, Reason: end.Reason, Kept: end.Kept,
	}).Error
	if err != nil {
		return fmt.Errorf("settle the command: %w", err)
	}
	return nil
}

// TouchCommand counts one more attempt to send a command.
func (s *Store) TouchCommand(ctx context.Context, id string) error {
	err := s.db.WithContext(ctx).Model(&commandRow{}).Where("id = ?", id).
		Update("attempts", gorm.Expr("attempts + 1")).Error
	if err != nil {
		return fmt.Errorf("count the attempt: %w", err)
	}
	return nil
}

// PendingCommands lists commands stored before a moment of engine time and not settled, oldest first.
func (r *Reader) PendingCommands(ctx context.Context, olderThan time.Time, limit int) ([]record.Command, error) {
	var rows []commandRow
	err := r.read(ctx).Where("state = ? AND stored < ?", record.CommandPending, micros(olderThan)).
		Order("stored, id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read pending commands: %w", err)
	}
	return convert(rows, commandRow.command)
}

// Command finds a command by its id; CodeCommand when there is none.
func (r *Reader) Command(ctx context.Context, id string) (record.Command, error) {
	row, err := findCommand(r.read(ctx), id)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Command{}, notFound(CodeCommand, "没有这项操作")
	}
	if err != nil {
		return record.Command{}, fmt.Errorf("read the command: %w", err)
	}
	return row.command()
}

func findCommand(db *gorm.DB, id string) (commandRow, error) {
	r := commandRow{ID: id}
	err := db.Raw(`SELECT case_number, request, body, state, joined_seq, seq, code, reason, refusal, kept, stored, attempts
		FROM commands WHERE id = ?`, id).Row().Scan(&r.CaseNumber, &r.Request, &r.Body, &r.State, &r.JoinedSeq, &r.Seq, &r.Code,
		&r.Reason, &r.Refusal, &r.Kept, &r.Stored, &r.Attempts)
	return r, err
}
