// What stands still, on the page of an operator: it is found, understood and mended without leaving the page, and whoever is
// waited for is told.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both } from "./access.mjs";
import { choose, chooseUnit, enter, serving, shot, sizes, told } from "./browser.mjs";
import { Play } from "./play.mjs";

/** An application whose formal review is late, and one that asks two communities in which nobody can act any more. */
let late;
let empty;
let play;

const at = serving(async (url) => {
  play = new Play(url);
  late = await play.file({ title: "协助秋季网点摸底" });
  const { deadlines } = await play.ask("ops.bai", "GET", `/cases/${late}`);
  const due = Math.max(...deadlines.map((d) => Date.parse(d.deadline.due)));
  await play.ask("ops.bai", "POST", "/clock/jump", { to: new Date(due + 60_000).toISOString() });
  empty = await play.accepted({ title: "协助入户登记", start: "2026-12-14", end: "2027-01-15" });
  for (const user of ["sq0101.tao", "sq0102.jiang"]) {
    await play.ask("admin.shui", "PUT", `/users/${user}`, { disabled: true });
  }
});

const item = (page, words) => page.locator(".ops-item", { hasText: words });
const drawer = (page) => page.locator(".ant-drawer-open .incident");

/** Opens what stands still, with the sentence first. */
async function look(page, words) {
  await item(page, words).getByRole("button").click();
  await drawer(page).locator(".sentence-large").waitFor();
}

async function remedy(page, name, fill) {
  await drawer(page).getByRole("button", { name, exact: true }).first().click();
  await fill?.();
  await page.locator("#remedy-reason").fill("电话联系过，请尽快办理。");
  await drawer(page).locator(".ops-form .ant-btn-primary").click();
}


describe("运行监控", () => {
  const visit = (name, work) => it(name, () => at.visit("wide", work));

  visit("says in one sentence what is late, and 催办 reaches whoever is waited for", async (page) => {
    await enter(page, "ops.bai", "/ops");
    await page.getByRole("button", { name: "立即检测" }).click();
    await item(page, late).waitFor();
    await both(page, "ops");
    await page.getByRole("button", { name: /^超期未办/ }).click();
    await page.waitForURL("**/ops?kind=overdue");
    await look(page, late);
    await drawer(page).locator(".sentence-large", { hasText: /超期 \d+ 个工作日未办「形式审查」/ }).waitFor();
    await drawer(page).locator(".incident-cases a").waitFor();
    await both(page, "ops-incident");
    await remedy(page, "催办");
    await drawer(page).locator(".ops-outcome", { hasText: "已催办" }).waitFor();
    await drawer(page).locator(".incident-history", { hasText: "电话联系过" }).waitFor();

    await enter(page, "office.qian");
    await page.getByRole("button", { name: /^消息，[1-9]/ }).click();
    await page.locator(".message", { hasText: "催办" }).first().waitFor();
    await both(page, "inbox");
    await page.getByRole("link", { name: "通知设置" }).click();
    await page.getByRole("checkbox", { name: /^免打扰/ }).check();
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await told(page, "通知设置已保存");
    await both(page, "notify");
  });

  visit("shows whether the machine is well, and a case from the inside", async (page) => {
    await enter(page, "ops.bai", "/ops/health");
    await page.locator(".ops-verdict-word").waitFor();
    await page.locator(".ant-table-row", { hasText: "超期未办" }).waitFor();
    const panel = (name) => page.getByRole("region", { name, exact: true });
    const lines = (row) => panel("程序与队列").getByRole("row").filter({ hasText: row });
    for (const queue of ["办件", "例行"]) {
      for (const kind of ["流程", "动作"]) {
        await lines(queue).filter({ hasText: kind }).filter({ hasText: /[1-9]\d* 个/ }).waitFor();
      }
    }
    await panel("程序与队列").getByText(/ · 进程 \d+/).waitFor();
    await panel("程序与队列").getByText(/取「办件」「例行」，\d+ 秒前来取过/).waitFor();
    await panel("数据库").getByText(/SQLite 3\.\d+/).waitFor();
    await panel("数据库").locator("li", { hasText: "数据滞后" }).getByText(/^\d+ 秒$/).waitFor();
    await panel("流程引擎").getByText("gongzhi", { exact: true }).waitFor();
    assert.equal(await page.locator(".ops-trouble-down").count(), 0, "the worker is alive");
    await both(page, "health");
    await page.setViewportSize(sizes.phone);
    await lines(/办件\s*流程任务/).filter({ hasText: /[1-9]\d* 个\s*\d+ 秒前/ }).waitFor();
    await panel("数据库").getByText("数据滞后").waitFor();
    await page.setViewportSize(sizes.wide);

    // A part that has no answer says so itself and in the verdict; the others are there.
    await page.route("**/api/v1/ops/health", async (route) => {
      const answer = await route.fetch();
      const health = await answer.json();
      health.engine = { error: "流程引擎在 2 秒内没有回答。" };
      health.queues[0].lanes = health.queues[0].lanes.map((l) => ({ ...l, state: "deserted", workers: [] }));
      await route.fulfill({ response: answer, json: health });
    });
    await page.reload();
    const verdict = page.locator(".ops-verdict-down");
    for (const [where, words] of [
      ["流程引擎", "流程引擎在 2 秒内没有回答。"],
      ["程序与队列", "没有程序在取「办件」的任务"],
    ]) {
      await panel(where).getByText(words).waitFor();
      await verdict.getByText(words).waitFor();
    }
    await panel("数据库").getByText(/SQLite 3\.\d+/).waitFor();
    await both(page, "health-ill");
    await page.unroute("**/api/v1/ops/health");
    await page.goto(`/cases/${late}?tab=inside`);
    await page.locator(".inside").getByText("运行中").waitFor();
    await page.locator(".inside-lines", { hasText: "催办" }).waitFor();
    await shot(page, "inside-wide");
  });

  visit("keeps a filter under a name, which a link opens for somebody else", async (page) => {
    await enter(page, "ops.bai", "/ops?kind=overdue");
    await page.getByRole("button", { name: "视图" }).click();
    await page.getByLabel("视图的名称").fill("超期的");
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await told(page, "视图已保存");
    const link = await page.getByRole("link", { name: "超期的" }).getAttribute("href");
    await enter(page, "audit.dou", link);
    await page.waitForURL("**/ops?kind=overdue");
    await item(page, late).waitFor();
    // An auditor reads, and is told why nothing can be pressed.
    await item(page, late).getByRole("button", { name: /^查看/ }).click();
    const urge = drawer(page).getByRole("button", { name: "催办", exact: true });
    assert.equal(await urge.getAttribute("aria-disabled"), "true");
    assert.equal(await page.getByRole("button", { name: "立即检测" }).count(), 0);
    // What somebody else does shows by itself.
    const [{ id, version }] = (await play.ask("ops.bai", "GET", `/incidents?case=${late}`)).items;
    await play.ask("ops.bai", "POST", `/incidents/${id}/acknowledge`, { version });
    await drawer(page).locator(".incident-history", { hasText: "已知悉" }).waitFor();
    await item(page, late).getByText("已知悉").waitFor();
  });

  visit("gives what nobody can do to somebody else, and it is mended", async (page) => {
    await enter(page, "ops.bai", `/ops?case=${empty}`);
    await look(page, "示例-陶槐");
    await remedy(page, "改派", async () => {
      await chooseUnit(page, page.locator("#target-unit"), "梧桐里街道");
      await choose(page, page.getByRole("combobox", { name: "岗位或人员" }), /^示例-金街$/);
    });
    await drawer(page).locator(".ops-outcome-good", { hasText: "原因已消除" }).waitFor();
    await drawer(page).getByText("已解决", { exact: false }).first().waitFor();
    await page.keyboard.press("Escape");
    await item(page, "示例-陶槐").waitFor({ state: "detached" });
  });

  visit("gives a late task more time by keyboard alone, and it is mended", async (page) => {
    await enter(page, "ops.bai", `/ops?case=${late}`);
    const reach = async (wanted) => {
      await wanted.waitFor();
      for (let n = 0; n < 60; n++) {
        if (await wanted.evaluate((e) => e === document.activeElement)) {
          return;
        }
        await page.keyboard.press("Tab");
      }
      assert.fail("cannot be reached with the Tab key");
    };
    await reach(item(page, late).getByRole("button"));
    await page.keyboard.press("Enter");
    await reach(drawer(page).getByRole("button", { name: "延期", exact: true }));
    await page.keyboard.press("Enter");
    await reach(page.locator("#days"));
    await page.keyboard.type("3");
    await reach(page.locator("#remedy-reason"));
    await page.keyboard.type("材料较多，已与本人沟通。");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await drawer(page).locator(".ops-outcome-good", { hasText: "原因已消除" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("没有符合条件的卡点").waitFor();
  });

  visit("waits for a second person before what cannot be undone", async (page) => {
    await enter(page, "ops.bai", `/ops?case=${empty}`);
    await look(page, "示例-姜");
    await remedy(page, "退回到环节", async () => {
      await choose(page, page.getByRole("combobox", { name: "退回到" }), "形式审查");
      await page.getByRole("radio", { name: /^重走/ }).check();
    });
    await drawer(page).locator(".ops-outcome-waiting").waitFor();
    await page.goto("/ops");
    const mine = page.locator(".ops-proposals li", { hasText: empty });
    await mine.getByText("要由另一位同事").waitFor();
    assert.equal(await mine.getByRole("button").count(), 0);

    await enter(page, "dc.hua", "/ops");
    const theirs = page.locator(".ops-proposals li", { hasText: empty });
    await theirs.getByRole("button", { name: "同意并执行" }).click();
    await theirs.getByRole("textbox").fill("情况属实。");
    await shot(page, "ops-second");
    await theirs.locator(".ant-btn-primary").click();
    await page.locator(".ops-outcome-good", { hasText: "原因已消除" }).waitFor();
    await item(page, "示例-姜").waitFor({ state: "detached" });
  });
});
