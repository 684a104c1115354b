// Package ballot is the declared path beside the engine: rolls (清册), ballots (表决票), the ledger of what was accepted, counts.
// A workflow opens a poll, waits, closes it and asks for the count; no ballot ever passes through it.
//
// The package is pure but for the Store it declares: it knows no database, no web and no clock of its own.
package ballot

import (
	"time"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Animal is the legal kind of a vote. The three have different bases and must never be mixed (domain: 业主共同决定, 居民表决, 加装电梯).
type Animal string

// The legal kinds of a vote.
const (
	Owners278 Animal = "OWNER_278"     // 业主共同决定（民法典第二百七十八条）
	Resident  Animal = "RESIDENT_POLL" // 居民（户）表决
	UnitLift  Animal = "UNIT_LIFT"     // 单元加装电梯
)

// PollState is where a vote stands.
type PollState string

// The states of a vote.
const (
	Preparing PollState = "preparing" // the roll is made: nobody can vote
	Open      PollState = "open"
	Closed    PollState = "closed"  // no ballot is taken any more
	Counted   PollState = "counted" // the result is known: 初步统计结果
	Final     PollState = "final"   // 询异 is over
	Void      PollState = "void"    // the case ended before
)

// Terms is what is chosen at the start, printed on the notice and pinned. Nothing of it changes afterwards.
type Terms struct {
	Number   string            `json:"number"`   // of the case; a case has one poll
	District string            `json:"district"` // unit codes
	Unit     string            `json:"unit"`     // the unit that organises it
	Animal   Animal            `json:"animal"`
	Title    string            `json:"title"`            // 听雨花园外墙与屋面改造
	Question string            `json:"question"`         // what is voted on, as on the ballot
	Effect   string            `json:"effect,omitempty"` // what is done when it passes, what it costs and who pays
	Estate   string            `json:"estate"`           // 听雨花园
	Rule     rules.ConsentRule `json:"rule"`
	Options  rules.RollOptions `json:"options"` // the unit of counting and who is the same buyer
	// Platform is the official platform on which the vote must be held; its certified result is then imported. Empty: the vote is
	// held here, and no result from outside can take the place of the ballots.
	Platform string `json:"platform,omitempty"`
	// Revisable: a web ballot may be replaced by its voter until the close (the last one counts).
	Revisable bool `json:"revisable"`
	// Hidden: running results are shown to nobody before the close. It cannot be loosened later.
	Hidden bool `json:"hidden"`
	// Proxies is how many other voters one person may represent; 0: voting by proxy is not allowed.
	Proxies int64 `json:"proxies"`
	// Extension is by how many days the window is extended once when too few take part; 0: it is not.
	Extension int `json:"extension,omitempty"`
	// CoolOff is for how many days after a vote that failed the same scheme is not voted on again.
	CoolOff int `json:"cool_off,omitempty"`
	// Meeting: the matter concerns all residents, whose meeting decides after the vote has passed.
	Meeting bool `json:"meeting,omitempty"`
}

// Poll is one vote.
type Poll struct {
	Terms
	State    PollState    `json:"state"`
	Roll     int          `json:"roll"`     // version that is published or frozen; 0: none yet
	Frozen   bool         `json:"frozen"`   // the roll cannot change any more
	Opens    *time.Time   `json:"opens"`    // case time
	Closes   *time.Time   `json:"closes"`   // case time; no ballot counts from this moment on
	Extended int          `json:"extended"` // times the window was extended
	All      rules.Weight `json:"all"`      // of the frozen roll
	Voters   int64        `json:"voters"`   // entries of the frozen roll, each one ballot
	Leaves   int64        `json:"leaves"`   // size of the ledger
	Result   *Result      `json:"result,omitempty"`
	Imported *Certified   `json:"imported,omitempty"` // the result comes from an official platform
}

// Finished is when the result was found: the cool-off of a vote that failed runs from there.
func (p Poll) Finished() time.Time {
	if p.Result == nil {
		return time.Time{}
	}
	return p.Result.At
}

// Result is what the count found. It is the output that domain B.8 asks for; the verdict has every fraction.
type Result struct {
	Totals  rules.Totals  `json:"totals"`
	Verdict rules.Verdict `json:"verdict"`
	Roll    int           `json:"roll"`        // version
	Print   string        `json:"fingerprint"` // of the roll
	Leaves  int64         `json:"leaves"`      // size of the ledger it was counted from, with the closing leaf
	Root    string        `json:"root"`        // hex
	At      time.Time     `json:"at"`          // case time
}

// Certified is a result that an official owners' voting platform has certified, where a province requires it.
type Certified struct {
	Platform string       `json:"platform"`
	Document string       `json:"document"` // number of the certificate
	File     string       `json:"file"`     // attachment
	Totals   rules.Totals `json:"totals"`
	By       string       `json:"by"` // who entered it
	Second   string       `json:"second,omitempty"`
}

// Choice is what a ballot says.
type Choice string

// The choices.
const (
	Yes     Choice = "yes"     // 同意
	No      Choice = "no"      // 不同意
	Abstain Choice = "abstain" // 弃权
)

// Valid tells whether the choice is one of the three.
func (c Choice) Valid() bool { return c == Yes || c == No || c == Abstain }

// Label is the choice in Chinese.
func (c Choice) Label() string {
	return map[Choice]string{Yes: "同意", No: "不同意", Abstain: "弃权"}[c]
}

// Channel is the way a ballot came in.
type Channel string

// The channels.
const (
	Web   Channel = "web"   // personal code
	Paper Channel = "paper" // numbered sheet, entered twice by two people
	Door  Channel = "door"  // 入户: photo of the signed sheet, and a witness
)

// Label is the channel in Chinese.
func (c Channel) Label() string {
	return map[Channel]string{Web: "网上", Paper: "纸质", Door: "入户"}[c]
}

// Line is one line of a roll (清册): a unit, a household or a resident.
type Line struct {
	Code     string        `json:"code"` // 1-1-101
	Building string        `json:"building"`
	Stair    string        `json:"stair,omitempty"`
	Floor    string        `json:"floor,omitempty"`
	Room     string        `json:"room,omitempty"`
	Use      rules.UnitUse `json:"use,omitempty"`  // of a unit
	Area     int64         `json:"area,omitempty"` // 0.01 m²; a household or a resident has none
	// AreaSource: register 登记簿, survey 实测, contract 合同 (最高法建筑物区分所有权解释 art. 8, in this order).
	AreaSource string  `json:"area_source,omitempty"`
	Owners     []Owner `json:"owners"`          // of a household: who stands for it; of a resident: himself
	Buyer      string  `json:"buyer,omitempty"` // buyer_key: the same text is the same buyer
	Developer  bool    `json:"developer,omitempty"`
	Delivered  bool    `json:"delivered,omitempty"`
	Voter      string  `json:"voter,omitempty"`    // the joint owner whom the others chose
	Guardian   string  `json:"guardian,omitempty"` // votes for a minor
	Contact    string  `json:"contact,omitempty"`
}

// Owner is one owner of a unit. Shares are whole numbers: 1/2 is {1, 2}; both 0 means not stated.
type Owner struct {
	Name string `json:"name"`
	ID   string `json:"id"` // masked
	Num  int64  `json:"num,omitempty"`
	Den  int64  `json:"den,omitempty"`
}

// RollVersion is one version of a roll. A correction is a new version; none is ever changed.
type RollVersion struct {
	Version     int          `json:"version"`
	Fingerprint string       `json:"fingerprint"` // see Fingerprint
	Lines       int          `json:"lines"`
	Voters      int          `json:"voters"`
	Total       rules.Weight `json:"total"`
	Excluded    int          `json:"excluded"`
	Why         string       `json:"why"` // 导入, 更正：…
	By          string       `json:"by"`  // name
	At          time.Time    `json:"at"`  // case time
}

// Voter is one head of the frozen roll: who casts one ballot.
type Voter struct {
	No        string       `json:"no"`        // number of the ballot sheet: 0001
	Pseudonym string       `json:"pseudonym"` // stands for the voter in the ledger
	Key       string       `json:"key"`       // its first unit
	Units     []string     `json:"units"`
	Building  string       `json:"building"` // of its first unit
	Address   string       `json:"address"`  // for letters and visits
	Names     []string     `json:"names"`
	Masked    string       `json:"masked"` // 1-1-1** 张*
	Speaker   string       `json:"speaker"`
	Contact   string       `json:"contact,omitempty"`
	Weight    rules.Weight `json:"weight"`
	Developer bool         `json:"developer,omitempty"`
	// What counts now.
	Choice  Choice  `json:"choice,omitempty"` // empty: no ballot
	Channel Channel `json:"channel,omitempty"`
	N       int     `json:"n,omitempty"`      // which of the voter's ballots
	Signed  bool    `json:"signed,omitempty"` // has signed for a ballot sheet, or opened the page with the code
	// CodeHash finds the voter by the personal code, which is stored nowhere.
	CodeHash string `json:"-"`
}

// MaskedVoter is a voter as everybody may see him: what the public roll has.
type MaskedVoter struct {
	No        string // not public
	Pseudonym string
	Masked    string
	Building  string
	Weight    rules.Weight
	Signed    bool // public only where the rule counts it
}

// Cast is a ballot that somebody hands in.
type Cast struct {
	Number  string          `json:"number"` // of the poll
	Voter   string          `json:"voter"`  // its number
	Choice  Choice          `json:"choice"`
	Channel Channel         `json:"channel"`
	Request string          `json:"request"`          // idempotency key: the same again gives the same receipt
	By      procedure.Actor `json:"by"`               // who entered it; for the web: procedure.Actor{}
	Second  procedure.Actor `json:"second"`           // who entered the paper the second time, or the witness at the door
	Proxy   string          `json:"proxy,omitempty"`  // who votes for the voter: the agent's voter number, or name if not a voter
	Files   []string        `json:"files,omitempty"`  // photo of the sheet, mandate
	Signed  string          `json:"signed,omitempty"` // the signed list (签字清单) that lets paper replace a web ballot
}

// Receipt is what the voter keeps.
type Receipt struct {
	Number   string    `json:"number"`
	Tracker  string    `json:"tracker"` // 16 characters of the leaf's hash
	Index    int64     `json:"index"`   // place in the ledger
	Leaf     string    `json:"leaf"`    // its text
	N        int       `json:"n"`
	Choice   Choice    `json:"choice"`
	Channel  Channel   `json:"channel"`
	At       time.Time `json:"at"`
	Replaces bool      `json:"replaces"` // an earlier ballot of the same voter no longer counts
}

// LeafRow is one row of the ledger.
type LeafRow struct {
	Index int64  `json:"index"`
	Text  string `json:"text"`
}

// Checkpoint is a signed statement of the ledger's size and root (sumdb/note).
type Checkpoint struct {
	Size int64     `json:"size"`
	Root string    `json:"root"` // hex
	Note string    `json:"note"` // signed text
	At   time.Time `json:"at"`   // case time
}

// Sheet is a paper ballot that was entered once, or twice with a difference.
type Sheet struct {
	Voter  string     `json:"voter"`
	First  *Entry     `json:"first"`
	Second *Entry     `json:"second,omitempty"`
	State  SheetState `json:"state"`
	Files  []string   `json:"files,omitempty"`
	Past   []Entry    `json:"past,omitempty"` // readings that differed and were made anew, oldest first
}

// Entry is one person's reading of a sheet.
type Entry struct {
	Choice Choice    `json:"choice"`
	Proxy  string    `json:"proxy,omitempty"` // as in Cast
	By     string    `json:"by"`              // user id
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
}

// SheetState is how far a paper ballot has come.
type SheetState string

// The states of a sheet.
const (
	SheetOnce      SheetState = "once"      // waits for the second person
	SheetDifferent SheetState = "different" // the two read different things: blocked until both have entered it anew
	SheetCounted   SheetState = "counted"
)

// Objection is what somebody says against the roll or the provisional result (异议), and what became of it.
type Objection struct {
	ID       string     `json:"id"`
	About    string     `json:"about"` // roll or result
	Who      string     `json:"who"`   // as stated
	Line     string     `json:"line,omitempty"`
	Text     string     `json:"text"`
	At       time.Time  `json:"at"`
	Answer   string     `json:"answer,omitempty"`
	Upheld   bool       `json:"upheld,omitempty"`
	Answered *time.Time `json:"answered,omitempty"`
	By       string     `json:"by,omitempty"` // who answered
}

// Cell is the turnout of one building, or of several small ones merged.
type Cell struct {
	Building string       `json:"building"` // «3、4、7 号楼» when merged
	All      rules.Weight `json:"all"`
	Voters   int64        `json:"voters"`
	Cast     rules.Weight `json:"cast"`
	Ballots  int64        `json:"ballots"`
	Quiet    bool         `json:"quiet,omitempty"` // so few ballots that how they were cast is not told
	Yes      rules.Weight `json:"yes"`             // zero while results are hidden, and where Quiet
	No       rules.Weight `json:"no"`
	Abstain  rules.Weight `json:"abstain"`
}

// SmallCell is how many voters a building needs to be shown alone, and how many ballots for their choices to be shown: fewer would
// tell how a person voted.
const SmallCell = 10
