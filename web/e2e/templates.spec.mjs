// An administrator changes in which words people are told, sees at once how each channel shows it, and is kept from losing what was
// typed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { violations } from "./access.mjs";
import { choose, enter, serving, shot, told } from "./browser.mjs";

const at = serving();

const test = (name, size, work) => it(`${name} (${size})`, () => at.visit(size, work));
const preview = (page) => page.getByRole("region", { name: "预览" });
const subject = (page) => page.getByLabel("标题", { exact: true });
const text = (page) => page.getByLabel("正文", { exact: true });

/** Opens a kind of message, from the list at the desk and from the box on a phone. */
async function open(page, size, title) {
  if (size === "wide") {
    await page.getByRole("navigation", { name: "通知的种类" }).getByRole("button", { name: title }).click();
  } else {
    await choose(page, page.getByRole("combobox", { name: "通知的种类" }), title);
  }
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
}

describe("通知模板", () => {
  for (const [size, title] of [
    ["wide", "催办"],
    ["phone", "抄送"],
  ]) {
    test("words are changed with fields and a preview, kept, and put back", size, async (page) => {
      await enter(page, "admin.shui", "/admin/templates");
      await open(page, size, title);
      await page.getByText("用的是程序自带的文字，没有人修改过。").waitFor();
      const save = page.getByRole("button", { name: "保存", exact: true });
      assert.ok(await save.isDisabled(), "there is nothing to keep yet");
      const before = await subject(page).inputValue();

      // A field goes to where the caret is, and the server fills it in.
      await subject(page).fill("请办：");
      await page.getByRole("button", { name: "插入 办件标题" }).click();
      assert.equal(await subject(page).inputValue(), "请办：{{.Title}}");
      await text(page).fill("，请看。");
      await text(page).press("Home");
      await page.getByRole("button", { name: "插入 收信人" }).click();
      assert.equal(await text(page).inputValue(), "{{.Name}}，请看。");
      assert.ok(await text(page).evaluate((e) => e === document.activeElement), "typing goes on where it was");
      await preview(page).getByText("示例-李四，请看。").first().waitFor();
      await preview(page).getByText("请办：协助秋季小微服务网点摸底登记").first().waitFor();
      await shot(page, `templates-${size}`);

      // Markup in a name is text: it is shown as it is written, and makes no element.
      await preview(page).getByText("名称里有标记", { exact: true }).click();
      await preview(page).getByText("<img src=x onerror=alert(1)>，请看。").first().waitFor();
      await preview(page).getByText("［点这里］（https://evil.example）", { exact: false }).waitFor();
      assert.equal(await preview(page).locator("img, a").count(), 0, "a name has become an element");
      await shot(page, `templates-marked-${size}`);

      // What cannot be used is said at its field, and cannot be kept.
      await text(page).fill("{{.Password}}");
      const problem = page.locator(".field", { has: text(page) }).getByRole("alert");
      await problem.filter({ hasText: "Password" }).waitFor();
      assert.equal(await text(page).getAttribute("aria-invalid"), "true");
      assert.ok(await save.isDisabled(), "what is refused cannot be kept");
      await shot(page, `templates-refused-${size}`);
      assert.deepEqual(await violations(page), []);
      await text(page).fill("");
      await problem.filter({ hasText: "请填写正文" }).waitFor();

      await text(page).fill("{{.Name}}，请看。");
      await preview(page).getByText("<img src=x onerror=alert(1)>，请看。").first().waitFor();
      await save.click();
      await told(page, "模板已保存");
      await page.getByText(/^示例-.* 于 .* 修改。$/).waitFor();

      // It is kept, and the list says so.
      await page.reload();
      await open(page, size, title);
      assert.equal(await subject(page).inputValue(), "请办：{{.Title}}");
      await page.getByRole("button", { name: "恢复默认" }).click();
      await page.locator(".ant-popconfirm").getByRole("button", { name: "恢复默认" }).click();
      await told(page, "已恢复默认");
      await page.getByText("恢复默认，现在用的是程序自带的文字。").waitFor();
      assert.equal(await subject(page).inputValue(), before);
    });

    test("what is not kept is not lost without a word", size, async (page) => {
      await enter(page, "admin.shui", "/admin/templates?kind=early");
      const kept = await subject(page).inputValue();
      await subject(page).fill("没有保存的标题");
      const leave = page.getByRole("dialog", { name: "修改还没有保存" });
      await page.getByRole("tab", { name: "单位" }).click();
      await leave.waitFor();
      await shot(page, `templates-leave-${size}`);
      await leave.getByRole("button", { name: /留\s*下/ }).click();
      await leave.waitFor({ state: "hidden" });
      assert.equal(await subject(page).inputValue(), "没有保存的标题");
      assert.ok(page.url().includes("/admin/templates"), "it has left");
      await page.getByRole("tab", { name: "单位" }).click();
      await leave.getByRole("button", { name: "离开，不保存" }).click();
      await page.waitForURL("**/admin/units");
      await page.getByRole("tab", { name: "通知模板" }).click();
      await page.goto("/admin/templates?kind=early");
      assert.equal(await subject(page).inputValue(), kept);

      // Giving up the change needs no question.
      await subject(page).fill("又一个标题");
      await page.getByRole("button", { name: "放弃修改" }).click();
      assert.equal(await subject(page).inputValue(), kept);
      await page.getByRole("tab", { name: "单位" }).click();
      await page.waitForURL("**/admin/units");
    });
  }

  test("whoever is no administrator is told so", "wide", async (page) => {
    await enter(page, "ops.bai");
    await page.goto("/admin/templates");
    await page.getByText("您的岗位没有管理权限").waitFor();
  });
});
