// What is kept for later and what is put on paper: a draft with its attachment, and the approval form as a PDF.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { artifacts, enter, serving, shot } from "./browser.mjs";
import { readPdf } from "./pdf.mjs";
import { Play } from "./play.mjs";

let play;
const at = serving(async (url) => {
  play = new Play(url);
});

describe("a draft", () => {
  it("is made by the first change, not by looking at an empty form", () =>
    at.visit("wide", async (page) => {
      const writes = [];
      page.on("request", (r) => {
        if (r.url().includes("/api/v1/drafts") && r.method() !== "GET") {
          writes.push(r.method());
        }
      });
      await page.clock.install();
      await enter(page, "tjj.sun", "/launch/admission");
      await page.getByText("填写后自动保存").waitFor();
      await page.locator(".form-submit", { hasText: "还不能提交" }).waitFor();
      await page.clock.runFor(60_000);
      assert.deepEqual(writes, [], "an empty form was saved");
      await page.locator("#f_title").fill("第一次改动");
      await page.clock.runFor(5_000);
      await page.waitForURL("**draft=*");
      assert.deepEqual(writes, ["POST"]);
      // Opened again, it is not saved again before it is changed.
      await page.reload();
      await page.waitForFunction(() => document.querySelector("#f_title")?.value === "第一次改动");
      await page.clock.runFor(60_000);
      assert.deepEqual(writes, ["POST"], "an unchanged draft was saved");
      await page.locator("#f_title").fill("第二次改动");
      await page.clock.runFor(5_000);
      await page.getByText(/^已保存 \d\d:\d\d$/).waitFor();
      assert.deepEqual(writes, ["POST", "PUT"]);
    }));

  it("keeps the opinion of a decision that came too late, and leads to its case", () =>
    at.visit("wide", async (page) => {
      const number = await play.file();
      await enter(page, "office.xu", `/cases/${number}`);
      await page.getByRole("button", { name: /^办理：/ }).click();
      await page.locator(".answer", { hasText: "退回申请单位补正" }).click();
      await page.locator("#opinion").fill("请补充经费来源说明。");
      await play.answer("office.qian", number, "formal-review", "accept");
      await page.locator(".act-buttons .ant-btn-primary").click();
      const told = page.locator(".act .ant-alert", { hasText: "您填写的意见已保存为草稿。" });
      await told.waitFor();
      const words = await told.innerText();
      assert.equal(words.split("已保存为草稿").length, 2, `said more than once: ${words}`);
      await page.goto("/launch");
      const draft = page.locator(".draft", { hasText: "请补充经费来源说明。" });
      await draft.getByText("没有办成的意见").waitFor();
      await draft.getByRole("button", { name: "打开办件" }).click();
      await page.waitForURL(`**/cases/${number}`);
    }));

  it("is left and found again with its attachment", () =>
    at.visit("wide", async (page) => {
      await enter(page, "tjj.sun", "/launch/admission");
      await page.locator("#f_title").fill("协助核对公共设施台账");
      await page.locator("#f_legal").fill("示例文号");
      const waiting = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "选择文件" }).click();
      const chooser = await waiting;
      await chooser.setFiles([
        { name: "依据.txt", mimeType: "text/plain", buffer: Buffer.from("依据文件的内容") },
        { name: "程序.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
      ]);
      await page.getByRole("link", { name: "依据.txt" }).waitFor();
      await page.getByText("不能上传 .exe").waitFor();
      await page.waitForURL("**draft=*");
      await page.getByText(/^已保存 \d\d:\d\d$/).waitFor();

      await page.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "发起" }).click();
      const draft = page.locator(".draft", { hasText: "协助核对公共设施台账" });
      await draft.waitFor();
      await shot(page, "drafts");
      await draft.getByRole("link").first().click();
      await page.getByRole("link", { name: "依据.txt" }).waitFor();
      assert.equal(await page.locator("#f_title").inputValue(), "协助核对公共设施台账");
      assert.equal(await page.locator("#f_legal").inputValue(), "示例文号");
      const file = await page
        .context()
        .request.get(await page.getByRole("link", { name: "依据.txt" }).getAttribute("href"));
      assert.equal(await file.text(), "依据文件的内容");
    }));
});

/** Without spaces, and with one code for characters that look alike: a font may name 工 as the radical ⼯. */
const plain = (text) => text.normalize("NFKC").replaceAll(/\s/g, "");

describe("the approval form", () => {
  it("is printed whole, on A4", async () => {
    const ending = "以上各项由申请单位负责，不得转交社区，这是说明的最后一句。";
    const opinion = `${"同意。经办人须持证入户，入户前三日张贴告知。".repeat(12)}这是答复的最后一句。`;
    const number = await play.accepted({
      content: `${"引导调查员入户，说明登记用途，核对地址和联系人。".repeat(30)}${ending}`,
    });
    await play.answer("jd01.jin", number, "street-hearing", "agree_if", { opinion });
    await at.visit("wide", async (page) => {
      await enter(page, "tjj.sun", `/cases/${number}/print`);
      await page.locator(".sheet table").first().waitFor();
      await page.getByText("9,600.00 元").waitFor();
      await page.evaluate(() => document.fonts.ready);

      const bytes = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      writeFileSync(`${artifacts}approval.pdf`, bytes);
      const paper = readPdf(bytes);
      assert.deepEqual(paper.size, [595, 842], "the sheet is not A4");
      assert.equal(paper.pages, 2, "the form does not fit on two sheets");
      const text = plain(paper.text);
      for (const words of [
        "社区工作准入审批表",
        number,
        "梧桐里街道",
        "示例-金街",
        "灯塔社区",
        "9,600.00元",
        "（盖章）",
        "末条摘要",
      ]) {
        assert.ok(text.includes(plain(words)), `the paper does not say ${words}`);
      }
      assert.ok(text.includes(plain(ending)), "the content of the application is cut off");
      assert.ok(text.includes(plain(opinion.slice(-11))), "the opinion is cut off");
      assert.ok(!text.includes("回到办件"), "a button is on the paper");

      // The same sheet at the width of the paper: nothing sticks out of it, and no cell hides what it holds.
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 688, height: 1009 });
      const outside = await page.evaluate(() => {
        const sheet = document.querySelector(".sheet");
        const edge = sheet.getBoundingClientRect().right + 1;
        return [...sheet.querySelectorAll("*")]
          .filter((e) => e.getBoundingClientRect().right > edge || e.scrollWidth > e.clientWidth + 1)
          .filter((e) => getComputedStyle(e).display !== "inline")
          .map((e) => e.outerHTML.slice(0, 80));
      });
      assert.deepEqual(outside, [], "something sticks out of the paper");
    });
  });
});
