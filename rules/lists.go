package rules

import (
	"fmt"
	"slices"
)

// ItemKind is the kind of a list item.
type ItemKind string

// The three lists (三张清单).
const (
	Duty     ItemKind = "duty"     // 职责: statutory duty of the residents' committee
	Assist   ItemKind = "assist"   // 协助: help with government work
	Negative ItemKind = "negative" // 负面: must not be handed to the community
)

// Label returns the Chinese name of the kind.
func (k ItemKind) Label() string {
	return map[ItemKind]string{Duty: "职责", Assist: "协助", Negative: "负面"}[k]
}

// Item is one line of a community task list (社区工作清单).
type Item struct {
	No         string   `json:"no"`
	Title      string   `json:"title"`
	Kind       ItemKind `json:"kind"`
	Department string   `json:"department"` // lead department, empty when there is none
	Part       string   `json:"part"`       // what the community does
	Frequency  string   `json:"frequency"`
	Basis      string   `json:"basis"`
	// Keywords decide alone: a matter that contains one of them matches the item.
	Keywords []string `json:"keywords"`
	// ValidUntil is the last day of an item admitted for a time, as 2006-01-02.
	ValidUntil *string `json:"valid_until,omitempty"`
}

// List is one version of a community task list.
type List struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Name    string `json:"name"`
	Items   []Item `json:"items"`
}

// LoadList returns the embedded list of that id.
func LoadList(id string) (List, error) {
	entries, err := data.ReadDir("data/lists")
	if err != nil {
		return List{}, fmt.Errorf("rules: lists: %w", err)
	}
	for _, e := range entries {
		if e.Name() != id+".json" {
			continue
		}
		raw, err := data.ReadFile("data/lists/" + e.Name())
		if err != nil {
			return List{}, fmt.Errorf("rules: list %s: %w", id, err)
		}
		var l List
		if err := decode(raw, &l); err != nil {
			return List{}, refuse(CodeListInvalid, "清单不是有效的 JSON:%v", err)
		}
		return l, l.Validate()
	}
	return List{}, refuse(CodeListUnknown, "没有清单 %.60q", id)
}

// Validate refuses a list without id or version, and items without number, title,
// known kind or with a number given twice.
func (l List) Validate() error {
	if l.ID == "" || l.Version == "" {
		return refuse(CodeListInvalid, "清单缺少编号或版本")
	}
	seen := map[string]bool{}
	for _, i := range l.Items {
		switch {
		case i.No == "" || i.Title == "":
			return refuse(CodeListInvalid, "清单第 %q 项缺少序号或名称", i.No)
		case i.Kind.Label() == "":
			return refuse(CodeListInvalid, "清单第 %s 项的种类 %q 无效", i.No, string(i.Kind))
		case seen[i.No]:
			return refuse(CodeListInvalid, "清单序号 %s 重复", i.No)
		}
		seen[i.No] = true
	}
	return nil
}

// Active returns the items in force on the given day (2006-01-02). An item is in
// force through its ValidUntil.
func Active(items []Item, day string) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool {
		return i.ValidUntil != nil && *i.ValidUntil < day
	})
}
