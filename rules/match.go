package rules

import (
	"slices"
	"strings"
	"unicode"
)

// Hit is one list item that a matter resembles, with the reason.
type Hit struct {
	Item Item `json:"item"`
	// Score orders hits: 100 for every keyword plus the Overlap.
	Score int `json:"score"`
	// Overlap is the part of the title's two-character groups that the matter
	// contains, from 0 to 100.
	Overlap int `json:"overlap"`
	// Words are the matched words, as the item writes them, to be shown to the
	// person who is told "already on the list" or "on the negative list".
	Words []string `json:"words"`
}

const (
	keywordScore = 100
	// leastOverlap and leastGroups keep a chance likeness from being a hit.
	leastOverlap = 60
	leastGroups  = 2
)

// general holds two-character groups that nearly every matter contains; they say
// nothing about what it is.
var general = []string{"协助", "社区", "居民", "工作", "开展", "进行"}

// negations directly before a keyword take its meaning away: 不含执法检查. Words that
// forbid a shortfall (不得, 不低于) are left out on purpose: they are how a target is
// written.
var negations = []string{"不含", "不包含", "不包括", "不涉及", "不要求", "不设"}

// Match compares a matter with the items and returns the hits, the best first;
// equal ones stay in the order of the items. An item is hit when the text contains
// one of its keywords, or at least 60 of 100 of the two-character groups of its
// title. Width, case, spaces and punctuation make no difference.
//
// The result depends on its arguments alone. A hit on a Negative item blocks the
// matter; a hit on another item says that it may already be on the list, and a
// person decides.
func Match(items []Item, text string) []Hit {
	parts := normalise(text)
	groups := map[string]bool{}
	for _, g := range groupsOf(parts) {
		groups[g] = true
	}
	var hits []Hit
	for _, item := range items {
		if h, ok := match(item, parts, groups); ok {
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return b.Score - a.Score })
	return hits
}

// Of returns the hits on items of one kind.
func Of(hits []Hit, kind ItemKind) []Hit {
	return slices.DeleteFunc(slices.Clone(hits), func(h Hit) bool { return h.Item.Kind != kind })
}

func match(item Item, parts []string, groups map[string]bool) (Hit, bool) {
	h := Hit{Item: item}
	for _, word := range item.Keywords {
		if key := strings.Join(normalise(word), ""); !slices.Contains(h.Words, word) && affirmed(parts, key) {
			h.Words = append(h.Words, word)
		}
	}
	keywords := len(h.Words)

	var own, shared []string
	for _, g := range groupsOf(normalise(item.Title)) {
		if slices.Contains(general, g) {
			continue
		}
		own = append(own, g)
		if groups[g] {
			shared = append(shared, g)
		}
	}
	if len(own) > 0 {
		h.Overlap = 100 * len(shared) / len(own)
	}
	similar := len(shared) >= leastGroups && h.Overlap >= leastOverlap
	if similar {
		for _, g := range shared {
			if !slices.Contains(h.Words, g) {
				h.Words = append(h.Words, g)
			}
		}
	}
	h.Score = keywordScore*keywords + h.Overlap
	return h, keywords > 0 || similar
}

// affirmed tells whether the runs, joined, contain key at least once without a
// negation directly before it. A negation at the end of another run does not count:
// otherwise "费用不含。" would hide the sentence after it.
func affirmed(parts []string, key string) bool {
	if key == "" {
		return false
	}
	whole := strings.Join(parts, "")
	run, start := 0, 0 // the run that holds the place found, and where it begins
	for from := 0; ; {
		at := strings.Index(whole[from:], key)
		if at < 0 {
			return false
		}
		at += from
		for start+len(parts[run]) <= at {
			start += len(parts[run])
			run++
		}
		before := whole[start:at]
		if !slices.ContainsFunc(negations, func(n string) bool { return strings.HasSuffix(before, n) }) {
			return true
		}
		from = at + len(key)
	}
}

// normalise cuts a text into runs of letters and digits, with full-width forms made
// half-width and letters made small. It holds no separators, so that a word broken
// up by spaces or punctuation is found when the runs are joined.
func normalise(text string) []string {
	return strings.FieldsFunc(strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E { // full-width ASCII
			r -= 0xFEE0
		}
		switch {
		case unicode.Is(unicode.Cf, r): // invisible characters such as U+200B
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, text), func(r rune) bool { return r == ' ' })
}

// groupsOf returns the distinct groups of two neighbouring Chinese characters, and
// every run of other letters and digits as one group, in order of appearance.
func groupsOf(parts []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	for _, part := range parts {
		var previous rune
		word := ""
		for _, r := range part {
			if !unicode.Is(unicode.Han, r) {
				word, previous = word+string(r), 0
				continue
			}
			add(word)
			word = ""
			if previous != 0 {
				add(string([]rune{previous, r}))
			}
			previous = r
		}
		add(word)
	}
	return out
}
