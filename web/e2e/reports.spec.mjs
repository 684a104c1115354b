// What falls due, and how long things took: the board of deadlines leads to the cases, the report to a workbook; both are filtered in
// the address, by keyboard, at the desk and on a phone.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both } from "./access.mjs";
import { enter, serving } from "./browser.mjs";
import { Play } from "./play.mjs";

/** An application that has been accepted: the hearing is asked of two communities and their street. */
let kase;

const at = serving(async (url) => {
  kase = await new Play(url).accepted({ title: "协助入户登记", start: "2026-12-14", end: "2027-01-15" });
});

describe("期限看板和效能报表", () => {
  const visit = (name, work) => it(name, () => at.visit("wide", work));

  visit("shows what falls due by unit and day, and leads to the case", async (page) => {
    await enter(page, "ops.bai", "/deadlines");
    await page.locator(".sentence-large", { hasText: /今天起 14 天内到期 [1-9]\d* 件/ }).waitFor();
    const row = page.getByRole("row", { name: /^梧桐里街道/ });
    const cell = row.getByRole("button").first();
    await both(page, "deadlines");
    await cell.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/column=2026-\d\d-\d\d&holder=XW-01/);
    const tasks = page.locator(".due-tasks li", { hasText: kase });
    await tasks.getByText("听取街道意见", { exact: true }).waitFor();
    await tasks.getByText("上海市街道办事处条例第十条").waitFor();
    await both(page, "deadlines-cell");
    await tasks.getByRole("link", { name: "协助入户登记" }).click();
    await page.waitForURL(`**/cases/${kase}`);
    await page.goBack();
    await tasks.getByText("听取街道意见", { exact: true }).waitFor(); // the address still says which cell
  });

  visit("shows a street its own units only", async (page) => {
    await enter(page, "jd02.wei", "/deadlines?days=30");
    await page.locator(".sentence-large", { hasText: "今天起 30 天内" }).waitFor();
    assert.equal(await page.getByText("梧桐里街道").count(), 0);
    assert.equal(await page.getByRole("row", { name: /准入/ }).count(), 0);
  });

  visit("reports how long stages took on their diagram, and exports it", async (page) => {
    await enter(page, "ops.bai", "/reports");
    await page.locator(".sentence-large", { hasText: /办结 [1-9]\d* 件：中位数 \d+ 个工作日/ }).waitFor();
    const stage = page.locator(".heat-stage", { hasText: "形式审查" });
    assert.match((await stage.textContent()) ?? "", /限 3.*[1-9]\d* 件.*用到期限的一半以内/);
    await page.locator(".ant-table-row", { hasText: "形式审查" }).first().getByRole("button").click();
    await page.locator(".ant-table-expanded-row").getByText("社会工作部").first().waitFor();
    assert.equal(await page.getByText(/示例-/).filter({ visible: true }).count(), 1, "nobody but oneself is named");
    await both(page, "reports");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "导出 Excel" }).click();
    const file = await coming;
    assert.match(file.suggestedFilename(), /^效能报表 .*\.xlsx$/);

    await page.getByRole("combobox", { name: "期间" }).press("Enter");
    await page.locator(".ant-select-dropdown:visible").getByText("2026 年第二季度").click();
    await page.waitForURL(/from=2026-04-01&to=2026-06-30/);
    await page.getByText("这段时间没有办结的待办").waitFor();
    await both(page, "reports-empty");
  });
});
