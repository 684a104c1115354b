package ballot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Fingerprint is what the notice prints of a roll: the hex SHA-256 over its lines as JSON, one a line, in the order of their codes,
// after the line «gongzhi roll 1». The order in which the lines come makes no difference, every change of a field does.
func Fingerprint(lines []Line) string {
	type entry struct{ code, text string }
	entries := make([]entry, len(lines))
	for i, l := range lines {
		if l.Owners == nil {
			l.Owners = []Owner{} // none is none, however it was stored
		}
		text, err := json.Marshal(l)
		if err != nil {
			panic(err) // a Line has nothing that JSON cannot write
		}
		entries[i] = entry{l.Code, string(text)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.code, b.code), strings.Compare(a.text, b.text))
	})
	hash := sha256.New()
	hash.Write([]byte("gongzhi roll 1\n"))
	for _, e := range entries {
		hash.Write([]byte(e.text + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
