package server

import (
	"github.com/danielgtaylor/huma/v2"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// PollPath names the poll of a case by the case's number.
type PollPath struct {
	Number string `path:"number" maxLength:"40"`
}

type rollLinesInput struct {
	PollPath
	Paging
	Version int `query:"version" minimum:"0" doc:"0: the newest"`
}

type templateInput struct {
	Counting rules.Counting `query:"counting" required:"true" enum:"owner,household,resident18"`
	Format   string         `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

type rollCheckInput struct {
	PollPath
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

type rollImportInput struct {
	PollPath
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true"`
		Accept  bool          `form:"accept" required:"false" doc:"true: the report was read and the lines are to be stored"`
		SkipBad bool          `form:"skip_bad" required:"false" doc:"true: leave out the lines that cannot be used"`
		Why     string        `form:"why" required:"false" maxLength:"200" doc:"what is corrected; needed from the second version on"`
	}]
}

// ObjectionInput is what somebody says against the roll or the result.
type ObjectionInput struct {
	About string `json:"about" enum:"roll,result"`
	Who   string `json:"who" minLength:"1" maxLength:"50" doc:"as stated"`
	Line  string `json:"line,omitempty" maxLength:"64" doc:"code of the line of the roll"`
	Text  string `json:"text" minLength:"1" maxLength:"2000" text:"lines"`
}

type objectInput struct {
	PollPath
	Body ObjectionInput
}

type objectionsInput struct {
	PollPath
	About string `query:"about" enum:"roll,result" doc:"both when left out"`
}

// ObjectionAnswer answers an objection.
type ObjectionAnswer struct {
	Answer string `json:"answer" minLength:"1" maxLength:"2000" text:"lines"`
	Upheld bool   `json:"upheld"`
}

type answerObjectionInput struct {
	PollPath
	ID   string `path:"id" maxLength:"80"`
	Body ObjectionAnswer
}

type votersInput struct {
	PollPath
	Paging
	Building string `query:"building" maxLength:"50"`
	Silent   bool   `query:"silent" doc:"only those without a ballot"`
	Text     string `query:"text" maxLength:"50" doc:"part of the address, a name or a unit"`
}

// LettersInput chooses for whom letters with personal codes are printed.
type LettersInput struct {
	Building string `json:"building,omitempty" maxLength:"50"`
	Silent   bool   `json:"silent,omitempty" doc:"only for those without a ballot"`
	After    string `json:"after,omitempty" maxLength:"200"`
	Limit    int    `json:"limit,omitempty" minimum:"1" maximum:"200" default:"50"`
}

type lettersInput struct {
	PollPath
	Body LettersInput
}

type printSheetsInput struct {
	PollPath
	Paging
	Building string `query:"building" maxLength:"50"`
	Silent   bool   `query:"silent" doc:"only those without a ballot"`
}

type sheetsInput struct {
	PollPath
	Paging
	State ballot.SheetState `query:"state" enum:"once,different,counted" doc:"all when left out"`
}

// SheetInput is one person's reading of a paper ballot.
type SheetInput struct {
	Voter  string        `json:"voter" minLength:"1" maxLength:"20" doc:"number of the sheet: 0001"`
	Choice ballot.Choice `json:"choice" enum:"yes,no,abstain"`
	Files  []string      `json:"files,omitempty" maxItems:"10"`
	Proxy  string        `json:"proxy,omitempty" maxLength:"50" doc:"who votes for the voter: a voter's number, or a name"`
	Signed string        `json:"signed,omitempty" maxLength:"80" doc:"the signed list (attachment) that lets paper replace a web ballot"`
}

type sheetInput struct {
	PollPath
	Body SheetInput
}

// DoorInput is a ballot taken at the door.
type DoorInput struct {
	Voter   string        `json:"voter" minLength:"1" maxLength:"20"`
	Choice  ballot.Choice `json:"choice" enum:"yes,no,abstain"`
	Files   []string      `json:"files" minItems:"1" maxItems:"10" doc:"photo of the signed sheet"`
	Witness string        `json:"witness" minLength:"1" maxLength:"50" doc:"name of the second person at the door"`
	Proxy   string        `json:"proxy,omitempty" maxLength:"50"`
	Signed  string        `json:"signed,omitempty" maxLength:"80" doc:"the signed list (attachment) that lets paper replace a web ballot"`
}

type doorInput struct {
	PollPath
	Body DoorInput
}

// SignedInput names a voter who signed for a ballot sheet.
type SignedInput struct {
	Voter string `json:"voter" minLength:"1" maxLength:"20"`
}

type signedInput struct {
	PollPath
	Body SignedInput
}

type voterPath struct {
	PollPath
	No string `path:"no" maxLength:"20"`
}

// CertifiedInput is the result that an official platform certified.
type CertifiedInput struct {
	Platform string       `json:"platform" minLength:"1" maxLength:"100"`
	Document string       `json:"document" minLength:"1" maxLength:"100" doc:"number of the certificate"`
	File     string       `json:"file" minLength:"1" maxLength:"80" doc:"attachment"`
	Totals   rules.Totals `json:"totals"`
}

type certifiedInput struct {
	PollPath
	Body CertifiedInput
}

// ReminderInput chooses who is to be reminded.
type ReminderInput struct {
	Building string `json:"building,omitempty" maxLength:"50"`
}

type reminderInput struct {
	PollPath
	Body ReminderInput
}

// CodeInput carries a personal code in the body, so that it stands in no log and no history of a browser.
type CodeInput struct {
	Code string `json:"code" minLength:"1" maxLength:"64"`
}

// VoteInput is a ballot cast with a personal code.
type VoteInput struct {
	Code   string        `json:"code" minLength:"1" maxLength:"64"`
	Choice ballot.Choice `json:"choice" enum:"yes,no,abstain"`
}

type receiptPath struct {
	PollPath
	Tracker string `path:"tracker" maxLength:"32"`
}
