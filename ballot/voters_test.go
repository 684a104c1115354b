package ballot_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/rules"
)

func byOwner(key rules.BuyerKey) rules.RollOptions {
	return rules.RollOptions{Counting: rules.ByOwner, BuyerKey: key}
}

// unit is a delivered unit of 80 m² with its owners, «name/id» each.
func unit(code string, owners ...string) ballot.Line {
	parts := strings.Split(code, "-")
	l := ballot.Line{Code: code, Building: parts[0], Stair: parts[1], Room: parts[2], Use: rules.Residential, Area: 8000, AreaSource: "register",
		Delivered: true}
	for _, o := range owners {
		name, id, _ := strings.Cut(o, "/")
		l.Owners = append(l.Owners, ballot.Owner{Name: name, ID: id})
	}
	return l
}

func with(l ballot.Line, change func(*ballot.Line)) ballot.Line {
	change(&l)
	return l
}

func built(t *testing.T, o rules.RollOptions, lines ...ballot.Line) []ballot.Voter {
	t.Helper()
	voters, total, _, err := ballot.BuildVoters("CN-1", lines, o, ballot.Secret{1})
	require.NoError(t, err)
	var sum rules.Weight
	for _, v := range voters {
		sum.Heads += v.Weight.Heads
		sum.Area += v.Weight.Area
	}
	require.Equal(t, total, sum)
	return voters
}

// TestVoters numbers, masks and addresses the voters of 听雨花园.
func TestVoters(t *testing.T) {
	t.Parallel()
	lines := demo.TingyuRoll()
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	voters := built(t, byOwner(rules.ExactSet), lines...)
	require.Len(t, voters, 87)
	s := ballot.Secret{1}
	seen := map[string]bool{}
	for i, v := range voters {
		assert.Equal(t, fmt.Sprintf("%04d", i+1), v.No)
		assert.Equal(t, s.Pseudonym("CN-1", v.No), v.Pseudonym)
		assert.Equal(t, ballot.CodeHash(s.Code("CN-1", v.No)), v.CodeHash)
		assert.True(t, i == 0 || voters[i-1].Key < v.Key, "in the order of keys")
		assert.False(t, seen[v.Pseudonym] || seen[v.CodeHash])
		seen[v.Pseudonym], seen[v.CodeHash] = true, true
	}
	byKey := map[string]ballot.Voter{}
	for _, v := range voters {
		byKey[v.Key] = v
	}
	assert.Equal(t, "1-1-1** 示例-赵*", byKey["1-1-101"].Masked)
	assert.Equal(t, "1号楼1单元101室", byKey["1-1-101"].Address)

	spouses := byKey["1-1-102"]
	assert.Len(t, spouses.Names, 2)
	assert.Equal(t, spouses.Names[1], spouses.Speaker, "the one they chose")
	assert.Equal(t, rules.Weight{Heads: 1, Area: 8000}, spouses.Weight)

	five := byKey["1-1-201"]
	assert.Equal(t, []string{"1-1-201", "1-2-301", "2-1-301", "2-1-401", "2-2-501"}, five.Units)
	assert.Equal(t, rules.Weight{Heads: 1, Area: 40000}, five.Weight)
	assert.Equal(t, "1号楼1单元201室等5处", five.Address)
	assert.Equal(t, "1-1-2**等5处 示例-孙*", five.Masked)

	assert.NotEqual(t, byKey["3-1-302"].Names[0], byKey["3-1-302"].Speaker, "the guardian votes")

	developer := byKey["4-2-101"]
	assert.True(t, developer.Developer)
	assert.Len(t, developer.Units, 10)
	assert.Equal(t, rules.Weight{Heads: 1, Area: 80000}, developer.Weight)
	assert.Equal(t, []string{"示例-听雨置业公司"}, developer.Names, "the buyer of the unit that is not delivered is not the developer")
	assert.Equal(t, "示例-听雨置业公司", developer.Speaker)
	assert.Equal(t, "4-2-1**等10处 建设单位", developer.Masked)
}

// TestSameBuyer joins units by key or by owners, never by a name alone.
func TestSameBuyer(t *testing.T) {
	t.Parallel()
	key := func(l ballot.Line, k string) ballot.Line { return with(l, func(l *ballot.Line) { l.Buyer = k }) }
	for name, c := range map[string]struct {
		lines         []ballot.Line
		exact, shared int
	}{
		"same owner":               {[]ballot.Line{unit("1-1-101", "甲/1"), unit("1-1-102", "甲/1")}, 1, 1},
		"same name":                {[]ballot.Line{unit("1-1-101", "甲/1"), unit("1-1-102", "甲/2")}, 2, 2},
		"same name without id":     {[]ballot.Line{unit("1-1-101", "甲"), unit("1-1-102", "甲")}, 2, 2},
		"owners in turn":           {[]ballot.Line{unit("1-1-101", "甲/1", "乙/2"), unit("1-1-102", "乙/2", "甲/1")}, 1, 1},
		"alone and joint":          {[]ballot.Line{unit("1-1-101", "甲/1"), unit("1-1-102", "甲/1", "乙/2")}, 2, 1},
		"same key":                 {[]ballot.Line{key(unit("1-1-101", "甲"), "K1"), key(unit("1-1-102", "甲"), "K1")}, 1, 1},
		"other key":                {[]ballot.Line{key(unit("1-1-101", "甲/1"), "K1"), key(unit("1-1-102", "甲/2"), "K2")}, 2, 2},
		"keys, an owner in both":   {[]ballot.Line{key(unit("1-1-101", "甲/1"), "K1"), key(unit("1-1-102", "甲/1", "乙/2"), "K2")}, 2, 1},
		"a key like an owner's id": {[]ballot.Line{key(unit("1-1-101", "丙/3"), "甲\t1"), unit("1-1-102", "甲/1")}, 2, 2},
	} {
		assert.Len(t, built(t, byOwner(rules.ExactSet), c.lines...), c.exact, name)
		assert.Len(t, built(t, byOwner(rules.AnySharedOwner), c.lines...), c.shared, name)
	}
}

// TestDeveloperUnnamed is one head too where every unit of the developer is sold and none delivered.
func TestDeveloperUnnamed(t *testing.T) {
	t.Parallel()
	sold := func(code, owner string) ballot.Line {
		return with(unit(code, owner), func(l *ballot.Line) { l.Delivered, l.Voter, l.Contact = false, owner, "1" })
	}
	voters := built(t, byOwner(rules.ExactSet), sold("1-1-101", "甲"), sold("1-1-102", "乙"), unit("1-1-103", "丙/3"))
	require.Len(t, voters, 2)
	assert.Equal(t, []string{ballot.DeveloperName}, voters[0].Names)
	assert.Equal(t, ballot.DeveloperName, voters[0].Speaker)
	assert.Empty(t, voters[0].Contact, "not that of a buyer who does not vote")
}

// TestSpeakers lets one buyer have one voter.
func TestSpeakers(t *testing.T) {
	t.Parallel()
	says := func(l ballot.Line, voter string) ballot.Line {
		return with(l, func(l *ballot.Line) { l.Voter = voter })
	}
	a, b := unit("1-1-101", "甲/1", "乙/2"), unit("1-1-102", "甲/1", "乙/2")
	assert.Empty(t, built(t, byOwner(rules.ExactSet), a, b)[0].Speaker, "joint owners who have not chosen")
	assert.Equal(t, "乙", built(t, byOwner(rules.ExactSet), a, says(b, "乙"))[0].Speaker)
	assert.Equal(t, "1-1-1**等2处 甲*、乙*", built(t, byOwner(rules.ExactSet), a, b)[0].Masked)
	_, _, _, err := ballot.BuildVoters("CN-1", []ballot.Line{says(a, "甲"), says(b, "乙")}, byOwner(rules.ExactSet), ballot.Secret{1})
	refused(t, err, ballot.CodeRollSpeaker, "two voters")
}

// TestUncounted names what does not count, and passes the refusals of the count on.
func TestUncounted(t *testing.T) {
	t.Parallel()
	parking := with(unit("B-1-001", "甲/1"), func(l *ballot.Line) { l.Use = rules.Parking })
	o := byOwner(rules.ExactSet)
	o.ExcludeParking = true
	voters, total, excluded, err := ballot.BuildVoters("CN-1", []ballot.Line{parking, unit("1-1-101", "乙/2")}, o, ballot.Secret{1})
	require.NoError(t, err)
	assert.Len(t, voters, 1)
	assert.Equal(t, rules.Weight{Heads: 1, Area: 8000}, total)
	assert.Equal(t, []string{"B-1-001"}, excluded)
	_, _, _, err = ballot.BuildVoters("CN-1", nil, o, ballot.Secret{1})
	refused(t, err, rules.CodeRollEmpty, "no line")
	household := ballot.Line{Code: "0001", Building: "1", Owners: []ballot.Owner{{Name: "示例-张一"}}}
	voters = built(t, rules.RollOptions{Counting: rules.ByHousehold}, household)
	assert.Equal(t, "00** 示例-张*", voters[0].Masked)
	assert.Equal(t, "0001", voters[0].Address)
	household.Developer = true
	_, _, _, err = ballot.BuildVoters("CN-1", []ballot.Line{household}, rules.RollOptions{Counting: rules.ByHousehold}, ballot.Secret{1})
	refused(t, err, rules.CodeUnitUse, "a household of the developer")
}

// TestFingerprint stays the same whatever the order of the lines, and changes with every field.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	lines := demo.TingyuRoll()
	print := ballot.Fingerprint(lines)
	assert.Regexp(t, "^[0-9a-f]{64}$", print)
	shuffled := slices.Clone(lines)
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	require.NotEqual(t, lines, shuffled)
	assert.Equal(t, print, ballot.Fingerprint(shuffled))
	assert.NotEqual(t, print, ballot.Fingerprint(lines[1:]))
	assert.NotEqual(t, print, ballot.Fingerprint(append(slices.Clone(lines), lines[0])))

	base := unit("1-1-101", "甲/1")
	prints := map[string]string{ballot.Fingerprint([]ballot.Line{base}): "unchanged"}
	note := func(name string, l ballot.Line) {
		p := ballot.Fingerprint([]ballot.Line{l})
		assert.Empty(t, prints[p], "%s has the fingerprint of another", name)
		prints[p] = name
	}
	for i := range reflect.TypeFor[ballot.Line]().NumField() {
		l := base
		l.Owners = slices.Clone(base.Owners)
		if f := reflect.ValueOf(&l).Elem().Field(i); f.Kind() == reflect.Slice {
			l.Owners = append(l.Owners, ballot.Owner{Name: "乙"})
		} else {
			alter(t, f)
		}
		note(reflect.TypeFor[ballot.Line]().Field(i).Name, l)
	}
	for i := range reflect.TypeFor[ballot.Owner]().NumField() {
		l := base
		l.Owners = slices.Clone(base.Owners)
		alter(t, reflect.ValueOf(&l.Owners[0]).Elem().Field(i))
		note("Owner "+reflect.TypeFor[ballot.Owner]().Field(i).Name, l)
	}
	none, empty := base, base
	none.Owners, empty.Owners = nil, []ballot.Owner{}
	assert.Equal(t, ballot.Fingerprint([]ballot.Line{none}), ballot.Fingerprint([]ballot.Line{empty}), "stored as none or as an empty list")
}

// alter gives a field a value that it did not have.
func alter(t *testing.T, f reflect.Value) {
	switch f.Kind() {
	case reflect.String:
		f.SetString(f.String() + "改")
	case reflect.Int64:
		f.SetInt(f.Int() + 1)
	case reflect.Bool:
		f.SetBool(!f.Bool())
	default:
		t.Fatalf("a field of kind %s: say how it changes", f.Kind())
	}
}
