// Four things of different kinds stand still. An operator finds, understands and mends them without leaving the page.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choose, chooseUnit, enter, serving, shot } from "./browser.mjs";
import { Play } from "./play.mjs";

let play;
/** The cases: one that is late, one that nobody can act on, one that cannot write, and one that was ended in the engine. */
const at = serving(async (url) => {
  play = new Play(url);
  await late();
  await failing();
  await ended();
  await unmanned();
  await listed(["overdue", "unmanned", "retrying", "disagree"]);
});

const minute = 60_000;
const jump = (time) => play.ask("ops.bai", "POST", "/clock/jump", { to: new Date(time).toISOString() });
const now = async () => Date.parse((await play.ask("ops.bai", "GET", "/clock")).now);
const fault = (name, on, number) =>
  play.ask("ops.bai", "PUT", `/demo/faults/${name}`, number ? { on, case: number } : { on });
const title = { late: "超期的申请", writes: "写不进的申请", gone: "被结束的申请", empty: "没人办的申请" };
const form = (name) => ({ title: title[name], communities: ["0201"], start: "2026-12-14", end: "2027-01-15" });

async function late() {
  const number = await play.file(form("late"));
  const { deadlines } = await play.ask("ops.bai", "GET", `/cases/${number}`);
  await jump(Math.max(...deadlines.map((d) => Date.parse(d.deadline.due))) + minute);
}

let writes;

/** The reminder of one of the next mornings cannot be written. */
async function failing() {
  writes = await play.file(form("writes"));
  await fault("record", true, writes);
  const morning = 61 * minute; // 09:01 in UTC
  for (let day = 0; day < 6; day++) {
    const today = Math.floor((await now()) / (24 * 60 * minute)) * 24 * 60 * minute + morning;
    await jump(today > (await now()) ? today : today + 24 * 60 * minute);
    const inside = () => play.ask("ops.bai", "GET", `/cases/${writes}/inside`);
    if (await soon(async () => (await inside()).pending.length > 0, 2000)) {
      assert.ok(await soon(async () => (await inside()).pending[0].attempt > 2, 20_000));
      return;
    }
  }
  assert.fail("no reminder is due");
}

async function ended() {
  await fault("engine", true, await play.file(form("gone")));
}

async function unmanned() {
  await play.accepted(form("empty"));
  await play.ask("admin.shui", "PUT", "/users/sq0201.xie", { disabled: true });
}

/** Has the detectors look until all kinds are on the list: what a machine does has to last before it counts. */
async function listed(kinds) {
  const found = async () => {
    await play.ask("ops.bai", "POST", "/incidents/sweep", {});
    const { items } = await play.ask("ops.bai", "GET", "/incidents");
    return kinds.every((kind) => items.some((i) => i.kind === kind));
  };
  assert.ok(await soon(found, 60_000), "not everything is found");
}

/** Asks again until the answer is yes; false when the time is over. */
async function soon(ask, limit) {
  const end = Date.now() + limit;
  while (!(await ask())) {
    if (Date.now() > end) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return true;
}

const item = (page, words) => page.locator(".ops-item", { hasText: words });
const drawer = (page) => page.locator(".ant-drawer-open .incident");

/** Opens a line, reads in one sentence what is wrong and since when, and mends it. */
async function mend(page, line, { says, remedy, fill, outcome }) {
  await item(page, line).getByRole("button").click();
  await drawer(page).locator(".sentence-large", { hasText: says }).waitFor();
  await drawer(page).getByRole("button", { name: remedy, exact: true }).first().click();
  await fill?.();
  await page.locator("#remedy-reason").fill("原因已查明，现予处置。");
  await drawer(page).locator(".ops-form .ant-btn-primary").click();
  await drawer(page).locator(".ops-outcome", { hasText: outcome }).waitFor();
  await drawer(page).locator(".incident-history", { hasText: "原因已查明" }).waitFor();
  await shot(page, `stuck-${remedy}`);
  await page.keyboard.press("Escape");
  await drawer(page).waitFor({ state: "detached" });
}

describe("four kinds of standstill, one visit", () => {
  it("finds, understands and mends them without leaving the page", () =>
    at.visit("wide", async (page) => {
      const paths = new Set();
      await enter(page, "ops.bai", "/ops");
      page.on("framenavigated", (f) => f === page.mainFrame() && paths.add(new URL(f.url()).pathname));
      await page.evaluate(() => {
        window.stayed = true;
      });
      await shot(page, "stuck-list");

      await mend(page, title.late, {
        says: /超期 \d+ 个工作日未办「形式审查」/,
        remedy: "延期",
        fill: () => page.locator("#days").fill("3"),
        outcome: "原因已消除",
      });
      await item(page, title.late).waitFor({ state: "detached" });

      await mend(page, "示例-谢潮", {
        says: "无人可办",
        remedy: "改派",
        fill: async () => {
          await chooseUnit(page, page.locator("#target-unit"), "潮声社区");
          await choose(page, page.getByRole("combobox", { name: "岗位或人员" }), /^示例-裴书$/);
        },
        outcome: "原因已消除",
      });
      await item(page, "示例-谢潮").waitFor({ state: "detached" });

      await mend(page, title.gone, { says: "引擎显示已被强行结束", remedy: "校正", outcome: "已办 1 件" });

      await fault("record", false, writes); // the disk is there again, and the engine may find that out before the operator
      const outcome = /已办 1 件|没有一件办成；原因/;
      await mend(page, title.writes, { says: /「写入记录」第 \d+ 次重试仍失败/, remedy: "立即重试", outcome });

      // What a machine did has to be quiet for a while before it is over: the demonstration's time moves on.
      const sweep = page.getByRole("button", { name: "立即检测" });
      await sweep.click();
      await jump((await now()) + 2 * minute);
      const empty = page.getByText("没有卡住的办件");
      assert.ok(
        await soon(async () => {
          await sweep.click();
          return empty.isVisible();
        }, 90_000), // an activity that came to its end only after the jump is quiet for half a minute more
        "something is left on the list",
      );
      await shot(page, "stuck-empty");
      // An incident has an address of its own, at which the list stays.
      for (const path of paths) {
        assert.match(path, /^\/ops(\/[a-z0-9]{16,})?$/, "the page was left");
      }
      assert.ok(await page.evaluate(() => window.stayed), "the page was loaded again");
    }));
});
