package ballot

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// RollFile writes a roll as the .csv that ReadRoll reads: what it gives back is the same roll.
func RollFile(lines []Line, c rules.Counting) ([]byte, error) {
	cols := columns(c)
	if len(cols) == 0 {
		return nil, refuse(procedure.Invalid, CodeRollCounting, "计票单位“%.20s”无效", string(c))
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF") // by it Excel knows UTF-8
	w := csv.NewWriter(&out)
	row := make([]string, len(cols))
	for i, col := range cols {
		row[i] = col.head
	}
	if err := w.Write(row); err != nil {
		return nil, fmt.Errorf("ballot: roll: %w", err)
	}
	for _, line := range lines {
		for i, col := range cols {
			row[i] = line.cell(col.field)
		}
		if err := w.Write(SafeRow(row)); err != nil {
			return nil, fmt.Errorf("ballot: roll: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// cell is what a column of the file says of a line.
func (l Line) cell(f field) string {
	switch f {
	case fieldCode:
		return l.Code
	case fieldBuilding:
		return l.Building
	case fieldStair:
		return l.Stair
	case fieldFloor:
		return l.Floor
	case fieldRoom:
		return l.Room
	case fieldUse:
		return map[rules.UnitUse]string{rules.Residential: "住宅", rules.NonResidential: "非住宅", rules.Parking: "车位"}[l.Use]
	case fieldArea:
		return fmt.Sprintf("%d.%02d", l.Area/100, l.Area%100)
	case fieldSource:
		return map[string]string{"register": "登记簿", "survey": "实测", "contract": "合同"}[l.AreaSource]
	case fieldNames:
		return l.ofOwners(func(o Owner) string { return o.Name })
	case fieldIDs:
		return l.ofOwners(func(o Owner) string { return o.ID })
	case fieldShares:
		if len(l.Owners) == 0 || l.Owners[0].Den == 0 {
			return ""
		}
		return l.ofOwners(func(o Owner) string { return fmt.Sprintf("%d/%d", o.Num, o.Den) })
	case fieldBuyer:
		return l.Buyer
	case fieldDeveloper:
		return word(l.Developer)
	case fieldDelivered:
		if l.Developer {
			return ""
		}
		return word(l.Delivered)
	case fieldVoter:
		return l.Voter
	case fieldGuardian:
		return l.Guardian
	case fieldContact:
		return l.Contact
	}
	return "" // 持有方式 follows from the owners
}

func (l Line) ofOwners(what func(Owner) string) string {
	parts := make([]string, len(l.Owners))
	for i, o := range l.Owners {
		parts[i] = what(o)
	}
	return strings.Join(parts, "；")
}

func word(yes bool) string {
	if yes {
		return yesNo[0]
	}
	return yesNo[1]
}
