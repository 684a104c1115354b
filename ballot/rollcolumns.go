package ballot

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongzhi/rules"
)

// field is what a column of a roll holds.
type field int

const (
	fieldCode field = iota
	fieldBuilding
	fieldStair
	fieldFloor
	fieldRoom
	fieldUse
	fieldArea
	fieldSource
	fieldHolding
	fieldNames
	fieldIDs
	fieldShares
	fieldBuyer
	fieldDeveloper
	fieldDelivered
	fieldVoter
	fieldGuardian
	fieldContact
	fields // how many there are
)

// column is one column of the file that is imported and of the template.
type column struct {
	field    field
	head     string // heading
	required bool   // the column must be there and every line must fill it
	max      int    // characters
	choices  []string
	note     string // what to write, for the second sheet of the template
	example  string
}

// The words of a cell, in the order in which the template offers them.
var (
	useWords     = []string{"住宅", "非住宅", "车位"}
	sourceWords  = []string{"登记簿", "实测", "合同"}
	holdingWords = []string{"单独", "共同", "按份"}
	yesNo        = []string{"是", "否"}
)

// use returns what a word of useWords stands for, empty for another.
func use(word string) rules.UnitUse {
	return map[string]rules.UnitUse{"住宅": rules.Residential, "非住宅": rules.NonResidential, "车位": rules.Parking}[word]
}

// areaSource returns what a word of sourceWords stands for, empty for another.
// The order of trust is the court's: register, survey, contract (最高法建筑物区分所有权解释第八条).
func areaSource(word string) string {
	return map[string]string{"登记簿": "register", "实测": "survey", "合同": "contract"}[word]
}

// columns returns the columns of a roll in the order of the template; none for an unknown unit of counting. Certificates of title are
// not among them: the vote needs only where the area comes from.
func columns(c rules.Counting) []column {
	place := []column{
		{field: fieldBuilding, head: "楼栋", required: true, max: 20, note: "分楼栋统计参与情况用", example: "1"},
		{field: fieldStair, head: "单元", max: 20, example: "1"},
		{field: fieldFloor, head: "楼层", max: 10, note: "地下填负数，如 -1", example: "1"},
		{field: fieldRoom, head: "房号", max: 20, example: "101"},
	}
	guardian := column{field: fieldGuardian, head: "监护人", max: 30, note: "未成年人或者无完全民事行为能力的人，由监护人投票", example: ""}
	contact := column{field: fieldContact, head: "联系方式", max: 60, note: "送达和上门用；国际区号写 0086，不写加号", example: "13800000000"}
	switch c {
	case rules.ByOwner:
		return slices.Concat([]column{
			{field: fieldCode, head: "编号", required: true, max: 40, note: "专有部分的编号，全表不得重复", example: "1-1-101"},
		}, place, []column{
			{field: fieldUse, head: "用途", required: true, max: 10, choices: useWords, note: "住宅、非住宅、车位之一", example: "住宅"},
			{field: fieldArea, head: "建筑面积（平方米）", required: true, max: 20, note: "只填数字，至多两位小数", example: "80.00"},
			{field: fieldSource, head: "面积来源", required: true, max: 10, choices: sourceWords,
				note: "有登记簿的依登记簿，没有的依实测，再没有的依合同", example: "登记簿"},
			{field: fieldHolding, head: "持有方式", max: 10, choices: holdingWords, note: "单独、共同、按份之一；按份的必须填份额", example: "按份"},
			{field: fieldNames, head: "业主姓名", required: true, max: 600, note: "几个人之间用分号隔开", example: "示例-张一；示例-李二"},
			{field: fieldIDs, head: "证件号码", max: 600, note: "与姓名一一对应，用分号隔开；隐去中间数位，完整的身份证号码导入时自动隐去；没有买受人标识时必填",
				example: "990101********0015；990101********0028"},
			{field: fieldShares, head: "份额", max: 600, note: "分数，与姓名一一对应，用分号隔开，合计等于 1", example: "1/2；1/2"},
			{field: fieldBuyer, head: "买受人标识", max: 40, note: "相同的文字是同一买受人，名下各单元合计一票人数；要么每行都填，要么都不填", example: "K002"},
			{field: fieldDeveloper, head: "建设单位所有", max: 5, choices: yesNo, note: "尚未出售的填“是”；建设单位名下各单元合计一票人数", example: "否"},
			{field: fieldDelivered, head: "已交付", max: 5, choices: yesNo, note: "已出售但尚未交付的填“否”，由建设单位投票；不填视为已交付", example: "是"},
			{field: fieldVoter, head: "投票人", max: 30, note: "共有人推选的一人，须是业主之一；单位业主填经办人", example: "示例-张一"},
			guardian, contact,
		})
	case rules.ByHousehold:
		return slices.Concat([]column{
			{field: fieldCode, head: "编号", required: true, max: 40, note: "户的编号，全表不得重复", example: "3-1-201"},
		}, place, []column{
			{field: fieldNames, head: "户代表", required: true, max: 60, note: "只填一人", example: "示例-张一"},
			{field: fieldIDs, head: "证件号码", max: 40, note: "隐去中间数位；完整的身份证号码导入时自动隐去", example: "990101********0015"},
			contact,
		})
	case rules.ByResident:
		return slices.Concat([]column{
			{field: fieldCode, head: "编号", required: true, max: 40, note: "居民的编号，全表不得重复", example: "0101-00001"},
		}, place, []column{
			{field: fieldNames, head: "姓名", required: true, max: 60, note: "年满十八周岁的居民，一人一行", example: "示例-张一"},
			{field: fieldIDs, head: "证件号码", required: true, max: 40, note: "隐去中间数位；完整的身份证号码导入时自动隐去；同名同号视为重复", example: "990101********0015"},
			guardian, contact,
		})
	default:
		return nil
	}
}

// heading makes the headings that people write alike: full width or not, with or without spaces and marks of a required column.
func heading(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '*' {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}
