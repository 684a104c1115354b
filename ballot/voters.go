package ballot

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// DeveloperName stands for the developer where no line names it.
const DeveloperName = "建设单位"

// BuildVoters turns the lines of a roll into voters, one for each head, numbered 0001 … in the order of their keys; the numbers of a
// larger roll are all as long as its last, so that their order is that of their texts. It returns the whole weight of the roll and the
// codes of the units that do not count.
func BuildVoters(number string, lines []Line, o rules.RollOptions, s Secret) ([]Voter, rules.Weight, []string, error) {
	each := func(yield func(Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
	roll, err := countLines(each, o)
	if err != nil {
		return nil, rules.Weight{}, nil, err
	}
	voters := make([]Voter, 0, len(roll.Entries))
	for v, err := range buildVoters(number, each, roll, s) {
		if err != nil {
			return nil, rules.Weight{}, nil, err
		}
		voters = append(voters, v)
	}
	slices.SortFunc(voters, func(a, b Voter) int { return strings.Compare(a.No, b.No) })
	return voters, roll.Total, roll.Excluded, nil
}

// countLines counts the lines of a roll into heads. Of a line only what the count needs stays in memory.
func countLines(lines iter.Seq2[Line, error], o rules.RollOptions) (rules.Roll, error) {
	var units []rules.RollUnit
	for l, err := range lines {
		if err != nil {
			return rules.Roll{}, err
		}
		units = append(units, rollUnit(l, o))
	}
	roll, err := rules.CountRoll(units, o)
	var refusal *rules.Error
	if errors.As(err, &refusal) {
		err = refuse(procedure.Invalid, refusal.Code, "%s", refusal.Text)
	}
	for i := range roll.Entries {
		roll.Entries[i].Owners = nil // they would stay in memory as long as the heads
	}
	return roll, err
}

// buildVoters reads the lines that were counted once more, and makes each head a voter as soon as all lines of it have come.
func buildVoters(number string, lines iter.Seq2[Line, error], roll rules.Roll, s Secret) iter.Seq2[Voter, error] {
	return func(yield func(Voter, error) bool) {
		width := max(4, len(strconv.Itoa(len(roll.Entries))))
		further := map[string]int{} // heads by the codes of their units after the first
		for i, e := range roll.Entries {
			for _, code := range e.Units[1:] {
				further[code] = i
			}
		}
		come := map[int][]Line{} // of a head with more units than have come
		for l, err := range lines {
			if err != nil {
				yield(Voter{}, err)
				return
			}
			i, counts := slices.BinarySearchFunc(roll.Entries, l.Code, func(e rules.RollEntry, code string) int { return strings.Compare(e.Key, code) })
			if !counts {
				i, counts = further[l.Code]
			}
			if !counts {
				continue // excluded
			}
			e := roll.Entries[i]
			mine := append(come[i], l)
			if len(mine) < len(e.Units) {
				come[i] = mine
				continue
			}
			delete(come, i)
			slices.SortFunc(mine, func(a, b Line) int { return strings.Compare(a.Code, b.Code) }) // as e.Units are
			v, err := voter(e, mine)
			if err != nil {
				yield(Voter{}, err)
				return
			}
			v.No = fmt.Sprintf("%0*d", width, i+1)
			v.Pseudonym = s.Pseudonym(number, v.No)
			v.CodeHash = CodeHash(s.Code(number, v.No))
			if !yield(v, nil) {
				return
			}
		}
	}
}

// rollUnit is what the count needs of a line. A buyer key names the buyer; without one the owners do, by name and id. Of an owner
// without id nobody can say that he owns another unit too, so his unit stands alone.
func rollUnit(l Line, o rules.RollOptions) rules.RollUnit {
	u := rules.RollUnit{Code: l.Code, Area: l.Area, Use: l.Use}
	if o.Counting != rules.ByOwner {
		// What only an owner's unit has stays as it is: CountRoll refuses it.
		u.Developer = l.Developer
		return u
	}
	u.Developer = byDeveloper(l)
	if l.Buyer != "" {
		u.Owners = append(u.Owners, "buyer\t"+l.Buyer)
	}
	if l.Buyer == "" || o.BuyerKey == rules.AnySharedOwner {
		for _, owner := range l.Owners {
			id := "owner\t" + ownerID(owner)
			if owner.ID == "" {
				id += l.Code
			}
			u.Owners = append(u.Owners, id)
		}
	}
	return u
}

// voter is one head without number.
func voter(e rules.RollEntry, lines []Line) (Voter, error) {
	v := Voter{Key: e.Key, Units: e.Units, Building: lines[0].Building, Weight: e.Weight, Developer: e.Developer}
	people := lines
	if e.Developer {
		// The buyer of a unit that is not delivered neither votes nor speaks for the developer.
		people = slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !l.Developer })
	}
	from := ""
	for _, l := range people {
		for _, o := range l.Owners {
			if !slices.Contains(v.Names, o.Name) {
				v.Names = append(v.Names, o.Name)
			}
		}
		if v.Contact == "" {
			v.Contact = l.Contact
		}
		speaker := l.Guardian
		if speaker == "" {
			speaker = l.Voter
		}
		switch {
		case speaker == "" || speaker == v.Speaker:
		case v.Speaker != "":
			return Voter{}, refuse(procedure.Invalid, CodeRollSpeaker, "%s与%s是同一买受人，投票人却不同（%s、%s），请先由其确定一人",
				from, l.Code, v.Speaker, speaker)
		default:
			v.Speaker, from = speaker, l.Code
		}
	}
	if e.Developer && len(v.Names) == 0 {
		v.Names = []string{DeveloperName}
	}
	if v.Speaker == "" && len(v.Names) == 1 {
		v.Speaker = v.Names[0] // joint owners have still to choose one of them
	}
	v.Address = address(lines[0])
	v.Masked = maskCode(e.Key)
	if n := len(lines); n > 1 {
		v.Address += fmt.Sprintf("等%d处", n)
		v.Masked += fmt.Sprintf("等%d处", n)
	}
	v.Masked += " " + maskNames(v)
	return v, nil
}

// address is how a person finds the first unit: 1号楼1单元101室.
func address(l Line) string {
	var b strings.Builder
	for _, part := range []struct{ text, word string }{{l.Building, "号楼"}, {l.Stair, "单元"}, {l.Room, "室"}} {
		switch {
		case part.text == "":
		case digits(part.text):
			b.WriteString(part.text + part.word)
		default:
			b.WriteString(part.text)
		}
	}
	if l.Room == "" {
		return l.Code
	}
	return b.String()
}

// maskCode hides which unit of a floor it is: 1-1-1**.
func maskCode(code string) string {
	last := []rune(code[strings.LastIndex(code, "-")+1:])
	keep := max(0, len(last)-2)
	return code[:len(code)-len(string(last))] + string(last[:keep]) + "**"
}

// maskNames hides the given names. The developer is a company, about which there is nothing to hide.
func maskNames(v Voter) string {
	if v.Developer {
		return DeveloperName
	}
	const most = 3
	var masked []string
	for _, name := range v.Names[:min(most, len(v.Names))] {
		masked = append(masked, maskName(name))
	}
	text := strings.Join(masked, "、")
	if len(v.Names) > most {
		text += fmt.Sprintf("等%d人", len(v.Names))
	}
	return text
}

// invented is before the name of every person of the demonstration; masked with it, all of them would be one.
const invented = "示例-"

func maskName(name string) string {
	rest, demo := strings.CutPrefix(name, invented)
	first := []rune(rest)
	if len(first) == 0 {
		return "*"
	}
	masked := string(first[0]) + "*"
	if demo {
		return invented + masked
	}
	return masked
}
