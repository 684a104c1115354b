package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Fingerprint is what the notice prints of a roll: the hex SHA-256 over its lines as JSON, one a line, in the order of their codes,
// after the line «gongzhi roll 1». The order in which the lines come makes no difference, every change of a field does.
func Fingerprint(lines []Line) string {
	order := make([]int32, len(lines)) // and not the lines or their texts: a roll may be large
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if by := strings.Compare(lines[a].Code, lines[b].Code); by != 0 {
			return by
		}
		return bytes.Compare(lineText(lines[a]), lineText(lines[b]))
	})
	hash := sha256.New()
	hash.Write([]byte("gongzhi roll 1\n"))
	for _, i := range order {
		hash.Write(append(lineText(lines[i]), '\n'))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func lineText(l Line) []byte {
	if l.Owners == nil {
		l.Owners = []Owner{} // none is none, however it was stored
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic(err) // a Line has nothing that JSON cannot write
	}
	return text
}
