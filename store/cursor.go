package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"

	"gorm.io/gorm"
)

// sortKey is what a list is sorted by before its ids.
type sortKey interface{ int64 | string }

// cursor is the last row of a page. It only says where to go on: what is visible is decided anew on every page, so a
// forged cursor shows nothing more.
type cursor[K sortKey] struct {
	List string `json:"l"` // the list and its order: a cursor of one list does not fit another
	Key  K      `json:"k"`
	ID   string `json:"i"`
	Sum  string `json:"s"` // finds damage
}

func (c cursor[K]) sum() string {
	c.Sum = ""
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain fields
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:6])
}

func (c cursor[K]) String() string {
	c.Sum = c.sum()
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor[K sortKey](list, text string) (cursor[K], error) {
	var c cursor[K]
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.List != list || c.Sum != c.sum() {
		return c, invalid(CodeCursor, "翻页标记无效，请从第一页重新打开")
	}
	return c, nil
}

// order is one way of sorting a list, as most are: by a moment or a number and then by id.
type order = orderBy[int64]

// orderBy is one way of sorting a list: by a column of a type and then by id.
type orderBy[K sortKey] struct {
	list string // of the cursor
	by   string // column; never from a request
	id   string // column of the id
	desc bool
}

// page adds order, cursor and limit to a query; one row more than asked for tells whether there is another page.
func (o orderBy[K]) page(q *gorm.DB, after string, limit int) (*gorm.DB, int, error) {
	if limit == 0 {
		limit = 50
	}
	if limit < 1 || limit > 200 {
		return nil, 0, invalid(CodeLimit, "每页条数须为 1 至 200")
	}
	than, direction := ">", ""
	if o.desc {
		than, direction = "<", " DESC"
	}
	if after != "" {
		c, err := parseCursor[K](o.list, after)
		if err != nil {
			return nil, 0, err
		}
		q = q.Where("("+o.by+", "+o.id+") "+than+" (?, ?)", c.Key, c.ID)
	}
	return q.Order(o.by + direction + ", " + o.id + direction).Limit(limit + 1), limit, nil
}

// cut takes the row too many off and makes the cursor of the next page.
func cut[R any, K sortKey](o orderBy[K], rows []R, limit int, key func(R) (K, string)) ([]R, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	by, id := key(rows[limit-1])
	return rows, cursor[K]{List: o.list, Key: by, ID: id}.String()
}
