package notify

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"
)

// Tick is the moment of a run, and what the program can do.
type Tick struct {
	Engine   time.Time // machine time: attempts, gaps
	Case     time.Time // quiet hours, digests, what screens show
	Channels []Channel // that are set up
}

// Ready tells whether a channel is set up.
func (t Tick) Ready(c Channel) bool { return c == InApp || slices.Contains(t.Channels, c) }

// Fanned is what one fan-out did.
type Fanned struct {
	Messages   int  `json:"messages"`
	Deliveries int  `json:"deliveries"`
	Nobody     int  `json:"nobody"` // messages to posts that nobody holds
	More       bool `json:"more"`   // there are more messages
	Due        bool `json:"due"`    // there are deliveries to be sent now
}

// Result is how an attempt to send a delivery ended.
type Result struct {
	ID       string
	State    State // Sent, Failed, or Queued: it is tried again
	Attempts int
	Next     time.Time // engine time of the next attempt
	Held     time.Time // case time before which it is not made
	Reason   string
	At       time.Time // case time
}

// ID names a delivery. The same message over the same channel to the same person has the same one.
func ID(source, user string, c Channel) string {
	sum := sha256.Sum256([]byte(source + "\x00" + user + "\x00" + string(c)))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// Unconfigured is why a delivery fails whose channel is not set up.
func Unconfigured(c Channel) string { return c.Title() + "渠道未配置" }

// Fan makes the deliveries of a message to one person: in-app, and over each channel that the person has chosen.
func Fan(m Message, p Person, c Choice, l Letter, t Tick) []Delivery {
	var list []Delivery
	for _, ch := range append([]Channel{InApp}, Outside()...) {
		if !c.Wants(ch) {
			continue
		}
		d := Delivery{
			ID: ID(m.Source, p.User, ch), Channel: ch, Person: p, Kind: m.Kind, Case: m.Case, Task: m.Task, At: m.At, State: Queued,
			Held: c.Hold(m.Kind, ch, t.Case), Digest: c.InDigest(m.Kind, ch), Letter: l, Message: m,
		}
		switch {
		case ch == InApp:
			d.State, d.SentAt = Sent, &t.Case
		case !t.Ready(ch):
			d.State, d.Reason = Failed, Unconfigured(ch)
		}
		list = append(list, d)
	}
	return list
}

// Backlog is what waits to be sent, and what went wrong.
type Backlog struct {
	Outbox   int        `json:"outbox" doc:"messages without deliveries yet"`
	Oldest   *time.Time `json:"oldest,omitempty" doc:"case time of the oldest of them"`
	Queued   int        `json:"queued" doc:"deliveries to be sent now"`
	Held     int        `json:"held" doc:"deliveries that wait for the morning or the digest"`
	Retrying int        `json:"retrying" doc:"of the queued: those that failed at least once"`
	Failed   int        `json:"failed" doc:"given up"`
	Nobody   int        `json:"nobody" doc:"messages to posts that nobody held"`
	Ran      *time.Time `json:"ran,omitempty" doc:"machine time of the last run"`
}
