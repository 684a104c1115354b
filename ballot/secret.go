package ballot

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Secret is the secret of an installation: pseudonyms, personal codes and the key that signs checkpoints come from it, so that none
// of them has to be stored.
type Secret [32]byte

// Pseudonym stands for a voter in the public ledger of one poll. Without the secret nobody can tell whose it is, nor join two polls.
func (s Secret) Pseudonym(number, voter string) string {
	return hex.EncodeToString(s.derive("pseudonym", number, voter)[:10])
}

// Code is the personal code of a voter in one poll: 80 bits as 16 characters in groups of four, as it is printed.
func (s Secret) Code(number, voter string) string {
	c := crockford.EncodeToString(s.derive("code", number, voter)[:10])
	return c[:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:]
}

// CodeHash is what is stored of a code. Case, spaces and dashes make no difference, nor does an O for 0, an I or L for 1, nor the
// full width characters of a Chinese keyboard.
func CodeHash(code string) string {
	sum := sha256.Sum256([]byte("gongzhi code 1\n" + strings.Map(codeRune, code)))
	return hex.EncodeToString(sum[:])
}

// codeRune returns the character of a code that r stands for, or a negative number for none.
func codeRune(r rune) rune {
	if r >= '！' && r <= '～' { // full width
		r -= '！' - '!'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case ' ', '\t', '\r', '\n', '\u00a0', '　', '-', '‐', '‑', '–', '—', '−':
		return -1
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	return r
}

// Origin is the first line of the checkpoints of a poll, and the name under which they are signed.
func Origin(number string) string { return "gongzhi/" + number }

// Signer signs checkpoints under the name origin. The key is one for the installation; the origin, which is signed too, keeps polls
// apart.
func (s Secret) Signer(origin string) (note.Signer, error) {
	seed := s.derive("checkpoint key")
	verifier, err := s.Verifier(origin)
	if err != nil {
		return nil, err
	}
	// A verifier key is NAME+HASH+KEY. Its hash also names the private key, which is written after the algorithm's number.
	hash := strings.Split(verifier, "+")[1]
	key := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	return note.NewSigner("PRIVATE+KEY+" + origin + "+" + hash + "+" + key)
}

// Verifier is the text of the public key by which anybody checks the checkpoints of origin.
func (s Secret) Verifier(origin string) (string, error) {
	public, ok := ed25519.NewKeyFromSeed(s.derive("checkpoint key")).Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("no ed25519 public key")
	}
	return note.NewEd25519VerifierKey(origin, public)
}

// derive is the HMAC-SHA256 of parts for one purpose. The length before each part keeps "1", "23" from being "12", "3".
func (s Secret) derive(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, s[:])
	for _, part := range append([]string{"gongzhi ballot 1", purpose}, parts...) {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
