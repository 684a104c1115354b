package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"gongzhi/notify"
)

// vault seals with AES-256-GCM what people entrust to us, so that whoever reads the database, or a copy of it, cannot use it.
type vault struct{ aead cipher.AEAD }

// sealedMark begins everything sealed, and names the way of sealing.
const sealedMark = "v1."

func newVault(key [32]byte) (*vault, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &vault{aead}, err
}

// seal binds the text to its owner: moved to somebody else's row, it cannot be opened.
func (v *vault) seal(text, owner string) (string, error) {
	if v == nil {
		return "", errors.New("store: there is no key to seal with")
	}
	nonce := make([]byte, v.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return sealedMark + base64.RawStdEncoding.EncodeToString(v.aead.Seal(nonce, nonce, []byte(text), []byte(owner))), nil
}

// open returns ok = false for what this key has not sealed for this owner.
func (v *vault) open(sealed, owner string) (text string, ok bool) {
	body, marked := strings.CutPrefix(sealed, sealedMark)
	raw, err := base64.RawStdEncoding.DecodeString(body)
	if v == nil || !marked || err != nil || len(raw) < v.aead.NonceSize() {
		return "", false
	}
	n := v.aead.NonceSize()
	plain, err := v.aead.Open(nil, raw[:n], raw[n:], []byte(owner))
	return string(plain), err == nil
}

// choiceDoc is a choice as it is stored. What opens a person's robot to others is sealed: its secret, and its address, whose query is
// often all that a robot asks for.
type choiceDoc struct {
	notify.Choice
	Sealed string `json:"sealed,omitempty"`
}

// entrusted is what is sealed of a choice.
type entrusted struct {
	URL    string `json:"url,omitempty"`
	Secret string `json:"secret,omitempty"`
}

// sealChoice is the row of a choice, with nothing in it that a reader of the database could use.
func (v *vault) sealChoice(user string, c notify.Choice) (choiceRow, error) {
	doc := choiceDoc{Choice: c}
	if c.URL != "" || c.Secret != "" {
		text, err := encode(entrusted{c.URL, c.Secret})
		if err != nil {
			return choiceRow{}, err
		}
		if doc.Sealed, err = v.seal(text, user); err != nil {
			return choiceRow{}, err
		}
		doc.URL, doc.Secret = "", ""
	}
	body, err := encode(doc)
	return choiceRow{UserID: user, Body: body}, err
}

// openChoice gives a choice back whole. What the key cannot open is lost: the person has to give it again.
func (v *vault) openChoice(user string, doc choiceDoc) (notify.Choice, error) {
	c := doc.Choice
	if doc.Sealed == "" {
		return c, nil
	}
	text, ok := v.open(doc.Sealed, user)
	if !ok {
		c.Lost = true
		return c, nil
	}
	e, err := decode[entrusted](text)
	c.URL, c.Secret = e.URL, e.Secret
	return c, err
}

// SealWith gives the store the key for what people entrust to it, before anything is read or written. Rows that hold it in plain text
// are sealed now.
func (s *Store) SealWith(ctx context.Context, key [32]byte) error {
	v, err := newVault(key)
	if err != nil {
		return err
	}
	s.vault = v
	var plain []choiceRow
	err = each(s.db.WithContext(ctx), func(rows *sql.Rows) error {
		var r choiceRow
		err := rows.Scan(&r.UserID, &r.Body)
		plain = append(plain, r)
		return err
	}, `SELECT user_id, body FROM notify_choices WHERE body LIKE '%"url":%' OR body LIKE '%"secret":%'`, nil)
	if err != nil {
		return fmt.Errorf("look for what is not sealed: %w", err)
	}
	for _, old := range plain {
		doc, err := decode[choiceDoc](old.Body)
		if err != nil {
			return err
		}
		if doc.URL == "" && doc.Secret == "" {
			continue
		}
		row, err := v.sealChoice(old.UserID, doc.Choice)
		if err != nil {
			return err
		}
		// Not over what the person has saved in the meantime.
		err = s.db.WithContext(ctx).
			Exec("UPDATE notify_choices SET body = ? WHERE user_id = ? AND body = ?", row.Body, old.UserID, old.Body).Error
		if err != nil {
			return fmt.Errorf("seal what is not sealed: %w", err)
		}
	}
	return nil
}
