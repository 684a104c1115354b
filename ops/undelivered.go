package ops

import (
	"context"
	"fmt"
	"time"

	"gongzhi/procedure"
)

// FailedDelivery is a reminder that did not reach its person and is not tried again.
type FailedDelivery struct {
	ID       string
	Case     string
	Title    string // of the case
	Person   string
	Unit     string
	UnitName string
	Channel  string // as the screen shows it
	Why      string
	At       time.Time
}

// FailedDeliveries reads what UndeliveredDetector needs.
type FailedDeliveries interface {
	// FailedDeliveries are the deliveries of open cases that have failed for good and were neither repeated by another way nor read.
	FailedDeliveries(ctx context.Context) ([]FailedDelivery, error)
}

// UndeliveredDetector finds reminders that did not arrive (提醒未送达): one finding for each person and channel, since the wrong
// address is one cause however many reminders went there.
type UndeliveredDetector struct {
	Deliveries FailedDeliveries
}

// Kind implements Detector.
func (UndeliveredDetector) Kind() Kind { return Undelivered }

// Detect implements Detector.
func (d UndeliveredDetector) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	list, err := d.Deliveries.FailedDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var found []Finding
	for _, f := range list {
		cause := f.Person + "/" + f.Channel
		i, known := at[cause]
		if !known {
			i = len(found)
			at[cause] = i
			found = append(found, Finding{
				Cause: cause, Since: f.At, Court: f.UnitName, Unit: f.Unit, Facts: map[string]string{"person": f.Person, "channel": f.Channel, "delivery": f.ID},
			})
		}
		one := &found[i]
		if f.At.Before(one.Since) {
			one.Since = f.At
		}
		one.Cases = append(one.Cases, Affected{Number: f.Case, Title: f.Title})
		more := ""
		if n := len(one.Cases); n > 1 {
			more = fmt.Sprintf("，共 %d 条", n)
		}
		one.Sentence = say(procedure.ToneYellow, "给 ", f.Person, " 的提醒未送达："+f.Channel+"，"+trimStop(f.Why)+more+"。")
	}
	return found, nil
}
