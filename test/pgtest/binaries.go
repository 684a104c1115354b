package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
)

// errMissing says what to install.
var errMissing = errors.New("PostgreSQL is missing: install it, on Debian or Ubuntu with: apt-get install postgresql")

// IsMissing says whether an error means that PostgreSQL is not installed.
func IsMissing(err error) bool { return errors.Is(err, errMissing) }

// FindBinaries returns the folder that holds initdb and postgres: one in the path, or the newest that Debian installed.
func FindBinaries() (string, error) {
	candidates := filepath.SplitList(os.Getenv("PATH"))
	return findBinariesIn(candidates, "/usr/lib/postgresql/*/bin")
}

func findBinariesIn(path []string, debian string) (string, error) {
	installed, err := filepath.Glob(debian)
	if err != nil {
		return "", err
	}
	sort.Slice(installed, func(i, j int) bool { return major(installed[i]) > major(installed[j]) })
	for _, dir := range append(path, installed...) {
		if executable(filepath.Join(dir, "initdb")) && executable(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errMissing
}

// major reads 15 from /usr/lib/postgresql/15/bin, and 0 from anything else.
func major(dir string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil {
		return 0
	}
	return n
}

func executable(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}

// credential returns whom to run PostgreSQL as, since it refuses root. It is nil for anybody else.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody")
}
