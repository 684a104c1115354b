package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/ops"
)

type proposalRow struct {
	ID       string `gorm:"primaryKey"`
	Incident string
	State    string
	ByUser   string
	Second   string
	At       int64
	Body     string
	Request  string
}

func (proposalRow) TableName() string { return "proposals" }

// kept is a proposal with what its page does not show.
type kept struct {
	ops.Proposal
	Post string `json:"post"`
}

func (r proposalRow) proposal() (ops.Proposal, error) {
	k, err := decode[kept](r.Body)
	k.Proposal.Post, k.Order = k.Post, json.RawMessage(r.Request)
	return k.Proposal, err
}

// Codes of proposals.
const (
	CodeProposal = "remedy.unknown"
	CodeDecided  = "remedy.decided"
	CodeSame     = "remedy.same_person"
)

// Propose keeps a cure until a second person has looked at it. The same id again is the same proposal.
func (s *Store) Propose(ctx context.Context, p ops.Proposal) error {
	p.At = clean(p.At)
	body, err := encode(kept{p, p.Post})
	if err != nil {
		return err
	}
	row := proposalRow{ID: p.ID, Incident: p.Incident, State: string(p.State), ByUser: p.By, At: micros(p.At), Body: body, Request: string(p.Order)}
	if err := once(s.db.WithContext(ctx), "id").Create(&row).Error; err != nil {
		return fmt.Errorf("keep the proposal: %w", err)
	}
	return nil
}

// Proposals lists what waits for a second person, or was decided; the newest first, at most 200.
func (r *Reader) Proposals(ctx context.Context, state ops.ProposalState) ([]ops.Proposal, error) {
	var rows []proposalRow
	err := r.read(ctx).Where("state = ?", string(state)).Order("at DESC, id").Limit(200).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the proposals: %w", err)
	}
	return convert(rows, proposalRow.proposal)
}

// DecideProposal confirms or declines a proposal, once, by another person than the one who made it. It returns the proposal.
func (s *Store) DecideProposal(ctx context.Context, id string, state ops.ProposalState, by, name string, at time.Time) (p ops.Proposal, err error) {
	at = clean(at)
	err = s.write(ctx, func(tx *gorm.DB) error {
		var row proposalRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&row).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			return notFound(CodeProposal, "没有这项待复核的处置")
		case err != nil:
			return fmt.Errorf("read the proposal: %w", err)
		}
		if p, err = row.proposal(); err != nil {
			return err
		}
		switch {
		case p.State != ops.Pending && p.Second == by && p.State == state: // the same again
			return nil
		case p.State != ops.Pending:
			return conflict(CodeDecided, "%s已先一步作了复核", p.Named)
		case by == row.ByUser:
			return conflict(CodeSame, "提出人不能复核自己提出的处置，请另一位同事确认")
		}
		p.State, p.Second, p.Named, p.Decided = state, by, name, &at
		body, err := encode(kept{p, p.Post})
		if err != nil {
			return err
		}
		err = tx.Model(&proposalRow{ID: id}).Select("state", "second", "body").
			Updates(proposalRow{State: string(state), Second: by, Body: body}).Error
		if err != nil {
			return fmt.Errorf("decide the proposal: %w", err)
		}
		return nil
	})
	return p, err
}
