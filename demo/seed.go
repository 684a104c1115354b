// Package demo is 星梧区, an invented district: its units, posts, people and lists, and the stories that can be played there.
// Every name in it is fictional; people are called «示例-…».
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// Password is every demo account's. A program that is not a demonstration never knows it.
const Password = "gongzhi-demo-2026"

// District is the code of 星梧区.
const District = "XW"

// Seeder is what seeding needs of the store.
type Seeder interface {
	Units(ctx context.Context) ([]record.Unit, error)
	SaveUnit(ctx context.Context, u record.Unit) error
	CreateUser(ctx context.Context, u record.User, passwordHash string) error
	SavePost(ctx context.Context, p record.Post) error
	ImportList(ctx context.Context, v record.ListVersion) error
	SetCounter(ctx context.Context, district, prefix string, year int, n int64) error
	SaveSetting(ctx context.Context, name, value string) error
	Setting(ctx context.Context, name string) (string, bool, error)
}

// begun says that a database belongs to a demonstration, seeded that its district is complete: a seeding that was cut off is
// done again.
const (
	begun  = "demo.begun"
	seeded = "demo.seeded"
)

var units = []record.Unit{
	{Code: "YT", Name: "云汀市", Level: procedure.City},
	{Code: "XW", Name: "星梧区", Level: procedure.District, Parent: "YT"},
	{Code: "XW-ZFB", Name: "区政府办", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-ZZB", Name: "区委组织部", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-SGB", Name: "区委社会工作部", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-MZJ", Name: "区民政局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-CZJ", Name: "区财政局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-SFJ", Name: "区司法局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-JW", Name: "区纪委监委", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-DC", Name: "区督查室", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-LXH", Name: "准入联席会议", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-TJJ", Name: "区统计局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-SWJ", Name: "区商务局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-WJJ", Name: "区卫健局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-SJJ", Name: "区数据局", Level: procedure.Department, Parent: "XW"},
	{Code: "XW-01", Name: "梧桐里街道", Level: procedure.Street, Parent: "XW"},
	{Code: "XW-02", Name: "望潮街道", Level: procedure.Street, Parent: "XW"},
	{Code: "0101", Name: "槐荫社区", Level: procedure.Community, Parent: "XW-01"},
	{Code: "0102", Name: "石榴巷社区", Level: procedure.Community, Parent: "XW-01"},
	{Code: "0103", Name: "听雨社区", Level: procedure.Community, Parent: "XW-01"},
	{Code: "0201", Name: "潮声社区", Level: procedure.Community, Parent: "XW-02"},
	{Code: "0202", Name: "灯塔社区", Level: procedure.Community, Parent: "XW-02"},
}

// Person is one demo account with its posts.
type Person struct {
	Login, Name string
	Posts       []Seat
}

// Seat is a role in a unit.
type Seat struct {
	Unit string
	Role procedure.Role
}

// People lists the demo accounts.
func People() []Person {
	return []Person{
		{"tjj.sun", "示例-孙一", []Seat{{"XW-TJJ", procedure.DepartmentClerk}}},
		{"tjj.head", "示例-李局", []Seat{{"XW-TJJ", procedure.DepartmentHead}}},
		{"swj.zhou", "示例-周商", []Seat{{"XW-SWJ", procedure.DepartmentClerk}}},
		{"wjj.wu", "示例-吴卫", []Seat{{"XW-WJJ", procedure.DepartmentClerk}}},
		{"office.qian", "示例-钱二", []Seat{{"XW-SGB", procedure.AdmissionOffice}}},
		{"office.xu", "示例-徐明", []Seat{{"XW-SGB", procedure.AdmissionOffice}}},
		{"zzb.he", "示例-何组", []Seat{{"XW-ZZB", procedure.AdmissionMember}}},
		{"sgb.lv", "示例-吕社", []Seat{{"XW-SGB", procedure.AdmissionMember}}},
		{"mzj.shi", "示例-施民", []Seat{{"XW-MZJ", procedure.AdmissionMember}}},
		{"czj.zhang", "示例-张财", []Seat{{"XW-CZJ", procedure.AdmissionMember}}},
		{"sfj.kong", "示例-孔法", []Seat{{"XW-SFJ", procedure.AdmissionMember}}},
		{"jw.cao", "示例-曹纪", []Seat{{"XW-JW", procedure.AdmissionMember}}},
		{"lxh.zhao", "示例-赵三", []Seat{{"XW-LXH", procedure.JointMeeting}}},
		{"zfb.yan", "示例-严办", []Seat{{"XW-ZFB", procedure.GovernmentOffice}}},
		{"dc.hua", "示例-华督", []Seat{{"XW-DC", procedure.Supervision}}},
		{"jd01.jin", "示例-金街", []Seat{{"XW-01", procedure.StreetOffice}}},
		{"jd02.wei", "示例-魏街", []Seat{{"XW-02", procedure.StreetOffice}}},
		{"sq0101.tao", "示例-陶槐", []Seat{{"0101", procedure.CommunityDirector}}},
		{"sq0102.jiang", "示例-姜榴", []Seat{{"0102", procedure.CommunityDirector}}},
		{"sq0103.qi", "示例-戚雨", []Seat{{"0103", procedure.CommunityDirector}}},
		{"sq0201.xie", "示例-谢潮", []Seat{{"0201", procedure.CommunityDirector}}},
		{"sq0202.zou", "示例-邹灯", []Seat{{"0202", procedure.CommunityDirector}}},
		{"sq0101.jing", "示例-景书", []Seat{{"0101", procedure.PartySecretary}}},
		{"sq0102.duan", "示例-段书", []Seat{{"0102", procedure.PartySecretary}}},
		{"sq0103.fu", "示例-傅书", []Seat{{"0103", procedure.PartySecretary}}},
		{"sq0201.pei", "示例-裴书", []Seat{{"0201", procedure.PartySecretary}}},
		{"sq0202.yin", "示例-殷书", []Seat{{"0202", procedure.PartySecretary}}},
		{"sq0101.zhong", "示例-钟监", []Seat{{"0101", procedure.Witness}}},
		{"sq0102.lu", "示例-陆监", []Seat{{"0102", procedure.Witness}}},
		{"sq0103.mei", "示例-梅监", []Seat{{"0103", procedure.Witness}}},
		{"sq0201.luo", "示例-骆监", []Seat{{"0201", procedure.Witness}}},
		{"sq0202.ding", "示例-丁监", []Seat{{"0202", procedure.Witness}}},
		{"ywh0103.wan", "示例-万业", []Seat{{"0103", procedure.OwnersCommittee}}},
		{"ops.bai", "示例-白运", []Seat{{"XW-SJJ", procedure.Operator}}},
		{"admin.shui", "示例-水管", []Seat{{"XW-SJJ", procedure.Admin}}},
		{"audit.dou", "示例-窦审", []Seat{{"XW-SJJ", procedure.Auditor}}},
	}
}

// Seed fills an empty database with the district. It does nothing when the district is complete, and finishes what an earlier
// seeding left undone.
func Seed(ctx context.Context, s Seeder, hash func(password string) (string, error)) error {
	if _, done, err := s.Setting(ctx, seeded); err != nil || done {
		return err
	}
	if err := claim(ctx, s); err != nil {
		return err
	}
	paths := map[string]string{"": "/"}
	for _, u := range units {
		u.Path = paths[u.Parent] + u.Code + "/"
		paths[u.Code] = u.Path
		if u.Level != procedure.City {
			u.District = District
		}
		if err := s.SaveUnit(ctx, u); err != nil {
			return err
		}
	}
	sum, err := hash(Password)
	if err != nil {
		return err
	}
	for _, p := range People() {
		err := s.CreateUser(ctx, record.User{ID: p.Login, Name: p.Name}, sum)
		if err != nil && !exists(err) {
			return err
		}
		for i, seat := range p.Posts {
			post := record.Post{ID: fmt.Sprintf("%s-%d", p.Login, i+1), User: p.Login, Unit: seat.Unit, Role: seat.Role,
				RoleName: seat.Role.Title(), From: "2026-01-01"}
			if err := s.SavePost(ctx, post); err != nil {
				return err
			}
		}
	}
	if err := seedLists(ctx, s); err != nil {
		return err
	}
	// Thirteen applications went before the sample's: it gets the number of the worked example, XW-ZR-2026-014.
	if err := s.SetCounter(ctx, District, "ZR", 2026, 13); err != nil {
		return err
	}
	return s.SaveSetting(ctx, seeded, "1")
}

// claim makes an empty database a demonstration's. One that is in use is never touched: it would get accounts whose password
// everybody knows.
func claim(ctx context.Context, s Seeder) error {
	_, ours, err := s.Setting(ctx, begun)
	if err != nil || ours {
		return err
	}
	have, err := s.Units(ctx)
	if err != nil {
		return err
	}
	if len(have) > 0 {
		return procedure.Errorf(procedure.Conflict, "demo.in_use", "这个数据目录已有正式数据，演示拒绝使用；请换一个目录")
	}
	return s.SaveSetting(ctx, begun, "1")
}

// exists tells whether something was there already.
func exists(err error) bool {
	var refusal *procedure.Error
	return errors.As(err, &refusal) && refusal.Kind == procedure.Conflict
}

// seedLists publishes the list of 2026 and one small revision, so that there is something to compare.
func seedLists(ctx context.Context, s Seeder) error {
	list, err := rules.LoadList("local.xw.list")
	if err != nil {
		return err
	}
	items := make([]procedure.ListItem, len(list.Items))
	for i, it := range list.Items {
		items[i] = procedure.ListItem{No: it.No, Title: it.Title, Kind: string(it.Kind), Department: it.Department, Part: it.Part,
			Frequency: it.Frequency, Basis: it.Basis, Keywords: it.Keywords}
	}
	first := append([]procedure.ListItem(nil), items...)
	for i := range first {
		if first[i].No == "15" { // the revision narrowed it to informing
			first[i].Part = "通知并登记"
		}
	}
	versions := []record.ListVersion{
		{District: District, Version: "2026.1", Why: "2026 年版清单", Published: day(2026, time.January, 8), Items: first},
		{District: District, Version: "2026.2", Base: "2026.1", Why: "疫苗接种通知：社区只通知，不登记", Published: day(2026, time.March, 16), Items: items},
	}
	for _, v := range versions {
		if err := s.ImportList(ctx, v); err != nil && !exists(err) {
			return err
		}
	}
	return nil
}

// zone is where the story plays.
var zone = calendar.Zone

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 0, 0, 0, calendar.Zone) }
