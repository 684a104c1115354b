package workflows

import (
	"encoding/json"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
	"gongzhi/procedure/revision"
)

// Revision carries a change of the district's list from the office's proposal to the published version.
func Revision(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
	var form revision.Form
	if err := json.Unmarshal(filing.Facts, &form); err != nil {
		return procedure.Outcome{}, fmt.Errorf("facts of %s: %w", filing.Case, err)
	}
	c := openCase(ctx, revision.Procedure(), filing, Facts{Title: form.Title})
	if c.Chain(One(revision.Hearing), One(revision.Decision)) == procedure.Object {
		return c.Close(procedure.Rejected, "联席会议不同意调整")
	}
	c.Decide(revision.Publication)
	c.PublishList(form.Title, form.Changes)
	return c.Close(procedure.Completed, "新版清单已公布")
}
