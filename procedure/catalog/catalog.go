// Package catalog lists every procedure there is. Whoever adds one adds it here and in workflows/catalog.go; a conformance
// test compares the two.
package catalog

import (
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/consent"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

// All returns the procedures in the order of the catalogue.
func All() []procedure.Procedure {
	return []procedure.Procedure{admission.Procedure(), refusal.Procedure(), revision.Procedure(), consent.Procedure()}
}

// Find finds a procedure by its kind.
func Find(kind procedure.Kind) (procedure.Procedure, bool) {
	for _, p := range All() {
		if p.Kind == kind {
			return p, true
		}
	}
	return procedure.Procedure{}, false
}
