package activities

import (
	"context"

	"gongzhi/procedure"
)

// ListRequest asks for a new version of a district's list.
type ListRequest struct {
	District string
	Year     int
	Key      string // case and step: the same key gets the same number again
}

// ListNumber is a new version's number and the version it stands on.
type ListNumber struct {
	Version string `json:"version"`
	Base    string `json:"base"`
}

// NumberList gives out the number of a new list version.
func (a *Activities) NumberList(ctx context.Context, r ListRequest) (ListNumber, error) {
	v, base, err := a.Lists.AllocateListVersion(ctx, r.District, r.Year, r.Key)
	return ListNumber{Version: v, Base: base}, err
}

// ItemRequest names one admitted item of the current list.
type ItemRequest struct {
	District string
	Case     string
}

// FindItems reads the items that a case put on the current list, so that it can take them off again.
func (a *Activities) FindItems(ctx context.Context, r ItemRequest) ([]procedure.ListItem, error) {
	list, err := a.Lists.List(ctx, r.District, "")
	if err != nil {
		return nil, err
	}
	var out []procedure.ListItem
	for _, item := range list.Items {
		if item.Case == r.Case {
			out = append(out, item)
		}
	}
	return out, nil
}
