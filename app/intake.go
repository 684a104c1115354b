package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/consent"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
	"gongzhi/record"
	"gongzhi/rules"
	"gongzhi/server"
)

// intakeReader is what judging an application needs to read.
type intakeReader interface {
	Calendar(ctx context.Context, version string) (*calendar.Calendar, error)
	List(ctx context.Context, district, version string) (record.ListVersion, error)
	Units(ctx context.Context) ([]record.Unit, error)
	Holders(ctx context.Context, q record.HolderQuery) ([]procedure.Holder, error)
	Case(ctx context.Context, s record.Scope, number string) (record.Case, error)
	Reapplications(ctx context.Context, number string) (int, error)
	PollsOf(ctx context.Context, unit string, limit int) ([]ballot.Poll, error)
}

// intakes returns the judge of each kind's applications.
func intakes(r intakeReader, clock func() procedure.Clock) map[procedure.Kind]server.Intake {
	base := intake{r: r, clock: clock}
	return map[procedure.Kind]server.Intake{
		admission.Kind: admissionIntake{base},
		refusal.Kind:   refusalIntake{base},
		revision.Kind:  revisionIntake{base},
		consent.Kind:   consentIntake{base},
	}
}

type intake struct {
	r     intakeReader
	clock func() procedure.Clock
}

// filing pins the rule pack's figures into a case: a change of law never changes a running case.
func (i intake) filing(p procedure.Procedure, who server.Applicant, facts any) (procedure.Filing, error) {
	pack, err := rules.Load(p.Pack)
	if err != nil {
		return procedure.Filing{}, err
	}
	raw, err := json.Marshal(facts)
	if err != nil {
		return procedure.Filing{}, err
	}
	return procedure.Filing{Kind: p.Kind, Version: p.Version, District: who.District, Initiator: who.Actor,
		Pack: pack.ID, PackDigest: pack.Digest(), Figures: figures(pack), Facts: raw, Clock: i.clock()}, nil
}

func figures(pack rules.Pack) map[string]int64 {
	m := make(map[string]int64, len(pack.Figures))
	for key, f := range pack.Figures {
		m[key] = f.Value
	}
	return m
}

// list is the district's list in force today, as the matcher wants it. A district without a list has an empty one.
func (i intake) list(ctx context.Context, district string, today calendar.Date) ([]rules.Item, record.ListVersion, error) {
	v, err := i.r.List(ctx, district, "")
	if refusal := new(procedure.Error); err != nil && !(asRefusal(err, &refusal) && refusal.Kind == procedure.NotFound) {
		return nil, v, err
	}
	items := make([]rules.Item, 0, len(v.Items))
	for _, item := range v.Items {
		if item.ValidUntil != "" && item.ValidUntil < today.String() {
			continue
		}
		items = append(items, rules.Item{No: item.No, Title: item.Title, Kind: rules.ItemKind(item.Kind), Department: item.Department,
			Part: item.Part, Frequency: item.Frequency, Basis: item.Basis, Keywords: item.Keywords})
	}
	return items, v, nil
}

// units lists a district's units in use at a level.
func (i intake) units(ctx context.Context, district string, level procedure.Level) ([]record.Unit, error) {
	all, err := i.r.Units(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(u record.Unit) bool { return u.Disabled || u.Level != level || u.District != district }), nil
}

func codes(units []record.Unit) []string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = u.Code
	}
	return out
}

func findings(in []procedure.Finding) []server.Finding {
	out := make([]server.Finding, len(in))
	for i, f := range in {
		out[i] = server.Finding{Level: string(f.Level), Code: f.Code, Field: f.Field, Message: f.Message}
	}
	return out
}

func hits(in []rules.Hit) []server.ListHit {
	out := make([]server.ListHit, len(in))
	for i, h := range in {
		out[i] = server.ListHit{Words: h.Words, Kind: string(h.Item.Kind), Item: procedure.ListItem{
			No: h.Item.No, Title: h.Item.Title, Kind: string(h.Item.Kind), Department: h.Item.Department, Part: h.Item.Part,
			Frequency: h.Item.Frequency, Basis: h.Item.Basis}}
	}
	return out
}

// planner lays out who would act and by when if everybody took all of his time.
type planner struct {
	intake
	ctx  context.Context
	cal  *calendar.Calendar
	who  server.Applicant
	figs map[string]int64
	comm []string
	plan []server.PlanStep
}

// stage adds a stage that begins at a moment and returns the moment by which it ends.
func (p *planner) stage(s procedure.Stage, from time.Time) (time.Time, error) {
	step := server.PlanStep{Stage: s.Name, Title: s.Title, From: calendar.DateOf(from).String(), Basis: s.Basis}
	end := from
	if s.Within != nil {
		period, err := s.Within.Period(p.figs)
		if err != nil {
			return end, err
		}
		d, err := p.cal.Deadline(from, calendar.Within(period), nil)
		if err != nil {
			return end, err
		}
		step.DueDay, end = d.Day.String(), d.Day.Start().Add(9*time.Hour)
	}
	holders, err := p.r.Holders(p.ctx, record.HolderQuery{District: p.who.District, InitiatorUnit: p.who.Actor.Unit,
		Communities: p.comm, Seat: s.Seat, Day: calendar.DateOf(from).String()})
	if err != nil {
		return end, err
	}
	for _, h := range holders {
		step.Who = append(step.Who, h.UnitName)
	}
	p.plan = append(p.plan, step)
	return end, nil
}

type admissionIntake struct{ intake }

func (i admissionIntake) Check(ctx context.Context, raw []byte, who server.Applicant, now time.Time) (server.Check, error) {
	form, err := admission.Parse(raw)
	if err != nil {
		return server.Check{}, err
	}
	pack, err := rules.Load(admission.PackID)
	if err != nil {
		return server.Check{}, err
	}
	cal, err := i.r.Calendar(ctx, "")
	if err != nil {
		return server.Check{}, err
	}
	today := calendar.DateOf(now)
	items, _, err := i.list(ctx, who.District, today)
	if err != nil {
		return server.Check{}, err
	}
	communities, err := i.units(ctx, who.District, procedure.Community)
	if err != nil {
		return server.Check{}, err
	}
	earlier, err := i.earlier(ctx, form, who)
	if err != nil {
		return server.Check{}, err
	}
	check := server.Check{
		Findings: findings(admission.Check(form, admission.Context{Today: today, Calendar: cal, Figures: figures(pack), Items: items,
			Communities: codes(communities), Earlier: earlier})),
		Hits:  hits(rules.Match(items, form.Text())),
		Money: &server.Money{PerCommunityFen: form.Fen, TotalFen: form.Money()},
	}
	check.Plan, err = i.plan(ctx, cal, form, who, figures(pack), codes(communities), now)
	return check, err
}

func (i admissionIntake) plan(ctx context.Context, cal *calendar.Calendar, f admission.Form, who server.Applicant, figs map[string]int64, known []string, now time.Time) ([]server.PlanStep, error) {
	chosen := slices.DeleteFunc(slices.Clone(f.Communities), func(c string) bool { return !slices.Contains(known, c) })
	p := planner{intake: i.intake, ctx: ctx, cal: cal, who: who, figs: figs, comm: chosen}
	accepted, err := p.stage(admission.FormalReview, now)
	if err != nil {
		return nil, err
	}
	for _, s := range []procedure.Stage{admission.StreetHearing, admission.CommunityHearing, admission.JointReview} {
		if _, err := p.stage(s, accepted); err != nil {
			return nil, err
		}
	}
	decided, err := p.stage(admission.Decision, accepted)
	if err != nil {
		return nil, err
	}
	published, err := p.stage(admission.Publication, decided)
	if err != nil {
		return nil, err
	}
	if _, err := p.stage(admission.Funding, published); err != nil {
		return nil, err
	}
	if !f.Start.IsZero() {
		p.plan[len(p.plan)-1].DueDay = f.Start.String()
	}
	return p.plan, nil
}

// earlier looks up the cases that an application stands on; only the applicant's own unit counts.
func (i admissionIntake) earlier(ctx context.Context, f admission.Form, who server.Applicant) (map[string]admission.Earlier, error) {
	found := map[string]admission.Earlier{}
	for _, number := range []string{f.Renews, f.Reapplies} {
		if number == "" {
			continue
		}
		c, err := i.r.Case(ctx, record.Scope{{Everything: true}}, number)
		if refusal := new(procedure.Error); asRefusal(err, &refusal) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.Unit != who.Actor.Unit || c.Kind != admission.Kind {
			continue
		}
		n, err := i.r.Reapplications(ctx, number)
		if err != nil {
			return nil, err
		}
		found[number] = admission.Earlier{State: c.State, Reapplied: n}
	}
	return found, nil
}

func (i admissionIntake) File(ctx context.Context, raw []byte, who server.Applicant, _ time.Time) (procedure.Filing, string, error) {
	form, err := admission.Parse(raw)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	name, err := i.unitName(ctx, who.Actor.Unit)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	filing, err := i.filing(admission.Procedure(), who, form.Facts(name))
	return filing, form.Title, err
}

func (i intake) unitName(ctx context.Context, code string) (string, error) {
	units, err := i.r.Units(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range units {
		if u.Code == code {
			return u.Name, nil
		}
	}
	return "", fmt.Errorf("no unit %s", code)
}

type refusalIntake struct{ intake }

func (i refusalIntake) Check(ctx context.Context, raw []byte, who server.Applicant, now time.Time) (server.Check, error) {
	form, err := refusal.Parse(raw)
	if err != nil {
		return server.Check{}, err
	}
	today := calendar.DateOf(now)
	items, _, err := i.list(ctx, who.District, today)
	if err != nil {
		return server.Check{}, err
	}
	departments, err := i.units(ctx, who.District, procedure.Department)
	if err != nil {
		return server.Check{}, err
	}
	return server.Check{Findings: findings(refusal.Check(form, today, codes(departments), items)), Hits: hits(rules.Match(items, form.Matter))}, nil
}

func (i refusalIntake) File(ctx context.Context, raw []byte, who server.Applicant, now time.Time) (procedure.Filing, string, error) {
	form, err := refusal.Parse(raw)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	community, err := i.unitName(ctx, who.Actor.Unit)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	department, err := i.unitName(ctx, form.Department)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	title := "拒绝：" + form.Matter
	if r := []rune(title); len(r) > 60 {
		title = string(r[:60]) + "…"
	}
	filing, err := i.filing(refusal.Procedure(), who, refusal.Facts{Title: title, Community: who.Actor.Unit, Department: form.Department,
		Receipt: refusal.Receipt(form, community, department, calendar.DateOf(now))})
	return filing, title, err
}

type revisionIntake struct{ intake }

func (i revisionIntake) Check(ctx context.Context, raw []byte, who server.Applicant, now time.Time) (server.Check, error) {
	form, err := revision.Parse(raw)
	if err != nil {
		return server.Check{}, err
	}
	_, list, err := i.list(ctx, who.District, calendar.DateOf(now))
	if err != nil {
		return server.Check{}, err
	}
	return server.Check{Findings: findings(revision.Check(form, list.Items))}, nil
}

func (i revisionIntake) File(_ context.Context, raw []byte, who server.Applicant, _ time.Time) (procedure.Filing, string, error) {
	form, err := revision.Parse(raw)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	filing, err := i.filing(revision.Procedure(), who, form)
	return filing, form.Title, err
}
