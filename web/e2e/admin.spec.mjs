// What an administrator keeps, and the delegations everyone keeps for himself, by mouse and keyboard.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choose, chooseUnit, enter, serving, shot, told } from "./browser.mjs";

const at = serving();

const test = (name, size, work) => it(`${name} (${size})`, () => at.visit(size, work));
const row = (page, words) => page.locator(".ant-table-row", { hasText: words });

/** Whether a person is let in with a password; the page stays with whoever is in it. */
async function mayEnter(login, password) {
  const answer = await fetch(`${at.url}/api/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  return answer.status === 200;
}

describe("delegations", () => {
  for (const size of ["wide", "phone"]) {
    const from = size === "wide" ? "tjj.sun" : "swj.zhou";
    test("a delegation is given, seen by both, and taken back", size, async (page) => {
      await enter(page, from, "/delegations");
      await page.getByRole("button", { name: "新建委托" }).click();
      const form = page.getByRole("dialog", { name: "新建委托" });
      await form.getByRole("button", { name: "委托代办" }).click();
      await form.getByText("请选择受托人").waitFor();
      await form.getByText("请选择第一天").waitFor();
      await form.getByLabel("委托给").click();
      await page.keyboard.type("示例-李局");
      await page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: "示例-李局" }).click();
      for (const [field, day] of [
        ["第一天", "2026-09-07"],
        ["最后一天", "2026-09-09"],
      ]) {
        await form.getByLabel(field).fill(day);
        await page.keyboard.press("Enter");
      }
      await shot(page, `delegation-${size}`);
      await form.getByRole("button", { name: "委托代办" }).click();
      const given = page.getByRole("region", { name: "我委托的" }).locator("li", { hasText: "示例-李局" });
      await given.getByText("生效中").waitFor();
      await given.getByText("9月7日（周一） 至 9月9日（周三） · 全部事项").waitFor();

      await enter(page, "tjj.head", "/delegations");
      const received = page.getByRole("region", { name: "委托给我的" });
      await received.getByText("生效中").first().waitFor();

      await enter(page, from, "/delegations");
      await given.getByRole("button", { name: "收回" }).click();
      await page
        .locator(".ant-popconfirm")
        .getByRole("button", { name: /收\s*回/ })
        .click();
      await given.getByText("已收回").waitFor();
      await given.getByRole("button", { name: "收回" }).waitFor({ state: "detached" });
    });
  }
});

describe("administration", () => {
  for (const size of ["wide", "phone"]) {
    const login = `test.${size}`;
    const name = `示例-新${size === "wide" ? "甲" : "乙"}`;
    test(
      "an account is made, given a post, renamed, given a new password, stopped and used again",
      size,
      async (page) => {
        await enter(page, "admin.shui", "/admin/users");
        await page.getByRole("button", { name: "新建账号" }).click();
        const form = page.getByRole("dialog", { name: "新建账号" });
        await form.getByLabel("账号", { exact: true }).fill("有空格 不行");
        await form.getByLabel("姓名").fill(name);
        await form.getByLabel("初始密码").fill("123");
        await form.getByRole("button", { name: "新建账号" }).click();
        await form.getByText("请用 2 至 64 个小写字母").waitFor();
        await form.getByLabel("账号", { exact: true }).fill(login);
        await form.getByRole("button", { name: "新建账号" }).click();
        await form.locator(".ant-alert", { hasText: "密码" }).waitFor();
        await form.getByLabel("初始密码").fill("Abcd-2026-示例-x");
        await form.getByRole("button", { name: "新建账号" }).click();
        await told(page, "账号已建立");
        await form.waitFor({ state: "hidden" });
        await page.getByLabel("查找账号").fill(login);
        await page.waitForURL(`**text=${login}`);
        await row(page, "没有岗位").getByRole("button", { name }).click();

        const drawer = page.locator(".user-details");
        await drawer.getByText("没有岗位，登录后不能办理任何事项。").waitFor();
        await drawer.getByRole("button", { name: "任职" }).click();
        await drawer.getByText("请选择岗位", { exact: true }).waitFor();
        await chooseUnit(page, drawer.getByLabel("单位"), "区统计局");
        await choose(page, drawer.getByLabel("岗位"), "部门经办人");
        await drawer.getByLabel("任职止").fill("2026-12-31");
        await page.keyboard.press("Tab");
        await drawer.getByRole("button", { name: "任职" }).click();
        const post = drawer.locator(".post", { hasText: "区统计局 · 部门经办人" });
        await post.getByText("2026年9月7日（周一）起，至 2026年12月31日（周四）").waitFor();
        await shot(page, `user-${size}`);

        await drawer.getByLabel("姓名").fill(`${name}改`);
        await drawer.getByRole("button", { name: "改名" }).click();
        await told(page, "已修改");
        await page.locator(".ant-drawer-title", { hasText: `${name}改` }).waitFor();
        await drawer.getByLabel("新密码").fill("Efgh-2026-示例-y");
        await drawer.getByRole("button", { name: "重置密码" }).click();
        await told(page, "密码已重置");
        await drawer.getByRole("button", { name: "停用账号" }).click();
        await page
          .locator(".ant-popconfirm")
          .getByRole("button", { name: /停\s*用/ })
          .click();
        await drawer.getByText("已停用，不能登录").waitFor();

        assert.equal(await mayEnter(login, "Efgh-2026-示例-y"), false, "a stopped account was let in");
        await drawer.getByRole("button", { name: "恢复使用" }).click();
        await drawer.getByText("在用").waitFor();
        assert.equal(await mayEnter(login, "Efgh-2026-示例-y"), true, "the new password does not open");
        await post.getByRole("button", { name: "免去" }).click();
        await page
          .locator(".ant-popconfirm")
          .getByRole("button", { name: /免\s*去/ })
          .click();
        await post.getByText("已免去").waitFor();
        await post.getByRole("button", { name: "免去" }).waitFor({ state: "detached" });

        await page.keyboard.press("Escape");
        await drawer.waitFor({ state: "hidden" });
        await row(page, `${name}改`).getByText("没有岗位").locator("visible=true").waitFor();
      },
    );
  }

  test("a unit is made and stands in the tree", "wide", async (page) => {
    await enter(page, "admin.shui", "/admin/units");
    await page.getByRole("button", { name: "新建单位" }).click();
    const form = page.getByRole("dialog", { name: "新建单位" });
    await chooseUnit(page, form.getByLabel("上级单位"), "望潮街道");
    await choose(page, form.getByLabel("层级"), "社区");
    await form.getByLabel("名称").fill("新灯社区");
    await form.getByLabel("编码").fill("0101");
    await form.getByRole("button", { name: "新建单位" }).click();
    await form.locator(".ant-alert").waitFor();
    await form.getByLabel("编码").fill("0203");
    await form.getByRole("button", { name: "新建单位" }).click();
    await form.waitFor({ state: "hidden" });
    await row(page, "新灯社区")
      .locator("td", { hasText: /^0203$/ })
      .waitFor();
  });

  for (const [size, unit, name] of [
    ["wide", "区督查室", "区政府督查室"],
    ["phone", "区政府办", "区政府办公室"],
  ]) {
    test("a unit is renamed, taken out of use and back", size, async (page) => {
      await enter(page, "admin.shui", "/admin/units");
      await row(page, unit).getByRole("button", { name: unit }).click();
      const drawer = page.locator(".unit-details");
      await drawer.getByLabel("名称").fill("  ");
      await drawer.getByRole("button", { name: "改名" }).click();
      await drawer.getByText("请填写名称").waitFor();
      await drawer.getByLabel("名称").fill(name);
      await drawer.getByRole("button", { name: "改名" }).click();
      await page.locator(".ant-drawer-title", { hasText: name }).waitFor();
      await drawer.getByRole("button", { name: "停用单位" }).click();
      const confirm = page.locator(".ant-popconfirm").getByRole("button", { name: /停\s*用/ });
      await confirm.click();
      await drawer.getByText("已停用，不再接收新的办件、待办和任职").waitFor();
      await shot(page, `unit-${size}`);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "hidden" });
      await row(page, name).getByText("已停用").waitFor();

      // Nothing new can be given to it: it cannot be chosen for a post.
      await page.goto("/admin/users?text=dc.hua");
      await row(page, "示例-华督").getByRole("button", { name: "示例-华督" }).click();
      const user = page.locator(".user-details");
      await user.getByText(new RegExp(size === "wide" ? `${name} · 督查` : "区政府督查室 · 督查")).waitFor();
      await user.getByRole("button", { name: "任职" }).click();
      await user.getByLabel("单位").click();
      await page.keyboard.type(name);
      await page
        .locator(".ant-select-tree-treenode-disabled", { hasText: `${name}（已停用）` })
        .locator("visible=true")
        .waitFor();
      await page.keyboard.press("Escape");

      await page.goto("/admin/units");
      await row(page, name).getByRole("button", { name }).click();
      await drawer.getByRole("button", { name: "恢复使用" }).click();
      await drawer.getByText("在用", { exact: true }).waitFor();
    });
  }

  test("a unit above others in use stays in use, and why is said", "wide", async (page) => {
    await enter(page, "admin.shui", "/admin/units");
    await row(page, "梧桐里街道").getByRole("button", { name: "梧桐里街道" }).click();
    await page.locator(".unit-details").getByRole("button", { name: "停用单位" }).click();
    await page
      .locator(".ant-popconfirm")
      .getByRole("button", { name: /停\s*用/ })
      .click();
    await told(page, "仍在使用，请先停用下级。");
    await page.locator(".unit-details").getByText("在用", { exact: true }).waitFor();
  });

  for (const size of ["wide", "phone"]) {
    test("a year of the calendar is loaded, and a bad file is refused with the reason", size, async (page) => {
      const year = size === "wide" ? 2027 : 2028;
      const table = {
        year,
        source: "示例通知",
        version: `${year}-1`,
        off: ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"].map((day) => `${year}-${day}`),
        work: [],
      };
      const load = async (content) => {
        const waiting = page.waitForEvent("filechooser");
        await page.getByRole("button", { name: "载入年度日历" }).click();
        await (await waiting).setFiles({ name: "年.json", mimeType: "application/json", buffer: Buffer.from(content) });
      };
      await enter(page, "admin.shui", "/admin/calendars");
      const of = page.locator(".year", { hasText: `${year}年` });
      await of.getByText("尚未载入，期限为暂定").waitFor();
      await load("不是 JSON");
      await page.locator(".ant-alert", { hasText: "文件不是有效的 JSON" }).waitFor();
      await load(JSON.stringify({ ...table, off: ["2020-01-01"] }));
      await page.locator(".ant-alert", { hasText: `2020-01-01 不是 ${year} 年的日期` }).waitFor();
      await load(JSON.stringify({ ...table, off: [`${year}-02-30`] }));
      await page.locator(".ant-alert", { hasText: `${year}-02-30 不是 ${year} 年的日期` }).waitFor();
      await shot(page, `calendar-${size}`);
      await load(JSON.stringify(table));
      await told(page, `已载入 ${year} 年工作日历`);
      await of.getByText("已载入", { exact: true }).waitFor();
      await of.getByText("放假 6 天：").waitFor();
      await page.locator(".ant-alert").waitFor({ state: "detached" });
    });
  }
});

describe("the states of a list", () => {
  test(
    "a list is a skeleton while it loads, and says what to do when the server cannot be reached",
    "wide",
    async (page) => {
      await enter(page, "tjj.sun", "/desk");
      let answer;
      const held = new Promise((resolve) => {
        answer = resolve;
      });
      await page.route("**/api/v1/cases?**", async (route) => {
        await held;
        await route.abort();
      });
      await page.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "办件" }).click();
      await page.locator("main [aria-busy='true']").waitFor();
      await shot(page, "loading");
      answer();
      const failure = page.getByRole("alert").filter({ hasText: "没有取到内容" });
      await failure.waitFor();
      await failure.getByText("连不上服务器").waitFor();
      await shot(page, "unreachable");
      await page.unroute("**/api/v1/cases?**");
      await failure.getByRole("button", { name: "重试" }).click();
      await page.getByText("还没有办件").or(page.locator(".ant-table-row").first()).waitFor();
    },
  );
});
