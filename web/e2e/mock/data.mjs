// Invented data for working on the console without a server. It never leaves this folder.
import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const form = "../../../procedure/admission/";
export const schema = read(`${form}form.json`);
export const ui = read(`${form}ui.json`);

export const unitList = [
  ["YT", "云汀市", "city", ""],
  ["XW", "星梧区", "district", "YT"],
  ["XW-TJ", "星梧区统计局", "department", "XW"],
  ["XW-SW", "星梧区商务局", "department", "XW"],
  ["XW-CZ", "星梧区财政局", "department", "XW"],
  ["XW-SG", "区委社会工作部", "department", "XW"],
  ["XW-ZF", "区政府办", "department", "XW"],
  ["XW-01", "梧桐里街道办事处", "street", "XW"],
  ["XW-02", "望潮街道办事处", "street", "XW"],
  ["0101", "槐荫社区", "community", "XW-01"],
  ["0102", "石榴巷社区", "community", "XW-01"],
  ["0103", "听雨社区", "community", "XW-01"],
  ["0201", "潮声社区", "community", "XW-02"],
  ["0202", "灯塔社区", "community", "XW-02"],
].map(([code, name, level, parent]) => ({
  code,
  name,
  level,
  parent,
  path: `/${code}/`,
  district: level === "city" ? "" : "XW",
}));
const unitName = (code) => unitList.find((u) => u.code === code).name;

const roleNames = {
  "department.clerk": "部门经办人",
  "admission.office": "准入办",
  "admission.member": "联审成员",
  "joint.meeting": "准入联席会议召集人",
  "street.office": "街道社区办",
  "community.director": "社区主任",
  admin: "系统管理",
  "government.office": "区政府办",
};
export const people = [
  ["sun", "示例-孙一", "XW-TJ", "department.clerk"],
  ["shang", "示例-商二", "XW-SW", "department.clerk"],
  ["zhun", "示例-李三", "XW-SG", "admission.office"],
  ["cai", "示例-王四", "XW-CZ", "admission.member"],
  ["jie", "示例-赵五", "XW-ZF", "joint.meeting"],
  ["wu", "示例-周六", "XW-01", "street.office"],
  ["wang", "示例-吴七", "XW-02", "street.office"],
  ["huai", "示例-郑八", "0101", "community.director"],
  ["shi", "示例-冯九", "0102", "community.director"],
  ["ting", "示例-陈十", "0103", "community.director"],
  ["chao", "示例-褚十一", "0201", "community.director"],
  ["deng", "示例-卫十二", "0202", "community.director"],
  ["root", "示例-管理员", "XW", "admin"],
].map(([user, name, unit, role]) => ({
  user,
  name,
  disabled: false,
  posts: [
    { id: `p-${user}`, user, unit, unit_name: unitName(unit), role, role_name: roleNames[role], from: "2026-01-01" },
  ],
}));
people[2].posts.push({ ...people[2].posts[0], id: "p-zhun-2", role: "admission.member", role_name: "联审成员" });

const range = (from, n) =>
  Array.from({ length: n }, (_, i) => new Date(Date.parse(from) + i * 864e5).toISOString().slice(0, 10));
export const calendars = {
  version: "2026-11-04",
  years: [
    {
      year: 2025,
      loaded: true,
      source: "国办发明电〔2024〕12号",
      version: "2025.1",
      off: range("2025-10-01", 8),
      work: ["2025-09-28", "2025-10-11"],
    },
    {
      year: 2026,
      loaded: true,
      source: "国务院办公厅 2025-11-04 通知",
      version: "2026.1",
      off: [
        ...range("2026-01-01", 3),
        ...range("2026-02-15", 9),
        ...range("2026-04-04", 3),
        ...range("2026-05-01", 5),
        ...range("2026-06-19", 3),
        ...range("2026-09-25", 3),
        ...range("2026-10-01", 7),
      ],
      work: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
    },
  ],
};

const item = (no, title, kind, department, part, frequency, basis, extra = {}) => ({
  no,
  title,
  kind,
  department,
  part,
  frequency,
  basis,
  ...extra,
});
const items = [
  item("1", "宣传法律政策", "duty", "社会工作部", "张贴、讲解", "每月", "居委会组织法第十条"),
  item("4", "居民协商", "duty", "", "组织协商", "每月", "居委会组织法第三十二条"),
  item("5", "调解民间纠纷", "duty", "司法局", "调解", "按需", "居委会组织法第十条"),
  item("13", "低保、临时救助初访", "assist", "民政局", "入户、协助公示", "按需", "协助清单"),
  item("16", "统计调查入户协助", "assist", "统计局", "引导调查员", "每次调查", "协助清单"),
  item("19", "城管执法、拆违、商户招引", "negative", "", "拒绝", "不适用", "负面清单"),
  item(
    "20",
    "应用下载率、关注数、扫码率指标，重复报表",
    "negative",
    "",
    "拒绝并报告",
    "不适用",
    "居委会组织法第四十三条",
    { keywords: ["扫码率", "下载率"] },
  ),
];
const admitted = item(
  "21",
  "协助秋季小微服务网点摸底登记",
  "assist",
  "统计局",
  "陪同入户、核对地址",
  "一次",
  "准入决定",
  { valid_until: "2026-12-20", case: "XW-ZR-2026-014" },
);
export const lists = [
  {
    district: "XW",
    version: "2026.3",
    base: "2026.2",
    why: "星梧区统计局的准入事项增补",
    case: "XW-ZR-2026-014",
    published: "2026-10-08T02:00:00Z",
    items: [...items, admitted],
  },
  { district: "XW", version: "2026.2", base: "2026.1", why: "年中调整", published: "2026-06-30T02:00:00Z", items },
  { district: "XW", version: "2026.1", why: "年度清单", published: "2026-01-05T02:00:00Z", items: items.slice(0, 6) },
];
export const changes = [
  { op: "add", item: admitted },
  { op: "change", item: items[4] },
  { op: "remove", item: items[3] },
];

export const filedForm = {
  title: "协助 2026 年秋季小微服务网点摸底登记",
  legal: "年度统计调查项目（文号示例），不含执法",
  need: "网点分散，社区熟悉地址",
  content: "陪同统计员入户，核对网点地址和联系人，不代填表格",
  term: "temporary",
  start: "2026-10-26",
  end: "2026-12-20",
  communities: ["0101", "0102", "0103", "0201", "0202"],
  person_days: 12,
  fen: 960000,
  payer: "星梧区统计局",
  training: "半天培训，平板 10 台，保险",
  systems: "仅用申请单位系统，单点登录",
  demands: { plaque: false, body: false, ledger: false, appraisal: false, system: true },
  impact: "入户不超过 15 分钟，可拒绝",
  exit: "12月20日到期自动退出；抽查发现加码即撤销",
  contact: "示例-孙一",
};

const holder = (unit, role) => ({ unit, unit_name: unitName(unit), role, role_name: roleNames[role] });
const no = "XW-ZR-2026-014";
const opinions = [
  { answer: "agree", label: "同意", effect: "forward", opinion: false },
  { answer: "agree_if", label: "附条件同意", effect: "forward", opinion: true },
  { answer: "object", label: "不同意", effect: "forward", opinion: true },
];
const task = (seq, stage, title, does, h, extra) => ({
  id: `${no}/${seq}`,
  case: no,
  case_title: filedForm.title,
  kind: "admission",
  kind_name: "社区工作准入",
  stage,
  title,
  does,
  round: 1,
  state: "open",
  holder: h,
  options: opinions,
  opened_at: "2026-09-10T02:00:00Z",
  due: "2026-09-17T16:00:00Z",
  day: "2026-09-17",
  seq,
  my: false,
  ...extra,
});
export const tasks = [
  task(4, "formal-review", "形式审查", "审查申请是否受理", holder("XW-SG", "admission.office"), {
    state: "done",
    round: 1,
    answer: "supplement",
    label: "退回申请单位补正（暂停时钟）",
    opinion: "请补充经费来源说明。",
    actor_name: "示例-李三",
    opened_at: "2026-09-07T01:05:00Z",
    closed_at: "2026-09-08T03:00:00Z",
    day: "2026-09-10",
  }),
  task(7, "correction", "补正材料", "补正材料", holder("XW-TJ", "department.clerk"), {
    state: "done",
    answer: "submit",
    label: "提交补正材料（恢复时钟）",
    opinion: "已补充经费文件。",
    actor_name: "示例-孙一",
    opened_at: "2026-09-08T03:00:00Z",
    closed_at: "2026-09-09T07:20:00Z",
    day: "",
  }),
  task(10, "formal-review", "形式审查", "审查申请是否受理", holder("XW-SG", "admission.office"), {
    state: "done",
    round: 2,
    answer: "accept",
    label: "受理并听取街道社区意见",
    opinion: "材料齐全，予以受理。",
    actor_name: "示例-李三",
    opened_at: "2026-09-09T07:20:00Z",
    closed_at: "2026-09-10T02:00:00Z",
    day: "2026-09-11",
  }),
  task(14, "street-hearing", "听取街道意见", "填报意见", holder("XW-01", "street.office"), {
    sign: "collect",
    card: "yellow",
    read_at: "2026-09-11T01:20:00Z",
    read_by: "示例-周六",
    urged: 1,
  }),
  task(15, "street-hearing", "听取街道意见", "填报意见", holder("XW-02", "street.office"), {
    sign: "collect",
    state: "done",
    answer: "agree",
    label: "同意",
    opinion: "同意，入户须由申请单位人员陪同。",
    actor_name: "示例-吴七",
    closed_at: "2026-09-14T06:00:00Z",
  }),
  task(16, "community-hearing", "听取社区意见", "填报意见", holder("0101", "community.director"), { sign: "collect" }),
  task(17, "community-hearing", "听取社区意见", "填报意见", holder("0102", "community.director"), {
    sign: "collect",
    state: "done",
    answer: "agree_if",
    label: "附条件同意",
    opinion: "经费须先行到位。",
    actor_name: "示例-冯九",
    closed_at: "2026-09-15T01:40:00Z",
  }),
];

const p = (text, strong) => ({ text, ...(strong ? { strong: true } : {}) });
const say = (tone, ...parts) => ({ text: parts.map((x) => x.text).join(""), parts, tone });
export const sentences = {
  normal: say(
    "normal",
    p("现在等 "),
    p("准入办", 1),
    p(" 审查申请是否受理,"),
    p("9月23日(周三)", 1),
    p("前，还剩 "),
    p("5 个工作日", 1),
    p("。"),
  ),
  yellow: say(
    "yellow",
    p("现在等 "),
    p("梧桐里街道办事处", 1),
    p(" 填报意见,"),
    p("9月17日(周四)", 1),
    p("前，还剩 "),
    p("1 个工作日", 1),
    p("。"),
  ),
  red: say(
    "red",
    p("已红牌:"),
    p("星梧区财政局", 1),
    p(" 会审超期 "),
    p("3 个工作日", 1),
    p("，已上报 区政府办(9月11日 09:00)。"),
  ),
  paused: say(
    "paused",
    p("时钟已暂停：等 "),
    p("星梧区统计局", 1),
    p(" 补正材料（自 9月9日 起），恢复后还剩 "),
    p("11 个工作日", 1),
    p("。"),
  ),
  done: say("done", p("已办结：附条件准入，列入清单 2026.2。")),
};
const base = {
  kind: "admission",
  kind_name: "社区工作准入",
  version: 1,
  district: "XW",
  open_tasks: 1,
  started_at: "2026-09-07T01:00:00Z",
  changed_at: "2026-09-15T01:40:00Z",
  seq: 22,
  initiator: "sun",
  initiator_name: "示例-孙一",
};
export const cases = [
  {
    ...base,
    number: no,
    title: filedForm.title,
    state: "running",
    unit: "XW-TJ",
    unit_name: "星梧区统计局",
    segment: "听取意见",
    next_due: "2026-09-17T16:00:00Z",
    next_day: "2026-09-17",
    next_title: "听取街道意见",
    next_who: "梧桐里街道办事处",
    open_tasks: 2,
    card: "yellow",
    sentence: "yellow",
  },
  {
    ...base,
    number: "XW-ZR-2026-011",
    title: "协助开展老旧小区用电安全隐患排查和居民告知",
    state: "running",
    unit: "XW-SW",
    unit_name: "星梧区应急管理局",
    segment: "评估会审",
    next_due: "2026-09-11T16:00:00Z",
    next_day: "2026-09-11",
    next_title: "评估会审",
    next_who: "星梧区财政局",
    card: "red",
    sentence: "red",
  },
  {
    ...base,
    number: "XW-ZR-2026-013",
    title: "青少年暑期安全教育进社区",
    state: "running",
    unit: "XW-TJ",
    unit_name: "星梧区教育局",
    segment: "受理",
    paused: true,
    next_title: "补正材料",
    next_who: "星梧区教育局",
    sentence: "paused",
  },
  {
    ...base,
    number: "XW-ZR-2026-012",
    title: "适龄儿童疫苗接种通知",
    state: "running",
    unit: "XW-TJ",
    unit_name: "星梧区卫健局",
    segment: "受理",
    next_due: "2026-09-23T16:00:00Z",
    next_day: "2026-09-23",
    next_title: "形式审查",
    next_who: "准入办",
    sentence: "normal",
  },
  {
    ...base,
    number: "XW-ZR-2026-006",
    title: "高龄津贴资格年审协助",
    state: "executing",
    unit: "XW-TJ",
    unit_name: "星梧区民政局",
    segment: "执行",
    next_due: "2026-09-30T16:00:00Z",
    next_day: "2026-09-30",
    next_title: "执行进展",
    next_who: "槐荫社区",
    open_tasks: 5,
    sentence: "normal",
  },
  {
    ...base,
    number: "XW-ZR-2026-004",
    title: "商户招引信息采集",
    state: "refused",
    unit: "XW-SW",
    unit_name: "星梧区商务局",
    segment: "受理",
    open_tasks: 0,
    result: "不属于区级事项，不予受理。",
    closed_at: "2026-08-20T02:00:00Z",
    sentence: "done",
  },
];

const event = (seq, type, at, actor, text, extra = {}) => ({
  case: no,
  seq,
  type,
  at,
  actor,
  text,
  icon: type.split(".")[0],
  data: {},
  prev: "",
  hash: `${seq}`.repeat(8),
  attachments: [],
  ...extra,
});
const by = (u) => {
  const x = people.find((q) => q.user === u);
  return { user: u, name: x.name, unit: x.posts[0].unit };
};
const system = { name: "系统·流程" };
const clock = { name: "系统·超时" };
const file = {
  id: "f1",
  name: "经费预算批复.pdf",
  type: "application/pdf",
  size: 482133,
  sha256: "ab".repeat(32),
  by: "sun",
  by_name: "示例-孙一",
  unit: "XW-TJ",
  at: "2026-09-09T07:19:00Z",
  case: no,
};
export const events = [
  event(
    1,
    "case.started",
    "2026-09-07T01:00:00Z",
    by("sun"),
    "示例-孙一（星梧区统计局）发起「协助 2026 年秋季小微服务网点摸底登记」。",
  ),
  event(2, "stage.entered", "2026-09-07T01:00:00Z", system, "进入「形式审查」。"),
  event(3, "clock.started", "2026-09-07T01:00:00Z", system, "「受理时限」开始计时：3 个工作日，至 9月10日(周四)。"),
  event(4, "task.opened", "2026-09-07T01:05:00Z", system, "请 区委社会工作部 审查申请是否受理。"),
  event(5, "task.read", "2026-09-07T02:10:00Z", by("zhun"), "示例-李三 查看了待办。"),
  event(6, "task.answered", "2026-09-08T03:00:00Z", by("zhun"), "区委社会工作部：退回申请单位补正（暂停时钟）。", {
    note: "请补充经费来源说明。",
  }),
  event(7, "clock.paused", "2026-09-08T03:00:00Z", system, "「受理时限」暂停：补正材料，等 星梧区统计局。"),
  event(8, "task.answered", "2026-09-09T07:20:00Z", by("sun"), "星梧区统计局：提交补正材料（恢复时钟）。", {
    note: "已补充经费文件。",
    attachments: [file],
  }),
  event(9, "clock.resumed", "2026-09-09T07:20:00Z", system, "「受理时限」恢复计时，至 9月11日(周五)。"),
  event(12, "task.answered", "2026-09-10T02:00:00Z", by("zhun"), "区委社会工作部：受理并听取街道社区意见。", {
    note: "材料齐全，予以受理。",
  }),
  event(13, "clock.started", "2026-09-10T02:00:00Z", system, "「审批时限」开始计时：15 个工作日，至 10月8日(周四)。"),
  event(18, "task.answered", "2026-09-14T06:00:00Z", by("wang"), "望潮街道办事处：同意。", {
    note: "同意，入户须由申请单位人员陪同。",
  }),
  event(19, "task.answered", "2026-09-15T01:40:00Z", by("shi"), "石榴巷社区：附条件同意。", {
    note: "经费须先行到位。",
  }),
  event(20, "task.reminded", "2026-09-15T01:00:00Z", clock, "提前提醒：梧桐里街道办事处 填报意见，9月17日(周四)前。"),
  event(21, "task.urged", "2026-09-15T08:00:00Z", by("sun"), "示例-孙一 催办 梧桐里街道办事处。"),
  event(22, "task.reminded", "2026-09-16T01:00:00Z", clock, "黄牌：梧桐里街道办事处 填报意见，还剩 1 个工作日。"),
];

const rule = (n) => ({ period: { n, unit: "workday" }, direction: "after", kind: "due", roll: "none" });
const days = (from, n, f) => range(from, n).map(f);
export const deadlines = [
  {
    case: no,
    clock: "decision",
    title: "审批时限",
    basis: { text: "西城(2018)：自受理起 15 个工作日内完成审批", tag: "X" },
    state: "running",
    deadline: {
      anchor: "2026-09-10T02:00:00Z",
      rule: rule(15),
      day: "2026-10-08",
      due: "2026-10-08T16:00:00Z",
      calendar_version: "2026-11-04",
    },
  },
  {
    case: no,
    clock: "听取街道意见#1",
    title: "听取意见时限",
    basis: { text: "听取街道、社区意见；期限为产品默认 5 个工作日", tag: "D" },
    state: "running",
    deadline: {
      anchor: "2026-09-10T02:00:00Z",
      rule: rule(5),
      day: "2026-09-17",
      due: "2026-09-17T16:00:00Z",
      calendar_version: "2026-11-04",
    },
  },
  {
    case: no,
    clock: "acceptance",
    title: "受理时限",
    basis: { text: "形式审查：产品默认 3 个工作日", tag: "D" },
    state: "stopped",
    stopped: "2026-09-10T02:00:00Z",
    deadline: {
      anchor: "2026-09-07T01:00:00Z",
      rule: rule(3),
      day: "2026-09-11",
      due: "2026-09-11T16:00:00Z",
      calendar_version: "2026-11-04",
      pauses: [{ from: "2026-09-08T03:00:00Z", to: "2026-09-09T07:20:00Z", ground: "补正材料" }],
    },
  },
];
const off = new Set(calendars.years[1].off);
const make = new Set(calendars.years[1].work);
export function ledger(from, last) {
  let count = 0;
  return days(from, 60, (date) => date)
    .filter((d) => d <= last)
    .map((date) => {
      const weekend = [0, 6].includes(new Date(date).getUTCDay());
      if (date === from) return { date, status: "start", count: 0, note: "受理当日不计入" };
      if (make.has(date)) return { date, status: "counted", count: ++count, note: "调休上班" };
      if (off.has(date) || weekend)
        return {
          date,
          status: "off",
          count,
          note: off.has(date) ? (date < "2026-09-30" ? "中秋节" : "国庆节") : undefined,
        };
      return { date, status: date === last ? "due" : "counted", count: ++count };
    });
}

export const stages = [
  {
    stage: "formal-review",
    title: "形式审查",
    segment: "受理",
    round: 1,
    entered: "2026-09-07T01:00:00Z",
    left: "2026-09-08T03:00:00Z",
    text: "要求补正",
  },
  {
    stage: "correction",
    title: "补正材料",
    segment: "受理",
    round: 1,
    entered: "2026-09-08T03:00:00Z",
    left: "2026-09-09T07:20:00Z",
    text: "已补正",
  },
  {
    stage: "formal-review",
    title: "形式审查",
    segment: "受理",
    round: 2,
    entered: "2026-09-09T07:20:00Z",
    left: "2026-09-10T02:00:00Z",
    text: "受理",
  },
  { stage: "street-hearing", title: "听取街道意见", segment: "听取意见", round: 1, entered: "2026-09-10T02:00:00Z" },
  { stage: "community-hearing", title: "听取社区意见", segment: "听取意见", round: 1, entered: "2026-09-10T02:00:00Z" },
];
export const stageDefs = [
  ["formal-review", "形式审查", "受理"],
  ["street-hearing", "听取街道意见", "听取意见"],
  ["joint-review", "评估会审", "评估会审"],
  ["decision", "联席会议审定", "审定"],
  ["publication", "公布与下达", "公布"],
  ["funding", "拨付经费", "下达"],
  ["progress", "执行进展", "执行"],
].map(([name, title, segment]) => ({
  name,
  title,
  segment,
  does: title,
  basis: { text: "", tag: "D" },
  seat: { role: "", where: "" },
  options: [],
  escalate_to: { role: "", where: "" },
}));
export const notices = [
  {
    id: "n1",
    case: no,
    title: "关于星梧区社区工作清单(2026.3)变更的公告",
    text: "经准入联席会议审定，「协助秋季小微服务网点摸底登记」列入协助清单，有效期至 2026年12月20日。\n\n未列入清单的工作，社区可以拒绝。",
    from: "2026-10-08T02:00:00Z",
  },
];
export const attachments = [file];

export const other = (kind) => ({
  kind,
  version: 1,
  name: kind === "refusal" ? "拒绝未准入的工作" : "年度清单调整",
  summary: "",
  duration: "",
  prepare: [],
  stages: [],
  schema: read(`../../../procedure/${kind}/form.json`),
  ui: read(`../../../procedure/${kind}/ui.json`),
});
