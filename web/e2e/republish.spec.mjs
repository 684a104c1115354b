// A notice that was not displayed for long enough is displayed again (补公示): from the page of its case, and from the list of what
// stands still. Everybody reads until when. What was never displayed has no text to display, and the button says so.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both } from "./access.mjs";
import { enter, serving, told } from "./browser.mjs";
import { organiser, Vote } from "./vote.mjs";

const title = { again: "楼道照明更新", short: "屋面防水改造", fresh: "门禁系统更换" };
let again;
let short;
let fresh;

const at = serving(async (url) => {
  again = await proposed(url, title.again);
  short = await proposed(url, title.short);
  for (const vote of [again, short]) {
    await vote.importRoll();
    await vote.decide(organiser, "roll", "publish");
    await vote.until("the notice of the roll", async () => (await noticesOf(vote)).length > 0);
  }
  fresh = await proposed(url, title.fresh);
  await short.ask("ops.bai", "PUT", "/demo/faults/notice", { on: true, case: short.number });
  await short.ask("ops.bai", "POST", "/incidents/sweep", {});
});

async function proposed(url, name) {
  const vote = new Vote(url);
  await vote.propose({ title: name });
  return vote;
}

const noticesOf = async (vote) => (await vote.ask("ops.bai", "GET", `/cases/${vote.number}`)).notices;
const caseOf = (vote, tab = "") => `/cases/${vote.number}${tab && `?tab=${tab}`}`;
const button = (page) => page.locator(".actions").getByRole("button", { name: "补公示", exact: true });
const drawer = (page) => page.locator(".ant-drawer-open .incident");

/** «9月22日（周二）»: so many days after a day. */
async function lastDay(days) {
  const now = Date.parse((await again.ask("ops.bai", "GET", "/clock")).now);
  const [, month, day] = new Date(now + (days * 24 + 8) * 3600_000).toISOString().slice(0, 10).split("-");
  return `${Number(month)}月${Number(day)}日（周`;
}

/** The notice as it stands in the case and in the public list, for somebody who only reads. */
async function displayed(page, vote, name, until) {
  await enter(page, organiser, caseOf(vote, "notices"));
  const newest = page.locator(".notice").first();
  await newest.getByRole("link", { name }).waitFor();
  await newest.getByText("再次公示").waitFor();
  await newest.locator(".notice-state", { hasText: "公示中" }).getByText(`${until}`).waitFor();
  assert.equal(await page.locator(".notice", { hasText: name }).count(), 2, "the first display stays on record");
  assert.equal(await button(page).count(), 0, "who is no operator is not offered it");
  await both(page, `republished-${vote.number}`);
  await page.goto(`/notices?text=${encodeURIComponent(name)}`);
  await page.locator(".notice-item").nth(1).waitFor();
  await page.locator(".notice-item").first().locator(".notice-state", { hasText: until }).waitFor();
  await both(page, "republished-list");
}

describe("补公示", () => {
  const visit = (name, work) => it(name, () => at.visit("wide", work));

  visit("displays a notice again from the page of its case, and says until when", async (page) => {
    await enter(page, "ops.bai", caseOf(again));
    await button(page).click();
    await page.locator(".act").waitFor();
    await page.locator(".act-buttons .ant-btn-primary").click();
    await page.locator(".act .ant-alert", { hasText: "请填写公示的天数（1 至 90）" }).waitFor();
    await page.locator("#days").fill("20");
    await page.locator("#opinion").fill("楼道张贴的公告被雨淋坏，重新张贴。");
    await both(page, "republish-act");
    await page.locator(".act-buttons .ant-btn-primary").click();
    await page.locator(".act").waitFor({ state: "detached" });
    await told(page, "已办理：补公示");
    const until = await lastDay(20);
    const line = page.locator(".event-body", { hasText: "补公示" }).first();
    await line.getByText(`${title.again}：清册公示》，公示至 ${until}`).waitFor();
    await line.getByText("楼道张贴的公告被雨淋坏").waitFor();
    await both(page, "republish-timeline");
    await displayed(page, again, `${title.again}：清册公示`, until);
  });

  visit("displays one again that was too short, for as long as it must be, and the cause is gone", async (page) => {
    await enter(page, "ops.bai", "/ops?kind=clock");
    await page.locator(".ops-item", { hasText: title.short }).getByRole("button").click();
    await drawer(page).locator(".sentence-large", { hasText: "少于 15 日" }).waitFor();
    await drawer(page).getByRole("button", { name: "补公示", exact: true }).click();
    assert.equal(await page.locator("#days").inputValue(), "15");
    await page.locator("#days").fill("14");
    await page.locator("#remedy-reason").fill("公示天数不足，从今天起重新公示。");
    assert.equal(await page.locator("#days").inputValue(), "15", "fewer would mend nothing");
    await drawer(page).locator("strong", { hasText: `公示至 ${await lastDay(15)}` }).waitFor();
    await both(page, "republish-incident");
    await drawer(page).locator(".ops-form .ant-btn-primary").click();
    await drawer(page).locator(".ops-outcome-good", { hasText: "原因已消除" }).waitFor();
    await both(page, "republish-mended");
    await displayed(page, short, `${title.short}：清册公示`, await lastDay(15));
  });

  visit("says why what was never displayed cannot be displayed again", async (page) => {
    await enter(page, "ops.bai", caseOf(fresh));
    await button(page).waitFor();
    assert.equal(await button(page).getAttribute("aria-disabled"), "true");
    await button(page).hover();
    await page.locator(".ant-tooltip:visible", { hasText: "没有公示过的公告" }).waitFor();
  });
});
