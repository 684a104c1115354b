// Many cases that stand still for one reason are dealt with at once: what would happen to each is read first, then it is done, and
// each has its result.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both } from "./access.mjs";
import { enter, serving } from "./browser.mjs";
import { Play } from "./play.mjs";

let play;
const late = [];

const at = serving(async (url) => {
  play = new Play(url);
  for (let n = 1; n <= 8; n++) {
    late.push(await play.file({ title: `协助秋季网点摸底之 ${n}` }));
  }
  const { deadlines } = await play.ask("ops.bai", "GET", `/cases/${late[0]}`);
  const due = Math.max(...deadlines.map((d) => Date.parse(d.deadline.due)));
  await play.ask("ops.bai", "POST", "/clock/jump", { to: new Date(due + 60_000).toISOString() });
  await play.ask("ops.bai", "POST", "/incidents/sweep", {});
});

const line = (page, number) => page.locator(".batch-item", { hasText: number });

describe("批量处置", () => {
  const visit = (name, work) => it(name, () => at.visit("wide", work));

  visit("says from the list what would happen to each, does it, and gives each its result", async (page) => {
    await enter(page, "ops.bai", "/ops/batches");
    await page.getByText("还没有批量处置").waitFor();
    await page.goto("/ops?kind=overdue");
    await page.getByRole("button", { name: "批量处置…" }).click();
    await page.waitForURL("**/ops/batches/new?from=incidents&kind=overdue");
    await page.getByRole("radio", { name: /^催办/ }).check();
    await page.getByRole("button", { name: "选定并预演" }).click();
    await page.locator(".ant-alert", { hasText: "请填写" }).waitFor();
    await page.locator("#batch-reason").fill("月底前要办结，请抓紧。");
    await both(page, "batch-new");
    await page.getByRole("button", { name: "选定并预演" }).click();
    await page.getByText("共 8 件，将处置 8 件。还没有做任何事。").waitFor();
    await line(page, late[0]).getByText(/催办：「形式审查」，现由.+办理。/).waitFor();
    await both(page, "batch-draft");
    // One is accepted in the meantime: it does not wait there any more when its turn comes.
    await play.answer("office.qian", late[7], "formal-review", "accept", { opinion: "材料齐全，予以受理。" });

    await page.getByRole("button", { name: "开始执行 8 件" }).click();
    await page.locator(".ant-modal-confirm").getByRole("button", { name: "开始执行" }).click();
    await page.getByText("共 8 件，已办 7 件，略过 1 件").waitFor({ timeout: 60_000 });
    await page.locator(".tag", { hasText: "已执行完" }).waitFor();
    await line(page, late[0]).getByText("已催办。").waitFor();
    await both(page, "batch-done");
    await page.getByRole("combobox", { name: "按结果筛选" }).click();
    await page.locator(".ant-select-dropdown:visible").getByText("略过 1 件").click();
    await line(page, late[0]).waitFor({ state: "detached" });
    await line(page, late[7]).getByText("略过").waitFor();
    assert.equal(await page.locator(".batch-item").count(), 1);
    // It is in the record of each, in the name of whoever ran it.
    await page.goto(`/cases/${late[0]}`);
    await page.getByText("月底前要办结").first().waitFor();
    const events = await play.ask("ops.bai", "GET", `/cases/${late[0]}/events?limit=200`);
    assert.deepEqual(
      events.filter((e) => e.type === "task.urged").map((e) => e.actor.user),
      ["ops.bai"],
    );
  });

  visit("stands still when it is stopped, and is resumed from the page", async (page) => {
    const b = await play.ask("ops.bai", "POST", "/batches", {
      cases: { stage: "formal-review" },
      remedy: "extend",
      days: 2,
      reason: "系统停机两日",
    });
    const running = await play.ask("ops.bai", "POST", `/batches/${b.id}/run`, { version: b.version });
    await play.ask("ops.bai", "POST", `/batches/${b.id}/stop`, { version: running.version });
    await enter(page, "ops.bai", `/ops/batches/${b.id}`);
    await page.locator(".tag", { hasText: "已停止" }).waitFor();
    await both(page, "batch-stopped");
    await page.getByRole("button", { name: "继续执行" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("共 7 件，已办 7 件").waitFor({ timeout: 60_000 });
    await page.locator(".incident-history", { hasText: "继续执行" }).waitFor();
  });

  visit("waits for a second person before what cannot be undone; who only watches presses nothing", async (page) => {
    await enter(page, "ops.bai", "/cases?text=之 1");
    await page.getByRole("button", { name: "批量处置…" }).click();
    await page.waitForURL("**/ops/batches/new?from=cases**");
    await page.getByRole("radio", { name: /^终止办件/ }).check();
    await page.locator("#batch-reason").fill("区划调整，事项取消。");
    await page.getByRole("button", { name: "选定并预演" }).click();
    await page.getByText("要由另一位同事").waitFor();
    await page.getByText("还没有做任何事").waitFor();
    assert.equal(await page.getByRole("button", { name: /开始执行/ }).count(), 0);
    const address = new URL(page.url()).pathname;

    await enter(page, "audit.dou", "/ops/batches");
    await page.locator(".batch-line", { hasText: "终止办件" }).getByText("待复核").waitFor();
    await both(page, "batches");
    await page.goto(address);
    await page.locator(".batch-item").first().waitFor();
    assert.equal(await page.getByRole("button", { name: /执行|停止|复核/ }).count(), 0);

    await enter(page, "dc.hua", address);
    await page.locator("#batch-second").fill("文件已核对。");
    await both(page, "batch-second");
    await page.getByRole("button", { name: "复核同意" }).click();
    await page.locator(".incident-history", { hasText: "复核同意" }).waitFor();

    await enter(page, "ops.bai", address);
    await page.getByRole("button", { name: "开始执行 1 件" }).click();
    await page.locator(".ant-modal-confirm").getByRole("button", { name: "开始执行" }).click();
    await page.getByText("共 1 件，已办 1 件").waitFor({ timeout: 60_000 });
    const { case: ended } = await play.ask("ops.bai", "GET", `/cases/${late[0]}`);
    assert.equal(ended.state, "terminated");
  });
});
