package verify

import "fmt"

// State is how a check ended.
type State string

// The ends of a check.
const (
	Passed  State = "passed"
	Failed  State = "failed"
	Warned  State = "warned"  // worth a question, but no proof that something is wrong
	Skipped State = "skipped" // it could not be made
)

// Check is one named check. Codes are stable; titles are for people.
type Check struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	State  State  `json:"state"`
	Detail string `json:"detail,omitempty"` // what was found first
	Found  int64  `json:"found,omitempty"`  // how often
}

// The checks, in the order in which they are reported.
const (
	formatHeader     = "format.header"
	formatLines      = "format.lines"
	formatSeal       = "format.seal"
	keyKnown         = "key.known"
	keyOrigin        = "key.origin"
	ruleTests        = "rule.tests"
	ruleCounting     = "rule.counting"
	windowSane       = "window.sane"
	rollUnique       = "roll.unique"
	rollWeight       = "roll.weight"
	rollMasked       = "roll.masked"
	rollTotal        = "roll.total"
	ledgerIndex      = "ledger.index"
	ledgerSize       = "ledger.size"
	ledgerSyntax     = "ledger.syntax"
	ledgerPoll       = "ledger.poll"
	ledgerOrder      = "ledger.order"
	ballotRule       = "ballot.rule"
	ballotVoter      = "ballot.voter"
	ballotVersion    = "ballot.version"
	ballotRevision   = "ballot.revision"
	ballotPaper      = "ballot.paper"
	ballotWeight     = "ballot.weight"
	ballotChoice     = "ballot.choice"
	ballotChannel    = "ballot.channel"
	ballotWindow     = "ballot.window"
	closeOnce        = "close.once"
	closeLast        = "close.last"
	closeTime        = "close.time"
	closeBallots     = "close.ballots"
	closeTotals      = "close.totals"
	closeSigned      = "close.signed"
	pointCount       = "checkpoint.count"
	pointForm        = "checkpoint.form"
	pointSignature   = "checkpoint.signature"
	pointGrowth      = "checkpoint.growth"
	pointRoot        = "checkpoint.root"
	pointFinal       = "checkpoint.final"
	pointPublished   = "checkpoint.published"
	pointPace        = "checkpoint.pace"
	resultLedger     = "result.ledger"
	resultTotals     = "result.totals"
	resultTests      = "result.tests"
	resultOutcome    = "result.outcome"
	resultArticle278 = "result.law278"
)

func allChecks() []Check {
	return []Check{
		{Code: formatHeader, Title: "文件头齐全"},
		{Code: formatLines, Title: "每一行都读得懂，次序正确"},
		{Code: formatSeal, Title: "封签有效，导出后没有改动"},
		{Code: keyKnown, Title: "签名公钥就是您手中的公钥"},
		{Code: keyOrigin, Title: "签名公钥属于本次表决"},
		{Code: ruleTests, Title: "规则写明每项检验的分子、分母和比例"},
		{Code: ruleCounting, Title: "计票单位在规则许可之内"},
		{Code: windowSane, Title: "表决有始有终"},
		{Code: rollUnique, Title: "清册中没有重复的表决人"},
		{Code: rollWeight, Title: "清册中的人数和面积合理"},
		{Code: rollMasked, Title: "脱敏清册与其指纹相符"},
		{Code: rollTotal, Title: "各户相加等于公布的清册总数"},
		{Code: ledgerIndex, Title: "账本序号连续，没有缺口"},
		{Code: ledgerSize, Title: "账本条数与文件头一致"},
		{Code: ledgerSyntax, Title: "账本每一条格式正确"},
		{Code: ledgerPoll, Title: "账本每一条都属于本次表决"},
		{Code: ledgerOrder, Title: "账本按时间先后排列"},
		{Code: ballotRule, Title: "每张票都按公布的规则表决"},
		{Code: ballotVoter, Title: "投票的都在清册中"},
		{Code: ballotVersion, Title: "每个表决人的票从第 1 版起逐版连续"},
		{Code: ballotRevision, Title: "不许改票的表决没有改过网上的票"},
		{Code: ballotPaper, Title: "纸质和入户的票没有被替换"},
		{Code: ballotWeight, Title: "每张票的人数和面积等于清册所载"},
		{Code: ballotChoice, Title: "每张票是同意、不同意或弃权"},
		{Code: ballotChannel, Title: "每张票来自网上、纸质或入户"},
		{Code: ballotWindow, Title: "每张票都在表决时段之内"},
		{Code: closeOnce, Title: "截止记录有且只有一条"},
		{Code: closeLast, Title: "截止记录是最后一条，其后没有票"},
		{Code: closeTime, Title: "到了截止时间才截止"},
		{Code: closeBallots, Title: "截止记录的票数与账本一致"},
		{Code: closeTotals, Title: "截止记录的各项合计等于重新计票"},
		{Code: closeSigned, Title: "已签收未表决的合计可信"},
		{Code: pointCount, Title: "检查点个数与文件头一致"},
		{Code: pointForm, Title: "每个检查点格式正确"},
		{Code: pointSignature, Title: "每个检查点的签名有效"},
		{Code: pointGrowth, Title: "检查点只增不减，时间先后有序"},
		{Code: pointRoot, Title: "每个检查点都是同一账本的前段"},
		{Code: pointFinal, Title: "最后一个检查点签到账本末尾"},
		{Code: pointPublished, Title: "您手中的检查点都是本账本的前段"},
		{Code: pointPace, Title: "收票期间检查点相隔不超过 60 秒"},
		{Code: resultLedger, Title: "结果出自这本账"},
		{Code: resultTotals, Title: "公布的票数等于重新计票"},
		{Code: resultTests, Title: "每项检验的分数等于重新计算"},
		{Code: resultOutcome, Title: "结论等于重新判定"},
		{Code: resultArticle278, Title: "与民法典第二百七十八条的对照等于重新判定"},
	}
}

// checks collects what is found. A check that is never begun is skipped: it never counts as passed.
type checks struct {
	list []Check
	at   map[string]*Check
}

func newChecks() *checks {
	c := &checks{list: allChecks(), at: map[string]*Check{}}
	for i := range c.list {
		c.list[i].State = Skipped
		c.at[c.list[i].Code] = &c.list[i]
	}
	return c
}

// begin tells that the checks are made: they pass unless something is found.
func (c *checks) begin(codes ...string) {
	for _, code := range codes {
		if c.at[code].State == Skipped {
			c.at[code].State, c.at[code].Detail = Passed, ""
		}
	}
}

// skip says why a check is not made.
func (c *checks) skip(code, why string) { c.at[code].Detail = why }

func (c *checks) fail(code, format string, args ...any) { c.found(code, Failed, format, args) }
func (c *checks) warn(code, format string, args ...any) { c.found(code, Warned, format, args) }

func (c *checks) found(code string, s State, format string, args []any) {
	check := c.at[code]
	if check.Found == 0 {
		check.State, check.Detail = s, fmt.Sprintf(format, args...)
	}
	check.Found++
}
