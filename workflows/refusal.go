package workflows

import (
	"encoding/json"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
	"gongzhi/procedure/refusal"
)

// Refusal records a community's refusal of work that was never admitted. The receipt is valid at once; then everyone
// concerned confirms having read it.
func Refusal(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
	var facts refusal.Facts
	if err := json.Unmarshal(filing.Facts, &facts); err != nil {
		return procedure.Outcome{}, fmt.Errorf("facts of %s: %w", filing.Case, err)
	}
	c := openCase(ctx, refusal.Procedure(), filing, Facts{Title: facts.Title, Communities: []string{facts.Community}})
	c.emit(c.ctx, procedure.ReceiptIssued, filing.Initiator, "", procedure.Issued{Receipt: filing.Case, Text: facts.Receipt})
	c.Together(
		func(c Case) { c.Decide(refusal.OfficeKnows) },
		func(c Case) { c.Decide(refusal.SupervisionKnows) },
		func(c Case) { c.Decide(refusal.DepartmentKnows, For(facts.Department)) },
	)
	return c.Close(procedure.Completed, "已拒绝，各方已阅")
}
