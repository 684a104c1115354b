// Plays a vote of owners through the API where a test is not about a page: the stages around the roll and the window.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { demoPassword } from "./browser.mjs";
import { Play } from "./play.mjs";

export const organiser = "ywh0103.wan";
export const secretary = "sq0103.fu";
export const witness = "sq0103.mei";
export const director = "sq0103.qi";

const matter = {
  animal: "OWNER_278",
  estate: "听雨花园",
  title: "外墙与屋面改造",
  question: "是否同意《听雨花园外墙与屋面改造方案》？",
  effect: "更换外墙保温和屋面防水，预算 60 万元，从住宅专项维修资金列支。",
  rule: "cc278.special",
  counting: "owner",
  buyer_key: "exactSet",
  exclude_parking: true,
  silent: "none",
  revisable: true,
  proposer: "owners_committee",
};

/** Twelve owners in one building and three in another, of 80.00 m² each; the third line can be spoilt, or another. */
export function roll({ spoilt = false, third = "80.00" } = {}) {
  const head = "编号,楼栋,单元,房号,用途,建筑面积（平方米）,面积来源,业主姓名,证件号码,联系方式";
  const lines = Array.from({ length: 15 }, (_, i) => {
    const building = i < 12 ? 1 : 2;
    const room = 101 + (i < 12 ? i : i - 12);
    const area = i === 2 ? (spoilt ? "八十" : third) : "80.00";
    const id = `990101********${String(1001 + i)}`;
    return `${building}-1-${room},${building},1,${room},住宅,${area},登记簿,示例-业主${i + 1},${id},1380000${1001 + i}`;
  });
  return { name: "清册.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${[head, ...lines].join("\r\n")}\r\n`) };
}

/** A poll of households that concerns all residents, held by the residents' committee. */
export const poll = {
  animal: "RESIDENT_POLL",
  affects_all: true,
  estate: "听雨社区",
  title: "楼道照明更新",
  question: "是否同意更新楼道照明？",
  effect: "逐层更换楼道灯，工期 30 日；由区财政补助，居民不出钱。",
  rule: "seed75.of_all",
  counting: "household",
  proposer: "residents_committee",
};

/** The households of that poll: fifteen in two buildings. */
export function households() {
  const lines = Array.from({ length: 15 }, (_, i) => `${i < 12 ? 1 : 2}-1-${101 + i},${i < 12 ? 1 : 2},1,${101 + i},示例-住户${i + 1}`);
  return { name: "清册.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${["编号,楼栋,单元,房号,户代表", ...lines].join("\r\n")}\r\n`) };
}

export class Vote extends Play {
  #base;
  #host;
  number = "";

  /** host organises the vote: the owners' committee, or the residents' committee. */
  constructor(base, host = organiser) {
    super(base);
    this.#base = base;
    this.#host = host;
  }

  /** Proposes the vote; its roll is the next thing to do. */
  async propose(form = {}) {
    await this.submit({ ...matter, ...form });
    await this.decide(director, "committee-advice", "agree");
    await this.decide(secretary, "advice", "agree");
  }

  /** Files a form as it is. */
  async submit(form) {
    this.number = (await this.ask(this.#host, "POST", "/cases", { kind: "consent", form })).number;
  }

  /** Imports the roll where a test is not about that page. */
  async importRoll(file = roll()) {
    const form = new FormData();
    form.append("file", new Blob([file.buffer], { type: file.mimeType }), file.name);
    form.append("accept", "true");
    await this.#send(`/polls/${this.number}/roll`, form);
  }

  /** The personal codes, in the order of the numbers of the voters. */
  async codes() {
    return (await this.ask(this.#host, "POST", `/polls/${this.number}/letters`, {})).items.map((l) => l.code);
  }

  /** Takes the vote from the imported roll to the open window. */
  async open() {
    await this.decide(this.#host, "roll", "publish");
    await this.pass("roll");
    await this.announce();
    await this.reach("open");
  }

  /** Freezes the roll that has been shown, and shows the matter as long as it must be. */
  async announce() {
    await this.decide(this.#host, "roll-objections", "submit");
    await this.decide(this.#host, "scheme", "submit", { files: [await this.attach()] });
    await this.pass("notice");
  }

  /** Lets the window end, and takes the vote to the provisional result. */
  async count() {
    await this.pass("voting");
    await this.tally();
  }

  /** Takes what was cast, or certified, to the provisional result. */
  async tally() {
    await this.decide(this.#host, "count", "submit");
    await this.decide(witness, "witness", "agree");
    await this.reach("counted");
  }

  /** Answers a task as soon as the case has come to it. */
  async decide(login, stage, answer, more) {
    await this.until(`a task of ${stage}`, async () => {
      const { tasks } = await this.ask(login, "GET", `/cases/${this.number}`);
      return tasks.some((t) => t.stage === stage && t.state === "open" && t.my);
    });
    await this.answer(login, this.number, stage, answer, more);
  }

  /** Moves the demonstration's time past the end of a period, and waits until the case has noticed. */
  async pass(clock) {
    const { due } = await this.until(`the period ${clock}`, async () => {
      const d = await this.#deadline(clock);
      return d && d.state !== "stopped" && d.deadline;
    });
    await this.jump(due);
    await this.until(`the end of ${clock}`, async () => (await this.#deadline(clock)).state === "stopped");
  }

  /** Moves the demonstration's time a minute past a moment. */
  async jump(moment) {
    const to = new Date(Date.parse(moment) + 60_000);
    const { now } = await this.ask("ops.bai", "GET", "/clock");
    if (Date.parse(now) < to.getTime()) {
      await this.ask("ops.bai", "POST", "/clock/jump", { to: to.toISOString() });
    }
  }

  board() {
    return this.ask(this.#host, "GET", `/polls/${this.number}`);
  }

  async reach(state) {
    await this.until(`the vote to be ${state}`, async () => {
      const { poll } = await this.board();
      return poll.state === state;
    });
  }

  async #deadline(clock) {
    const { deadlines } = await this.ask(this.#host, "GET", `/cases/${this.number}`);
    return deadlines.findLast((d) => d.clock === clock); // a period may begin anew
  }

  /** Waits for something to be there. */
  async until(what, look) {
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
      const seen = await look();
      if (seen) {
        return seen;
      }
    }
    throw new assert.AssertionError({ message: `waited in vain for ${what}` });
  }

  async attach() {
    const form = new FormData();
    form.append("file", new Blob(["改造方案、预算和费用分摊"], { type: "text/plain" }), "方案.txt");
    return (await this.#send("/attachments", form)).id;
  }

  /** Sends a file as the organiser. */
  async #send(path, form) {
    const json = { "Content-Type": "application/json" };
    const entered = await fetch(`${this.#base}/api/v1/session`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ login: this.#host, password: demoPassword }),
    });
    const answer = await fetch(`${this.#base}/api/v1${path}`, {
      method: "POST",
      headers: { cookie: entered.headers.get("set-cookie").split(";")[0], "Idempotency-Key": crypto.randomUUID() },
      body: form,
    });
    assert.ok(answer.ok, await answer.clone().text());
    return answer.json();
  }
}

/** A picture of one grey point. */
export const photo = {
  name: "表决票照片.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
    "base64",
  ),
};
