package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

func saveUsers(t *testing.T, b bundle, ids ...string) {
	t.Helper()
	for _, id := range ids {
		require.NoError(t, b.CreateUser(t.Context(), record.User{ID: id, Name: "示例-" + id}, "hash of "+id))
	}
}

func testHolders(t *testing.T, b bundle) {
	saveTree(t, b)
	saveUsers(t, b, "li", "off", "past")
	ctx := t.Context()
	for _, p := range []record.Post{
		{ID: "1", User: "li", Unit: "XW-BG", Role: "admission.office", RoleName: "准入办经办"},
		{ID: "2", User: "off", Unit: "XW-01", Role: "street.office", RoleName: "街道经办"},
		{ID: "3", User: "past", Unit: "XW-02", Role: "street.office", RoleName: "街道经办", To: "2026-08-31"},
		{ID: "4", Unit: "XW-GV", Role: "street.office", RoleName: "街道经办"}, // vacant
		{ID: "5", User: "li", Unit: "LH-CZ", Role: "street.office", RoleName: "街道经办"},
	} {
		p.From = "2026-01-01"
		err := b.SavePost(ctx, p)
		require.NoError(t, err)
	}
	require.NoError(t, b.DisableUser(ctx, "off"))
	q := record.HolderQuery{District: "XW", InitiatorUnit: "XW-CZ", Target: "0201", Day: "2026-09-01"}
	units := func(where procedure.Where, communities ...string) []string {
		t.Helper()
		q.Seat = procedure.Seat{Role: "street.office", Where: where}
		q.Communities = communities
		holders, err := b.Holders(ctx, q)
		require.NoError(t, err)
		var list []string
		for _, h := range holders {
			require.Equal(t, "街道经办", h.RoleName)
			require.NotEmpty(t, h.UnitName)
			require.Equal(t, procedure.Role("street.office"), h.Role)
			list = append(list, h.Unit)
		}
		return list
	}
	require.Equal(t, []string{"XW-01", "XW-02", "XW-GV"}, units(procedure.AtDistrict), "manned or not, but not of another district")
	street, err := b.Unit(ctx, "XW-02")
	require.NoError(t, err)
	street.Name, street.Disabled = "改名街道", true
	require.NoError(t, b.SaveUnit(ctx, street))
	got, err := b.Unit(ctx, "XW-02")
	require.NoError(t, err)
	require.Equal(t, street, got)
	require.Equal(t, []string{"XW-01", "XW-GV"}, units(procedure.AtDistrict), "one out of use is asked nothing new")
	street.Disabled = false
	require.NoError(t, b.SaveUnit(ctx, street))
	require.Equal(t, []string{"XW-01", "XW-02"}, units(procedure.AtStreets, "0201", "0101", "0102"))
	require.Equal(t, []string{"XW-01"}, units(procedure.AtStreets, "0101", "0102"))
	require.Equal(t, []string{"0101"}, units(procedure.AtCommunities, "0101"))
	require.Equal(t, []string{"XW-CZ"}, units(procedure.AtInitiator))
	require.Equal(t, []string{"0201"}, units(procedure.AtTarget))
	q.Communities = []string{"9999"}
	q.Seat.Where = procedure.AtStreets
	_, err = b.Holders(ctx, q)
	code(t, err, store.CodeUnit)
	q.Seat.Where = "moon"
	_, err = b.Holders(ctx, q)
	code(t, err, store.CodeSeat)

	manned := func(want bool, h procedure.Holder, day string) {
		t.Helper()
		got, err := b.Manned(ctx, h, day)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	manned(true, Office, "2026-09-01")
	manned(false, Office, "2025-12-31")
	manned(false, StreetA, "2026-09-01") // the account is disabled
	manned(true, StreetB, "2026-08-31")
	manned(false, StreetB, "2026-09-01") // the term is over
	manned(false, procedure.Holder{Unit: "XW-GV", Role: "street.office"}, "2026-09-01")
	manned(true, procedure.Holder{Unit: "XW-BG", User: "li"}, "2026-09-01")
	manned(false, procedure.Holder{Unit: "XW-01", User: "off"}, "2026-09-01")
	manned(false, Helper, "2026-09-01")
	require.NoError(t, b.EnableUser(ctx, "off"))
	manned(true, StreetA, "2026-09-01")
	require.NoError(t, b.EndPost(ctx, "1", "2026-09-01"))
	manned(true, Office, "2026-09-01")
	manned(false, Office, "2026-09-02")

	posts, err := b.PostsOf(ctx, "li", "2026-09-02")
	require.NoError(t, err)
	require.Len(t, posts, 1)
	require.Equal(t, "另一区财政局", posts[0].UnitName)
	code(t, b.EndPost(ctx, "9", "2026-09-01"), store.CodePost)
	code(t, b.EndPost(ctx, "1", "2026-02-30"), store.CodeTerm)
	err = b.SavePost(ctx, record.Post{ID: "6", Unit: "XW", From: "2026-09-01", To: "2026-08-31"})
	code(t, err, store.CodeTerm)
	err = b.SavePost(ctx, record.Post{ID: "6", Unit: "none", From: "2026-09-01"})
	code(t, err, store.CodeUnit)
	err = b.SavePost(ctx, record.Post{ID: "6", Unit: "XW", User: "none", From: "2026-09-01"})
	code(t, err, store.CodeUser)
}

func testAccounts(t *testing.T, b bundle) {
	ctx := t.Context()
	saveTree(t, b)
	saveUsers(t, b, "li", "sun")
	code(t, b.CreateUser(ctx, record.User{ID: "li", Name: "别人"}, "other hash"), store.CodeUserExists)
	err := b.SavePost(ctx, record.Post{User: "li", Unit: "XW-BG", Role: "admission.office", From: "2026-01-01"})
	require.NoError(t, err)
	u, hash, err := b.UserByLogin(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, "hash of li", hash)
	require.Equal(t, "示例-li", u.Name)
	require.Len(t, u.Posts, 1)
	require.NotEmpty(t, u.Posts[0].ID)
	require.Equal(t, "示例区准入办", u.Posts[0].UnitName)
	require.NoError(t, b.SetPassword(ctx, "li", "new"))
	_, hash, err = b.UserByLogin(ctx, "li")
	require.NoError(t, err)
	require.Equal(t, "new", hash)
	_, _, err = b.UserByLogin(ctx, "LI' OR 1=1 --")
	code(t, err, store.CodeUser)
	code(t, b.SetPassword(ctx, "nobody", "x"), store.CodeUser)
	users, err := b.Users(ctx, "")
	require.NoError(t, err)
	require.Len(t, users, 2)
	users, err = b.Users(ctx, "SUN")
	require.NoError(t, err)
	require.Len(t, users, 1)
	code(t, b.SaveUser(ctx, record.User{ID: "nobody", Name: "x"}), store.CodeUser)
	require.NoError(t, b.SaveUser(ctx, record.User{ID: "sun", Name: "改名", Disabled: true}))
	u, _, err = b.UserByLogin(ctx, "sun")
	require.NoError(t, err)
	require.True(t, u.Disabled)
	require.Equal(t, "改名", u.Name)
	unit, err := b.Unit(ctx, "0101")
	require.NoError(t, err)
	require.Equal(t, procedure.Community, unit.Level)
	_, err = b.Unit(ctx, "9999")
	code(t, err, store.CodeUnit)
	units, err := b.Units(ctx)
	require.NoError(t, err)
	require.Len(t, units, 14)
	require.Equal(t, "T", units[0].Code)
}

func testDelegations(t *testing.T, b bundle) {
	ctx := t.Context()
	saveUsers(t, b, "li", "wang", "sun")
	d := record.Delegation{ID: "d1", From: "li", To: "wang", Kinds: []procedure.Kind{Kind}, Begin: "2026-09-01", End: "2026-09-30"}
	require.NoError(t, b.SaveDelegation(ctx, d))
	d.FromName, d.ToName = "示例-li", "示例-wang"
	for day, want := range map[string]int{"2026-08-31": 0, "2026-09-01": 1, "2026-09-30": 1, "2026-10-01": 0} {
		list, err := b.DelegationsTo(ctx, "wang", day)
		require.NoError(t, err)
		require.Len(t, list, want, day)
		if want == 1 {
			require.Equal(t, d, list[0])
		}
	}
	early, err := b.DelegationsOf(ctx, "wang")
	require.NoError(t, err)
	require.Equal(t, []record.Delegation{d}, early, "whatever the day")
	list, err := b.DelegationsTo(ctx, "sun", "2026-09-01")
	require.NoError(t, err)
	require.Empty(t, list)
	require.NoError(t, b.RevokeDelegation(ctx, "d1", Now))
	code(t, b.RevokeDelegation(ctx, "d1", Now), store.CodeDelegation)
	list, err = b.DelegationsTo(ctx, "wang", "2026-09-01")
	require.NoError(t, err)
	require.Empty(t, list)
	list, err = b.DelegationsFrom(ctx, "li")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, Now.UTC(), *list[0].Revoked)
	got, err := b.Delegation(ctx, "d1")
	require.NoError(t, err)
	require.Equal(t, list[0], got)
	_, err = b.Delegation(ctx, "d2")
	code(t, err, store.CodeDelegation)
	d.To = "li"
	err = b.SaveDelegation(ctx, d)
	code(t, err, store.CodeDelegation)
	d.To = "nobody"
	err = b.SaveDelegation(ctx, d)
	code(t, err, store.CodeUser)
	d.To, d.End = "wang", ""
	err = b.SaveDelegation(ctx, d)
	code(t, err, store.CodeTerm)
}
