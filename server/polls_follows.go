package server

import (
	"fmt"

	"gongzhi/ballot"
)

// Follows says in plain words what it takes, and what follows: the same on the page of a voter and on the public page.
type Follows struct {
	Plain  []string `json:"plain" doc:"every test in whole numbers of the frozen roll"`
	Passes []string `json:"passes" doc:"what follows when the vote passes"`
	Fails  []string `json:"fails" doc:"what follows when it does not"`
}

func follows(p ballot.Poll) Follows {
	f := Follows{Plain: []string{}}
	if p.Frozen {
		f.Plain = p.Rule.Plain(p.Options.Counting, p.All)
	}
	if p.Effect != "" {
		f.Passes = append(f.Passes, p.Effect)
	}
	f.Passes = append(f.Passes, "先公布初步统计结果，听取意见、答复异议以后，再公布最终结果。")
	for _, c := range p.Rule.Conditions {
		f.Passes = append(f.Passes, "另须"+c+"，由街道办事处确认；确认以前项目不得启动。")
	}
	if p.Meeting {
		f.Passes = append(f.Passes, "事项涉及全体居民，另须居民会议或者居民代表会议通过；通过以前项目不得启动。")
	}
	if p.Animal == ballot.Resident {
		f.Passes = append(f.Passes, "最终结果居务公开期满以后，由组织单位办理许可、组织施工；竣工后验收，公示决算，由居民评议。")
	} else {
		f.Passes = append(f.Passes, "最终结果公布以后，由组织单位办理报建许可，取得许可才能开工；竣工后验收，公示决算。")
	}
	if p.Extension > 0 && p.Extended == 0 {
		f.Fails = append(f.Fails, fmt.Sprintf("参与不足规定比例的，表决期延长一次，共 %d 日。", p.Extension))
	}
	f.Fails = append(f.Fails, "项目不启动。")
	if p.CoolOff > 0 {
		f.Fails = append(f.Fails, fmt.Sprintf("同一方案从计票之日起满 %d 日才可以再次表决；修改方案以后，可以另行提议。", p.CoolOff))
	}
	return f
}
