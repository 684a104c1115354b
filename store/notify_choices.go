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

// choicesOf gives the choice of each of some users.
func choicesOf(db *gorm.DB, users []string) (map[string]notify.Choice, error) {
	choices := make(map[string]notify.Choice, len(users))
	for _, user := range users {
		choices[user] = notify.Usual()
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
		c, err := decode[notify.Choice](body)
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
	return choices[user], err
}

// SaveNotifyChoice keeps how a user wants to be told.
func (s *Store) SaveNotifyChoice(ctx context.Context, user string, c notify.Choice) error {
	if err := c.Check(); err != nil {
		return err
	}
	body, err := encode(c)
	if err != nil {
		return err
	}
	if err := replace(s.db.WithContext(ctx), "user_id").Create(&choiceRow{UserID: user, Body: body}).Error; err != nil {
		return fmt.Errorf("save how somebody wants to be told: %w", err)
	}
	return nil
}

// NotifyTemplates gives the templates that an administrator has changed.
func (r *Reader) NotifyTemplates(ctx context.Context) ([]notify.Template, error) {
	return changedTemplates(r.read(ctx))
}

func changedTemplates(db *gorm.DB) ([]notify.Template, error) {
	var rows []templateRow
	if err := db.Order("kind").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	return convert(rows, func(r templateRow) (notify.Template, error) {
		return notify.Template{Kind: notify.Kind(r.Kind), Subject: r.Subject, Text: r.Text}, nil
	})
}

// SaveNotifyTemplate changes the words of a kind of message from now on; what is made already keeps its words. Saving the words
// that the program brings forgets the change.
func (s *Store) SaveNotifyTemplate(ctx context.Context, t notify.Template, user string, at time.Time) error {
	if _, err := t.Parse(); err != nil {
		return err
	}
	db := s.db.WithContext(ctx)
	var err error
	if t == notify.Default(t.Kind) {
		err = db.Where("kind = ?", string(t.Kind)).Delete(&templateRow{}).Error
	} else {
		err = replace(db, "kind").Create(&templateRow{Kind: string(t.Kind), Subject: t.Subject, Text: t.Text, ByUser: user, At: micros(at)}).Error
	}
	if err != nil {
		return fmt.Errorf("save the template: %w", err)
	}
	return nil
}

// allWords gives the words of every kind. A template that this program cannot use any more gives way to its own.
func allWords(db *gorm.DB) (map[notify.Kind]notify.Words, error) {
	words := map[notify.Kind]notify.Words{}
	list, err := changedTemplates(db)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if w, err := t.Parse(); err == nil {
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
