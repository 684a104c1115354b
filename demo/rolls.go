package demo

import (
	"fmt"
	"strconv"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// TingyuRoll is the owners' roll of 听雨花园: 100 units of 80.00 m², which are 87 heads and 8,000.00 m². The developer votes for ten of
// them, of which one is sold and not yet delivered; one buyer has five; 85 belong each to its own owner, one to two spouses, one to a
// minor.
func TingyuRoll() []ballot.Line {
	const five = "K003"
	special := map[string]string{ // code: buyer
		"1-1-101": "K001", "1-1-102": "K002",
		"1-1-201": five, "1-2-301": five, "2-1-301": five, "2-1-401": five, "2-2-501": five,
		"3-1-302": "K044", "4-2-101": "K052",
	}
	taken := map[string]bool{}
	for _, key := range special {
		taken[key] = true
	}
	var lines []ballot.Line
	next, people := 0, map[string]int{}
	for i, home := range homes(4, 2, 6, 2)[:91] {
		key := special[home.Code]
		for key == "" || (special[home.Code] == "" && taken[key]) {
			next++
			key = fmt.Sprintf("K%03d", next)
		}
		if _, known := people[key]; !known {
			people[key] = i
		}
		home.Buyer = key
		home.Owners = []ballot.Owner{owner(people[key])}
		home.Contact = telephone(people[key])
		home.Delivered = home.Code != "4-2-101"
		switch home.Code {
		case "1-1-102": // spouses, who chose one of them
			home.Owners = []ballot.Owner{owner(people[key]), owner(200)}
			home.Owners[0].Num, home.Owners[0].Den = 1, 2
			home.Owners[1].Num, home.Owners[1].Den = 1, 2
			home.Voter = home.Owners[1].Name
		case "3-1-302": // a minor
			home.Guardian = owner(201).Name
		}
		lines = append(lines, home)
	}
	for _, home := range homes(1, 1, 5, 2)[:9] {
		home.Code, home.Building = "5"+home.Code[1:], "5"
		home.Owners = []ballot.Owner{{Name: "示例-听雨置业公司", ID: "91990101MA0000000X"}}
		home.Buyer, home.Developer, home.Contact = "DEV", true, telephone(202)
		lines = append(lines, home)
	}
	for i := range lines {
		lines[i].Use, lines[i].Area, lines[i].AreaSource = rules.Residential, 8000, "register"
	}
	return lines
}

// HuaiyinHouseholds is the roll of the 1,640 households of 槐荫社区. Its last two buildings are so small that their turnout is shown
// only together.
func HuaiyinHouseholds() []ballot.Line {
	lines := homes(40, 2, 5, 4)
	for i, n := range []int{24, 9, 7} {
		for _, home := range homes(1, 1, 6, 4)[:n] {
			home.Building = strconv.Itoa(41 + i)
			home.Code = home.Building + home.Code[1:]
			lines = append(lines, home)
		}
	}
	for i := range lines {
		lines[i].Owners = []ballot.Owner{owner(i)}
		lines[i].Contact = telephone(i)
	}
	return lines
}

// homes are the units of buildings 1, 2 … with so many stairs, floors and rooms on a floor, in order.
func homes(buildings, stairs, floors, rooms int) []ballot.Line {
	var lines []ballot.Line
	for b := 1; b <= buildings; b++ {
		for s := 1; s <= stairs; s++ {
			for f := 1; f <= floors; f++ {
				for r := 1; r <= rooms; r++ {
					room := fmt.Sprintf("%d%02d", f, r)
					lines = append(lines, ballot.Line{
						Code:     fmt.Sprintf("%d-%d-%s", b, s, room),
						Building: strconv.Itoa(b), Stair: strconv.Itoa(s), Floor: strconv.Itoa(f), Room: room,
					})
				}
			}
		}
	}
	return lines
}

// surnames are the first of 百家姓.
var surnames = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳")

// owner is the invented person i: 示例-赵一.
func owner(i int) ballot.Owner {
	return ballot.Owner{
		Name: fmt.Sprintf("示例-%c%s", surnames[i%len(surnames)], numeral(i/len(surnames)+1)),
		ID:   fmt.Sprintf("990101********%04d", i+1),
	}
}

func telephone(i int) string { return fmt.Sprintf("000-0000-%04d", i+1) }

// numeral writes 1 to 99 in Chinese.
func numeral(n int) string {
	digit := []rune("〇一二三四五六七八九")
	text := ""
	if n >= 20 {
		text = string(digit[n/10])
	}
	if n >= 10 {
		text += "十"
	}
	if n%10 > 0 {
		text += string(digit[n%10])
	}
	return text
}
