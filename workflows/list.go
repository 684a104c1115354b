package workflows

import (
	"fmt"

	"gongzhi/activities"
	"gongzhi/procedure"
)

// PublishList publishes a new version of the district's list, with a notice.
func (c Case) PublishList(why string, changes []procedure.ListChange) {
	if c.over() || len(changes) == 0 {
		return
	}
	c.published++
	var n activities.ListNumber
	req := activities.ListRequest{District: c.filing.District, Year: c.day().Year, Key: fmt.Sprintf("%s#%d", c.filing.Case, c.published)}
	if err := effect(c.ctx, "清单编号", do.NumberList, &n, req); err != nil {
		c.fail(err)
		return
	}
	c.emit(c.ctx, procedure.ListPublished, procedure.SystemEngine, "", procedure.Published{
		District: c.filing.District, Version: n.Version, Base: n.Base, Why: why, Changes: changes})
	c.Post(procedure.Posted{Version: n.Version, Title: "社区工作清单变更公告（" + n.Version + "）",
		Text: fmt.Sprintf("清单 %s 版自 %s 起施行。%s。", n.Version, c.day().Long(), why)})
}
