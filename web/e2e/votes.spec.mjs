// The organiser's side of a vote where it is not plain sailing: a corrected roll, hidden results, mandates, paper against a web
// ballot, two readings that differ, an extension, an objection to the result, and a result that an official platform certified.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { enter, overflow, serving, shot, sizes } from "./browser.mjs";
import { director, organiser, photo, roll, Vote, witness } from "./vote.mjs";

const at = serving();
const on = (work, size = "wide") => at.visit(size, work);

/** Each step stands on the one before: after a failure the rest only says so. */
function story() {
  let broken = "";
  return (name, work) =>
    it(name, async () => {
      assert.equal(broken, "", "an earlier step failed");
      broken = name;
      await work();
      broken = "";
    });
}

async function board(page, login, vote, tab = "") {
  await enter(page, login, `/polls/${vote.number}${tab ? `?tab=${tab}` : ""}`);
  await page.getByRole("heading", { level: 1, name: vote.title }).waitFor();
}

/** The same page at both widths, for a critic; neither is wider than the screen. */
async function pictures(page, name) {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await shot(page, `${name}-${size}`);
    assert.ok((await overflow(page)) <= 0, `${name} is wider than the screen (${size})`);
  }
  await page.setViewportSize(sizes.wide);
}

async function pick(page, button, file) {
  const waiting = page.waitForEvent("filechooser");
  await button.click();
  await (await waiting).setFiles(file);
}

const named = (name) => ({ ...photo, name });

/** Fills what both forms for paper have, and sends it. */
async function hand(page, form, { no, key, proxy, mandate, list, photos, seenBy }) {
  const box = page.getByRole("region", { name: form });
  await box.getByLabel("票号", { exact: true }).fill(no);
  await box.getByLabel("票号", { exact: true }).press("Enter");
  await page.keyboard.press(key);
  if (photos) {
    await pick(page, box.getByLabel("签名表决票的照片").getByRole("button", { name: "选择文件" }), photos);
    await box.getByRole("link", { name: photos.name }).waitFor();
    await box.getByLabel("见证人").fill(seenBy);
  }
  if (proxy) {
    await box.getByText("受托代投").click();
    await box.getByLabel(/^受托人/).fill(proxy);
  }
  if (mandate) {
    await pick(page, box.getByLabel("委托书").getByRole("button", { name: "选择文件" }), mandate);
    await box.getByRole("link", { name: mandate.name }).waitFor();
  }
  if (list) {
    await pick(page, box.getByLabel(/^签字清单/).getByRole("button", { name: "选择文件" }), list);
    await box.getByRole("link", { name: list.name }).waitFor();
  }
  await box.getByRole("button", { name: /^录入/ }).click();
  return box;
}

const said = (box, words) => box.locator(".said li", { hasText: words }).waitFor();
const refused = (box, words) => box.getByRole("alert").getByText(words).waitFor();

/** Votes by code, as a resident does. */
const byCode = (vote, code, choice) => vote.ask(organiser, "POST", "/vote/cast", { code, choice });

/** Waits for a task that came back, with what people have to mend first. */
const sentBack = (vote, stage, why) =>
  vote.until(`${stage} to be sent back`, async () => {
    const { tasks } = await vote.ask(organiser, "GET", `/cases/${vote.number}`);
    return tasks.some((t) => t.stage === stage && t.state === "open" && why.test(t.subject ?? ""));
  });

describe("a vote with hidden results, mandates and an extension", { concurrency: 1 }, () => {
  const step = story();
  let vote;
  let codes;

  step("corrects its roll after an objection, and shows it anew", async () => {
    vote = new Vote(at.url);
    vote.title = "楼道与门禁改造";
    await vote.propose({ title: vote.title, hidden: true, proxy: true, extension: 10 });
    await vote.importRoll();
    await vote.decide(organiser, "roll", "publish");
    await on(async (page) => {
      await board(page, organiser, vote, "roll");
      await page.getByRole("button", { name: "登记异议" }).click();
      await page.getByLabel("谁提出的").fill("示例-业主3");
      await page.getByLabel("涉及哪一行（可不填）").fill("1-1-103");
      await page.getByLabel("内容").fill("登记簿上是 82.50 平方米");
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await page.locator("p.pre", { hasText: "登记簿上是 82.50 平方米" }).waitFor();
      await vote.pass("roll");

      // It cannot be frozen over the objection: the task comes back and says why.
      await vote.decide(organiser, "roll-objections", "submit");
      await sentBack(vote, "roll-objections", /异议/);
      await page.getByRole("button", { name: "答复" }).click();
      await page.getByText("采纳", { exact: true }).click();
      await page.getByLabel("答复").fill("已按登记簿更正");
      await page.locator("form").getByRole("button", { name: "答复" }).click();
      await page.locator("blockquote.pre", { hasText: "已按登记簿更正" }).waitFor();

      await pick(page, page.getByRole("button", { name: "选择文件核对" }), roll({ third: "82.50" }));
      await page.getByText("可用 15 行，合计 15 票，1,202.50 平方米").waitFor();
      assert.ok(
        await page.getByRole("button", { name: "确认导入 15 行" }).isDisabled(),
        "a correction that says nothing",
      );
      await page.getByLabel("更正了什么").fill("1-1-103 面积按登记簿更正");
      await page.getByRole("button", { name: "确认导入 15 行" }).click();
      await page.getByRole("heading", { name: /第 2 版/ }).waitFor();
      await page.getByText("1-1-103 面积按登记簿更正。").waitFor();
      await page.getByRole("heading", { name: /第 1 版/ }).waitFor(); // the old one stays
      await pictures(page, "roll-corrected");
    });
    await vote.decide(organiser, "roll-objections", "renew", { opinion: "面积更正一处，重新公示。" });
    await vote.pass("roll");
    await vote.announce();
    await vote.reach("open");
    assert.equal((await vote.board()).turnout.all.area, 120_250);
    codes = await vote.codes();
  });

  step("shows the organiser who takes part, and not how", () =>
    on(async (page) => {
      await byCode(vote, codes[0], "no");
      await board(page, organiser, vote);
      await page.getByText("表决进行中，各选项票数在截止前不公开。").waitFor();
      await page.getByText(/截止时参与不足规定比例的，按公告延长一次 10 日，到.*为止，此后不能再通过。/).waitFor();
      await page.getByRole("region", { name: "业主人数" }).getByText("已表决 1/15 人").waitFor();
      await page.getByText("截止前不公开，不能放宽").waitFor();
      await page.getByRole("region", { name: "投票口令信的打印记录" }).getByText("15 封").waitFor();
      const text = await page.locator("main").innerText();
      for (const telling of ["不同意 1", "同意／全体", "按已投的票"]) {
        assert.ok(!text.includes(telling), `the board tells: ${telling}`);
      }
      await pictures(page, "board-hidden");
      const { totals, forecast, cells } = await vote.board();
      assert.deepEqual([totals, forecast, cells[0].no.heads], [undefined, undefined, 0]);
    }),
  );

  step("lets signed paper take the place of a web ballot, by the signed list only", () =>
    on(async (page) => {
      await board(page, organiser, vote, "ballots");
      const box = await hand(page, "录入纸质票", { no: "1", key: "1" });
      await refused(box, "第 0001 号已在网上表决；以纸质票更正须附签字清单");
      await pick(page, box.getByLabel(/^签字清单/).getByRole("button", { name: "选择文件" }), named("签字清单.png"));
      await box.getByRole("link", { name: "签字清单.png" }).waitFor();
      await box.getByRole("button", { name: "录入" }).click();
      await said(box, "0001 号已录第一遍（同意）");
      await board(page, witness, vote, "ballots");
      await said(await hand(page, "录入纸质票", { no: "1", key: "1" }), "0001 号两遍一致：同意，已计票");

      await page.getByLabel("要查的票号").fill("1");
      await page.getByRole("button", { name: "查看" }).click();
      const versions = page.getByRole("region", { name: "查一个票号的各次表决" });
      await versions.getByText("已被替代").waitFor();
      await versions.getByText("选择在截止前不公开").nth(1).waitFor();
      assert.equal(await versions.getByRole("link").count(), 0, "the paper shows the choice");
    }),
  );

  step("does not count paper that two people read differently, until both have read it anew", () =>
    on(async (page) => {
      await board(page, organiser, vote, "ballots");
      await said(await hand(page, "录入纸质票", { no: "2", key: "1" }), "0002 号已录第一遍");
      await board(page, witness, vote, "ballots");
      await said(await hand(page, "录入纸质票", { no: "2", key: "2" }), "0002 号两遍不一致，没有计票");
      await page.getByRole("region", { name: "两遍不一致" }).getByText("0002 号").waitFor();
      assert.equal((await vote.board()).turnout.ballots, 1);
      await pictures(page, "ballots-different");
      await said(await hand(page, "录入纸质票", { no: "2", key: "1" }), "0002 号已录第一遍");
      await board(page, organiser, vote, "ballots");
      await said(await hand(page, "录入纸质票", { no: "2", key: "1" }), "0002 号两遍一致：同意，已计票");
      assert.equal((await vote.board()).turnout.ballots, 2);
    }),
  );

  step("takes the ballots of three whom one person represents, each with a mandate, and no fourth", () =>
    on(async (page) => {
      await board(page, organiser, vote, "ballots");
      const agent = { key: "1", proxy: "0012", photos: named("票.png"), seenBy: "示例-邻里见证" };
      const bare = await hand(page, "入户表决", { ...agent, no: "3" });
      await refused(bare, "受托代投须附委托书");
      await pick(page, bare.getByLabel("委托书").getByRole("button", { name: "选择文件" }), named("委托书.png"));
      await bare.getByRole("link", { name: "委托书.png" }).waitFor();
      await pictures(page, "ballots-proxy");
      await bare.getByRole("button", { name: "录入并计票" }).click();
      await said(bare, "0003 号（同意）已计票");
      for (const no of ["4", "5"]) {
        await said(
          await hand(page, "入户表决", { ...agent, no, mandate: named("委托书.png") }),
          `000${no} 号（同意）已计票`,
        );
      }
      await refused(
        await hand(page, "入户表决", { ...agent, no: "6", mandate: named("委托书.png") }),
        "一人最多代 3 户表决，该受托人已满",
      );
      assert.equal((await vote.board()).turnout.ballots, 5);
    }),
  );

  step("is extended once when too few take part, and says so everywhere", () =>
    on(async (page) => {
      const { poll } = await vote.board();
      await vote.jump(poll.closes);
      await vote.until("the extension", async () => (await vote.board()).poll.extended === 1);
      await board(page, organiser, vote);
      await page.getByText(/（已延期 1 次）/).waitFor();
      await page.getByText(/截止之前都还可以通过，截止时没有达到比例的，不能通过。/).waitFor();
      await pictures(page, "board-extended");
      await enter(page, organiser, `/cases/${vote.number}?tab=notices`);
      await page.getByText("延长表决期公告").first().waitFor();
      await enter(page, organiser, "/polls");
      const row = page.getByRole("row", { name: vote.title });
      await row.getByText("已延期").waitFor();
      await row.getByText("5/15 票").waitFor();
      await pictures(page, "polls");
    }),
  );

  step("shows everything after the close, and whose hands the paper went through", async () => {
    for (const code of codes.slice(5, 13)) {
      await byCode(vote, code, "yes");
    }
    const { poll } = await vote.board();
    await vote.jump(poll.closes);
    await vote.tally();
    await on(async (page) => {
      await board(page, witness, vote, "ballots");
      await page.getByText(/表决已于 .* 结束，不再收票。/).waitFor();
      await page.getByLabel("要查的票号").fill("3");
      await page.getByRole("button", { name: "查看" }).click();
      await page.getByText("示例-邻里见证 见证；由 0012 受托代投").waitFor();
      const links = page.getByRole("region", { name: "查一个票号的各次表决" }).getByRole("link");
      assert.deepEqual(await links.allInnerTexts(), ["票.png", "委托书.png"]);
      // The witness did not upload it, and sees it; the operator sees the case, and not the ballots.
      const file = await links.first().getAttribute("href");
      assert.equal((await page.context().request.get(file)).status(), 200);
      await pictures(page, "ballots-closed");
      await enter(page, "ops.bai", `/polls/${vote.number}`);
      assert.equal((await page.context().request.get(file)).status(), 404);
    });
  });

  step("answers an objection to the provisional result before the result is final", () =>
    on(async (page) => {
      await board(page, organiser, vote, "objections");
      await page.getByText("初步统计结果：通过。").waitFor();
      await page.getByRole("button", { name: "登记异议" }).click();
      await page.getByLabel("谁提出的").fill("示例-业主14");
      await page.getByLabel("内容").fill("请说明受托票如何核对");
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await page.locator("p.pre", { hasText: "请说明受托票如何核对" }).waitFor();
      await vote.pass("opinions");
      await vote.decide(organiser, "settle", "submit");
      await sentBack(vote, "settle", /异议/);
      assert.equal((await vote.board()).poll.state, "counted");
      await page.getByRole("button", { name: "答复" }).click();
      await page.getByText("不采纳").click();
      await page.getByLabel("答复").fill("三张受托票均附委托书，已由监票人核对。");
      await page.locator("form").getByRole("button", { name: "答复" }).click();
      await page.locator("blockquote.pre", { hasText: "三张受托票均附委托书" }).waitFor();
      await pictures(page, "objection-answered");
      await vote.decide(organiser, "settle", "submit");
      await vote.reach("final");
      await enter(page, organiser, "/polls?state=final");
      const row = page.getByRole("row", { name: vote.title });
      await row.getByText("结果是通过，已经确定。").waitFor();
    }),
  );
});

describe("a vote on an official platform", { concurrency: 1 }, () => {
  const step = story();
  let vote;

  /** Fills the certified result in; what is not named is as in the certificate. */
  async function certify(page, yes, certificate) {
    assert.equal(await page.getByRole("textbox", { name: "平台" }).inputValue(), "省级业主电子表决系统");
    await page.getByLabel("证书编号").fill("示证 2026-1");
    for (const [label, text] of [
      ["同意票数", yes],
      ["同意面积", "960.00"],
      ["不同意票数", "2"],
      ["不同意面积", "160.00"],
      ["弃权票数", "0"],
      ["弃权面积", "0"],
    ]) {
      await page.getByLabel(label, { exact: true }).fill(text);
    }
    if (certificate) {
      await pick(page, page.getByLabel("认证文件").getByRole("button", { name: "选择文件" }), certificate);
      await page.getByRole("link", { name: certificate.name }).waitFor();
    }
    await page.getByRole("button", { name: "登记", exact: true }).click();
  }

  step("is not held here, and its board says where", async () => {
    vote = new Vote(at.url);
    vote.title = "加装雨棚";
    await vote.propose({ title: vote.title, platform: "省级业主电子表决系统" });
    await vote.importRoll();
    await vote.decide(organiser, "roll", "publish");
    await vote.pass("roll");
    await vote.announce();
    await on(async (page) => {
      await enter(page, director, "/polls");
      const words = "在省级业主电子表决系统表决，结果以该平台认证的为准。";
      await page.getByRole("row", { name: vote.title }).getByText(words).waitFor();
      await board(page, director, vote);
      await page.getByText(words).waitFor();
    });
  });

  step("takes a certified result that two people enter alike, and counts nothing before", () =>
    on(async (page) => {
      await board(page, organiser, vote);
      await page.getByRole("button", { name: "登记认证结果" }).click();
      await certify(page, "12", named("证书.png"));
      await page.getByText("已录一遍，等另一人再录一遍，一致才生效。").waitFor();
      await vote.decide(organiser, "certify", "submit");
      await sentBack(vote, "certify", /第二人/);
      await board(page, director, vote);
      await page.getByRole("button", { name: "录第二遍" }).click();
      await certify(page, "11");
      await page.getByText("您录入的与第一人录入的不同").waitFor();
      await pictures(page, "certified-different");
      await page.getByLabel("同意票数", { exact: true }).fill("12");
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await page.getByText("两人录入一致，已生效。").waitFor();
      await page.getByText("同意 12 人，不同意 2 人，弃权 0 人").waitFor();
      await vote.decide(organiser, "certify", "submit");
      await vote.tally();
      await board(page, witness, vote);
      await page.getByRole("heading", { name: "计票结果：通过" }).waitFor();
      await pictures(page, "certified");
      // The certificate belongs to the case: whoever sees it sees the certificate.
      const file = await page.getByRole("link", { name: "认证文件" }).getAttribute("href");
      assert.equal((await page.context().request.get(file)).status(), 200);
    }),
  );
});
