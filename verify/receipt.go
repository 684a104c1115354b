package verify

import (
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrReceipt means that a receipt proves nothing. The text around it says why, in Chinese.
var ErrReceipt = errors.New("回执无效")

// Receipt is a ballot that is proven to be in the ledger of a poll.
type Receipt struct {
	Number  string    `json:"number"`
	Tracker string    `json:"tracker"`
	Index   int64     `json:"index"`
	Voter   string    `json:"voter"` // pseudonym
	N       int64     `json:"n"`
	Choice  string    `json:"choice"`
	Weight  Weight    `json:"weight"`
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
	Size    int64     `json:"size"`   // leaves that the checkpoint covers
	Signed  time.Time `json:"signed"` // when it was signed
}

// proof is the file that a voter downloads.
type proof struct {
	Leaf       string   `json:"leaf"`
	Index      int64    `json:"index"`
	Checkpoint string   `json:"checkpoint"`
	Hashes     []string `json:"hashes"`
}

// VerifyReceipt checks a receipt by the public key alone. It proves that the ballot was in the ledger when the checkpoint was signed;
// that it counts, and how, the recount of the export shows.
func VerifyReceipt(r io.Reader, key string) (Receipt, error) {
	var p proof
	if err := json.NewDecoder(io.LimitReader(r, longest)).Decode(&p); err != nil {
		return Receipt{}, bad("文件不是回执：%v", err)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return Receipt{}, bad("公钥格式不正确")
	}
	opened, err := note.Open([]byte(p.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return Receipt{}, bad("检查点不是这把公钥签的")
	}
	point, ok := readPoint(opened.Text)
	if !ok {
		return Receipt{}, bad("检查点读不懂")
	}
	ballot, _ := readLeaf(p.Leaf)
	if ballot == nil {
		return Receipt{}, bad("票的内容读不懂")
	}
	if point.origin != "gongzhi/"+ballot.poll || verifier.Name() != point.origin {
		return Receipt{}, bad("检查点属于 %q，票属于 %q", point.origin, ballot.poll)
	}
	if p.Index < 0 || p.Index >= point.size {
		return Receipt{}, bad("检查点签到第 %d 条，票在第 %d 条", point.size, p.Index+1)
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, text := range p.Hashes {
		b, err := hex.DecodeString(text)
		if err != nil || len(b) != tlog.HashSize {
			return Receipt{}, bad("第 %d 个摘要读不懂", i+1)
		}
		path[i] = tlog.Hash(b)
	}
	leaf := tlog.RecordHash([]byte(p.Leaf))
	if tlog.CheckRecord(path, point.size, point.root, p.Index, leaf) != nil {
		return Receipt{}, bad("这张票不在检查点所签的账本里")
	}
	tracker := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(leaf[:10])
	return Receipt{Number: ballot.poll, Tracker: tracker, Index: p.Index, Voter: ballot.voter, N: ballot.n, Choice: ballot.choice,
		Weight: Weight{ballot.heads, ballot.area}, Channel: ballot.channel, At: ballot.at, Size: point.size, Signed: point.at}, nil
}

func bad(format string, args ...any) error {
	return fmt.Errorf("%w："+format, append([]any{ErrReceipt}, args...)...)
}
