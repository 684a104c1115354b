// A stand-in for the server while working on the console: node e2e/mock/server.mjs [port]. It is not part of the product.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as d from "./data.mjs";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
const csp =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'";
const needs = (x = {}) => ({ opinion: false, attachment: false, target: false, ...x });

export function start(port = 0) {
  const state = {
    now: "2026-09-16T01:30:00Z",
    speed: 1,
    tasks: structuredClone(d.tasks),
    drafts: [],
    files: [...d.attachments],
    events: [...d.events],
  };
  const sessions = new Map();

  const routes = [
    [
      "GET",
      "/demo/accounts",
      () =>
        d.people.map((p) => ({
          login: p.user,
          name: p.name,
          unit_name: p.posts[0].unit_name,
          role_name: p.posts[0].role_name,
          password: "demo",
        })),
    ],
    [
      "POST",
      "/session",
      ({ body, res }) => {
        const person = d.people.find((p) => p.user === body.login);
        if (!person || body.password !== "demo") return problem(401, "session.wrong", "账号或密码不对，请核对后再试。");
        const id = Math.random().toString(36).slice(2);
        sessions.set(id, { person, post: person.posts[0] });
        res.setHeader("Set-Cookie", `s=${id}; Path=/; HttpOnly; SameSite=Lax`);
        return me(sessions.get(id));
      },
    ],
    ["DELETE", "/session", () => null],
    ["GET", "/session", ({ s }) => me(s)],
    [
      "PUT",
      "/session/post",
      ({ s, body }) => {
        s.post = s.person.posts.find((p) => p.id === body.post);
        return me(s);
      },
    ],
    ["GET", "/procedures", ({ s }) => procedures(s)],
    [
      "GET",
      "/procedures/:kind",
      ({ p }) =>
        p.kind !== "admission"
          ? d.other(p.kind)
          : {
              kind: "admission",
              version: 1,
              name: "社区工作准入",
              summary: "",
              duration: "",
              prepare: [],
              stages: d.stageDefs,
              schema: d.schema,
              ui: d.ui,
            },
    ],
    [
      "POST",
      "/procedures/:kind/check",
      ({ p, body }) => (p.kind === "admission" ? check(body.form) : { ok: true, findings: [], hits: [], plan: [] }),
    ],
    ["GET", "/drafts", () => state.drafts],
    [
      "POST",
      "/drafts",
      ({ body }) => {
        const x = {
          id: `d${state.drafts.length + 1}`,
          user: "sun",
          unit: "XW-TJ",
          version: 1,
          saved: state.now,
          ...body,
        };
        state.drafts.push(x);
        return x;
      },
    ],
    [
      "GET",
      "/drafts/:id",
      ({ p }) => state.drafts.find((x) => x.id === p.id) ?? problem(404, "draft.not_found", "没有这份草稿。"),
    ],
    [
      "PUT",
      "/drafts/:id",
      ({ p, body }) => {
        const x = state.drafts.find((y) => y.id === p.id);
        if (x.version !== body.version) return problem(409, "draft.stale", "这份草稿在别处有了更新的内容。");
        return Object.assign(x, body, { version: x.version + 1 });
      },
    ],
    [
      "DELETE",
      "/drafts/:id",
      ({ p }) => {
        state.drafts = state.drafts.filter((x) => x.id !== p.id);
        return null;
      },
    ],
    [
      "POST",
      "/attachments",
      () => {
        const f = { ...d.attachments[0], id: `f${state.files.length + 1}`, name: "上传的文件.pdf" };
        state.files.push(f);
        return f;
      },
    ],
    ["POST", "/cases", () => ({ command: "c1", number: "XW-ZR-2026-014", state: "pending" }), 202],
    ["GET", "/commands/:id", () => ({ id: "c1", state: "done", case: "XW-ZR-2026-014", seq: 1 })],
    ["GET", "/cases", ({ q }) => ({ items: d.cases.filter((c) => matches(c, q)) })],
    ["GET", "/cases/:number", ({ s, p }) => detail(s, p.number)],
    ["GET", "/cases/:number/events", ({ q }) => state.events.filter((e) => e.seq > Number(q.get("after_seq") ?? 0))],
    [
      "GET",
      "/cases/:number/deadlines/:clock",
      ({ p }) => {
        const x = structuredClone(d.deadlines.find((y) => y.clock === p.clock));
        x.deadline.ledger = d.ledger(x.deadline.anchor.slice(0, 10), x.deadline.day);
        return x;
      },
    ],
    ["GET", "/cases/:number/verify", () => ({ ok: true, events: 22, head: "9f2c".repeat(16), broken: [] })],
    [
      "POST",
      "/cases/:number/actions",
      ({ body }) =>
        problem(
          409,
          "case.busy",
          `「${body.action}」暂时不能进行：两位同事同时处理了这件办件，示例-李三 已先一步办理。`,
        ),
    ],
    ["GET", "/tasks", ({ s, q }) => rows(s, q)],
    ["GET", "/tasks/counts", ({ s }) => counts(s)],
    ["POST", "/tasks/:id/actions", ({ s, p, body }) => act(s, p.id, body)],
    [
      "GET",
      "/copies",
      () => ({
        items: [
          {
            id: "k1",
            case: "XW-ZR-2026-006",
            case_title: "高龄津贴资格年审协助",
            kind_name: "社区工作准入",
            to: d.tasks[0].holder,
            why: "附条件准入，供知晓执行进展。",
            from: "示例-李三",
            at: "2026-09-14T02:00:00Z",
          },
        ],
      }),
    ],
    ["POST", "/copies/:id/read", () => null],
    ["GET", "/lists", () => d.lists.map(({ items, ...v }) => v)],
    [
      "GET",
      "/lists/:district/versions/:version",
      ({ p }) => d.lists.find((v) => v.version === p.version) ?? d.lists[0],
    ],
    [
      "GET",
      "/lists/:district/diff",
      ({ q }) => ({ district: "XW", from: q.get("from"), to: q.get("to"), changes: d.changes }),
    ],
    ["GET", "/lists/:district/search", ({ q }) => search(q.get("q"))],
    ["GET", "/units", () => d.unitList],
    ["GET", "/units/:code/people", ({ p }) => d.people.filter((x) => x.posts.some((y) => y.unit === p.code))],
    ["GET", "/users", ({ q }) => d.people.filter((x) => x.name.includes(q.get("text") ?? ""))],
    [
      "GET",
      "/delegations",
      () => ({
        given: [
          {
            id: "g1",
            from: "sun",
            from_name: "示例-孙一",
            to: "shang",
            to_name: "示例-商二",
            kinds: [],
            begin: "2026-09-14",
            end: "2026-09-18",
          },
        ],
        received: [],
      }),
    ],
    ["GET", "/calendars", () => d.calendars],
    [
      "GET",
      "/clock",
      () => ({
        now: state.now,
        speed: 1,
        virtual: true,
        next: { at: "2026-09-17T01:00:00Z", case: "XW-ZR-2026-014", title: "听取街道意见" },
      }),
    ],
    [
      "POST",
      "/clock/jump",
      () => {
        state.now = "2026-09-17T01:00:00Z";
        return {
          now: state.now,
          speed: 1,
          virtual: true,
          next: { at: "2026-09-17T16:00:00Z", case: "XW-ZR-2026-014", title: "听取街道意见" },
        };
      },
    ],
  ].map(([method, path, handler, status]) => ({
    method,
    handler,
    status,
    pattern: new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`),
  }));

  function counts(s) {
    const mine = state.tasks.filter((t) => isMine(s, t) && t.state === "open");
    return {
      todo: mine.length,
      today: 0,
      yellow: mine.filter((t) => t.card === "yellow").length,
      red: 0,
      done: 3,
      started: 4,
      copied: 1,
      overdue: 0,
    };
  }
  function me(s) {
    const menu = ["desk", "launch", "cases", "lists", "notices", "votes", "ops", "stats"];
    if (s.post.role === "admin") menu.push("admin");
    return {
      user: { id: s.person.user, name: s.person.name },
      posts: s.person.posts,
      active: s.post,
      represents: [],
      menu,
      demo: true,
      now: state.now,
      counts: counts(s),
    };
  }
  const isMine = (s, t) => t.holder.unit === s.post.unit && t.holder.role === s.post.role;
  const sentenceOf = (t) =>
    t.state === "done"
      ? { text: `已办：${t.label}。`, parts: [], tone: "done" }
      : t.card === "yellow"
        ? d.sentences.yellow
        : {
            text: "",
            tone: "normal",
            parts: [
              { text: "现在等 " },
              { text: t.holder.unit_name, strong: true },
              { text: ` ${t.does},` },
              { text: "9月17日(周四)", strong: true },
              { text: "前，还剩 " },
              { text: "1 个工作日", strong: true },
              { text: "。" },
            ],
          };
  function rows(s, q) {
    const box = q.get("box") ?? "todo";
    if (box === "overdue") return { items: [] };
    const list = state.tasks
      .filter((t) =>
        box === "todo"
          ? t.state === "open" && (isMine(s, t) || s.post.role === "department.clerk")
          : t.state === "done",
      )
      .filter((t) => !q.get("due") || t.card === q.get("due"));
    return {
      items: list.map((t) => ({ task: { ...t, my: isMine(s, t) }, sentence: sentenceOf(t), actions: offers(s, t) })),
    };
  }
  function offers(s, t) {
    const mine = isMine(s, t) && t.state === "open";
    const why = mine ? undefined : `这件待办由 ${t.holder.unit_name} 办理`;
    const o = (action, label, x = {}, allowed = mine, why_not = why) => ({
      action,
      task: t.id,
      label,
      main: false,
      danger: false,
      allowed,
      ...(allowed ? {} : { why_not }),
      needs: needs(),
      ...x,
    });
    return [
      ...t.options.map((a, i) =>
        o("answer", a.label, {
          answer: a.answer,
          main: i === 0,
          needs: needs({ opinion: a.opinion }),
          next: "下一步：两个街道、三个社区都反馈后转入评估会审，9月18日(周五)起。",
        }),
      ),
      o("transfer", "转办", { needs: needs({ target: true }) }),
      o("delegate", "委派", { needs: needs({ target: true }) }),
      o("add_before", "前加签", { needs: needs({ target: true }) }),
      o("add_after", "后加签", { needs: needs({ target: true }) }),
      o("remove_signer", "减签", {}, false, mine ? "没有可以减去的加签人" : why),
      o("take_back", "撤回", {}, false, "还没有办理，无需撤回"),
      o("urge", "催办", {}, !mine && t.state === "open", mine ? "不能催办自己" : "今天已催办过，明天 09:00 后可以再催"),
    ];
  }
  function detail(s, number) {
    const c = d.cases.find((x) => x.number === number);
    if (!c) return problem(404, "case.not_found", "没有这件办件，或者不在您的查看范围内。");
    const own = number === "XW-ZR-2026-014";
    const tasks = own ? state.tasks.map((t) => ({ ...t, my: isMine(s, t) })) : [];
    const clerk = s.post.role === "department.clerk";
    const of = (action, label, allowed, why_not, x = {}) => ({
      action,
      label,
      main: false,
      danger: false,
      allowed,
      ...(allowed ? {} : { why_not }),
      needs: needs(),
      ...x,
    });
    return {
      case: c,
      procedure: { kind: "admission", name: "社区工作准入", stages: d.stageDefs },
      sentence: d.sentences[c.sentence],
      stages: own ? d.stages : [],
      tasks,
      waits: [],
      deadlines: own ? d.deadlines : [],
      copies: [],
      notices: own ? d.notices : [],
      filing: {
        form: d.filedForm,
        schema: d.schema,
        ui: d.ui,
        attachments: own ? d.attachments : [],
        form_hash: "5d1e".repeat(16),
      },
      actions: [
        ...tasks.filter((t) => t.state === "open").flatMap((t) => offers(s, t)),
        of("withdraw", "撤销申请", clerk, "只有申请人可以撤销", { danger: true, needs: needs({ opinion: true }) }),
        of("copy", "抄送", true, "", { needs: needs({ target: true }) }),
        of("pause", "暂停时钟", s.post.role === "admission.office", "只有准入办可以暂停时钟", {
          needs: needs({
            opinion: true,
            ground: [
              { ground: "review", title: "鉴定" },
              { ground: "hearing", title: "听证" },
            ],
          }),
        }),
        of("resume", "恢复时钟", false, "时钟没有暂停"),
        of("terminate", "终止", false, "只有运行监控岗位可以终止办件", { danger: true }),
      ],
      head: { seq: 22, hash: "9f2c".repeat(16) },
    };
  }
  function act(s, id, body) {
    const t = state.tasks.find((x) => x.id === id);
    if (t.state !== "open")
      return problem(
        409,
        "task.closed",
        "两位同事同时处理了这件待办，示例-周六 已先一步办理。",
        "您填写的意见已保存为草稿。",
      );
    if (body.action === "answer")
      Object.assign(t, {
        state: "done",
        label: t.options.find((o) => o.answer === body.answer).label,
        answer: body.answer,
        opinion: body.opinion,
        actor_name: s.person.name,
        closed_at: state.now,
      });
    state.events.push({
      ...d.events[12],
      seq: state.events.length + 8,
      at: state.now,
      text: `${t.holder.unit_name}:${t.label}。`,
      note: body.opinion,
      actor: { user: s.person.user, name: s.person.name },
    });
    return { command: "c2", state: "done", seq: state.events.length };
  }
  return serve(routes, sessions, port);
}

function procedures(s) {
  const clerk = s.post.role === "department.clerk";
  const community = s.post.role === "community.director";
  return [
    {
      kind: "revision",
      name: "年度清单调整",
      summary: "汇总一年来的变化，公布新版清单。",
      duration: "每年一次",
      prepare: [],
      who_decides: [],
      may_start: s.post.role === "admission.office",
      why_not: "只能由准入办发起。",
    },
    {
      kind: "admission",
      name: "社区工作准入",
      summary: "清单以外的工作，部门须先申请准入、备足经费，经联席会议审定后才能交给社区。",
      duration: "自受理起 15 个工作日内审定；须在开始前 30 个工作日申请",
      prepare: ["法定或政策依据", "每个社区的工作量和经费", "开始与结束日期、退出条件", "培训、物资和系统安排"],
      who_decides: ["准入办", "联审成员", "准入联席会议召集人"],
      may_start: clerk,
      ...(clerk ? {} : { why_not: `「社区工作准入」只能由部门经办人发起，您当前的岗位是${s.post.role_name}。` }),
    },
    {
      kind: "refusal",
      name: "拒绝未经准入的工作",
      summary: "部门直接要求社区承担清单以外的工作时，一键拒绝并出具回执。",
      duration: "即时出具回执",
      prepare: ["要求来自哪个部门", "要求的内容"],
      who_decides: [],
      may_start: community,
      ...(community ? {} : { why_not: "只能由社区主任发起。" }),
    },
  ];
}

function search(q) {
  return d.lists[0].items.flatMap((item) => {
    const words = [...(item.keywords ?? []), "登记", "调查", "纠纷", "执法", "救助"].filter(
      (w) => q.includes(w) && (item.title.includes(w) || item.keywords?.includes(w)),
    );
    return words.length > 0 ? [{ item, words, kind: item.kind }] : [];
  });
}

function check(form) {
  const findings = [];
  const block = (code, field, message) => findings.push({ level: "block", code, field, message });
  for (const f of d.schema.required) {
    if (form[f] === undefined) block("form.required", f, `请填写${d.schema.properties[f].title}`);
  }
  const hits = search(`${form.title ?? ""}${form.content ?? ""}`);
  for (const h of hits) {
    if (h.kind === "negative")
      block(
        "admission.negative_list",
        "title",
        `该事项属于负面清单第 ${h.item.no} 项「${h.item.title}」，不得交由社区办理，不予受理。`,
      );
    else
      findings.push({
        level: "warn",
        code: "admission.on_list",
        field: "title",
        message: `与清单第 ${h.item.no} 项「${h.item.title}」相近：如属同一事项，无须申请准入`,
      });
  }
  if (form.start && form.start < "2026-11-03")
    block("admission.lead", "start", "须在开始前 30 个工作日申请：今天申请，最早可从 2026年11月3日(周二)开始");
  else if (form.start)
    findings.push({ level: "ok", code: "admission.lead", field: "start", message: "早于开始 30 个工作日" });
  const n = form.communities?.length ?? 0;
  return {
    ok: findings.every((f) => f.level !== "block"),
    findings,
    hits,
    plan: [
      ["形式审查", ["区委社会工作部"], "2026-09-21"],
      ["听取意见", ["梧桐里街道办事处", "望潮街道办事处"], "2026-09-29"],
      ["评估会审", ["六部门"], "2026-10-14"],
      ["联席会议审定", ["准入联席会议"], "2026-10-14"],
    ].map(([title, who, due_day]) => ({ stage: title, title, who, due_day, basis: { text: "", tag: "D" } })),
    money: { per_community_fen: form.fen ?? 0, total_fen: (form.fen ?? 0) * n },
  };
}

function matches(c, q) {
  const text = q.get("text");
  return (
    (!text || `${c.number}${c.title}${c.unit_name}${c.initiator_name}`.includes(text)) &&
    (!q.get("card") || c.card === q.get("card")) &&
    (!q.get("state") || c.state === q.get("state"))
  );
}

const problem = (status, code, detail, kept) => ({ problem: true, status, code, detail, kept });

function serve(routes, sessions, port) {
  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://mock");
    res.setHeader("Content-Security-Policy", csp);
    if (!url.pathname.startsWith("/api/")) return file(url.pathname, res);
    const s = sessions.get(/s=(\w+)/.exec(req.headers.cookie ?? "")?.[1]);
    if (url.pathname === "/api/v1/stream") {
      res.writeHead(200, { "Content-Type": "text/event-stream" });
      res.write(": open\n\n");
      return undefined;
    }
    const send = (status, value) => {
      res.writeHead(status, { "Content-Type": "application/json" });
      res.end(value === null ? undefined : JSON.stringify(value));
    };
    for (const r of routes) {
      const match = r.pattern.exec(url.pathname);
      if (!match || r.method !== req.method) continue;
      if (!s && !url.pathname.endsWith("/accounts") && !(req.method === "POST" && url.pathname.endsWith("/session")))
        return send(401, { code: "session.none", detail: "请先登录。" });
      const chunks = [];
      for await (const c of req) chunks.push(c);
      const raw = Buffer.concat(chunks).toString();
      const body = req.headers["content-type"]?.includes("json") && raw ? JSON.parse(raw) : undefined;
      const p = Object.fromEntries(Object.entries(match.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]));
      const answer = r.handler({ s, p, q: url.searchParams, body, res });
      return answer?.problem ? send(answer.status, answer) : send(r.status ?? (answer === null ? 204 : 200), answer);
    }
    return send(404, { code: "not_found", detail: "没有这个地址。" });
  });
  return new Promise((resolve) =>
    server.listen(port, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      }),
    ),
  );
}

function file(path, res) {
  const name = join(dist, path);
  const found = existsSync(name) && statSync(name).isFile() ? name : join(dist, "index.html");
  res.writeHead(200, { "Content-Type": types[extname(found)] ?? "application/octet-stream" });
  createReadStream(found).pipe(res);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start(Number(process.argv[2] ?? 8081));
  console.log(url);
}
