package faults

import (
	"context"
	"errors"
	"time"

	"gongzhi/calendar"
	"gongzhi/notify"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// Detectors lets one detector fail.
func (f *Faults) Detectors(list []ops.Detector) []ops.Detector {
	out := make([]ops.Detector, len(list))
	for i, d := range list {
		out[i] = d
		if d.Kind() == ops.Circling {
			out[i] = blind{d, f}
		}
	}
	return out
}

type blind struct {
	ops.Detector
	faults *Faults
}

// Detect implements ops.Detector.
func (b blind) Detect(ctx context.Context, now time.Time) ([]ops.Finding, error) {
	if b.faults.has(Detector, "") {
		return nil, errors.New("演示故障：检测失败")
	}
	return b.Detector.Detect(ctx, now)
}

// Displays lets the detector of 法定时限 read notices shorter than they are. A procedure that is right publishes none that is too
// short; what is on record stays as it is. Only the notices that a case has already published look so: one that is published again
// is read as it is, which mends it.
func (f *Faults) Displays(d ops.Displays) ops.Displays { return displays{d, f} }

type displays struct {
	ops.Displays
	faults *Faults
}

// OpenNotices implements ops.Displays.
func (d displays) OpenNotices(ctx context.Context, kind procedure.Kind) ([]record.Notice, error) {
	list, err := d.Displays.OpenNotices(ctx, kind)
	for i := range list {
		if d.faults.looksShort(list, list[i]) {
			list[i].Until = shorter(list[i].Until)
		}
	}
	return list, err
}

// lost is by how many days a notice looks too short.
const lost = 3

func shorter(until string) string {
	day, err := calendar.ParseDate(until)
	if err != nil {
		return until // it stays, or the detector says what is wrong
	}
	return day.AddDays(-lost).String()
}

// looksShort takes stock of the notices of a case when it is asked of the first one.
func (f *Faults) looksShort(all []record.Notice, n record.Notice) bool {
	if !f.has(Notice, n.Case) {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.seen[n.Case] {
		f.seen[n.Case] = true
		for _, o := range all {
			if o.Case == n.Case {
				f.short[o.ID] = true
			}
		}
	}
	return f.short[n.ID]
}

// Senders lets the text messages about a case be refused for good, as those to a number that does not exist are.
func (f *Faults) Senders(all map[notify.Channel]notify.Sender) {
	if s := all[notify.SMS]; s != nil {
		all[notify.SMS] = refusing{s, f}
	}
}

type refusing struct {
	notify.Sender
	faults *Faults
}

// Send implements notify.Sender.
func (r refusing) Send(ctx context.Context, parcels []notify.Parcel) []error {
	errs := make([]error, len(parcels))
	var rest []notify.Parcel
	var at []int
	for i, p := range parcels {
		if r.faults.has(Delivery, p.Case) {
			errs[i] = &notify.Hopeless{Reason: "演示故障：号码是空号"}
			continue
		}
		rest, at = append(rest, p), append(at, i)
	}
	if len(rest) == 0 {
		return errs
	}
	for i, err := range r.Sender.Send(ctx, rest) {
		errs[at[i]] = err
	}
	return errs
}
