package server

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"gongzhi/procedure"
)

const prefix = "/api/v1"

// route is one line of the table below.
type route struct {
	method, path, id string
	policy           Policy
	summary          string
	bind             binder
	key              keyRule
}

// keyRule says whether a write needs an Idempotency-Key.
type keyRule int

const (
	keyByMethod keyRule = iota // every method but GET needs one
	keyExempt                  // login, logout, what never writes, and what says the same however often it is asked
	keySecret                  // needs one, but the body holds a password: its digest must not be stored
)

func (r route) needsKey() bool { return r.method != http.MethodGet && r.key != keyExempt }

var (
	public   = Policy{Who: Public}
	signedIn = Policy{Who: SignedIn}
	visible  = Policy{Who: SignedIn, Object: Visible}
	own      = Policy{Who: SignedIn, Object: Own}
	mayStart = Policy{Who: SignedIn, Object: MayStart}
	perform  = Policy{Who: SignedIn, Object: PerAction}
	adminish = Policy{Who: InRole, Roles: []procedure.Role{procedure.Admin}}
	organise = Policy{Who: SignedIn, Object: Organises}
	enter    = Policy{Who: SignedIn, Object: Enters}
	persons  = Policy{Who: SignedIn, Object: PollPeople}
	byCode   = Policy{Who: Public, Object: PersonalCode}
	watch    = Policy{Who: InRole, Roles: watchers, Object: Visible}
	operate  = Policy{Who: InRole, Roles: operators, Object: Visible}
	second   = Policy{Who: InRole, Roles: confirmers, Object: Visible}
	ownView  = Policy{Who: InRole, Roles: watchers, Object: Own}

	demoOperate = Policy{Who: InRole, Roles: operators, Object: DemoOnly}
)

// routes is every route of the API, on one screen.
func (s *Server) routes() []route {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []route{
		{post, "/session", "login", public, "登录", bind(s.login), keyExempt},
		{del, "/session", "logout", signedIn, "退出", bind(s.logout), keyExempt},
		{get, "/session", "me", signedIn, "当前用户", bind(s.me), 0},
		{put, "/session/post", "switchPost", own, "切换岗位", once(s.switchPost), 0},
		{put, "/session/password", "changePassword", own, "修改密码", once(s.changePassword), keySecret},
		{get, "/demo/accounts", "demoAccounts", Policy{Who: Public, Object: DemoOnly}, "演示账号", bind(s.demoAccounts), 0},
		{get, "/demo/faults", "demoFaults", demoOperate, "演示故障", bind(s.listFaults), 0},
		{put, "/demo/faults/{fault}", "setDemoFault", demoOperate, "制造或排除演示故障", once(s.setFault), 0},

		{get, "/procedures", "procedures", signedIn, "事项目录", bind(s.listProcedures), 0},
		{get, "/procedures/{kind}", "procedure", signedIn, "事项", bind(s.getProcedure), 0},
		{post, "/procedures/{kind}/check", "check", mayStart, "申请前校核", bind(s.check), keyExempt},

		{get, "/drafts", "drafts", own, "草稿箱", bind(s.listDrafts), 0},
		{post, "/drafts", "createDraft", own, "保存新草稿", once(s.createDraft), 0},
		{get, "/drafts/{id}", "draft", own, "草稿", bind(s.getDraft), 0},
		{put, "/drafts/{id}", "saveDraft", own, "保存草稿", once(s.saveDraft), 0},
		{del, "/drafts/{id}", "deleteDraft", own, "删除草稿", once(s.deleteDraft), 0},
		{post, "/attachments", "upload", signedIn, "上传附件", once(s.upload), 0},
		{get, "/attachments/{id}", "download", visible, "下载附件", bind(s.download), 0},

		{post, "/cases", "startCase", mayStart, "发起办件", bind(s.startCase), 0},
		{get, "/cases", "cases", visible, "办件列表", bind(s.listCases), 0},
		{get, "/cases/{number}", "case", visible, "办件", bind(s.getCase), 0},
		{get, "/cases/{number}/events", "caseEvents", visible, "经过", bind(s.caseEvents), 0},
		{get, "/cases/{number}/deadlines/{clock}", "caseDeadline", visible, "期限逐日台账", bind(s.caseDeadline), 0},
		{get, "/cases/{number}/verify", "verifyCase", visible, "校验记录链", bind(s.verifyCase), 0},
		{post, "/cases/{number}/actions", "actOnCase", perform, "对办件的操作", bind(s.actOnCase), 0},

		{get, "/tasks", "tasks", visible, "工作台", bind(s.listTasks), 0},
		{get, "/tasks/counts", "counts", visible, "工作台计数", bind(s.counts), 0},
		{get, "/tasks/{id}", "task", visible, "待办", bind(s.getTask), 0},
		{post, "/tasks/{id}/actions", "actOnTask", perform, "对待办的操作", bind(s.actOnTask), 0},
		{get, "/copies", "copies", visible, "抄送", bind(s.listCopies), 0},
		{post, "/copies/{id}/read", "readCopy", own, "已阅", bind(s.readCopy), 0},
		{get, "/commands/{id}", "command", own, "操作结果", bind(s.getCommand), 0},

		{get, "/lists", "lists", signedIn, "清单版本", bind(s.listLists), 0},
		{get, "/lists/{district}/versions/{version}", "list", signedIn, "清单", bind(s.getList), 0},
		{get, "/lists/{district}/diff", "listDiff", signedIn, "清单对比", bind(s.diffLists), 0},
		{get, "/lists/{district}/search", "searchList", signedIn, "清单检索", bind(s.searchList), 0},

		{get, "/me/messages", "messages", own, "我的消息", bind(s.listMessages), 0},
		{post, "/me/messages/{id}/read", "readMessage", own, "消息已读", bind(s.readMessage), keyExempt},
		{post, "/me/messages/read-all", "readMessages", own, "消息全部已读", bind(s.readMessages), keyExempt},
		{get, "/me/notify", "notifyChoice", own, "我的通知设置", bind(s.getChoice), 0},
		{put, "/me/notify", "saveNotifyChoice", own, "修改我的通知设置", bind(s.saveChoice), keyExempt},
		{get, "/cases/{number}/deliveries", "deliveries", visible, "通知送达记录", bind(s.caseDeliveries), 0},
		{post, "/cases/{number}/deliveries/{id}/retry", "retryDelivery", operate, "重发没有送达的通知", once(s.retryDelivery), 0},
		{get, "/notify/templates", "notifyTemplates", adminish, "通知模板", bind(s.listTemplates), 0},
		{get, "/notify/templates/{kind}", "notifyTemplate", adminish, "一种通知的模板", bind(s.getTemplate), 0},
		{put, "/notify/templates/{kind}", "saveNotifyTemplate", adminish, "修改通知模板", once(s.saveTemplate), 0},
		{post, "/notify/templates/{kind}/preview", "previewNotifyTemplate", adminish, "预览通知模板", bind(s.previewTemplate), keyExempt},
		{get, "/notify/health", "notifyHealth", Policy{Who: InRole, Roles: watchers}, "通知发送情况", bind(s.notifyHealth), 0},

		{get, "/notices", "notices", signedIn, "公告", bind(s.listNotices), 0},
		{get, "/notices/{id}", "notice", signedIn, "一份公告", bind(s.getNotice), 0},

		{get, "/polls", "polls", visible, "表决列表", bind(s.listPolls), 0},
		{get, "/polls/roll-template", "rollTemplate", signedIn, "清册模板", bind(s.rollTemplate), 0},
		{get, "/polls/{number}", "poll", visible, "表决", bind(s.pollBoard), 0},
		{get, "/polls/{number}/roll", "roll", visible, "清册版本", bind(s.rollVersions), 0},
		{get, "/polls/{number}/roll/lines", "rollLines", persons, "清册", bind(s.rollLines), 0},
		{post, "/polls/{number}/roll/check", "checkRoll", organise, "清册导入前核对", bind(s.checkRoll), keyExempt},
		{post, "/polls/{number}/roll", "importRoll", organise, "导入清册", once(s.importRoll), 0},
		{get, "/polls/{number}/objections", "objections", visible, "异议", bind(s.listObjections), 0},
		{post, "/polls/{number}/objections", "object", organise, "登记异议", once(s.object), 0},
		{post, "/polls/{number}/objections/{id}/answer", "answerObjection", organise, "答复异议", once(s.answerObjection), 0},
		{get, "/polls/{number}/voters", "voters", persons, "走访名单", bind(s.listVoters), 0},
		{get, "/polls/{number}/voters/{no}/ballots", "voterBallots", persons, "一户的历次表决票", bind(s.voterBallots), 0},
		{post, "/polls/{number}/letters", "letters", organise, "打印投票口令信", bind(s.letters), keyExempt},
		{get, "/polls/{number}/sheets/print", "printSheets", organise, "打印表决票", bind(s.printSheets), 0},
		{get, "/polls/{number}/sheets", "sheets", persons, "纸质票录入", bind(s.listSheets), 0},
		{post, "/polls/{number}/sheets", "enterSheet", enter, "录入纸质票", once(s.enterSheet), 0},
		{post, "/polls/{number}/door", "castAtDoor", enter, "入户表决", once(s.castAtDoor), 0},
		{post, "/polls/{number}/signed", "markSigned", enter, "登记签收", once(s.markSigned), 0},
		{post, "/polls/{number}/certified", "certified", organise, "录入官方平台结果", once(s.saveCertified), 0},
		{post, "/polls/{number}/reminders", "reminders", organise, "提醒未表决的", bind(s.remind), keyExempt},
		{post, "/vote/open", "openVote", byCode, "凭投票口令打开表决", bind(s.openVote), keyExempt},
		{post, "/vote/cast", "castVote", byCode, "凭投票口令表决", bind(s.castVote), 0},
		{get, "/public/polls/{number}", "publicPoll", public, "表决公示", bind(s.publicPoll), 0},
		{get, "/public/polls/{number}/receipts/{tracker}", "receipt", public, "核对回执", bind(s.receiptProof), 0},
		{get, "/public/polls/{number}/export", "exportPoll", public, "下载表决数据", bind(s.exportPoll), 0},

		{get, "/incidents", "incidents", watch, "运行监控", bind(s.listIncidents), 0},
		{get, "/incidents/counts", "incidentCounts", watch, "运行监控计数", bind(s.incidentCounts), 0},
		{get, "/incidents/runs", "incidentRuns", watch, "检测的最近一次运行", bind(s.incidentRuns), 0},
		{get, "/ops/health", "opsHealth", Policy{Who: InRole, Roles: watchers}, "程序、队列、数据库和引擎的情况", bind(s.opsHealth), 0},
		{post, "/incidents/sweep", "sweepIncidents", Policy{Who: InRole, Roles: operators}, "立即检测", bind(s.sweepNow), 0},
		{get, "/incidents/{id}", "incident", watch, "一件卡住的事", bind(s.getIncident), 0},
		{post, "/incidents/{id}/acknowledge", "acknowledgeIncident", operate, "登记知悉", once(s.acknowledgeIncident), 0},
		{post, "/incidents/{id}/assign", "assignIncident", operate, "指派", once(s.assignIncident), 0},
		{post, "/incidents/{id}/comment", "commentIncident", operate, "备注", once(s.commentIncident), 0},
		{post, "/incidents/{id}/resolve", "resolveIncident", operate, "人工关闭", once(s.resolveIncident), 0},
		{post, "/incidents/{id}/remedies", "remedyIncident", operate, "处置", once(s.cure), 0},
		{get, "/remedies", "remedies", watch, "待复核的处置", bind(s.listProposals), 0},
		{post, "/remedies/{id}/confirm", "confirmRemedy", second, "复核同意并执行", once(s.confirmProposal), 0},
		{post, "/remedies/{id}/decline", "declineRemedy", second, "复核不同意", once(s.declineProposal), 0},
		{get, "/batches", "batches", watch, "批量处置", bind(s.listBatches), 0},
		{post, "/batches", "createBatch", operate, "选定一批办件并预演", once(s.createBatch), 0},
		{get, "/batches/remedies", "batchRemedies", watch, "可以成批的处置", bind(s.batchRemedies), 0},
		{get, "/batches/{id}", "batch", watch, "一批处置", bind(s.getBatch), 0},
		{get, "/batches/{id}/items", "batchItems", watch, "一批处置的逐件结果", bind(s.batchItems), 0},
		{post, "/batches/{id}/confirm", "confirmBatch", second, "复核一批处置", once(s.confirmBatch), 0},
		{post, "/batches/{id}/run", "runBatch", operate, "开始执行", once(s.runBatch), 0},
		{post, "/batches/{id}/stop", "stopBatch", operate, "停止执行", once(s.stopBatch), 0},
		{post, "/batches/{id}/resume", "resumeBatch", operate, "继续执行", once(s.resumeBatch), 0},
		{get, "/cases/{number}/inside", "caseInside", watch, "办件在引擎里的情况", bind(s.caseInside), 0},
		{get, "/views", "views", ownView, "保存的视图", bind(s.listViews), 0},
		{get, "/views/{id}", "view", watch, "凭链接打开视图", bind(s.getView), 0},
		{put, "/views/{id}", "saveView", ownView, "保存视图", once(s.saveView), 0},
		{del, "/views/{id}", "deleteView", ownView, "删除视图", once(s.deleteView), 0},

		{get, "/board/deadlines", "dueBoard", visible, "期限看板", bind(s.dueBoard), 0},
		{get, "/board/deadlines/tasks", "dueTasks", visible, "期限看板的一格", bind(s.dueTasks), 0},
		{get, "/reports/performance", "performance", visible, "效能报表", bind(s.performance), 0},
		{get, "/reports/performance.xlsx", "performanceXLSX", visible, "下载效能报表", bind(s.performanceXLSX), 0},

		{get, "/roles", "roles", signedIn, "岗位种类", bind(s.listRoles), 0},
		{get, "/units", "units", signedIn, "单位", bind(s.listUnits), 0},
		{post, "/units", "createUnit", adminish, "新建单位", once(s.createUnit), 0},
		{put, "/units/{code}", "changeUnit", adminish, "修改单位", once(s.changeUnit), 0},
		{get, "/units/{code}/people", "unitPeople", signedIn, "单位人员", bind(s.unitPeople), 0},
		{get, "/users", "users", signedIn, "人员检索", bind(s.listUsers), 0},
		{post, "/users", "createUser", adminish, "新建账号", once(s.createUser), keySecret},
		{put, "/users/{id}", "changeUser", adminish, "修改账号", once(s.changeUser), keySecret},
		{post, "/posts", "createPost", adminish, "任职", once(s.createPost), 0},
		{del, "/posts/{id}", "endPost", adminish, "免去岗位", once(s.endPost), 0},
		{get, "/delegations", "delegations", own, "委托授权", bind(s.listDelegations), 0},
		{post, "/delegations", "createDelegation", own, "新建委托授权", once(s.createDelegation), 0},
		{del, "/delegations/{id}", "revokeDelegation", own, "收回委托授权", once(s.revokeDelegation), 0},

		{get, "/calendars", "calendars", signedIn, "工作日历", bind(s.listCalendars), 0},
		{put, "/calendars/{year}", "saveCalendar", adminish, "载入年度工作日历", once(s.saveCalendar), 0},
		{get, "/clock", "clock", signedIn, "平台时间", bind(s.clock), 0},
		{post, "/clock/jump", "jump", Policy{Who: SignedIn, Object: DemoOnly}, "快进（演示）", once(s.jump), 0},
		{get, "/stream", "stream", visible, "实时更新", bind(s.stream), 0},
		{get, "/openapi.json", "openapi", public, "接口文档", bind(s.openapi), 0},
	}
}

// binder registers one handler, with its types, under an operation.
type binder func(s *Server, op huma.Operation)
