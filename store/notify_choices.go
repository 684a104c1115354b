package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/notify"
)

type choiceRow struct {
	UserID string `gorm:"primaryKey"`
	Body   string
}

func (choiceRow) TableName() string { return "notify_choices" }

type templateRow struct {
	Kind    string `gorm:"primaryKey"`
	Subject string
	Text    string
	ByUser  string
	At      int64
}

func (templateRow) TableName() string { return "notify_templates" }

// choicesOf gives the choice of each of some users, without what is sealed.
func choicesOf(db *gorm.DB, users []string) (map[string]choiceDoc, error) {
	choices := make(map[string]choiceDoc, len(users))
	for _, user := range users {
		choices[user] = choiceDoc{Choice: notify.Usual()}
	}
	if len(users) == 0 {
		return choices, nil
	}
	asked := make([]string, 0, len(choices))
	for user := range choices {
		asked = append(asked, user)
	}
	err := each(db, func(rows *sql.Rows) error {
		var user, body string
		if err := rows.Scan(&user, &body); err != nil {
			return err
		}
		c, err := decode[choiceDoc](body)
		choices[user] = c
		return err
	}, "SELECT user_id, body FROM notify_choices WHERE user_id IN ?", []any{asked})
	if err != nil {
		return nil, fmt.Errorf("read how people want to be told: %w", err)
	}
	return choices, nil
}

// NotifyChoice is how a user wants to be told.
func (r *Reader) NotifyChoice(ctx context.Context, user string) (notify.Choice, error) {
	choices, err := choicesOf(r.read(ctx), []string{user})
	if err != nil {
		return notify.Choice{}, err
	}
	return r.vault.openChoice(user, choices[user])
}

// SaveNotifyChoice keeps how a user wants to be told.
func (s *Store) SaveNotifyChoice(ctx context.Context, user string, c notify.Choice) error {
	if err := c.Check(); err != nil {
		return err
	}
	row, err := s.vault.sealChoice(user, c)
	if err != nil {
		return err
	}
	if err := replace(s.db.WithContext(ctx), "user_id").Create(&row).Error; err != nil {
		return fmt.Errorf("save how somebody wants to be told: %w", err)
	}
	return nil
}

// NotifyTemplates gives the templates that an administrator has changed, or has put back: these have no words of their own.
func (r *Reader) NotifyTemplates(ctx context.Context) ([]notify.Edit, error) {
	return editedTemplates(r.read(ctx))
}

func editedTemplates(db *gorm.DB) ([]notify.Edit, error) {
	var rows []struct {
		Kind, Subject, Text, ByUser, ByName string
		At                                  int64
	}
	err := db.Table("notify_templates").Select("notify_templates.*, coalesce(users.name, '') AS by_name").
		Joins("LEFT JOIN users ON users.id = notify_templates.by_user").Order("kind").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	list := make([]notify.Edit, len(rows))
	for i, r := range rows {
		t := notify.Template{Kind: notify.Kind(r.Kind), Subject: r.Subject, Text: r.Text}
		list[i] = notify.Edit{Template: t, By: r.ByUser, ByName: r.ByName, At: moment(r.At)}
	}
	return list, nil
}

// SaveNotifyTemplate changes the words of a kind of message from now on; what is made already keeps its words. Saving the words
// that the program brings forgets the change: a later program may bring better ones.
func (s *Store) SaveNotifyTemplate(ctx context.Context, t notify.Template, user string, at time.Time) error {
	if _, err := t.Parse(); err != nil {
		return err
	}
	row := templateRow{Kind: string(t.Kind), Subject: t.Subject, Text: t.Text, ByUser: user, At: micros(at)}
	if t == notify.Default(t.Kind) {
		row.Subject, row.Text = "", ""
	}
	if err := replace(s.db.WithContext(ctx), "kind").Create(&row).Error; err != nil {
		return fmt.Errorf("save the template: %w", err)
	}
	return nil
}

// allWords gives the words of every kind. A template that this program cannot use any more gives way to its own.
func allWords(db *gorm.DB) (map[notify.Kind]notify.Words, error) {
	words := map[notify.Kind]notify.Words{}
	list, err := editedTemplates(db)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if w, err := t.Parse(); err == nil { // one that was put back has no words
			words[t.Kind] = w
		}
	}
	for _, k := range notify.Kinds() {
		if _, changed := words[k]; changed {
			continue
		}
		if words[k], err = notify.Default(k).Parse(); err != nil {
			return nil, fmt.Errorf("template %s: %w", k, err)
		}
	}
	return words, nil
}

// NotifyWords gives the words of one kind of message.
func (r *Reader) NotifyWords(ctx context.Context, k notify.Kind) (notify.Words, error) {
	words, err := allWords(r.read(ctx))
	return words[k], err
}
