// The resident's side of a vote for everybody: old eyes, unsteady fingers, a keyboard alone, a screen reader.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fitForAll, smallTargets, smallTexts, spoken, violations } from "./access.mjs";
import { enter, serving, shot } from "./browser.mjs";
import { organiser, Vote } from "./vote.mjs";

let vote;
let codes;
const at = serving(async (url) => {
  vote = new Vote(url);
  await vote.propose();
  await vote.importRoll();
  await vote.open();
  codes = await vote.codes();
});

const textSizes = { 标准字: "18px", 特大字: "30px" };
const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const live = (page) => page.getByRole("status").first();

/** Presses Tab until an element has the focus; what has it can be seen to have it. */
async function tabTo(page, element) {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      if (document.activeElement === document.body) {
        return Number.POSITIVE_INFINITY; // after the last element the focus is in the browser's own bar
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement.closest("label") ?? document.activeElement);
      return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
    });
    assert.ok(outline >= 3, "the focus cannot be seen");
    if (await element.evaluate((e) => e === document.activeElement)) {
      return;
    }
  }
  assert.fail(`no Tab leads to ${element}`);
}

/** Waits for a new screen. It has arrived once its heading has the focus: that is where a screen reader begins. */
const arrive = (page, name) => page.locator("h1:focus", { hasText: name }).waitFor();

describe("the measures", () => {
  it("find what is wrong with a page", () =>
    at.visit("phone", async (page) => {
      await page.goto("/v");
      await heading(page, "输入投票口令").waitFor();
      await page.evaluate(() => {
        document
          .querySelector("main")
          .insertAdjacentHTML(
          "beforeend",
          '<p style="color:#999;font-size:18px">看不清</p><p style="font-size:17px">太小</p><button style="font-size:18px;height:59px">太矮</button><img>',
        );
      });
      const found = (await violations(page)).map((v) => v.split(":")[0]);
      assert.deepEqual(found.sort(), ["color-contrast", "image-alt"]);
      assert.deepEqual(await smallTexts(page), ["太小 (17)"]);
      assert.equal((await smallTargets(page)).length, 1);
    }));
});

for (const size of ["wide", "phone"]) {
  for (const [mode, px] of Object.entries(textSizes)) {
    it(`shows four screens that everybody can read and touch (${size}, ${mode})`, () =>
      at.visit(size, async (page) => {
        const code = codes.pop();
        const name = `${size}-${px}`;
        await page.goto("/v");
        await button(page, mode).click();
        assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), px);
        await button(page, "下一步").click();
        await page.getByRole("alert").waitFor();
        await fitForAll(page);
        await shot(page, `resident-code-${name}`);

        await page.getByLabel("投票口令").fill(code);
        await button(page, "下一步").click();
        await heading(page, "外墙与屋面改造").waitFor();
        await page.getByText("计票规则原文").click();
        await page.getByText("计票单位：业主").waitFor();
        await fitForAll(page);
        await shot(page, `resident-notice-${name}`);

        await button(page, "去选择").click();
        await button(page, "下一步，确认").click();
        await page.getByRole("alert").waitFor();
        await fitForAll(page);
        await shot(page, `resident-choose-${name}`);
        await page.getByLabel("同意", { exact: true }).check();
        await button(page, "下一步，确认").click();
        await heading(page, "请确认您的选择").waitFor();
        await fitForAll(page);
        await shot(page, `resident-confirm-${name}`);

        await button(page, "确认同意，提交").click();
        await heading(page, "您的票已收到").waitFor();
        await fitForAll(page);
        await shot(page, `resident-receipt-${name}`);
      }));
  }

  it(`shows the public page and the organiser's board without a fault (${size})`, () =>
    at.visit(size, async (page) => {
      await page.goto(`/gs/${vote.number}`);
      await heading(page, "外墙与屋面改造").waitFor();
      await fitForAll(page);
      const text = await page.locator("main").innerText();
      for (const shown of ["预算 60 万元", "同意至少 12 人（全体 15 人都参与时）；只有 10 人参与时，至少 8 人。", "满 90 日才可以再次表决", " 24:00"]) {
        assert.ok(text.includes(shown), `the public page does not say: ${shown}`);
      }
      await shot(page, `resident-public-${size}`);

      await enter(page, organiser, `/polls/${vote.number}`);
      await page.getByRole("region", { name: "业主人数" }).waitFor();
      assert.deepEqual(await violations(page), []);
    }));
}

it("is done by keyboard alone, is read out in order, and is found again with the code", () =>
  at.visit("phone", async (page) => {
    const code = codes.pop();
    await page.goto("/v");
    await arrive(page, "输入投票口令");
    const field = page.getByLabel("投票口令");

    // An error belongs to its field.
    await tabTo(page, button(page, "特大字"));
    await page.keyboard.press("Enter");
    await tabTo(page, field);
    await page.keyboard.type("1234");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("现在是 4 位").waitFor();
    const typed = await spoken(page, "#code");
    assert.deepEqual([typed.role, typed.name, typed.invalid], ["textbox", "投票口令", "true"]);
    assert.match(typed.description, /^投票口令共 16 位，现在是 4 位.*投票口令印在给您的信上/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");

    // A new screen is read from its heading on: what it is, what follows, by which rule.
    await arrive(page, "外墙与屋面改造");
    assert.deepEqual(await page.getByRole("heading").allInnerTexts(), [
      "听雨花园：外墙与屋面改造",
      "通过以后",
      "没有通过",
      "怎样算通过",
    ]);
    await tabTo(page, button(page, "去选择"));
    await page.keyboard.press("Enter");

    await arrive(page, "请选择");
    await tabTo(page, page.getByLabel("同意", { exact: true }));
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("请先选择同意、不同意或者弃权。").waitFor();
    const group = await spoken(page, "[role=radiogroup]");
    assert.deepEqual(group, {
      role: "radiogroup",
      name: "是否同意《听雨花园外墙与屋面改造方案》？",
      description: "请先选择同意、不同意或者弃权。",
      invalid: "true",
    });
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.getByLabel("不同意").isChecked());
    await page.keyboard.press("Enter");
    await arrive(page, "请确认您的选择");
    assert.equal(await live(page).innerText(), "", "something is said before anything has happened");
    await tabTo(page, button(page, "确认不同意，提交"));
    await page.keyboard.press("Enter");

    // What became of it is said where a screen reader listens, and the heading has the focus.
    await arrive(page, "您的票已收到");
    assert.equal(await live(page).innerText(), "您的票已收到：不同意。");
    const tracker = page.locator(".r-tracker");
    const first = await tracker.innerText();

    await tabTo(page, button(page, "返回，更改选择"));
    await page.keyboard.press("Enter");
    await arrive(page, "外墙与屋面改造");
    await tabTo(page, button(page, "更改我的选择"));
    await page.keyboard.press("Enter");
    await arrive(page, "请选择");
    await tabTo(page, page.getByLabel("同意", { exact: true }));
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await arrive(page, "请确认您的选择");
    await tabTo(page, button(page, "确认同意，提交"));
    await page.keyboard.press("Enter");
    await arrive(page, "您的票已收到");
    await page.getByText("您先前的那一票不再计入").waitFor();
    const second = await tracker.innerText();
    assert.notEqual(second, first);
    await tabTo(page, button(page, "完成，退出"));
    await page.keyboard.press("Enter");
    await arrive(page, "输入投票口令");
    assert.equal(await live(page).innerText(), "");

    // Whoever has the code finds the receipt again, and what it replaced.
    await page.goto(`/v#${code}`);
    await button(page, "查看我的回执").click();
    await heading(page, "您的票").waitFor();
    assert.equal(await tracker.innerText(), second);
    const earlier = page.getByRole("region", { name: "先前的票" }).getByRole("listitem");
    assert.equal(await earlier.count(), 1);
    assert.match(await earlier.innerText(), new RegExp(`不同意（网上）\\s+回执号 ${first}\\s+被后来的票取代，不计票`));
    await fitForAll(page);
    await shot(page, "resident-again");
  }));

it("shows the result and what a receipt is worth on a page that everybody can read", async () => {
  await vote.count();
  await at.visit("phone", async (page) => {
    await page.goto(`/gs/${vote.number}`);
    await page.getByRole("heading", { name: "初步统计结果" }).waitFor();
    await page.getByLabel("回执号").fill("0000000000000000");
    await button(page, "核对我的回执").click();
    await page.getByRole("region", { name: "回执核对" }).waitFor();
    await fitForAll(page);
    await shot(page, "resident-result");
  });
});
