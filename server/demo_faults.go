package server

import "context"

// Faults breaks a demonstration on purpose, so that it can be mended. It is nil in production.
type Faults interface {
	// Faults are those that are there now.
	Faults() []Fault
	// SetFault makes a fault, or takes it away. What is taken away twice is no error.
	SetFault(ctx context.Context, f Fault, on bool) error
}

// Fault is something that is broken on purpose.
type Fault struct {
	Fault string `json:"fault"`
	Title string `json:"title"`
	Case  string `json:"case,omitempty"` // empty: of the whole program
}

func (s *Server) listFaults(context.Context, *none) (*reply[[]Fault], error) {
	if s.DemoFaults == nil {
		return nil, errNotFound
	}
	return answer(append([]Fault{}, s.DemoFaults.Faults()...)), nil
}

func (s *Server) setFault(ctx context.Context, in *faultInput) (*reply[[]Fault], error) {
	if s.DemoFaults == nil {
		return nil, errNotFound
	}
	if err := s.DemoFaults.SetFault(ctx, Fault{Fault: in.Fault, Case: in.Body.Case}, in.Body.On); err != nil {
		return nil, err
	}
	return s.listFaults(ctx, nil)
}

// FaultSwitch makes or takes away a fault.
type FaultSwitch struct {
	On   bool   `json:"on"`
	Case string `json:"case,omitempty" maxLength:"40" doc:"number; empty: of the whole program"`
}

type faultInput struct {
	Fault string `path:"fault" enum:"record,code,engine,notice,delivery,detector,workers"`
	Body  FaultSwitch
}
