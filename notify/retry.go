package notify

import (
	"errors"
	"time"
)

// How long a delivery is tried. The gaps double from firstGap to longestGap.
const (
	firstGap   = 10 * time.Second
	longestGap = 30 * time.Minute
	// TryFor is how long after its first attempt a delivery is given up.
	TryFor = 24 * time.Hour
)

// gap is how long to wait after so many attempts.
func gap(attempts int) time.Duration {
	if attempts > 8 {
		return longestGap
	}
	return min(firstGap<<max(attempts-1, 0), longestGap)
}

// Settle says what becomes of a delivery after an attempt that ended with err, at a moment of engine time and of case time.
func Settle(d Delivery, err error, now, at time.Time) Result {
	r := Result{ID: d.ID, State: Sent, Attempts: d.Attempts, Next: now, Held: d.Held, At: at}
	if err == nil {
		return r
	}
	r.State, r.Reason = Failed, err.Error()
	var hopeless *Hopeless
	if errors.As(err, &hopeless) {
		return r
	}
	var postponed *Postponed
	if errors.As(err, &postponed) {
		r.Attempts-- // it was not tried
	}
	r.Next = now.Add(gap(r.Attempts))
	if d.Began != nil && r.Next.After(d.Began.Add(TryFor)) {
		return r
	}
	r.State = Queued
	if !d.Kind.Urgent() {
		if end, quiet := d.Choice.quiet(at); quiet {
			r.Held = end
		}
	}
	return r
}

// Hopeless is a failure that no repetition mends: an address that is refused, a channel that is not set up.
type Hopeless struct{ Reason string }

// Error is the reason, in Chinese.
func (e *Hopeless) Error() string { return e.Reason }

// Postponed is no failure of the delivery itself: its station has just failed for another one, and was not asked again.
type Postponed struct{ Reason string }

// Error is the reason, in Chinese.
func (e *Postponed) Error() string { return e.Reason }
