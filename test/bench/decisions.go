package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/refusal"
	"gongzhi/record"
)

// rounds is how often product and bare workflow take turns; one more round before them only warms up.
const rounds = 5

// What is required of a decision.
const (
	leastThroughput = 0.6
	mostLatency     = 3.0
)

// stretch is what one side did in its turns.
type stretch struct {
	took    sample
	elapsed time.Duration
	pending int // answered 202: stored, not confirmed in time
}

func (s stretch) rate() float64 {
	if s.elapsed == 0 {
		return 0
	}
	return float64(len(s.took)) / s.elapsed.Seconds()
}

func (s *stretch) add(o stretch) {
	s.took = append(s.took, o.took...)
	s.elapsed += o.elapsed
	s.pending += o.pending
}

// decisions measures both shapes.
func decisions(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, `A decision is the 准入办's 已阅 in a case of 拒绝未准入的工作: POST /tasks/{id}/actions answered 200, the projection updated.
It is the cheapest honest one: one task answered, its stage left, nothing opened; the case stays open. Cases are filed and sessions
signed in before. Bare: a pre-started workflow takes one update, runs one empty local activity and stays open.
%d clients on each side, %d rounds in turn after one to warm up, at most %d s a stretch.
`, b.clients, rounds, b.seconds)
	return b.onEach(ctx, "decisions", func(ctx context.Context, p *place) error {
		return p.running(ctx, func(s *shape) error { return b.shapeDecisions(ctx, s) })
	})
}

func (b *bench) shapeDecisions(ctx context.Context, s *shape) error {
	plain, err := startBare(s, b.log)
	if err != nil {
		return err
	}
	defer plain.close()

	each := b.decisions / rounds
	total := each * (rounds + 1)
	tasks, err := b.fileRefusals(ctx, s.base, total)
	if err != nil {
		return err
	}
	ids := make([]string, total)
	for i := range ids {
		ids[i] = "bare:" + strconv.Itoa(i)
	}
	if err := b.together(ctx, total, func(ctx context.Context, _, i int) error { return plain.begin(ctx, ids[i]) }); err != nil {
		return err
	}
	office, err := signInAll(ctx, s.base, b.clients, "office.qian", "office.xu")
	if err != nil {
		return err
	}
	defer closeAll(office)

	decide := func(ctx context.Context, client, i int) (bool, error) {
		var r result
		status, err := office[client].decide(ctx, tasks[i], procedure.Known, &r)
		if err == nil && status == http.StatusOK && r.Case == nil {
			err = errors.New("a decision was answered without its case")
		}
		return status == http.StatusOK, err
	}
	update := func(ctx context.Context, _, i int) (bool, error) { return true, plain.update(ctx, ids[i]) }
	var product, base stretch
	var ratios []string
	for round := range rounds + 1 {
		sides := []func(context.Context, int, int) (bool, error){decide, update}
		into := []*stretch{{}, {}}
		order := []int{0, 1}
		if round%2 == 1 { // neither side always finds the engine as the other left it
			slices.Reverse(order)
		}
		for _, side := range order {
			got, err := b.stretch(ctx, round*each, each, sides[side])
			if err != nil {
				return err
			}
			*into[side] = got
		}
		if round == 0 {
			continue
		}
		product.add(*into[0])
		base.add(*into[1])
		ratios = append(ratios, fmt.Sprintf("%.2f", into[0].rate()/into[1].rate()))
	}
	if err := b.decided(ctx, office[0], tasks); err != nil {
		return err
	}
	return b.printDecisions(product, base, ratios)
}

func (b *bench) printDecisions(product, base stretch, ratios []string) error {
	row := func(name string, s stretch) []string {
		return []string{name, strconv.Itoa(len(s.took)), fmt.Sprintf("%.1f", s.rate()), ms(s.took.at(50)), ms(s.took.at(95)), strconv.Itoa(s.pending)}
	}
	throughput := product.rate() / base.rate()
	latency := product.took.at(50).Seconds() / base.took.at(50).Seconds()
	return b.table("side|done|per second|p50 ms|p95 ms|answered 202", [][]string{
		row("product", product), row("bare workflow", base),
		{"ratio", "", fmt.Sprintf("%.2f", throughput), fmt.Sprintf("%.2f", latency), fmt.Sprintf("%.2f", product.took.at(95).Seconds()/base.took.at(95).Seconds())},
		{"required", "", fmt.Sprintf("≥ %.1f: %s", leastThroughput, verdict(throughput >= leastThroughput)),
			fmt.Sprintf("≤ %.0f: %s", mostLatency, verdict(latency <= mostLatency))},
		{"throughput ratio by round: " + strings.Join(ratios, ", ")},
	})
}

// together does n pieces of work with the clients, each taking the next that is left; the first error ends it.
func (b *bench) together(ctx context.Context, n int, work func(ctx context.Context, client, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for client := range b.clients {
		wait.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(ctx, client, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// stretch measures n pieces of work from a first one on. Work that has begun when the time is up is finished and counted.
func (b *bench) stretch(ctx context.Context, first, n int, work func(ctx context.Context, client, i int) (bool, error)) (stretch, error) {
	var mu sync.Mutex
	var s stretch
	limit := time.Duration(b.seconds) * time.Second
	began := time.Now()
	err := b.together(ctx, n, func(ctx context.Context, client, i int) error {
		at := time.Now()
		if at.Sub(began) > limit {
			return nil
		}
		ok, err := work(ctx, client, first+i)
		took := time.Since(at)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
		case ok:
			s.took = append(s.took, took)
		default:
			s.pending++
		}
		return err
	})
	s.elapsed = time.Since(began)
	if err == nil && len(s.took) == 0 {
		err = errors.New("nothing was done in the time given")
	}
	return s, err
}

// fileRefusals has the communities refuse some work n times, and returns the tasks of the 准入办.
func (b *bench) fileRefusals(ctx context.Context, base string, n int) ([]string, error) {
	directors, err := signInAll(ctx, base, b.clients, "sq0101.tao", "sq0102.jiang", "sq0103.qi", "sq0201.xie", "sq0202.zou")
	if err != nil {
		return nil, err
	}
	defer closeAll(directors)
	tasks := make([]string, n)
	err = b.together(ctx, n, func(ctx context.Context, client, i int) error {
		number, err := directors[client].file(ctx, refusal.Kind, refusalForm(i))
		if err != nil {
			return err
		}
		tasks[i], err = directors[client].task(ctx, number, refusal.OfficeKnows.Name, "")
		return err
	})
	return tasks, err
}

func refusalForm(i int) refusal.Form {
	return refusal.Form{Matter: fmt.Sprintf("替网点张贴推广海报（第 %d 批）", i+1), Department: "XW-TJJ",
		Demanded: calendar.DateOf(time.Now()).String(), Reason: refusal.OffList}
}

// decided makes sure that what was answered 200 is what everybody sees: it reads up to a hundred of the tasks again.
func (b *bench) decided(ctx context.Context, u *user, tasks []string) error {
	open := 0
	step := max(len(tasks)/100, 1)
	for i := 0; i < len(tasks); i += step {
		var d struct {
			Task record.Task `json:"task"`
		}
		if err := u.get(ctx, "/tasks/"+url.PathEscape(tasks[i]), &d); err != nil {
			return err
		}
		if d.Task.State != record.TaskDone {
			open++
		}
	}
	if open > 0 {
		fmt.Fprintf(b.out, "%d of %d tasks that were looked at again are still open: a stretch ended before its work was done\n", open, (len(tasks)+step-1)/step)
	}
	return nil
}

func closeAll(users []*user) {
	for _, u := range users {
		u.close()
	}
}
