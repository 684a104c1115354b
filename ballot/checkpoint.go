package ballot

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gongzhi/procedure"
)

// checkpointText is what is signed: origin, size, root and the time, so that nobody can say later that it was signed at another.
func checkpointText(origin string, size int64, root tlog.Hash, at time.Time) string {
	return fmt.Sprintf("%s\n%d\n%s\nat %s\n", origin, size, root, at.UTC().Format(leafTime))
}

// signCheckpoint signs the size and root of a poll's ledger.
func signCheckpoint(s Secret, number string, size int64, root tlog.Hash, at time.Time) (Checkpoint, error) {
	at = at.Truncate(time.Microsecond)
	signed, err := signNote(s, number, checkpointText(Origin(number), size, root, at))
	if err != nil {
		return Checkpoint{}, err
	}
	return Checkpoint{Size: size, Root: hex.EncodeToString(root[:]), Note: signed, At: at}, nil
}

// signNote signs a text under the origin of a poll.
func signNote(s Secret, number, text string) (string, error) {
	signer, err := s.Signer(Origin(number))
	if err != nil {
		return "", fmt.Errorf("checkpoint key of %s: %w", number, err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return "", fmt.Errorf("sign for %s: %w", number, err)
	}
	return string(signed), nil
}

// openCheckpoint checks the signature of a checkpoint's note and returns what it says.
func openCheckpoint(signed, verifierKey string) (origin string, tree tlog.Tree, err error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return "", tlog.Tree{}, refuse(procedure.Invalid, CodeReceipt, "核验公钥格式不正确")
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return "", tlog.Tree{}, refuse(procedure.Invalid, CodeReceipt, "检查点的签名无效")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[3], "at ") || lines[4] != "" {
		return "", tlog.Tree{}, refuse(procedure.Invalid, CodeReceipt, "检查点的格式不正确")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return "", tlog.Tree{}, refuse(procedure.Invalid, CodeReceipt, "检查点的格式不正确")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return "", tlog.Tree{}, refuse(procedure.Invalid, CodeReceipt, "检查点的格式不正确")
	}
	return lines[0], tlog.Tree{N: size, Hash: root}, nil
}

// Proof shows that a ballot is in the ledger. It can be checked with the public key alone, without us.
type Proof struct {
	Leaf       string   `json:"leaf"`
	Index      int64    `json:"index"`
	Checkpoint string   `json:"checkpoint"` // note
	Hashes     []string `json:"hashes"`     // hex, from the leaf up
}

// VerifyProof checks a proof by the public key. An error says in Chinese what is wrong.
func VerifyProof(p Proof, verifierKey string) error {
	origin, tree, err := openCheckpoint(p.Checkpoint, verifierKey)
	if err != nil {
		return err
	}
	lines := strings.SplitN(p.Leaf, "\n", 3)
	if len(lines) < 3 || lines[1] != "poll "+strings.TrimPrefix(origin, "gongzhi/") {
		return refuse(procedure.Invalid, CodeReceipt, "检查点不是这次表决的")
	}
	if p.Index < 0 || p.Index >= tree.N {
		return refuse(procedure.Invalid, CodeReceipt, "检查点签名时，账本还没有第 %d 条", p.Index+1)
	}
	proof := make(tlog.RecordProof, len(p.Hashes))
	for i, text := range p.Hashes {
		b, err := hex.DecodeString(text)
		if err != nil || len(b) != tlog.HashSize {
			return refuse(procedure.Invalid, CodeReceipt, "证明的第 %d 个摘要格式不正确", i+1)
		}
		copy(proof[i][:], b)
	}
	if tlog.CheckRecord(proof, tree.N, tree.Hash, p.Index, tlog.RecordHash([]byte(p.Leaf))) != nil {
		return refuse(procedure.Invalid, CodeReceipt, "这张票不在检查点所签的账本里")
	}
	return nil
}
