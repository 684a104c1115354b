// What residents decide: the form says who may propose and whether enough have signed; the poll goes from the deliberation to the
// meeting of all residents, is on display, is carried out and appraised.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both, fitForAll } from "./access.mjs";
import { choose, enter, serving, shot, told } from "./browser.mjs";
import { director, households, organiser, poll, secretary, Vote, witness } from "./vote.mjs";

const at = serving();
const paper = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from("示例") });

for (const size of ["wide", "phone"]) {
  it(`judges a joint proposal while it is typed (${size})`, () =>
    at.visit(size, async (page) => {
      await enter(page, organiser, "/launch/consent");
      const findings = page.getByRole("complementary", { name: "校核结果" });
      await findings.getByText("请选择提议人。").waitFor();
      assert.equal(await page.getByLabel("联名业主人数").count(), 0, "asked although nobody has signed together");
      await choose(page, page.locator("#f_proposer"), "业主联名");
      await findings.getByText("业主联名提议，请填写联名业主人数，须大于零。").waitFor();
      for (const [field, text] of [
        ["heads", "17"],
        ["all_heads", "90"],
        ["area", "1440.00"],
        ["all_area", "7200"],
      ]) {
        await page.locator(`#f_petition_${field}`).fill(text);
      }
      await findings.getByText("联名 17 人，占 90 人的 18.88%（17/90），不足 20%").waitFor();
      await findings.getByText("1,440.00 平方米，占 7,200.00 平方米的 20.00%").waitFor();
      if (size === "wide") {
        await both(page, "consent-petition");
      }
      await page.locator("#f_petition_heads").fill("18");
      await findings.getByText("联名 18 人，占 90 人的 20.00%（18/90），达到 20%").waitFor();
      await findings.getByLabel("符合").first().waitFor();

      // Residents do not sign as owners, and only their matters come before their meeting.
      assert.equal(await page.getByText("事项涉及全体居民").count(), 0);
      await page.getByText("居民（户）表决", { exact: true }).click();
      await page.getByText(/事项涉及全体居民/).waitFor();
      await findings.getByText(/这种表决的提议人可以是：居委会；/).waitFor();
    }));
}

describe("a poll of residents", { concurrency: 1 }, () => {
  let vote;

  /** Answers a task on the page of the case, with a file; what can be answered is kept in a picture. */
  async function answer(page, login, does, words, file, picture) {
    await enter(page, login, `/cases/${vote.number}`);
    await page.getByRole("button", { name: `办理：${does}` }).waitFor();
    await both(page, picture);
    await page.getByRole("button", { name: `办理：${does}` }).click();
    const drawer = page.locator(".ant-drawer-open");
    await drawer.getByRole("radio", { name: words }).check();
    await drawer.getByText("必须上传").waitFor();
    await both(page, `${picture}-answer`);
    const waiting = page.waitForEvent("filechooser");
    await drawer.getByRole("button", { name: "选择文件" }).click();
    await (await waiting).setFiles(file);
    await drawer.getByRole("link", { name: file.name }).waitFor();
    await drawer.getByRole("button", { name: words }).click();
    await told(page, `已办理：${words}`);
  }

  it("is deliberated on before there is a roll", async () => {
    vote = new Vote(at.url, director);
    await vote.submit(poll);
    await vote.decide(secretary, "advice", "agree");
    await vote.until("the deliberation", async () =>
      (await vote.ask(director, "GET", `/cases/${vote.number}`)).tasks.some((t) => t.stage === "deliberation"),
    );
    await at.visit("wide", (page) =>
      answer(page, director, "组织协商，形成方案", "协商形成方案，核定清册", paper("协商记录.txt"), "consent-deliberation"),
    );
  });

  it("says on its public page what comes after it has passed", async () => {
    await vote.importRoll(households());
    await vote.open();
    for (const code of (await vote.codes()).slice(0, 12)) {
      await vote.ask(director, "POST", "/vote/cast", { code, choice: "yes" });
    }
    await vote.count();
    await vote.pass("opinions");
    await vote.decide(director, "settle", "submit");
    await vote.reach("final");
    for (const size of ["wide", "phone"]) {
      await at.visit(size, async (page) => {
        await page.goto(`/gs/${vote.number}`);
        await page.getByRole("heading", { name: "结果", exact: true }).waitFor();
        await page.getByText("另须居民会议或者居民代表会议通过；通过以前项目不得启动。").waitFor();
        await page.getByText(/最终结果居务公开期满以后.*由居民评议/).waitFor();
        await fitForAll(page);
        await shot(page, `consent-result-${size}`);
      });
    }
  });

  it("is decided by the meeting, and begins only when it has been on display for 15 days", () =>
    at.visit("wide", async (page) => {
      await vote.until("the meeting", async () =>
        (await vote.ask(director, "GET", `/cases/${vote.number}`)).tasks.some((t) => t.stage === "meeting"),
      );
      await answer(page, director, "召集居民会议或者居民代表会议，登记决定", "会议通过", paper("会议记录.txt"), "consent-meeting");
      const { deadlines, case: before } = await vote.until("居务公开", async () => {
        const d = await vote.ask(director, "GET", `/cases/${vote.number}`);
        return d.deadlines.some((k) => k.clock === "display") && d;
      });
      assert.equal(before.state, "running");
      const { deadline } = deadlines.find((k) => k.clock === "display");
      const days = (Date.parse(deadline.day) - Date.parse(new Date(Date.parse(deadline.anchor) + 8 * 3600_000).toISOString().slice(0, 10))) / 86_400_000;
      assert.ok(days >= 15, `on display for ${days} days`);
      await enter(page, director, `/cases/${vote.number}?tab=notices`);
      await page.getByText("居民会议决定公告").first().waitFor();
      await both(page, "consent-display");
      await vote.pass("display");
      await vote.until("the gate", async () => (await vote.ask(director, "GET", `/cases/${vote.number}`)).case.state === "executing");
    }));

  it("is carried out in public and appraised by residents", () =>
    at.visit("wide", async (page) => {
      const files = [await vote.attach()];
      await vote.decide(director, "permit", "submit", { files });
      await vote.decide(director, "works", "disclose", { opinion: "已更换两栋，支出 2 万元。" });
      await vote.decide(director, "works", "submit");
      await vote.decide(director, "accounts", "submit", { files: [await vote.attach()] });
      await vote.until("the appraisal", async () =>
        (await vote.ask(witness, "GET", `/cases/${vote.number}`)).tasks.some((t) => t.stage === "appraisal"),
      );
      await answer(page, witness, "组织居民评议，登记结果", "评议结果：满意", paper("评议表.txt"), "consent-appraisal");
      await page.getByText("居民评议：满意").first().waitFor();
    }));
});
