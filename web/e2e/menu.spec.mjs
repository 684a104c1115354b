// The menu on a phone: whoever may open a page reaches it from the bottom of the screen.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { violations } from "./access.mjs";
import { enter, overflow, serving, shot } from "./browser.mjs";

/** One account of each post. */
let posts;

const at = serving(async (url) => {
  const accounts = await (await fetch(`${url}/api/v1/demo/accounts`)).json();
  posts = [...new Map(accounts.map((a) => [a.role_name, a.login]))];
  assert.ok(posts.length > 10, "the demonstration has people in most posts");
});

const paths = (links) => links.evaluateAll((all) => all.map((a) => a.getAttribute("href")));
const bar = (page) => page.getByRole("navigation", { name: "常用入口" });
const sheet = (page) => page.getByRole("navigation", { name: "更多入口" });
const more = (page) => bar(page).getByRole("button", { name: "更多" });

/** What is in the bar, and in the sheet behind its last entry, if it has one. The sheet stays open. */
async function reachable(page) {
  const inBar = await paths(bar(page).getByRole("link"));
  if ((await more(page).count()) === 0) {
    return [inBar, []];
  }
  await more(page).click();
  await sheet(page).waitFor();
  return [inBar, await paths(sheet(page).getByRole("link"))];
}

/** Goes to a page of the menu by touch alone. */
async function go(page, path) {
  const link = `a[href="${path}"]`;
  if ((await bar(page).locator(link).count()) === 0) {
    await more(page).click();
    await sheet(page).locator(link).click();
    await sheet(page).waitFor({ state: "hidden" });
  } else {
    await bar(page).locator(link).click();
  }
  await page.waitForURL((url) => url.pathname === path || url.pathname.startsWith(`${path}/`));
  await page.locator("main h1").first().waitFor();
}

describe("the menu on a phone", () => {
  it("holds every page of everybody's menu, each once", () =>
    at.visit("phone", async (page) => {
      for (const [role, login] of posts) {
        await enter(page, login);
        const { menu } = await (await page.context().request.get("/api/v1/session")).json();
        const [inBar, inSheet] = await reachable(page);
        // Five have room, and then there is nothing more.
        assert.equal(inBar.length, menu.length <= 5 ? menu.length : 4, role);
        const side = await paths(page.locator(".side a"));
        assert.equal(side.length, menu.length, `${role}: every page that the server names`);
        assert.deepEqual([...inBar, ...inSheet].sort(), side.sort(), role);
      }
    }));

  for (const login of ["ops.bai", "admin.shui", "tjj.sun"]) {
    it(`leads ${login} to each of them`, () =>
      at.visit("phone", async (page) => {
        await enter(page, login);
        const [inBar, inSheet] = await reachable(page);
        await shot(page, `menu-${login}`);
        assert.ok((await overflow(page)) <= 0, "wider than a phone");
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press("Escape");
        await sheet(page).waitFor({ state: "hidden" });
        for (const path of [...inBar, ...inSheet]) {
          await go(page, path);
          assert.ok((await overflow(page)) <= 0, `${path} is wider than a phone`);
        }
        // The last one is in the sheet: the bar shows that one is there.
        await bar(page).locator("button.entry-on", { hasText: "更多" }).waitFor();
      }));
  }

  it("leads an operator on to the pages behind 运行监控", () =>
    at.visit("phone", async (page) => {
      await enter(page, "ops.bai");
      for (const [name, path] of [
        ["系统健康", "/ops/health"],
        ["批量处置…", "/ops/batches/new"],
      ]) {
        await go(page, "/ops");
        await page.getByRole("link", { name }).click();
        await page.waitForURL(`**${path}**`);
        await page.locator("main h1").first().waitFor();
        assert.ok((await overflow(page)) <= 0, `${path} is wider than a phone`);
        await bar(page).locator("a.entry-on", { hasText: "运行监控" }).waitFor();
      }
    }));
});
