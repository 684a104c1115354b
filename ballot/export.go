package ballot

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
	"unicode"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// ExportFormat names the format of Export in its first line.
const ExportFormat = "gongzhi.vote/1"

// exportHeader is the first line: everything that a recount needs beside the roll and the ledger. The tests of the rule say
// themselves what is compared with what, so that a reader needs no knowledge of ours.
type exportHeader struct {
	Format    string            `json:"format"`
	Number    string            `json:"number"`
	Animal    Animal            `json:"animal"`
	Title     string            `json:"title"`
	Question  string            `json:"question"`
	Estate    string            `json:"estate"`
	Rule      rules.ConsentRule `json:"rule"`
	Options   rules.RollOptions `json:"options"`
	Revisable bool              `json:"revisable"`
	Proxies   int64             `json:"proxies"`
	Roll      exportRoll        `json:"roll"`
	Opens     time.Time         `json:"opens"`
	Closes    time.Time         `json:"closes"`
	Leaves    int64             `json:"leaves"`
	// Checkpoints is how many follow.
	Checkpoints int          `json:"checkpoints"`
	Origin      string       `json:"origin"`
	Verifier    string       `json:"verifier"`
	Result      exportResult `json:"result"`
}

// exportRoll is the frozen roll as it was published. Its fingerprint covers names and numbers that the export masks, and so can only
// be compared with the notice; the masked roll has a fingerprint of its own.
type exportRoll struct {
	Version     int          `json:"version"`
	Fingerprint string       `json:"fingerprint"`
	Voters      int64        `json:"voters"`
	All         rules.Weight `json:"all"`
}

// exportResult is the result without its texts for people: a reader makes its own.
type exportResult struct {
	Totals  rules.Totals  `json:"totals"`
	Tests   []exportTest  `json:"tests"`
	Outcome rules.Outcome `json:"outcome"`
	Law278  *exportLaw    `json:"law278,omitempty"` // for a rule that is not art. 278 itself
	Leaves  int64         `json:"leaves"`
	Root    string        `json:"root"`
	At      time.Time     `json:"at"`
}

type exportTest struct {
	Key     string `json:"key"`
	Left    int64  `json:"left"`
	Right   int64  `json:"right"`
	Met     bool   `json:"met"`
	Decides bool   `json:"decides"`
}

type exportLaw struct {
	Known     bool `json:"known"`
	Satisfied bool `json:"satisfied"`
}

type exportVoter struct {
	Pseudonym string `json:"pseudonym"`
	Masked    string `json:"masked"`
	Building  string `json:"building"`
	Heads     int64  `json:"heads"`
	Area      int64  `json:"area"`
	// Signed is written only where the rule counts a silent voter who signed for the ballot.
	Signed bool `json:"signed,omitempty"`
}

// exportCheckpoint has no time of its own: the one that counts is signed in the note.
type exportCheckpoint struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
	Note string `json:"note"`
}

// Export writes everything from which anybody can recount the poll, one JSON object a line: the header, the masked roll with its
// fingerprint, the ledger, the checkpoints, and a signed seal over all lines before it. It refuses a poll that is not counted.
func Export(ctx context.Context, w io.Writer, r Reader, s Secret, number string) error {
	poll, err := r.Poll(ctx, number)
	if err != nil {
		return err
	}
	switch {
	case poll.Imported != nil:
		return refuse(procedure.Conflict, CodeResult, "本次表决的结果由%s认证后导入，本平台没有表决票可以导出", poll.Imported.Platform)
	case poll.Result == nil || poll.Opens == nil || poll.Closes == nil:
		return refuse(procedure.Conflict, CodeResult, "计票完成后才能导出")
	}
	checkpoints, err := r.Checkpoints(ctx, number)
	if err != nil {
		return fmt.Errorf("checkpoints of %s: %w", number, err)
	}
	if len(checkpoints) == 0 || checkpoints[len(checkpoints)-1].Size != poll.Leaves {
		return refuse(procedure.Conflict, CodeResult, "账本的最后一个检查点还没有签名，请稍后再导出")
	}
	header, err := newHeader(poll, len(checkpoints), s)
	if err != nil {
		return err
	}
	e := newExporter(w)
	e.line(header)
	if err := e.roll(ctx, r, number, poll.Rule.Silent == rules.SilentAbstains); err != nil {
		return err
	}
	if err := e.ledger(ctx, r, number); err != nil {
		return err
	}
	for _, c := range checkpoints {
		e.line(map[string]exportCheckpoint{"checkpoint": {Size: c.Size, Root: c.Root, Note: c.Note}})
	}
	return e.seal(s, number)
}

func newHeader(p Poll, checkpoints int, s Secret) (exportHeader, error) {
	verifier, err := s.Verifier(Origin(p.Number))
	if err != nil {
		return exportHeader{}, fmt.Errorf("verifier of %s: %w", p.Number, err)
	}
	r := p.Result
	result := exportResult{Totals: r.Totals, Outcome: r.Verdict.Outcome, Leaves: r.Leaves, Root: r.Root, At: r.At.UTC(), Tests: []exportTest{}}
	for _, t := range r.Verdict.Tests {
		result.Tests = append(result.Tests, exportTest{Key: t.Key, Left: t.Left, Right: t.Right, Met: t.Met, Decides: t.Decides})
	}
	if law := r.Verdict.Art278; law != nil {
		result.Law278 = &exportLaw{Known: law.Known, Satisfied: law.Satisfied}
	}
	return exportHeader{
		Format: ExportFormat, Number: p.Number, Animal: p.Animal, Title: p.Title, Question: p.Question, Estate: p.Estate,
		Rule: p.Rule, Options: p.Options, Revisable: p.Revisable, Proxies: p.Proxies,
		Roll:  exportRoll{Version: p.Roll, Fingerprint: r.Print, Voters: p.Voters, All: p.All},
		Opens: p.Opens.UTC(), Closes: p.Closes.UTC(), Leaves: p.Leaves, Checkpoints: checkpoints,
		Origin: Origin(p.Number), Verifier: verifier, Result: result,
	}, nil
}

// exporter writes lines and remembers the first error, which seal returns.
type exporter struct {
	out *bufio.Writer
	sum hash.Hash // of everything written
	enc *json.Encoder
	err error
}

func newExporter(w io.Writer) *exporter {
	e := &exporter{out: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	e.enc = json.NewEncoder(io.MultiWriter(e.out, e.sum))
	e.enc.SetEscapeHTML(false)
	return e
}

func (e *exporter) line(v any) {
	if e.err == nil {
		e.err = e.enc.Encode(v)
	}
}

// roll writes the masked roll and its fingerprint: the SHA-256 of one line a voter, its fields separated by tabs.
func (e *exporter) roll(ctx context.Context, r Reader, number string, signed bool) error {
	sum, count, after := sha256.New(), int64(0), ""
	var text []byte
	var line struct {
		Voter exportVoter `json:"voter"`
	}
	for {
		voters, err := r.MaskedVoters(ctx, number, after, page)
		if err != nil {
			return fmt.Errorf("voters of %s after %q: %w", number, after, err)
		}
		for _, v := range voters {
			line.Voter = exportVoter{Pseudonym: v.Pseudonym, Masked: oneLine(v.Masked), Building: oneLine(v.Building),
				Heads: v.Weight.Heads, Area: v.Weight.Area, Signed: signed && v.Signed}
			text = fmt.Appendf(text[:0], "%s\t%s\t%s\t%d\t%d\n", line.Voter.Pseudonym, line.Voter.Masked, line.Voter.Building, v.Weight.Heads, v.Weight.Area)
			sum.Write(text)
			e.line(&line)
			count, after = count+1, v.No
		}
		if len(voters) < page || e.err != nil {
			break
		}
	}
	e.line(map[string]any{"masked": map[string]any{"voters": count, "fingerprint": hex.EncodeToString(sum.Sum(nil))}})
	return e.err
}

func (e *exporter) ledger(ctx context.Context, r Reader, number string) error {
	var line struct {
		Leaf LeafRow `json:"leaf"`
	}
	for from := int64(0); ; {
		rows, err := r.Leaves(ctx, number, from, page)
		if err != nil {
			return fmt.Errorf("leaves of %s from %d: %w", number, from, err)
		}
		for _, row := range rows {
			line.Leaf = row
			e.line(&line)
		}
		from += int64(len(rows))
		if len(rows) < page || e.err != nil {
			return e.err
		}
	}
}

// seal signs the digest of all lines, so that whoever changes the file afterwards is found out.
func (e *exporter) seal(s Secret, number string) error {
	if e.err != nil {
		return e.err
	}
	signed, err := signNote(s, number, fmt.Sprintf("%s\nexport 1\nsha256 %x\n", Origin(number), e.sum.Sum(nil)))
	if err != nil {
		return err
	}
	e.line(map[string]string{"seal": signed})
	if e.err != nil {
		return e.err
	}
	return e.out.Flush()
}

// oneLine keeps the separators of the fingerprint out of a field.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
