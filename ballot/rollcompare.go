package ballot

import (
	"slices"
	"strings"

	"gongzhi/rules"
)

// compare blames the lines that contradict an earlier one. Bad lines take part: what is twice is twice.
func (k *checker) compare() {
	codes := seen{}
	for i := range k.drafts {
		d := &k.drafts[i]
		if first := codes.add(d.line.Code, i); first >= 0 {
			k.blame(d, fieldCode, d.line.Code, "与第 %d 行重复", k.drafts[first].row)
		}
	}
	switch k.counting {
	case rules.ByOwner:
		k.comparePlaces()
		k.compareBuyers()
	case rules.ByResident:
		k.comparePeople()
	}
}

// seen remembers where a text was first.
type seen map[string]int

// add returns the index of the first with the same text, or -1. An empty text is the same as none.
func (s seen) add(text string, i int) int {
	if text == "" {
		return -1
	}
	if first, ok := s[text]; ok {
		return first
	}
	s[text] = i
	return -1
}

// comparePlaces finds units that stand in the roll under two codes: their area would count twice.
func (k *checker) comparePlaces() {
	places := seen{}
	for i := range k.drafts {
		d := &k.drafts[i]
		l := d.line
		if l.Building == "" || l.Room == "" {
			continue
		}
		place := strings.Join([]string{l.Building, l.Stair, l.Floor, l.Room, string(l.Use)}, "\n")
		if first := places.add(place, i); first >= 0 && k.drafts[first].line.Code != l.Code {
			k.blame(d, fieldRoom, l.Room, "与第 %d 行是同一处", k.drafts[first].row)
		}
	}
}

// comparePeople finds residents who stand in the roll twice: they would vote twice.
func (k *checker) comparePeople() {
	people := seen{}
	for i := range k.drafts {
		d := &k.drafts[i]
		if !identified(d.line) || len(d.line.Owners) == 0 {
			continue
		}
		if first := people.add(ownerSet(d.line), i); first >= 0 {
			k.blame(d, fieldNames, d.line.Owners[0].Name, "与第 %d 行是同一人", k.drafts[first].row)
		}
	}
}

// compareBuyers checks the buyer keys against the owners. A key too many splits one buyer into two heads, a key too few makes two
// buyers one (最高法建筑物区分所有权解释第九条). The developer's units are one head whatever their keys.
func (k *checker) compareBuyers() {
	keyed, keys, owners := -1, seen{}, seen{}
	for i := range k.drafts {
		if l := k.drafts[i].line; !byDeveloper(l) && l.Buyer != "" {
			keyed = i
			break
		}
	}
	if keyed < 0 {
		return
	}
	for i := range k.drafts {
		d := &k.drafts[i]
		l := d.line
		if byDeveloper(l) || len(l.Owners) == 0 {
			continue
		}
		if l.Buyer == "" {
			k.blame(d, fieldBuyer, "", "第 %d 行填写了买受人标识，这一行没有填写", k.drafts[keyed].row)
			continue
		}
		if first := keys.add(l.Buyer, i); first >= 0 && !sameOwners(k.drafts[first].line, l) {
			k.blame(d, fieldBuyer, l.Buyer, "与第 %d 行的买受人标识相同，业主却不同", k.drafts[first].row)
			continue
		}
		if !identified(l) {
			continue
		}
		if first := owners.add(ownerSet(l), i); first >= 0 && k.drafts[first].line.Buyer != l.Buyer {
			k.blame(d, fieldBuyer, l.Buyer, "与第 %d 行的业主相同，买受人标识却不同", k.drafts[first].row)
		}
	}
}

// sameOwners compares the owners of two units, by their names alone where an id is missing.
func sameOwners(a, b Line) bool {
	if identified(a) && identified(b) {
		return ownerSet(a) == ownerSet(b)
	}
	return nameSet(a) == nameSet(b)
}

// ownerSet is one text for the owners with their ids, whatever their order.
func ownerSet(l Line) string {
	ids := make([]string, len(l.Owners))
	for i, o := range l.Owners {
		ids[i] = ownerID(o)
	}
	slices.Sort(ids)
	return strings.Join(ids, "\n")
}

func nameSet(l Line) string {
	names := make([]string, len(l.Owners))
	for i, o := range l.Owners {
		names[i] = o.Name
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

// ownerID is what tells an owner from all others: the name with the id.
func ownerID(o Owner) string { return o.Name + "\t" + o.ID }
