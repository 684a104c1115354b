package rules

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Confidence says how well a figure is known.
type Confidence string

// The confidence tags.
const (
	TextRead    Confidence = "T" // the full article was read
	ExcerptRead Confidence = "X" // the words were seen in an excerpt
	FromMemory  Confidence = "M" // not checked: a person must confirm it
	Practice    Confidence = "P" // seen in practitioners' systems
	Default     Confidence = "D" // a product default, not a legal rule
)

// NeedsConfirmation tells whether an administrator must confirm the figure locally
// before it is relied on.
func (c Confidence) NeedsConfirmation() bool { return c == FromMemory || c == Default }

// Source says where a figure comes from.
type Source struct {
	Article string     `json:"article"` // instrument and article, in Chinese
	Text    string     `json:"text"`    // what it says, in own words
	Tag     Confidence `json:"tag"`
}

// Units of a Figure. The units of time have the names of package calendar.
const (
	UnitHour    = "hour"
	UnitDay     = "day"
	UnitWorkday = "workday"
	UnitMonth   = "month"
	UnitYear    = "year"
	UnitCount   = "count"
	UnitFlag    = "flag"   // 1 for yes, 0 for no
	UnitStated  = "stated" // no figure: what the application states is the limit
)

// Figure is one legal figure of a pack.
type Figure struct {
	Key    string `json:"key"`
	Value  int64  `json:"value"`
	Unit   string `json:"unit"`
	Source Source `json:"source"`
	Fixed  bool   `json:"fixed"` // set by law: no place may change it
	Title  string `json:"title"` // in Chinese, for screens
}

// Override is the record of a figure changed by a place.
type Override struct {
	Pack   string    `json:"pack"`
	Key    string    `json:"key"`
	From   int64     `json:"from"`
	To     int64     `json:"to"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Pack is a rule pack (规则包): the figures of one procedure in one place. A pack
// is a value; Override returns a changed copy.
type Pack struct {
	ID      string            `json:"id"`
	Base    string            `json:"base,omitempty"` // the pack whose figures are included
	Version string            `json:"version"`
	Name    string            `json:"name"`
	Figures map[string]Figure `json:"figures"`
	// Overrides lists the changes made by the place, in order.
	Overrides []Override `json:"overrides,omitempty"`
}

//go:embed data
var data embed.FS

// Load returns the embedded pack of that id, with the figures of its base.
func Load(id string) (Pack, error) {
	if !slices.Contains(IDs(), id) {
		return Pack{}, refuse(CodePackUnknown, "没有规则包 %.60q", id)
	}
	raw, err := data.ReadFile("data/" + id + ".json")
	if err != nil {
		return Pack{}, fmt.Errorf("rules: pack %s: %w", id, err)
	}
	p, err := parsePack(raw)
	if err != nil || p.Base == "" {
		return p, err
	}
	base, err := Load(p.Base)
	if err != nil {
		return Pack{}, err
	}
	return p.over(base)
}

// IDs returns the ids of the embedded packs in order.
func IDs() []string {
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok && !e.IsDir() {
			ids = append(ids, id)
		}
	}
	return ids
}

func parsePack(raw []byte) (Pack, error) {
	var p Pack
	if err := decode(raw, &p); err != nil {
		return Pack{}, refuse(CodePackInvalid, "规则包不是有效的 JSON:%v", err)
	}
	if p.ID == "" || p.Version == "" || p.Name == "" || len(p.Figures) == 0 {
		return Pack{}, refuse(CodePackInvalid, "规则包 %q 缺少编号、版本、名称或数值", p.ID)
	}
	for key, f := range p.Figures {
		f.Key = key
		if err := f.validate(); err != nil {
			return Pack{}, err
		}
		p.Figures[key] = f
	}
	return p, nil
}

func decode(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("trailing data")
	}
	return nil
}

const largestValue = 36_500

func (f Figure) validate() error {
	if f.Title == "" || f.Source.Article == "" || f.Source.Text == "" {
		return refuse(CodePackInvalid, "数值 %q 缺少名称或来源", f.Key)
	}
	if !slices.Contains([]Confidence{TextRead, ExcerptRead, FromMemory, Practice, Default}, f.Source.Tag) {
		return refuse(CodePackInvalid, "数值 %q 的可信度 %q 无效", f.Key, f.Source.Tag)
	}
	return f.check(f.Value)
}

// check refuses a value that the unit cannot have.
func (f Figure) check(value int64) error {
	low, high := int64(0), int64(largestValue)
	switch f.Unit {
	case UnitHour, UnitDay, UnitWorkday, UnitMonth, UnitYear:
		low = 1
	case UnitCount:
	case UnitFlag:
		high = 1
	case UnitStated:
		high = 0
	default:
		return refuse(CodePackInvalid, "数值 %q 的单位 %q 无效", f.Key, f.Unit)
	}
	if value < low || value > high {
		return refuse(CodeFigureValue, "“%s”的数值 %d 无效:应在 %d 至 %d 之间", f.Title, value, low, high)
	}
	return nil
}

// over lays p over its base. A place may not redefine a figure that law has fixed.
func (p Pack) over(base Pack) (Pack, error) {
	figures := maps.Clone(base.Figures)
	for key, f := range p.Figures {
		if old, ok := figures[key]; ok && old.Fixed {
			return Pack{}, refuse(CodeFigureFixed, "“%s”由法律规定(%s),地方不得改变", old.Title, old.Source.Article)
		}
		figures[key] = f
	}
	p.Figures = figures
	return p, nil
}

// Figure returns the figure of that key, or an error with CodeFigureUnknown.
func (p Pack) Figure(key string) (Figure, error) {
	f, ok := p.Figures[key]
	if !ok {
		return Figure{}, refuse(CodeFigureUnknown, "规则包 %s 没有数值 %.60q", p.ID, key)
	}
	return f, nil
}

// Change asks for a figure of a pack to be changed.
type Change struct {
	Key    string
	Value  int64
	By     string // who changes it
	Reason string // compulsory
	At     time.Time
}

// Override returns a copy of p with one configurable figure changed and the record
// of the change appended. It refuses a figure fixed by law (CodeFigureFixed), an
// unknown one, a value its unit cannot have, and a change without author or reason.
func (p Pack) Override(c Change) (Pack, error) {
	f, err := p.Figure(c.Key)
	if err != nil {
		return p, err
	}
	if f.Fixed {
		return p, refuse(CodeFigureFixed, "“%s”由法律规定(%s),不得改变", f.Title, f.Source.Article)
	}
	if strings.TrimSpace(c.By) == "" || strings.TrimSpace(c.Reason) == "" {
		return p, refuse(CodeOverrideReason, "修改“%s”须写明修改人和理由", f.Title)
	}
	if err := f.check(c.Value); err != nil {
		return p, err
	}
	record := Override{Pack: p.ID, Key: c.Key, From: f.Value, To: c.Value, By: c.By, Reason: c.Reason, At: c.At}
	f.Value = c.Value
	p.Figures = maps.Clone(p.Figures)
	p.Figures[c.Key] = f
	p.Overrides = append(slices.Clone(p.Overrides), record)
	return p, nil
}

// Unconfirmed returns the figures that an administrator must confirm locally, in
// order of their keys.
func (p Pack) Unconfirmed() []Figure {
	var out []Figure
	for _, key := range slices.Sorted(maps.Keys(p.Figures)) {
		if f := p.Figures[key]; f.Source.Tag.NeedsConfirmation() {
			out = append(out, f)
		}
	}
	return out
}

// Digest returns a SHA-256 over the id, the version and the figures as they apply,
// to pin into a case. Two packs with the same digest decide alike.
func (p Pack) Digest() string {
	raw, err := json.Marshal(Pack{ID: p.ID, Base: p.Base, Version: p.Version, Name: p.Name, Figures: p.Figures})
	if err != nil { // strings and integers always marshal
		panic("rules: digest: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}
