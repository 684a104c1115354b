package channel

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"

	"gongzhi/notify"
)

// FileSMS writes text messages to a file, one JSON object a line, for whatever sends them: a gateway differs from place to place.
type FileSMS struct {
	path string
	now  func() time.Time
	mu   sync.Mutex
}

// NewFileSMS makes a channel that appends to a file.
func NewFileSMS(path string, now func() time.Time) *FileSMS { return &FileSMS{path: path, now: now} }

// line is one text message.
type line struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Phone string    `json:"phone"`
	Text  string    `json:"text"`
}

// Station implements notify.Sender: there is one file.
func (*FileSMS) Station(notify.Parcel) string { return "file" }

// Send implements notify.Sender: the messages are on the disk when it returns.
func (s *FileSMS) Send(_ context.Context, parcels []notify.Parcel) []error {
	var text []byte
	for _, p := range parcels {
		one, err := json.Marshal(line{ID: p.ID, At: s.now(), Phone: p.Choice.Phone, Text: p.Short()})
		if err != nil {
			return all(len(parcels), errors.New("短信写不出来"))
		}
		text = append(append(text, one...), '\n')
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return all(len(parcels), errors.New("短信文件打不开"))
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return all(len(parcels), errors.New("短信文件写不进去"))
	}
	return make([]error, len(parcels))
}

func all(n int, err error) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}
