package server

import (
	"context"
	"slices"
	"strings"

	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listLists(ctx context.Context, in *listsInput) (*reply[[]record.ListVersion], error) {
	versions, err := s.Reader.Lists(ctx, in.District)
	for i := range versions {
		versions[i].Items = nil
	}
	return answer(versions), err
}

func (s *Server) getList(ctx context.Context, in *listInput) (*reply[record.ListVersion], error) {
	version := in.Version
	if version == "current" {
		version = ""
	}
	list, err := s.Reader.List(ctx, in.District, version)
	return answer(list), err
}

func (s *Server) diffLists(ctx context.Context, in *diffInput) (*reply[ListDiff], error) {
	from, err := s.Reader.List(ctx, in.District, in.From)
	if err != nil {
		return nil, err
	}
	to, err := s.Reader.List(ctx, in.District, in.To)
	if err != nil {
		return nil, err
	}
	return answer(ListDiff{District: in.District, From: from.Version, To: to.Version, Changes: diff(from.Items, to.Items)}), nil
}

// diff says what turns one list into another, in the order of the items' numbers as listed.
func diff(from, to []procedure.ListItem) []ItemChange {
	find := func(items []procedure.ListItem, no string) *procedure.ListItem {
		i := slices.IndexFunc(items, func(it procedure.ListItem) bool { return it.No == no })
		if i < 0 {
			return nil
		}
		return &items[i]
	}
	var changes []ItemChange
	for i := range to {
		item := &to[i]
		old := find(from, item.No)
		switch {
		case old == nil:
			changes = append(changes, ItemChange{Op: "add", No: item.No, New: item})
		case !sameItem(*old, *item):
			changes = append(changes, ItemChange{Op: "change", No: item.No, Old: old, New: item})
		}
	}
	for i := range from {
		if item := &from[i]; find(to, item.No) == nil {
			changes = append(changes, ItemChange{Op: "remove", No: item.No, Old: item})
		}
	}
	return changes
}

func sameItem(a, b procedure.ListItem) bool {
	return slices.Equal(a.Keywords, b.Keywords) && a.No == b.No && a.Title == b.Title && a.Kind == b.Kind &&
		a.Department == b.Department && a.Part == b.Part && a.Frequency == b.Frequency && a.Basis == b.Basis &&
		a.ValidUntil == b.ValidUntil && a.Case == b.Case
}

func (s *Server) searchList(ctx context.Context, in *searchInput) (*reply[[]ListHit], error) {
	list, err := s.Reader.List(ctx, in.District, "")
	if err != nil {
		return nil, err
	}
	return answer(search(list.Items, in.Q)), nil
}

// search finds the items that contain every word of the query, or one of whose keywords the query contains.
func search(items []procedure.ListItem, query string) []ListHit {
	query = strings.ToLower(strings.TrimSpace(query))
	terms := strings.Fields(query)
	hits := []ListHit{}
	for _, item := range items {
		text := strings.ToLower(strings.Join([]string{item.No, item.Title, item.Department, item.Part, item.Basis, strings.Join(item.Keywords, " ")}, "\n"))
		var words []string
		if len(terms) > 0 && !slices.ContainsFunc(terms, func(t string) bool { return !strings.Contains(text, t) }) {
			words = append(words, terms...)
		}
		for _, k := range item.Keywords {
			if k != "" && strings.Contains(query, strings.ToLower(k)) && !slices.Contains(words, k) {
				words = append(words, k)
			}
		}
		if len(words) > 0 {
			hits = append(hits, ListHit{Item: item, Words: words, Kind: item.Kind})
		}
	}
	return hits
}
