package verify

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// seed makes a failure repeatable; it is printed with it.
const seed = 20260901

// TestOutsiderTampers changes the finished file, at any byte or line, without the key: the seal shows every change.
func TestOutsiderTampers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(seed, 1))
	honest := newWorld(t, tamper{}).sealed
	for round := range 1000 {
		file := bytes.Clone(honest)
		what := ""
		if round%2 == 0 {
			at := random.IntN(len(file))
			bit := byte(1) << random.IntN(8)
			file[at] ^= bit
			what = fmt.Sprintf("byte %d, bit %08b: %q", at, bit, file[max(0, at-20):min(len(file), at+20)])
		} else {
			lines := bytes.SplitAfter(file, []byte("\n"))
			lines, what = mixUp(lines[:len(lines)-1], random, 0)
			file = bytes.Join(lines, nil)
		}
		r, err := Verify(bytes.NewReader(file))
		if err == nil && r.OK() {
			t.Errorf("seed %d round %d not noticed: %s", seed, round, what)
		}
	}
}

// TestOrganiserTampers does the same with one line of the roll, the ledger or the checkpoints, and the key to seal the file again.
func TestOrganiserTampers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(seed, 2))
	honest := newWorld(t, tamper{})
	for round := range 1000 {
		w := &world{secret: honest.secret}
		what := ""
		if round%2 == 0 {
			at := 1 + random.IntN(len(honest.lines)-1)
			w.lines = slices.Clone(honest.lines)
			w.lines[at], what = editWord(w.lines[at], random)
		} else {
			w.lines, what = mixUp(slices.Clone(honest.lines), random, 1)
		}
		w.seal(t)
		r, err := Verify(w.file())
		if err == nil && r.OK() {
			t.Errorf("seed %d round %d not noticed: %s", seed, round, what)
		}
	}
}

// mixUp deletes, repeats or moves a line from the given one on.
func mixUp(lines [][]byte, random *rand.Rand, from int) ([][]byte, string) {
	at, to := from+random.IntN(len(lines)-from), from+random.IntN(len(lines)-from)
	switch random.IntN(3) {
	case 0:
		return slices.Delete(lines, at, at+1), fmt.Sprintf("line %d deleted", at)
	case 1:
		return slices.Insert(lines, to, lines[at]), fmt.Sprintf("line %d again at %d", at, to)
	}
	for to == at {
		to = from + random.IntN(len(lines)-from)
	}
	lines[at], lines[to] = lines[to], lines[at]
	return lines, fmt.Sprintf("lines %d and %d swapped", at, to)
}

// editWord changes one letter or digit to another one within a value: keys of the JSON stay, so that nothing but the value differs.
func editWord(line []byte, random *rand.Rand) ([]byte, string) {
	line = bytes.Clone(line)
	start := bytes.IndexByte(line[2:], ':') + 3 // behind the kind of line
	for {
		at := start + random.IntN(len(line)-start)
		c := line[at]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z') || line[at-1] == '\\' {
			continue
		}
		next := byte('0' + random.IntN(10))
		if c >= 'a' {
			next = byte('a' + random.IntN(26))
		}
		if next != c && !(c == '0' && line[at-1] == ':') {
			line[at] = next
			return line, fmt.Sprintf("byte %d of %q: %c is %c", at, line, c, next)
		}
	}
}
