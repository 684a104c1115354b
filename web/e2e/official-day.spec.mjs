// An official's day in the browser, at the desk (1280 px) and on a phone (390 px). It starts a fresh demonstration
// of bin/gongzhi by itself; BASE_URL names another one.
// Screenshots are kept in e2e/artifacts.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serving, shot } from "./browser.mjs";

const at = serving();

/** Signs in by one click, found by unit and post as a visitor of the demonstration would. */
async function signIn(page, words) {
  await page.goto("/login");
  await page.getByLabel("查找演示账号").fill(words);
  const account = page.locator(".login-account").first();
  await account.waitFor();
  await account.click();
  if (process.env.DEMO_PASSWORD && page.url().includes("/login")) {
    await page.getByLabel("密码", { exact: true }).fill(process.env.DEMO_PASSWORD);
    await page.getByRole("button", { name: "登录", exact: true }).click();
  }
  await page.waitForURL("**/desk");
  await page.getByRole("heading", { name: "工作台" }).waitFor();
}

async function fillIn(page) {
  await page.goto("/launch/admission");
  await page.locator("#f_title").fill("协助 2026 年秋季小微服务网点摸底登记");
  await page.locator("#f_legal").fill("年度统计调查项目（文号示例），不含执法");
  await page.locator("#f_need").fill("网点分散，社区熟悉地址");
  await page.locator("#f_content").fill("陪同统计员入户，核对网点地址和联系人，不代填表格");
  await pickDay(page, "#f_start", "2026-11-16");
  await pickDay(page, "#f_end", "2026-12-20");
  await page.getByRole("button", { name: "全选" }).click();
  await page.locator("#f_person_days").fill("12");
  await page.locator("#f_fen").fill("9600");
  await page.locator("#f_payer").fill("星梧区统计局");
  await page.locator("#f_exit").fill("12月20日到期自动退出；抽查发现加码即撤销");
  await page.locator("#f_contact").fill("示例-孙一");
  await page.locator("#f_contact").blur();
}

async function pickDay(page, field, day) {
  const input = page.locator(field);
  await input.fill(day);
  await input.press("Enter");
}

for (const size of ["wide", "phone"]) {
  describe(`${size}`, () => {
    const visit = (work) => at.visit(size, work);

    it("signs in, and out of a page that needs it back to it", () =>
      visit(async (page) => {
        await page.goto("/cases?text=2026");
        await page.waitForURL("**/login?next=**");
        await shot(page, `login-${size}`);
        await signIn(page, "统计局 经办");
        await shot(page, `desk-${size}`);
      }));

    it("blocks what is on the negative list and says so while it is typed", () =>
      visit(async (page) => {
        await signIn(page, "统计局 经办");
        await page.goto("/launch/admission");
        await page.locator("#f_title").fill("组织商户提高扫码率");
        await page.locator("#f_content").fill("督促商户扫码率达到 95%");
        await page.locator("#f_content").blur();
        await page.locator(".finding", { hasText: "负面清单" }).first().waitFor();
        const submit = page.getByRole("button", { name: "提交申请" });
        assert.equal(await submit.getAttribute("aria-disabled"), "true");
        await shot(page, `negative-${size}`);
      }));

    it("files an application and finds it again", () =>
      visit(async (page) => {
        await signIn(page, "统计局 经办");
        await fillIn(page);
        await page.getByText(/^已保存 \d\d:\d\d$/).waitFor();
        await page.locator(".finding").first().waitFor();
        await shot(page, `form-${size}`);
        const submit = page.getByRole("button", { name: "提交申请" });
        await page.waitForFunction((b) => b?.getAttribute("aria-disabled") !== "true", await submit.elementHandle());
        await submit.click();
        await page.waitForURL("**/cases/*-ZR-*");
        await page.locator(".sentence-large").waitFor();
        await shot(page, `case-${size}`);
        await page.getByRole("tab", { name: /期限/ }).click();
        await page.locator(".ledger td").first().waitFor();
        await shot(page, `deadlines-${size}`);
        await page.getByRole("link", { name: "打印审批表" }).click();
        await page.locator(".sheet table").first().waitFor();
        await shot(page, `print-${size}`);
      }));

    it("decides a task from the desk", () =>
      visit(async (page) => {
        await signIn(page, "准入办");
        const task = page.locator(".task", { has: page.locator(".ant-btn-primary") }).first();
        await task.locator(".ant-btn-primary").click();
        await page.locator(".answer").first().click();
        await page.locator("#opinion").fill("材料齐全，同意。");
        await shot(page, `decide-${size}`);
        await page.locator(".act-buttons .ant-btn-primary").click();
        await page.locator(".act").waitFor({ state: "detached" });
        await page.locator(".event-note", { hasText: "材料齐全" }).first().waitFor();
        await shot(page, `decided-${size}`);
      }));

    it("answers whether something may be asked of a community", () =>
      visit(async (page) => {
        await signIn(page, "槐荫");
        await page.goto("/lists");
        await page.getByLabel("描述这件工作").fill("统计商户扫码率");
        await page.locator(".verdict-no").waitFor();
        await shot(page, `lists-${size}`);
      }));

    it("shows every list with its filters in the address", () =>
      visit(async (page) => {
        await signIn(page, "统计局 经办");
        await page.goto("/cases?text=没有这样的办件");
        await page.getByText("没有符合条件的办件").waitFor();
        await page.getByRole("button", { name: "清除筛选" }).click();
        await page.waitForURL("**/cases");
        await shot(page, `cases-${size}`);
      }));

    it("can be used by keyboard alone", () =>
      visit(async (page) => {
        await signIn(page, "统计局 经办");
        await page.goto("/cases");
        await page.getByRole("heading", { name: "办件" }).waitFor();
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "跳到正文");
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(() => {
          const style = getComputedStyle(
            document.activeElement?.closest(".ant-input-affix-wrapper") ?? document.activeElement,
          );
          return style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderColor !== "";
        });
        assert.ok(outline, "the focus cannot be seen");
      }));
  });
}
