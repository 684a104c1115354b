package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/consent"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

// Func is the shape of every procedure's workflow.
type Func func(workflow.Context, procedure.Filing) (procedure.Outcome, error)

// Catalog says which workflow carries which procedure. The workflow's type name in the engine is the kind.
func Catalog() map[procedure.Kind]Func {
	return map[procedure.Kind]Func{
		admission.Kind: Admission,
		refusal.Kind:   Refusal,
		revision.Kind:  Revision,
		consent.Kind:   Consent,
	}
}
