// Package faults breaks a demonstration on purpose (演示故障), so that everything an operator may meet can be seen and mended: what
// never happens by itself in a sound program has to be made. Nothing of it is installed in a program that is no demonstration, and
// nothing of it writes into a record or into the history of a case.
package faults

import (
	"context"
	"slices"
	"strings"
	"sync"

	"gongzhi/procedure"
	"gongzhi/server"
)

// The faults. All but Workers and Detector are of one case.
const (
	Record   = "record"   // what the case writes by itself cannot be written
	Code     = "code"     // its program fails when the time is moved
	Engine   = "engine"   // somebody ends it in the engine, beside the platform; this cannot be taken back
	Notice   = "notice"   // the notices that it has published look too short
	Delivery = "delivery" // text messages about it are refused
	Detector = "detector" // the detector of 反复退回 fails
	Workers  = "workers"  // nobody carries cases or sweeps
)

// titles name the faults, in the order of the list.
var titles = []struct{ name, title string }{
	{Record, "写不进记录"}, {Code, "程序出错"}, {Engine, "在引擎里被结束"}, {Notice, "公示天数不足"}, {Delivery, "短信被拒收"},
	{Detector, "检测失败"}, {Workers, "办理程序停止"},
}

// ofCase tells whether a fault is of one case.
func ofCase(name string) bool { return name != Detector && name != Workers }

// Plant is what can be switched off and on as a whole.
type Plant interface {
	// End ends a case in the engine.
	End(ctx context.Context, number string) error
	// Hire starts the workers, Dismiss stops them. Both may be repeated.
	Hire() error
	Dismiss()
}

// Faults are the faults of a demonstration. They live in memory: a program that starts again is sound.
type Faults struct {
	plant Plant

	mu    sync.Mutex
	on    []server.Fault
	short map[string]bool // the notices that look too short, see Displays
	seen  map[string]bool // the cases whose notices are known
}

// New makes a demonstration that is sound.
func New(p Plant) *Faults {
	return &Faults{plant: p, short: map[string]bool{}, seen: map[string]bool{}}
}

// Faults implements server.Faults.
func (f *Faults) Faults() []server.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.on)
}

// SetFault implements server.Faults.
func (f *Faults) SetFault(ctx context.Context, x server.Fault, on bool) error {
	i := slices.IndexFunc(titles, func(t struct{ name, title string }) bool { return t.name == x.Fault })
	if i < 0 {
		return procedure.Errorf(procedure.NotFound, "fault.unknown", "没有「%.20s」这种故障", x.Fault)
	}
	x.Title = titles[i].title
	switch {
	case ofCase(x.Fault) && x.Case == "":
		return procedure.Errorf(procedure.Invalid, "fault.case", "「%s」须写明是哪一件办件", x.Title)
	case !ofCase(x.Fault) && x.Case != "":
		return procedure.Errorf(procedure.Invalid, "fault.case", "「%s」不属于哪一件办件", x.Title)
	case x.Fault == Engine && !on:
		return procedure.Errorf(procedure.Conflict, "fault.final", "在引擎里被结束的办件不能恢复，请在运行监控里校正")
	case x.Fault == Engine:
		return f.plant.End(ctx, x.Case)
	}
	f.set(x, on)
	if x.Fault != Workers {
		return nil
	}
	if on {
		f.plant.Dismiss()
		return nil
	}
	return f.plant.Hire()
}

func (f *Faults) set(x server.Fault, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = slices.DeleteFunc(f.on, func(o server.Fault) bool { return o.Fault == x.Fault && o.Case == x.Case })
	if on {
		f.on = append(f.on, x)
	} else if x.Fault == Notice {
		delete(f.seen, x.Case)
	}
}

// has tells whether something is broken now.
func (f *Faults) has(fault, number string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.on, func(o server.Fault) bool { return o.Fault == fault && o.Case == number })
}

// caseOf is the number of the case that a workflow is of; empty where it is none.
func caseOf(workflow string) string {
	number, ok := strings.CutPrefix(workflow, "case:")
	if !ok {
		return ""
	}
	return number
}
