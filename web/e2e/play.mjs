// Plays the part of a story that a test is not about, through the API, as the people of the demonstration would.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { demoPassword } from "./browser.mjs";

/** The hearing asks these; their streets are asked too. */
const communities = {
  "0101": "sq0101.tao",
  "0102": "sq0102.jiang",
  "0103": "sq0103.qi",
  "0201": "sq0201.xie",
  "0202": "sq0202.zou",
};
const streets = ["jd01.jin", "jd02.wei"];

export const sample = {
  title: "协助 2026 年秋季小微服务网点摸底登记",
  legal: "年度统计调查项目（文号示例）",
  need: "网点分散在小区内",
  content: "引导调查员入户，说明登记用途",
  term: "temporary",
  start: "2026-11-16",
  end: "2026-12-20",
  communities: Object.keys(communities),
  person_days: 12,
  fen: 960_000,
  payer: "申请单位承担",
  training: "半天培训",
  systems: "仅用申请单位系统",
  demands: { plaque: false, body: false, ledger: false, appraisal: false, system: true },
  impact: "入户不超过 15 分钟",
  exit: "到期自动退出",
  contact: "示例-孙一",
};

export class Play {
  #base;
  #cookies = new Map();

  constructor(base) {
    this.#base = `${base}/api/v1`;
  }

  async #cookie(login) {
    if (!this.#cookies.has(login)) {
      const answer = await fetch(`${this.#base}/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ login, password: demoPassword }),
      });
      assert.equal(answer.status, 200, `${login} cannot enter`);
      this.#cookies.set(login, answer.headers.get("set-cookie").split(";")[0]);
    }
    return this.#cookies.get(login);
  }

  async ask(login, method, path, body) {
    const headers = { cookie: await this.#cookie(login) };
    if (method !== "GET") {
      Object.assign(headers, { "Content-Type": "application/json", "Idempotency-Key": randomUUID() });
    }
    const answer = await fetch(this.#base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${login} ${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Files an application and returns its number. */
  async file(form = {}) {
    return (await this.ask("tjj.sun", "POST", "/cases", { kind: "admission", form: { ...sample, ...form } })).number;
  }

  /** Answers the task of a stage that is in the person's court. The answer arrives when the page data have it. */
  async answer(login, number, stage, answer, more = {}) {
    const { tasks } = await this.ask(login, "GET", `/cases/${number}`);
    const task = tasks.find((t) => t.stage === stage && t.state === "open" && t.my);
    assert.ok(task, `${login} has no task of ${stage} in ${number}`);
    await this.ask(login, "POST", `/tasks/${task.id}/actions`, { action: "answer", answer, ...more });
  }

  /** An application that has been accepted; its hearing is open. */
  async accepted(form) {
    const number = await this.file(form);
    await this.answer("office.qian", number, "formal-review", "accept", { opinion: "材料齐全，予以受理。" });
    return number;
  }

  /** An application that six bodies review. */
  async reviewed(form = {}) {
    const number = await this.accepted(form);
    for (const login of streets) {
      await this.answer(login, number, "street-hearing", "agree");
    }
    for (const unit of form.communities ?? sample.communities) {
      await this.answer(communities[unit], number, "community-hearing", "agree");
    }
    return number;
  }
}
