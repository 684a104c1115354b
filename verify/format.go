package verify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// format is the export that this package reads.
const format = "gongzhi.vote/1"

// longest is the longest line that is read.
const longest = 1 << 20

// Weight is what voters count for: heads, and area in 0.01 m².
type Weight struct {
	Heads int64 `json:"heads"`
	Area  int64 `json:"area"`
}

// Totals are the totals of a vote.
type Totals struct {
	All     Weight `json:"all"` // the whole roll
	Yes     Weight `json:"yes"`
	No      Weight `json:"no"`
	Abstain Weight `json:"abstain"`
	Signed  Weight `json:"signed"` // signed for the ballot and cast none
}

type header struct {
	Format   string `json:"format"`
	Number   string `json:"number"`
	Title    string `json:"title"`
	Question string `json:"question"`
	Estate   string `json:"estate"`
	Rule     struct {
		ID       string   `json:"id"`
		Title    string   `json:"title"`
		Counting []string `json:"counting"`
		Silent   string   `json:"silent"`
		Art278   bool     `json:"art278"`
		Tests    []test   `json:"tests"`
	} `json:"rule"`
	Options struct {
		Counting string `json:"counting"`
	} `json:"options"`
	Revisable bool `json:"revisable"`
	Roll      struct {
		Version     int64  `json:"version"`
		Fingerprint string `json:"fingerprint"`
		Voters      int64  `json:"voters"`
		All         Weight `json:"all"`
	} `json:"roll"`
	Opens       time.Time `json:"opens"`
	Closes      time.Time `json:"closes"`
	Leaves      int64     `json:"leaves"`
	Checkpoints int64     `json:"checkpoints"`
	Origin      string    `json:"origin"`
	Verifier    string    `json:"verifier"`
	Result      struct {
		Totals struct {
			Counting string `json:"counting"`
			Totals
		} `json:"totals"`
		Tests   []outcome `json:"tests"`
		Outcome string    `json:"outcome"`
		Law278  *law278   `json:"law278"`
		Leaves  int64     `json:"leaves"`
		Root    string    `json:"root"`
	} `json:"result"`
}

// test is one test of the rule: part reaches num/den of whole in the measure, or exceeds it if strict.
type test struct {
	Key     string `json:"key"`
	Measure string `json:"measure"`
	Part    string `json:"part"`
	Whole   string `json:"whole"`
	Ratio   struct {
		Num    int64 `json:"num"`
		Den    int64 `json:"den"`
		Strict bool  `json:"strict"`
	} `json:"ratio"`
}

// outcome is what the result says of one test.
type outcome struct {
	Key     string `json:"key"`
	Left    int64  `json:"left"`
	Right   int64  `json:"right"`
	Met     bool   `json:"met"`
	Decides bool   `json:"decides"`
}

type law278 struct {
	Known     bool `json:"known"`
	Satisfied bool `json:"satisfied"`
}

type voterLine struct {
	Pseudonym string `json:"pseudonym"`
	Masked    string `json:"masked"`
	Building  string `json:"building"`
	Heads     int64  `json:"heads"`
	Area      int64  `json:"area"`
	Signed    bool   `json:"signed"`
}

type maskedLine struct {
	Voters      int64  `json:"voters"`
	Fingerprint string `json:"fingerprint"`
}

type leafLine struct {
	Index int64  `json:"index"`
	Text  string `json:"text"`
}

type checkpointLine struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
	Note string `json:"note"`
}

// line is every line but the first: exactly one of them.
type line struct {
	Voter      *voterLine      `json:"voter"`
	Masked     *maskedLine     `json:"masked"`
	Leaf       *leafLine       `json:"leaf"`
	Checkpoint *checkpointLine `json:"checkpoint"`
	Seal       *string         `json:"seal"`
}

// section is the part of the file a line belongs to; parts follow in this order.
func (l line) section() (section int, ok bool) {
	kinds := 0
	for i, present := range []bool{l.Voter != nil, l.Masked != nil, l.Leaf != nil, l.Checkpoint != nil, l.Seal != nil} {
		if present {
			section, kinds = i+1, kinds+1
		}
	}
	return section, kinds == 1
}

// The sections. Of the masked roll's fingerprint and of the seal there is one line each.
const (
	sectionVoters = iota + 1
	sectionMasked
	sectionLeaves
	sectionCheckpoints
	sectionSeal
)

var errTooLong = errors.New("line too long")

// lines reads a file line by line. Only the whole file's last line may lack its end.
type lines struct {
	in *bufio.Reader
	no int64
}

func newLines(r io.Reader) *lines { return &lines{in: bufio.NewReaderSize(r, longest)} }

// next returns the next line with its end, until io.EOF. The bytes are good until the next call.
func (l *lines) next() ([]byte, error) {
	text, err := l.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, errTooLong
	}
	if errors.Is(err, io.EOF) && len(text) > 0 {
		err = nil
	}
	if err == nil {
		l.no++
	}
	return text, err
}

// decodeLine reads a line. A field that is not known, or more behind the object, would be something that nobody checks.
func decodeLine(text []byte, l *line) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(l); err != nil {
		return err
	}
	if len(bytes.TrimSpace(text[dec.InputOffset():])) > 0 {
		return errors.New("more than one object in a line")
	}
	return nil
}
