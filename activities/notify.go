package activities

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"gongzhi/notify"
	"gongzhi/procedure"
)

// Outbox is the table of messages and deliveries.
type Outbox interface {
	FanOut(ctx context.Context, t notify.Tick) (notify.Fanned, error)
	ClaimDeliveries(ctx context.Context, t notify.Tick, until time.Time, limit int) ([]notify.Delivery, error)
	SettleDeliveries(ctx context.Context, claim string, results []notify.Result) error
	NotifyWords(ctx context.Context, k notify.Kind) (notify.Words, error)
}

// Postman tells people what was recorded. It has no loop of its own: a schedule of the engine calls it.
type Postman struct {
	Outbox  Outbox
	Senders map[notify.Channel]notify.Sender // of the channels that are set up
	Now     func() time.Time                 // engine time
	Clock   func() procedure.Clock
	// PublicURL is where people reach the platform; empty: letters have no link.
	PublicURL string
}

const (
	deliveryBatch = 500
	// DeliveryLimit bounds one batch; whoever has not settled its deliveries a while after it has lost them.
	DeliveryLimit = 3 * time.Minute
	claimSlack    = time.Minute
	// stationLimit bounds what one station may take of it, and stationsAtOnce how many are spoken to at the same time.
	stationLimit   = 2 * time.Minute
	stationsAtOnce = 16
	settleLimit    = 20 * time.Second
)

func (p *Postman) tick() notify.Tick {
	now := p.Now()
	t := notify.Tick{Engine: now, Case: p.Clock().Case(now)}
	for _, c := range notify.Outside() {
		if p.Senders[c] != nil {
			t.Channels = append(t.Channels, c)
		}
	}
	return t
}

// FanOutMessages makes the deliveries of at most 500 messages.
func (p *Postman) FanOutMessages(ctx context.Context) (notify.Fanned, error) {
	return p.Outbox.FanOut(ctx, p.tick())
}

// Posted is what one batch of deliveries came to.
type Posted struct {
	Sent   int  `json:"sent"`
	Again  int  `json:"again"`
	Failed int  `json:"failed"`
	More   bool `json:"more"` // there are more to be sent at once
}

// SendDeliveries sends at most 500 deliveries. Each station is spoken to by itself: one that does not answer holds up no other.
func (p *Postman) SendDeliveries(ctx context.Context) (Posted, error) {
	t := p.tick()
	list, err := p.Outbox.ClaimDeliveries(ctx, t, t.Engine.Add(DeliveryLimit+claimSlack), deliveryBatch)
	if err != nil || len(list) == 0 {
		return Posted{}, err
	}
	loads, err := p.load(ctx, list)
	if err != nil {
		return Posted{}, err
	}
	var (
		total Posted
		errs  []error
		mu    sync.Mutex
		work  sync.WaitGroup
		slots = make(chan struct{}, stationsAtOnce)
	)
	for _, l := range loads {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			results := p.deliver(ctx, l)
			// What left must be written down even when this program is told to stop.
			settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
			defer cancel()
			err := p.Outbox.SettleDeliveries(settling, list[0].Claim, results)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
			for _, r := range results {
				switch r.State {
				case notify.Sent:
					total.Sent++
				case notify.Failed:
					total.Failed++
				default:
					total.Again++
				}
			}
		})
	}
	work.Wait()
	// When a station fails, what is left waits for the next run: it may be for the same station.
	total.More = len(list) == deliveryBatch && total.Again == 0
	return total, errors.Join(errs...)
}

// load is what goes to one station. A parcel of a digest stands for several deliveries.
type load struct {
	sender     notify.Sender // nil: the channel is not set up any more
	parcels    []notify.Parcel
	deliveries [][]notify.Delivery
}

// load packs deliveries by station, in their order. Early reminders that wait for the digest become one letter for each person and
// channel.
func (p *Postman) load(ctx context.Context, list []notify.Delivery) (map[string]*load, error) {
	loads := map[string]*load{}
	digests := map[string]int{} // person and channel: the parcel in its load
	var words *notify.Words
	for _, d := range list {
		parcel := p.parcel(d)
		sender := p.Senders[d.Channel]
		station := string(d.Channel)
		if sender != nil {
			station += " " + sender.Station(parcel)
		}
		l := loads[station]
		if l == nil {
			l = &load{sender: sender}
			loads[station] = l
		}
		key := string(d.Channel) + " " + d.Person.User
		if at, joined := digests[key]; d.Digest && joined {
			l.deliveries[at] = append(l.deliveries[at], d)
			continue
		}
		if d.Digest {
			digests[key] = len(l.parcels)
			if words == nil {
				w, err := p.Outbox.NotifyWords(ctx, notify.Digest)
				if err != nil {
					return nil, err
				}
				words = &w
			}
		}
		l.parcels, l.deliveries = append(l.parcels, parcel), append(l.deliveries, []notify.Delivery{d})
	}
	for _, l := range loads {
		for i, ds := range l.deliveries {
			if !ds[0].Digest {
				continue
			}
			messages := make([]notify.Message, len(ds))
			for j, d := range ds {
				messages[j] = d.Message
			}
			letter, err := notify.DigestOf(*words, ds[0].Person, messages)
			if err != nil {
				return nil, fmt.Errorf("digest: %w", err)
			}
			l.parcels[i].Letter, l.parcels[i].Kind = letter, notify.Digest
			l.parcels[i].Case, l.parcels[i].Link = "", p.link("")
		}
	}
	return loads, nil
}

func (p *Postman) parcel(d notify.Delivery) notify.Parcel {
	return notify.Parcel{ID: d.ID, Letter: d.Letter, Person: d.Person, Kind: d.Kind, Case: d.Case, At: d.At, Link: p.link(d.Case), Choice: d.Choice}
}

// link is the address of a case, or of the desk.
func (p *Postman) link(number string) string {
	switch {
	case p.PublicURL == "":
		return ""
	case number == "":
		return p.PublicURL + "/desk"
	}
	return p.PublicURL + "/cases/" + url.PathEscape(number)
}

// deliver sends what goes to one station, and says how each delivery ended.
func (p *Postman) deliver(ctx context.Context, l *load) []notify.Result {
	var errs []error
	if l.sender == nil {
		for _, ds := range l.deliveries {
			errs = append(errs, &notify.Hopeless{Reason: notify.Unconfigured(ds[0].Channel)})
		}
	} else {
		sending, cancel := context.WithTimeout(ctx, stationLimit)
		defer cancel()
		errs = l.sender.Send(sending, l.parcels)
	}
	now := p.Now()
	at := p.Clock().Case(now)
	var results []notify.Result
	for i, ds := range l.deliveries {
		for _, d := range ds {
			results = append(results, notify.Settle(d, errs[i], now, at))
		}
	}
	return results
}
