package app

import (
	"context"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
	"gongzhi/rules"
	"gongzhi/server"
)

// lookedBack is how many votes of a unit are looked at for one that failed lately.
const lookedBack = 200

type consentIntake struct{ intake }

func (i consentIntake) Check(ctx context.Context, raw []byte, who server.Applicant, now time.Time) (server.Check, error) {
	form, err := consent.Parse(raw)
	if err != nil {
		return server.Check{}, err
	}
	pack, err := rules.Load(consent.PackID)
	if err != nil {
		return server.Check{}, err
	}
	failed, err := i.failed(ctx, who.Actor.Unit, pack)
	if err != nil {
		return server.Check{}, err
	}
	against := consent.Context{Today: calendar.DateOf(now), Failed: failed, Either: figures(pack)[consent.PetitionEither] == 1}
	return server.Check{Findings: findings(consent.Check(form, against))}, nil
}

// failed are the unit's votes that did not pass, with the day from which the same scheme may be voted on again.
func (i consentIntake) failed(ctx context.Context, unit string, pack rules.Pack) ([]consent.Earlier, error) {
	polls, err := i.r.PollsOf(ctx, unit, lookedBack)
	if err != nil {
		return nil, err
	}
	cal, err := i.r.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	period, err := procedure.Span{Figure: consent.CoolOff, Unit: calendar.Day}.Period(figures(pack))
	if err != nil {
		return nil, err
	}
	var out []consent.Earlier
	for _, p := range polls {
		if p.State != ballot.Final || p.Result == nil || p.Result.Verdict.Outcome == rules.Passed {
			continue
		}
		d, err := cal.Deadline(p.Finished(), calendar.Within(period), nil)
		if err != nil {
			return nil, err
		}
		out = append(out, consent.Earlier{Number: p.Number, Scheme: p.Title, Again: d.Day.AddDays(1)})
	}
	return out, nil
}

func (i consentIntake) File(_ context.Context, raw []byte, who server.Applicant, _ time.Time) (procedure.Filing, string, error) {
	form, err := consent.Parse(raw)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	pack, err := rules.Load(consent.PackID)
	if err != nil {
		return procedure.Filing{}, "", err
	}
	facts, err := form.Facts(who.Actor, figures(pack)[consent.ProxiesPerAgent])
	if err != nil {
		return procedure.Filing{}, "", err
	}
	filing, err := i.filing(consent.Procedure(), who, facts)
	return filing, facts.Title, err
}
