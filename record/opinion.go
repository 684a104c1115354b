package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// OpinionKept tells a person that what was written with a refused action is not lost.
const OpinionKept = "您填写的意见已保存为草稿。"

// HasWords tells whether the person wrote something that would be lost.
func (c Command) HasWords() bool { return strings.TrimSpace(c.Opinion) != "" || len(c.Fields) > 0 }

// OpinionDraft is what a person wrote with an action on a case, as a draft. There is one for each task and person, however often
// the action is refused; task is the title of the task, empty for an action on the case itself.
func (c Command) OpinionDraft(kase Case, task string) (Draft, error) {
	form, err := json.Marshal(struct {
		Case    string          `json:"case"`
		Task    string          `json:"task,omitempty"`
		Opinion string          `json:"opinion"`
		Fields  json.RawMessage `json:"fields,omitempty"`
	}{c.Case, c.Task, c.Opinion, c.Fields})
	if err != nil {
		return Draft{}, fmt.Errorf("opinion: %w", err)
	}
	title := kase.Title
	if task != "" {
		title += " · " + task
	}
	about := sha256.Sum256([]byte(c.Actor.User + "\x00" + cmp.Or(c.Task, c.Case)))
	return Draft{
		ID: "opinion-" + hex.EncodeToString(about[:12]), User: c.Actor.User, Unit: c.Actor.Unit, Kind: kase.Kind,
		Title: title, Form: form, Files: c.Files, Saved: c.At,
	}, nil
}
