package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongzhi/ballot"
	"gongzhi/store"
)

// leastBallots is what is required of the ratio.
const leastBallots = 0.5

// accept measures how many ballots a second are accepted through the API, against the bare commits.
func (v *voting) accept(ctx context.Context) (err error) {
	each := max(v.casts/rounds/voteClients, 1) * voteClients
	total := each * (rounds + 1)
	number := v.numbers[0]
	err = v.stored(ctx, func(s *store.Store) error { return openPoll(ctx, s, v.secret, number, total, newLaps()) })
	if err := errors.Join(err, analyse(ctx, v.address)); err != nil {
		return err
	}
	plain, err := v.bareVotes(ctx, total)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plain.close()) }()
	sides := []func(first int) (speed, error){
		nil, // the product
		func(first int) (speed, error) { return plain.commit(ctx, false, first, each) },
		func(first int) (speed, error) { return plain.commit(ctx, true, first, each) },
	}
	done := make([]speed, len(sides))
	var ratios []string
	err = v.running(ctx, func(s *shape) error {
		c := v.castersAt(s.base, total)
		defer c.close()
		sides[0] = func(first int) (speed, error) { return c.cast(ctx, first, each) }
		for round := range rounds + 1 {
			order := []int{0, 1, 2}
			if round%2 == 1 { // neither side always finds the machine as the other left it
				slices.Reverse(order)
			}
			got := make([]speed, len(sides))
			for _, side := range order {
				if got[side], err = sides[side](round * each); err != nil {
					return err
				}
			}
			if round == 0 {
				continue
			}
			for side := range sides {
				done[side].add(got[side])
			}
			ratios = append(ratios, fmt.Sprintf("%.2f", got[0].rate()/got[1].rate()))
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = v.stored(ctx, func(s *store.Store) error { return counted(ctx, s, number, total, total) })
	if err := errors.Join(err, plain.check(ctx, total)); err != nil {
		return err
	}
	return v.printCasts(plain.name(), done, ratios)
}

// speed is what one side did in its turns.
type speed struct {
	done    int
	elapsed time.Duration
	took    sample // not known of a program that only tells its average
}

func (s speed) rate() float64 {
	if s.elapsed <= 0 {
		return 0
	}
	return float64(s.done) / s.elapsed.Seconds()
}

func (s *speed) add(o speed) {
	s.done += o.done
	s.elapsed += o.elapsed
	s.took = append(s.took, o.took...)
}

func (v *voting) printCasts(bare string, done []speed, ratios []string) error {
	row := func(name string, s speed) []string {
		cells := []string{name, strconv.Itoa(s.done), fmt.Sprintf("%.0f", s.rate()), fmt.Sprintf("%.2f", done[0].rate()/s.rate()), ""}
		if len(s.took) > 0 {
			cells[4] = ms(s.took.at(50)) + " / " + ms(s.took.at(95))
		}
		return cells
	}
	base, name := done[1], "own rows"
	if done[2].rate() > base.rate() {
		base, name = done[2], "shared rows"
	}
	ratio := done[0].rate() / base.rate()
	return v.table("side|ballots|per second|product's ratio to it|p50 / p95 ms", [][]string{
		row("product: POST /vote/cast", done[0]),
		row(bare+": own rows", done[1]),
		row(bare+": and the shared rows", done[2]),
		{"required", "", "", fmt.Sprintf("≥ %.1f to the faster (%s, %.2f): %s", leastBallots, name, ratio, verdict(ratio >= leastBallots))},
		{"ratio to the own rows by round: " + strings.Join(ratios, ", ")},
	})
}

// casters are people with a connection each and the codes of their letters.
type casters struct {
	bench *bench
	users []*user
	codes []string
}

func (v *voting) castersAt(base string, total int) *casters {
	b := *v.bench
	b.clients = voteClients
	c := &casters{bench: &b, codes: make([]string, total)}
	for range voteClients {
		c.users = append(c.users, &user{base: base + "/api/v1", http: &http.Client{Timeout: 30 * time.Second,
			Transport: &http.Transport{MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}}})
	}
	for i := range c.codes {
		c.codes[i] = v.secret.Code(v.numbers[0], voterNo(i+1, total))
	}
	return c
}

func (c *casters) close() { closeAll(c.users) }

// cast has n voters cast their ballots, from a first one on. Each answer must be the receipt of this ballot.
func (c *casters) cast(ctx context.Context, first, n int) (speed, error) {
	took := make(sample, n)
	began := time.Now()
	err := c.bench.together(ctx, n, func(ctx context.Context, client, i int) error {
		at, voter := time.Now(), first+i+1
		var r ballot.Receipt
		body := map[string]any{"code": c.codes[voter-1], "choice": choice(voter)}
		if _, err := c.users[client].call(ctx, http.MethodPost, "/vote/cast", body, &r); err != nil {
			return err
		}
		if r.Choice != choice(voter) || r.N != 1 || r.Tracker != ballot.Tracker(r.Leaf) {
			return fmt.Errorf("the ballot of voter %d was answered with %+v", voter, r)
		}
		took[i] = time.Since(at)
		return nil
	})
	return speed{done: n, elapsed: time.Since(began), took: took}, err
}
