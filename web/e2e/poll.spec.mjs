// A whole vote on the pages: the roll, the letters, the three ways to vote, the count, the result, and the check of a receipt.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { enter, overflow, serving, shot, sizes, told } from "./browser.mjs";
import { readPdf } from "./pdf.mjs";
import { organiser, photo, roll, Vote, witness } from "./vote.mjs";

const at = serving();

async function choose(page, button, file) {
  const waiting = page.waitForEvent("filechooser");
  await button.click();
  await (await waiting).setFiles(file);
}

/** The board of a vote. Its own heading is waited for: what enter waits for may be a page that is being left. */
async function board(page, login, vote, tab = "") {
  await enter(page, login, `/polls/${vote.number}${tab ? `?tab=${tab}` : ""}`);
  await page.getByRole("heading", { level: 1, name: "外墙与屋面改造" }).waitFor();
}

/** Enters one paper ballot by keyboard alone: number, Enter, the key of the choice, Enter. */
async function paper(page, no, key, words) {
  await page.getByRole("region", { name: "录入纸质票" }).getByLabel("票号").focus();
  await page.keyboard.type(no);
  await page.keyboard.press("Enter");
  await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await page.locator(".said", { hasText: words }).waitFor();
}

/** Votes on the residents' page and returns the number of the receipt. */
async function byCode(page, code, words) {
  await page.goto(`/v#${code}`);
  await page.getByRole("button", { name: "去选择" }).click();
  await page.getByLabel(words, { exact: true }).check();
  await page.getByRole("button", { name: "下一步，确认" }).click();
  await page.getByRole("button", { name: `确认${words}，提交` }).click();
  await page.getByRole("heading", { name: "您的票已收到" }).waitFor();
  return (await page.locator(".r-tracker").innerText()).replaceAll("-", "");
}

for (const size of ["wide", "phone"]) {
  const on = (work) => at.visit(size, work);

  describe(`a vote of owners (${size})`, { concurrency: 1 }, () => {
    // Each step stands on the one before: after a failure the rest only says so.
    let broken = "";
    const step = (name, work) =>
      it(name, async () => {
        assert.equal(broken, "", "an earlier step failed");
        broken = name;
        await work();
        broken = "";
      });
    let vote;
    let codes = [];
    let tracker;

    step("takes its roll from a file, once somebody has seen what is wrong with it", async () => {
      vote = new Vote(at.url);
      await vote.propose();
      await on(async (page) => {
        await enter(page, organiser, `/cases/${vote.number}`);
        await page.getByRole("link", { name: "表决板" }).click();
        await page.getByText("还没有清册，导入清册并公示后才能表决。").waitFor();
        await page.getByRole("tab", { name: "清册" }).click();
        await choose(page, page.getByRole("button", { name: "选择文件核对" }), roll({ spoilt: true }));
        await page.getByText("有 1 行不能使用").waitFor();
        await page.locator(".bad-value", { hasText: "八十" }).waitFor();
        await shot(page, `roll-${size}`);
        assert.ok(
          await page.getByRole("button", { name: /^确认导入/ }).isDisabled(),
          "bad lines can be imported unseen",
        );
        assert.equal((await vote.ask(organiser, "GET", `/polls/${vote.number}/roll`)).versions.length, 0);

        await choose(page, page.getByRole("button", { name: "选择文件核对" }), roll());
        await page.getByText("可用 15 行，合计 15 票，1,200.00 平方米").waitFor();
        await page.getByRole("button", { name: "确认导入 15 行" }).click();
        await told(page, "已导入为清册第 1 版");
        await page.getByRole("button", { name: "查看 15 行" }).click();
        await page.getByText("示例-业主15").waitFor();
      });
      await vote.open();
    });

    step("is announced on a page that needs no script", async () => {
      const context = await at.browser.newContext({
        javaScriptEnabled: false,
        viewport: sizes[size],
        baseURL: at.url,
      });
      const page = await context.newPage();
      await page.goto(`/gs/${vote.number}`);
      await page.getByRole("heading", { name: "外墙与屋面改造" }).waitFor();
      await page.getByText("是否同意《听雨花园外墙与屋面改造方案》？").first().waitFor();
      await page.getByText("同意的业主人数须不少于参与表决的业主人数的3/4").first().waitFor();
      await shot(page, `public-${size}`);
      await context.close();
    });

    step("prints letters with codes and numbered ballot sheets on A4", () =>
      on(async (page) => {
        await board(page, organiser, vote);
        await page.getByRole("link", { name: "打印投票口令信" }).click();
        await page.locator(".paper-secret").nth(14).waitFor();
        codes = await page.locator(".paper-secret").allInnerTexts();
        await shot(page, `letters-${size}`);
        assert.equal(new Set(codes).size, 15);
        for (const code of codes) {
          assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
        }
        const letters = readPdf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
        assert.deepEqual([letters.pages, letters.size], [15, [595, 842]], "a letter is not one sheet of A4");
        await page.goto(`/polls/${vote.number}/sheets`);
        await page.locator(".paper-choices").nth(14).waitFor();
        await shot(page, `sheets-${size}`);
        const sheets = readPdf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
        assert.deepEqual([sheets.pages, sheets.size], [15, [595, 842]], "a ballot is not one sheet of A4");
      }),
    );

    step("is voted on by code in four screens, and once although the network fails", () =>
      on(async (page) => {
        await page.goto("/v");
        await page.getByRole("button", { name: "特大字" }).click();
        await page.getByLabel("口令").fill(codes[0].slice(0, -1));
        await page.getByRole("button", { name: "下一步" }).click();
        await page.getByRole("alert").getByText("现在是 15 位").waitFor();
        await page.getByLabel("口令").fill(codes[0].toLowerCase().replaceAll("-", " "));
        await page.getByRole("button", { name: "下一步" }).click();
        await page.getByRole("heading", { name: "外墙与屋面改造" }).waitFor();
        await shot(page, `vote-notice-${size}`);
        await page.getByRole("button", { name: "去选择" }).click();
        await page.getByLabel("不同意").check();
        await page.getByRole("button", { name: "下一步，确认" }).click();

        // The ballot arrives, its receipt does not; the page is loaded anew and sends the same again.
        const keys = [];
        await page.route("**/vote/cast", async (route) => {
          keys.push(route.request().headers()["idempotency-key"]);
          if (keys.length === 1) {
            await route.fetch();
            await route.abort();
          } else {
            await route.continue();
          }
        });
        await page.getByRole("button", { name: "确认不同意，提交" }).click();
        await page.getByRole("alert").getByText("网络不通").waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.style.fontSize), "30px");
        await page.goto(`/v#${codes[0]}`);
        await page.getByText("还不知道是否送达").waitFor();
        await page.getByRole("button", { name: "再提交一次" }).click();
        await page.getByRole("heading", { name: "您的票已收到" }).waitFor();
        assert.equal(keys.length, 2);
        assert.equal(keys[0], keys[1], "the same ballot went out under another key");
        const { items } = await vote.ask(organiser, "GET", `/polls/${vote.number}/voters/0001/ballots`);
        assert.equal(items.length, 1, "the ballot is there twice");
        await shot(page, `vote-receipt-${size}`);
        assert.ok((await overflow(page)) <= 0);
        const small = await page
          .locator("button, a")
          .evaluateAll((all) => all.filter((e) => e.offsetHeight < 60).length);
        assert.equal(small, 0, "something to touch is lower than 60 pixels");

        // The last one counts.
        await page.getByRole("button", { name: "返回，更改选择" }).click();
        await page.getByText("您的票已网上表决：不同意").waitFor();
        await page.getByRole("button", { name: "更改我的选择" }).click();
        await page.getByLabel("同意", { exact: true }).check();
        await page.getByRole("button", { name: "下一步，确认" }).click();
        await page.getByRole("button", { name: "确认同意，提交" }).click();
        await page.getByText("您先前的那一票不再计入").waitFor();

        for (const code of codes.slice(1, 7)) {
          await page.getByRole("button", { name: "完成，退出" }).click();
          await page.getByLabel("口令").waitFor();
          assert.equal(new URL(page.url()).hash, "", "the code stays in the address");
          tracker = await byCode(page, code, "同意");
        }

        // The proof waits for the ledger's next signature; the page saves it without being asked again.
        const saved = page.waitForEvent("download", { timeout: 90_000 });
        await page.getByRole("button", { name: "保存回执" }).click();
        const file = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
        assert.equal(file.receipt.tracker, tracker);
        assert.equal(file.proof.leaf, file.receipt.leaf);
        assert.match(file.proof.leaf, /^gongzhi ballot 1\npoll .*\nvoter .*\nn 1\nchoice yes\n/);
        await page.getByText("回执已保存").waitFor();
      }),
    );

    step("takes paper that two people read alike, and blocks what they read differently", () =>
      on(async (page) => {
        await board(page, organiser, vote, "ballots");
        await paper(page, "8", "1", "0008 号已录第一遍（同意），等另一人录第二遍");
        await paper(page, "9", "1", "0009 号已录第一遍");
        await board(page, witness, vote, "ballots");
        await page.getByRole("region", { name: "等第二遍" }).getByText("0008 号").waitFor();
        await paper(page, "8", "1", "0008 号两遍一致：同意，已计票");
        await paper(page, "9", "2", "0009 号两遍不一致，没有计票");
        await page.getByRole("region", { name: "两遍不一致" }).getByText("0009 号").waitFor();
        await shot(page, `ballots-${size}`);
        await paper(page, "9", "1", "0009 号已录第一遍");
        await board(page, organiser, vote, "ballots");
        await paper(page, "9", "1", "0009 号两遍一致：同意，已计票");

        // Whoever has voted on paper cannot vote again by code.
        await page.goto(`/v#${codes[7]}`);
        await page.getByText("此票已由纸质票表决").waitFor();
        assert.equal(await page.getByRole("button", { name: "去选择" }).count(), 0);
      }),
    );

    step("takes a ballot at the door with a photo and a witness", () =>
      on(async (page) => {
        await board(page, organiser, vote, "ballots");
        const form = page.getByRole("region", { name: "入户表决" });
        await form.getByLabel("票号").fill("13");
        await form.getByText("不同意").click();
        await form.getByRole("button", { name: "录入并计票" }).click();
        await form.getByText("还缺：签名表决票的照片、见证人。").waitFor();
        await choose(page, form.getByRole("button", { name: "选择文件" }), photo);
        await form.getByRole("link", { name: photo.name }).waitFor();
        await form.getByLabel("见证人").fill("示例-邻里见证");
        await form.getByRole("button", { name: "录入并计票" }).click();
        await form.getByText("0013 号（不同意）已计票").waitFor();
      }),
    );

    step("shows the organiser how it stands, and whom to visit", () =>
      on(async (page) => {
        await board(page, organiser, vote);
        const heads = page.getByRole("region", { name: "业主人数" });
        await heads.getByText("10/15，66.66%").waitFor();
        await heads.getByText("（需 2/3 以上，即 ≥ 10 人） 现已达到").waitFor();
        await heads.getByText("9/10，90.00%").waitFor();
        await page.getByRole("img", { name: /^各楼参与情况/ }).waitFor();
        const channels = await page.locator(".channels li").allInnerTexts();
        assert.deepEqual(
          channels.map((c) => c.replaceAll(/\s/g, "")),
          ["网上7", "纸质2", "入户1", "合计10"],
        );
        await shot(page, `board-${size}`);
        await page.getByRole("tab", { name: "走访" }).click();
        await page.locator(".visits tbody tr").nth(4).waitFor();
        assert.equal(await page.locator(".visits tbody tr").count(), 5);
        await page.getByRole("button", { name: "登记 0012 号已签收表决票" }).click();
        await page.getByText("已签收，未表决").waitFor();
        await shot(page, `visits-${size}`);
      }),
    );

    step("is closed, counted and published, and the receipt is found in its ledger", async () => {
      await vote.count();
      await on(async (page) => {
        await page.goto(`/v#${codes[14]}`);
        await page.getByText(/表决已于 .* 结束，不再收票。没有收到您的票。/).waitFor();

        await board(page, organiser, vote);
        await page.getByRole("heading", { name: "计票结果：通过" }).waitFor();
        await page.getByText("90.00%（9/10）").waitFor();
        await page.getByRole("link", { name: "打印计票表" }).click();
        await page.getByText("结论：通过").waitFor();
        await shot(page, `tally-${size}`);
        const paper = readPdf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
        assert.deepEqual([paper.pages, paper.size], [1, [595, 842]], "the count is not on one sheet of A4");

        await page.goto(`/gs/${vote.number}`);
        await page.getByText("初步统计结果").first().waitFor();
        await page.getByLabel("回执号").fill(tracker);
        await page.getByRole("button", { name: "核对我的回执" }).click();
        await page.getByText("这张票在表决记录里").waitFor();
        await shot(page, `result-${size}`);
        await page.getByLabel("回执号").fill("0000000000000000");
        await page.getByRole("button", { name: "核对我的回执" }).click();
        await page.locator("#check + .note").waitFor();
        assert.equal(await page.getByText("这张票在表决记录里").count(), 0, "a receipt that nobody gave is found");
      });
    });
  });
}
