// Many cases that stand still for one reason are dealt with at once: what would happen to each is read first, then it is done, and
// each has its result.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
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

/** Applications that wait for their formal review. */
async function fileMany(n, title) {
  const numbers = [];
  while (numbers.length < n) {
    const some = Array.from({ length: Math.min(10, n - numbers.length) }, (_, i) => `${title}之 ${numbers.length + i + 1}`);
    numbers.push(...(await Promise.all(some.map((t) => play.file({ title: t })))));
  }
  return numbers;
}

/** Asks again until the answer is yes; false when the time is over. */
async function soon(ask, limit) {
  for (const end = Date.now() + limit; Date.now() < end; await pause(300)) {
    if (await ask()) {
      return true;
    }
  }
  return false;
}

/** Shows the cases of one result. */
async function only(page, words) {
  await page.getByRole("combobox", { name: "按结果筛选" }).click();
  await page.locator(".ant-select-dropdown:visible").getByText(words).click();
  await page.locator(".ant-select-dropdown:visible").waitFor({ state: "hidden" });
}

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
    await only(page, "略过 1 件");
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

  visit("is stopped and resumed by hand while it runs, and each case has its own result", async (page) => {
    const many = 120; // it runs for some seconds
    await fileMany(many, "停得住的一件");
    await enter(page, "ops.bai", "/ops/batches/new?from=cases&text=停得住");
    await page.getByRole("radio", { name: /^催办/ }).check();
    await page.locator("#batch-reason").fill("系统停机两日，提醒各家抓紧。");
    await page.getByRole("button", { name: "选定并预演" }).click();
    await page.getByText(`共 ${many} 件，将处置 ${many} 件。`).waitFor();
    await page.getByRole("button", { name: `开始执行 ${many} 件` }).click();
    await page.locator(".ant-modal-confirm").getByRole("button", { name: "开始执行" }).click();
    await page.getByRole("button", { name: "停止", exact: true }).click();
    await page.locator(".tag", { hasText: "已停止" }).waitFor();

    const number = page.url().split("/").at(-1);
    const counted = async () => (await play.ask("ops.bai", "GET", `/batches/${number}`)).counts;
    await page.getByRole("button", { name: "继续执行" }).waitFor();
    // The case whose turn it was comes to its end, and the page says so by itself.
    const { planned, done } = await counted();
    assert.ok(planned > 0 && done + planned === many, `it was over before it was stopped: ${done} done`);
    await page.getByText(`共 ${many} 件，将处置 ${planned} 件，已办 ${done} 件`).waitFor({ timeout: 20_000 });
    await only(page, `将处置 ${planned} 件`);
    await page.locator(".batch-item").first().getByText(/催办：「形式审查」，现由.+办理。/).waitFor();
    await both(page, "batch-stopped");
    assert.deepEqual(await counted(), { total: many, planned, sent: 0, done, skipped: 0, failed: 0 }, "it does not stand still");

    await page.getByRole("button", { name: "继续执行" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(`共 ${many} 件，已办 ${many} 件`).waitFor({ timeout: 60_000 });
    await page.getByText("没有这种结果的办件").waitFor();
    await only(page, `已办 ${many} 件`);
    await page.getByRole("button", { name: "加载更多" }).click();
    await page.locator(".batch-item").nth(many - 1).waitFor();
    assert.equal(await page.locator(".batch-item", { hasText: "已催办。" }).count(), many);
    for (const what of ["停止", "继续执行", "执行完：每一件都有了结果。"]) {
      await page.locator(".incident-history", { hasText: what }).waitFor();
    }
  });

  visit("sends again what one wrong number kept from arriving", async (page) => {
    const texts = { channels: ["sms"], phone: "13800000000", quiet: false, from: "21:00", to: "08:00", digest: false };
    await play.ask("wjj.wu", "PUT", "/me/notify", texts);
    const numbers = await fileMany(3, "短信没有送达");
    const fault = (on, number) => play.ask("ops.bai", "PUT", "/demo/faults/delivery", { on, case: number });
    for (const number of numbers) {
      await fault(true, number);
      const copy = { action: "copy", target: { unit: "XW-WJJ", user: "wjj.wu" } };
      await play.ask("tjj.sun", "POST", `/cases/${number}/actions`, copy);
    }
    await enter(page, "ops.bai", "/ops?kind=undelivered");
    const item = page.locator(".ops-item", { hasText: "号码是空号" });
    const failed = async () => {
      const all = await Promise.all(numbers.map((n) => play.ask("ops.bai", "GET", `/cases/${n}/deliveries?limit=200`)));
      return all.every(({ items }) => items.some((d) => d.state === "failed"));
    };
    assert.ok(await soon(failed, 60_000), "nothing has failed");
    await page.getByRole("button", { name: "立即检测" }).click();
    await item.getByRole("button").click();
    await page.getByRole("link", { name: "批量处置这 3 件…" }).click();
    await page.getByRole("radio", { name: /^重新发送/ }).check();
    await page.locator("#batch-reason").fill("短信平台已恢复。");
    await page.getByRole("button", { name: "选定并预演" }).click();
    await page.getByText("共 3 件，将处置 3 件。还没有做任何事。").waitFor();
    await line(page, numbers[0]).getByText("重新发送：没有送达的通知 1 条。").waitFor();
    await both(page, "batch-redeliver");
    for (const number of numbers) {
      await fault(false, number);
    }
    await page.getByRole("button", { name: "开始执行 3 件" }).click();
    await page.locator(".ant-modal-confirm").getByRole("button", { name: "开始执行" }).click();
    await page.getByText("共 3 件，已办 3 件").waitFor({ timeout: 60_000 });
    await line(page, numbers[0]).getByText("已重新发送。").waitFor();
  });

  visit("waits for a second person before what cannot be undone; who only watches presses nothing", async (page) => {
    await enter(page, "ops.bai", "/cases?text=网点摸底之 1");
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
