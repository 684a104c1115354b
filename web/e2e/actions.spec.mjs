// Every action of a case, through the panel of its page, by the people who may take it; each says afterwards what happened.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choose, chooseUnit, demoPassword, enter, serving, shot, told } from "./browser.mjs";
import { Play } from "./play.mjs";

let play;
const at = serving(async (url) => {
  play = new Play(url);
});

/** One page, in which one person after the other enters. */
const test = (name, work, size = "wide") =>
  it(name, () => at.visit(size, (page) => work(page, (login, path) => enter(page, login, path))));
const caseOf = (number) => `/cases/${number}`;

const panel = (page) => page.locator(".actions");
const button = (page, name) => panel(page).getByRole("button", { name, exact: true });
const decision = (page) => panel(page).getByRole("button", { name: /^办理：/ });
const sentence = (page, words) => page.locator(".sentence-large", { hasText: words }).waitFor();
const event = (page, words) => page.locator(".event-body", { hasText: words }).first().waitFor();
const waits = (page, words) => page.locator(".waiting li", { hasText: words }).first();

/** Opens the drawer of an action, lets the particulars be filled in, and sends it. */
async function act(page, name, fill) {
  await button(page, name).click();
  await page.locator(".act").waitFor();
  await fill?.(page);
  await send(page);
}

async function send(page) {
  await page.locator(".act-buttons .ant-btn-primary").click();
  await page.locator(".act").waitFor({ state: "detached" });
}

/** Gives something to a person of a unit. */
const to = (unit, person, words) => async (page) => {
  await chooseUnit(page, page.locator("#target-unit"), unit);
  await choose(page, page.getByRole("combobox", { name: "岗位或人员" }), new RegExp(`^${person}$`));
  if (words) {
    await page.locator("#opinion").fill(words);
  }
};

/** Decides a task: opens the drawer from the panel, takes an answer and sends it. */
async function decide(page, answer, words) {
  await decision(page).click();
  await page.locator(".answer", { hasText: answer }).click();
  if (words) {
    await page.locator("#opinion").fill(words);
  }
}

describe("the actions of a case", () => {
  test("转办: the duty goes to the other, who decides", async (page, as) => {
    const number = await play.file();
    await as("office.qian", caseOf(number));
    await act(page, "转办", to("区委社会工作部", "示例-徐明", "请您接手。"));
    await told(page, "已办理：转办");
    await sentence(page, "现在等 示例-徐明（区委社会工作部）");
    await event(page, "示例-钱二 转办给 示例-徐明");
    await panel(page)
      .getByRole("button", { name: /^办理：/ })
      .waitFor({ state: "detached" });
    await as("office.xu", caseOf(number));
    await decide(page, "受理并听取街道社区意见");
    await send(page);
    await event(page, "示例-徐明（区委社会工作部）形式审查：受理");
  });

  for (const size of ["wide", "phone"]) {
    const name = `改派: an operator gives a task to somebody else, who decides (${size})`;
    const work = async (page, as) => {
      const number = await play.file();
      await as("ops.bai", caseOf(number));
      await button(page, "改派").click();
      await page.locator(".act").waitFor();
      await page.locator(".act-buttons .ant-btn-primary").click();
      await page.locator(".act .ant-alert").waitFor();
      await to("区委社会工作部", "示例-徐明", "经办人休假，改由徐明办理。")(page);
      await shot(page, `reassign-${size}`);
      await send(page);
      await sentence(page, "现在等 示例-徐明（区委社会工作部）");
      await event(page, "示例-白运 改派给 示例-徐明");
      await event(page, "经办人休假，改由徐明办理。");
      // Who had it cannot decide any more; who has it can.
      await as("office.qian", caseOf(number));
      await sentence(page, "现在等 示例-徐明");
      assert.equal(
        await panel(page)
          .getByRole("button", { name: /^办理：/ })
          .count(),
        0,
      );
      await as("office.xu", "/desk");
      await page.locator(".task", { hasText: number }).waitFor();
      await page.goto(caseOf(number));
      await decide(page, "受理并听取街道社区意见");
      await send(page);
      await event(page, "示例-徐明（区委社会工作部）形式审查：受理");
    };
    test(name, work, size);
  }

  test("委派: the helper gives an opinion and it comes back", async (page, as) => {
    const number = await play.reviewed();
    await as("mzj.shi", caseOf(number));
    await act(page, "委派", to("梧桐里街道", "示例-金街", "请核实工作量。"));
    await event(page, "示例-施民 委派给 示例-金街");
    await waits(page, "示例-金街").getByText("受 区民政局 委派").waitFor();
    await as("jd01.jin", "/desk");
    await page
      .locator(".task", { hasText: number })
      .getByRole("button", { name: /回复意见/ })
      .click();
    await page.locator("#opinion").fill("每个社区 12 人·天属实。");
    await send(page);
    await event(page, "已协办，交回 区民政局");
    await as("mzj.shi", caseOf(number));
    await decide(page, "建议准入");
    await send(page);
    await event(page, "示例-施民（区民政局）评估会审：建议准入");
  });

  test("前加签, 后加签, 减签: the signers come before and after, and one can be taken off", async (page, as) => {
    const number = await play.reviewed();
    await as("czj.zhang", caseOf(number));
    await act(page, "前加签", to("区政府办", "示例-严办", "请先看经费口径。"));
    await event(page, "示例-张财 前加签：交 示例-严办（区政府办）");
    await event(page, "请先看经费口径。");
    await waits(page, "区财政局").getByText("等加签或受委派人先办").waitFor();
    // Whoever waits for a signer cannot decide yet, and is told so.
    await panel(page)
      .getByRole("button", { name: /^办理：/ })
      .waitFor({ state: "detached" });
    await act(page, "减签", async () => {
      await choose(page, page.getByRole("combobox", { name: "减去" }), "示例-严办");
      await page.locator("#opinion").fill("已电话沟通。");
    });
    await event(page, "示例-张财 减签");
    await event(page, "已电话沟通。");
    await waits(page, "示例-严办").waitFor({ state: "detached" });

    await act(page, "前加签", to("区政府办", "示例-严办"));
    await waits(page, "示例-严办").waitFor();
    await as("zfb.yan", caseOf(number));
    await decide(page, /^同意/, "口径一致。");
    await send(page);
    await event(page, "口径一致。");
    await as("czj.zhang", caseOf(number));
    await act(page, "后加签", to("区督查室", "示例-华督"));
    await event(page, "示例-张财 后加签：交 示例-华督（区督查室）");
    await decide(page, "建议准入");
    await send(page);
    await waits(page, "示例-华督").getByText("后加签").waitFor();
    await as("dc.hua", caseOf(number));
    await decide(page, /^同意/);
    await send(page);
    await event(page, "示例-华督（区督查室）评估会审：同意");
  });

  for (const size of ["wide", "phone"]) {
    const name = `暂停 and 恢复: the clock stands, says why, and goes on with what remained (${size})`;
    const work = async (page, as) => {
      const number = await play.accepted();
      await as("office.qian", caseOf(number));
      await act(page, "暂停时钟", async () => {
        await page.locator(".act-buttons .ant-btn-primary").click();
        await page.locator(".act .ant-alert", { hasText: "请选择暂停的事由" }).waitFor();
        await choose(page, page.getByRole("combobox", { name: "事由" }), "专家评审");
        await page.locator("#opinion").fill("委托评审，依据准入办法示例条款。");
        await shot(page, `pause-${size}`);
      });
      await sentence(page, "时钟已暂停");
      await sentence(page, /自 9月7日 起/);
      await sentence(page, /恢复后还剩 \d+ 个工作日/);
      await event(page, "委托评审，依据准入办法示例条款。");
      await page.getByRole("tab", { name: /期限/ }).click();
      await page.locator(".clock", { hasText: "专家评审" }).first().waitFor();
      await shot(page, `paused-${size}`);
      assert.equal(await button(page, "暂停时钟").getAttribute("aria-disabled"), "true");
      await act(page, "恢复时钟");
      await sentence(page, /现在等 .*还剩 \d+ 个工作日/);
      await page.getByRole("tab", { name: "经过" }).click();
      await event(page, "恢复计时");
    };
    test(name, work, size);
  }

  for (const size of ["wide", "phone"]) {
    const name = `挂起 and 解除挂起: nobody acts meanwhile, everybody is told by whom and why (${size})`;
    const work = async (page, as) => {
      const number = await play.accepted();
      await as("ops.bai", caseOf(number));
      await act(page, "挂起", () => page.locator("#opinion").fill("群众来信反映加码，核查中。"));
      await sentence(page, "已挂起：示例-白运");
      await sentence(page, "理由：群众来信反映加码，核查中");
      await shot(page, `suspended-${size}`);
      await as("jd01.jin", caseOf(number));
      await sentence(page, "解除以后才能办理");
      assert.equal(await decision(page).count(), 0);
      await as("ops.bai", caseOf(number));
      await act(page, "解除挂起", () => page.locator("#opinion").fill("核查完毕，没有加码。"));
      await sentence(page, /现在等 .*还剩 \d+ 个工作日/);
      await event(page, "解除挂起，自9月7日");
      await as("jd01.jin", caseOf(number));
      await decision(page).waitFor();
    };
    test(name, work, size);
  }

  for (const [mode, word, next] of [
    ["重走", "（重走）", /现在等 .*填报意见.*还剩 \d+ 个工作日/],
    ["直达", "（直达）", /现在等 区财政局.*会签评估意见.*还剩 \d+ 个工作日/],
  ]) {
    test(`退回·${mode}: back to the formal review, and from there the way that was chosen`, async (page, as) => {
      const number = await play.reviewed();
      await as("czj.zhang", caseOf(number));
      await decide(page, "退回前面的环节", "请补充经费来源说明。");
      await choose(page, page.getByRole("combobox", { name: "退回到" }), "形式审查");
      await page.getByRole("radio", { name: new RegExp(`^${mode}`) }).check();
      await send(page);
      await event(page, `评估会审：退回前面的环节${word}`);
      await event(page, "请补充经费来源说明。");
      await sentence(page, /现在等 区委社会工作部/);
      await page.locator(".segment-now", { hasText: "受理" }).getByText("第 2 轮").waitFor();
      await as("office.qian", caseOf(number));
      await decide(page, "受理并听取街道社区意见");
      await send(page);
      await sentence(page, next);
    });
  }

  test("催办: once, and not again at once", async (page, as) => {
    const number = await play.file();
    await as("tjj.sun", caseOf(number));
    const urge = panel(page).getByRole("button", { name: /^催办/ }).first();
    await urge.click();
    await told(page, "已催办");
    await page.locator(".waiting", { hasText: "催办 1 次" }).waitFor();
    await page.locator(".timeline-bar").getByText("提醒与已阅").click();
    await event(page, "示例-孙一 催办（今日第 1 次）");
    await urge.click();
    await told(page, "2 小时");
    await as("office.qian", "/desk");
    await page.locator(".task", { hasText: number }).getByText("被催办 1 次").waitFor();
  });

  test("抄送 and 已阅: the copy arrives, is counted, is read, and the case says so", async (page, as) => {
    const number = await play.file();
    await as("office.qian", caseOf(number));
    await act(page, "抄送", to("区督查室", "示例-华督", "请关注进度。"));
    await event(page, "示例-钱二 抄送 示例-华督（区督查室）。");
    await as("dc.hua", "/desk");
    const bell = page.getByRole("button", { name: /^消息，/ });
    await bell.click();
    await page.getByRole("link", { name: /抄送给我的，1 件未阅/ }).click();
    const copy = page.locator(".task", { hasText: number });
    await copy.getByRole("button", { name: /标为已阅/ }).click();
    await page.getByText("没有未阅的抄送").waitFor();
    await bell.click();
    await page.getByRole("link", { name: /抄送给我的，0 件未阅/ }).click();
    await page.getByRole("switch", { name: "只看未阅" }).click();
    await copy.getByText("已阅").first().waitFor();
    await as("office.qian", caseOf(number));
    await page.locator(".timeline-bar").getByText("提醒与已阅").click();
    await event(page, "示例-华督 已阅");
  });

  test("撤回: a decision is taken back while nobody has gone on", async (page, as) => {
    const number = await play.file();
    await as("office.qian", caseOf(number));
    await decide(page, "受理并听取街道社区意见");
    await send(page);
    await sentence(page, "填报意见");
    await act(page, "撤回", () => page.locator("#opinion").fill("漏看一份附件。"));
    await sentence(page, /现在等 区委社会工作部 审查申请是否受理/);
    await event(page, "撤回");
    await panel(page)
      .getByRole("button", { name: /^办理：/ })
      .waitFor();
  });

  test("is done by keyboard alone, from the login page to the decision", async (page) => {
    const number = await play.file();
    await page.goto("/login");
    await page.getByLabel("账号", { exact: true }).waitFor();
    await focusBy(page, page.getByLabel("账号", { exact: true }));
    await page.keyboard.type("office.qian");
    await page.keyboard.press("Tab");
    await page.keyboard.type(demoPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "工作台" }).waitFor();
    const task = page.locator(".task", { hasText: number });
    await focusBy(page, task.getByRole("button"));
    await page.keyboard.press("Enter");
    await page.locator(".act").waitFor();
    await focusBy(page, page.locator(".answer input").first());
    await page.keyboard.press("Space");
    await focusBy(page, page.locator("#opinion"));
    await page.keyboard.type("材料齐全，予以受理。");
    await focusBy(page, page.locator(".act-buttons .ant-btn-primary"));
    await page.keyboard.press("Enter");
    await page.locator(".act").waitFor({ state: "detached" });
    await event(page, "材料齐全，予以受理。");
  });
});

/** Presses Tab until something has the focus. */
async function focusBy(page, wanted) {
  for (let n = 0; n < 80; n++) {
    if (await wanted.evaluate((e) => e === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail("cannot be reached with the Tab key");
}
