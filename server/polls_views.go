package server

import (
	"time"

	"gongzhi/ballot"
	"gongzhi/record"
	"gongzhi/rules"
)

// Board is what the organiser of a vote sees at any moment. What is hidden until the close is left out.
type Board struct {
	Poll       ballot.Poll        `json:"poll"`
	Notice     string             `json:"notice" doc:"what the rule says, for the notice"`
	Channels   []ChannelCount     `json:"channels"`
	Cells      []ballot.Cell      `json:"cells" doc:"by building; small buildings are merged"`
	Totals     *rules.Totals      `json:"totals,omitempty"`
	Forecast   *rules.Forecast    `json:"forecast,omitempty"`
	Prospects  Prospects          `json:"prospects"`
	Turnout    Turnout            `json:"turnout"`
	Checkpoint *ballot.Checkpoint `json:"checkpoint,omitempty"`
	Letters    []ballot.LetterRun `json:"letters" doc:"runs of letters with personal codes, newest first, at most 20; empty for whoever may not know who is on the roll"`
	Now        time.Time          `json:"now"`
	May        PollRights         `json:"may"`
}

// ChannelCount is how many of the ballots that count came in by one way.
type ChannelCount struct {
	Channel ballot.Channel `json:"channel" enum:"web,paper,door"`
	Label   string         `json:"label"`
	Ballots int64          `json:"ballots"`
}

// Turnout is who has cast a ballot. The percentages are rounded down.
type Turnout struct {
	Voters       int64        `json:"voters"`
	Ballots      int64        `json:"ballots"`
	Cast         rules.Weight `json:"cast"`
	All          rules.Weight `json:"all"`
	HeadsPercent string       `json:"heads_percent"`
	AreaPercent  string       `json:"area_percent,omitempty"`
}

// PollRights is what the session may do to a vote now.
type PollRights struct {
	People     bool `json:"people" doc:"read the roll, the voters and the sheets"`
	Import     bool `json:"import"`
	Letters    bool `json:"letters"`
	Enter      bool `json:"enter" doc:"paper, at the door, and who signed"`
	Objections bool `json:"objections"`
	Certify    bool `json:"certify"`
	Remind     bool `json:"remind"`
}

// RollView is the history of a roll and what was said against it.
type RollView struct {
	Versions   []ballot.RollVersion `json:"versions" doc:"newest first"`
	Objections []ballot.Objection   `json:"objections"`
}

// RollReport is what a file would become. Nothing of it is stored.
type RollReport struct {
	Rows        int              `json:"rows"`
	Good        int              `json:"good"`
	Bad         []ballot.BadLine `json:"bad" doc:"at most 500"`
	BadRows     int              `json:"bad_rows" doc:"rows that cannot be used, also those that are not listed"`
	Unused      []string         `json:"unused" doc:"headings of which nothing is imported"`
	Voters      int              `json:"voters"`
	Total       rules.Weight     `json:"total"`
	Excluded    []string         `json:"excluded" doc:"codes that do not count, at most 500"`
	Fingerprint string           `json:"fingerprint"`
}

// VoterView is one household of the walking list. How it voted is left out while results are hidden.
type VoterView struct {
	No        string         `json:"no"`
	Units     []string       `json:"units"`
	Building  string         `json:"building"`
	Address   string         `json:"address"`
	Names     []string       `json:"names"`
	Speaker   string         `json:"speaker,omitempty" doc:"who votes for joint owners or a minor"`
	Contact   string         `json:"contact,omitempty"`
	Weight    rules.Weight   `json:"weight"`
	Developer bool           `json:"developer,omitempty"`
	Signed    bool           `json:"signed"`
	Voted     bool           `json:"voted"`
	Channel   ballot.Channel `json:"channel,omitempty"`
	Choice    ballot.Choice  `json:"choice,omitempty"`
}

// PollHead is the head of everything that is printed.
type PollHead struct {
	Number     string     `json:"number"`
	Title      string     `json:"title"`
	Question   string     `json:"question"`
	Estate     string     `json:"estate"`
	Organiser  string     `json:"organiser"`
	Notice     string     `json:"notice"`
	Opens      *time.Time `json:"opens"`
	Closes     *time.Time `json:"closes"`
	Revisable  bool       `json:"revisable"`
	Counting   string     `json:"counting" doc:"业主, 户 or 居民"`
	PublicLink string     `json:"public_link" doc:"the public page of the vote"`
	Follows
}

// Letters are a page of letters.
type Letters struct {
	Poll  PollHead     `json:"poll"`
	Items []CodeLetter `json:"items"`
	Next  string       `json:"next,omitempty"`
}

// CodeLetter gives one voter the personal code.
type CodeLetter struct {
	No      string   `json:"no"`
	Address string   `json:"address"`
	Names   []string `json:"names"`
	Units   []string `json:"units"`
	Code    string   `json:"code" doc:"grouped: 4-4-4-4"`
	Link    string   `json:"link"`
}

// PrintSheets are a page of numbered ballot sheets.
type PrintSheets struct {
	Poll  PollHead     `json:"poll"`
	Items []PrintSheet `json:"items"`
	Next  string       `json:"next,omitempty"`
}

// PrintSheet is one ballot sheet to print.
type PrintSheet struct {
	No      string       `json:"no"`
	Address string       `json:"address"`
	Names   []string     `json:"names"`
	Speaker string       `json:"speaker,omitempty"`
	Units   []string     `json:"units"`
	Weight  rules.Weight `json:"weight"`
}

// SheetResult is what became of a reading. The receipt is there when the ballot was accepted.
type SheetResult struct {
	Sheet   ballot.Sheet `json:"sheet"`
	Receipt *ReceiptView `json:"receipt,omitempty"`
}

// ReceiptView is a receipt with the place where anybody checks it.
type ReceiptView struct {
	ballot.Receipt
	Link string `json:"link" doc:"the public page that checks the receipt"`
}

// BallotView is one version of a voter's ballot. What shows the choice is left out while results are hidden.
type BallotView struct {
	N       int            `json:"n"`
	Channel ballot.Channel `json:"channel"`
	At      time.Time      `json:"at"`
	Counts  bool           `json:"counts" doc:"the last one does"`
	Choice  ballot.Choice  `json:"choice,omitempty"`
	Tracker string         `json:"tracker,omitempty"`
	Leaf    string         `json:"leaf,omitempty"`
	// Through whose hands a ballot on paper or at the door came. A photo of it shows the choice.
	By     string              `json:"by,omitempty"`
	Second string              `json:"second,omitempty" doc:"who read the paper again, or the witness at the door"`
	Proxy  string              `json:"proxy,omitempty" doc:"who voted for the voter: a voter's number, or a name"`
	Files  []record.Attachment `json:"files"`
}

// Reminder is whom to remind, and where the letters are.
type Reminder struct {
	Silent  int64        `json:"silent" doc:"voters without a ballot"`
	Weight  rules.Weight `json:"weight"`
	Letters string       `json:"letters" doc:"page that prints the letters"`
	Told    []string     `json:"told" doc:"posts that were told, today at most once of each building"`
}

// OpenedVote is what a personal code opens.
type OpenedVote struct {
	Poll     OpenedPoll    `json:"poll"`
	Voter    OpenedVoter   `json:"voter"`
	Ballots  []ReceiptView `json:"ballots" doc:"every version of the voter's ballot, newest first: the first counts; at most 50"`
	Verifier string        `json:"verifier"`
	Now      time.Time     `json:"now"`
}

// OpenedPoll is the vote as its voter sees it.
type OpenedPoll struct {
	PollHead
	State  ballot.PollState `json:"state" enum:"preparing,open,closed,counted,final,void"`
	Result string           `json:"result,omitempty" doc:"通过 or 未通过, once it is known"`
}

// OpenedVoter is the voter, masked: whoever holds a code learns no name from it.
type OpenedVoter struct {
	Masked string       `json:"masked"`
	Units  []string     `json:"units"`
	Weight rules.Weight `json:"weight"`
}

// PublicPoll is what everybody may know of a vote.
type PublicPoll struct {
	PollHead
	Animal      ballot.Animal       `json:"animal"`
	State       ballot.PollState    `json:"state" enum:"preparing,open,closed,counted,final,void"`
	Extended    int                 `json:"extended"`
	Hidden      bool                `json:"hidden"`
	Proxies     int64               `json:"proxies"`
	Rule        rules.ConsentRule   `json:"rule"`
	Roll        *ballot.RollVersion `json:"roll,omitempty"`
	Frozen      bool                `json:"frozen"`
	Result      *ballot.Result      `json:"result,omitempty"`
	ResultTitle string              `json:"result_title,omitempty" doc:"初步统计结果, or 结果"`
	Certified   *PublicCertified    `json:"certified,omitempty"`
	Checkpoints []ballot.Checkpoint `json:"checkpoints" doc:"newest first, at most 20"`
	Verifier    string              `json:"verifier"`
	Export      string              `json:"export,omitempty" doc:"address of the export, after the count"`
	Now         time.Time           `json:"now"`

	counting rules.Counting
}

// PublicCertified is a certified result without the names of officials.
type PublicCertified struct {
	Platform string       `json:"platform"`
	Document string       `json:"document"`
	Totals   rules.Totals `json:"totals"`
}
