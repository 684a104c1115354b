package notify

import (
	"context"
	"time"
)

// Parcel is a letter with what its channel needs to know.
type Parcel struct {
	ID string // Message-ID and idempotency key: the same delivery always has the same
	Letter
	Person Person
	Kind   Kind
	Case   string
	At     time.Time // case time
	Link   string    // to the case; empty: none
	Choice Choice
}

// Sender hands letters over to the next station of a channel.
type Sender interface {
	// Send sends parcels of one station and returns one error for each: nil when the station has taken it over, a Hopeless when no
	// repetition will help, a Postponed when it was not tried.
	Send(ctx context.Context, parcels []Parcel) []error
	// Station names what parcels have in common when one that does not answer would hold up the others: a server.
	Station(p Parcel) string
}
