// Starts the built program and the system's Chromium, and gathers what went wrong in a page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { after, before } from "node:test";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const demoPassword = process.env.DEMO_PASSWORD || "gongzhi-demo-2026";

export const artifacts = fileURLToPath(new URL("./artifacts/", import.meta.url));
mkdirSync(artifacts, { recursive: true });

export const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

export function executable() {
  const path = process.env.CHROMIUM_PATH || process.env.CHROMIUM || "/usr/bin/chromium";
  if (!existsSync(path)) {
    throw new Error(`Chromium is missing at ${path}: install it or set CHROMIUM`);
  }
  return path;
}

export async function launch() {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The address under test: BASE_URL, or a fresh demonstration of the built program on a free port. */
export async function target() {
  if (process.env.BASE_URL) {
    return { url: process.env.BASE_URL.replace(/\/$/, ""), close: () => {} };
  }
  const program = `${root}bin/gongzhi`;
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: run «make build», or set BASE_URL to a running demonstration`);
  }
  const data = mkdtempSync(`${tmpdir()}/gongzhi-e2e-`);
  const child = spawn(program, ["up", "--demo", "--data", data, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", openSync(`${artifacts}gongzhi.log`, "w")],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) {
        resolve(address[0]);
      }
    });
    child.once("exit", (code) => reject(new Error(`gongzhi up ended with ${code} before it was ready`)));
  });
  return {
    url,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/**
 * What a spec is played on: the program and the browser, started before its first test and stopped after its last.
 * What the spec needs beside them is made ready with the address; a second hook would not wait for the first.
 */
export function serving(ready = async () => {}) {
  const at = { url: "", browser: undefined, visit: (size, work) => visit(at.browser, at.url, size, work) };
  let server;
  before(async () => {
    server = await target();
    at.url = server.url;
    at.browser = await launch();
    await ready(at.url);
  });
  after(async () => {
    await at.browser?.close();
    await server?.close();
  });
  return at;
}

// One context for each size, so that the scripts of the console are fetched and compiled once.
const contexts = new Map();

async function contextOf(browser, base, size) {
  if (!contexts.has(size)) {
    const context = await browser.newContext({
      viewport: sizes[size],
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      // A list that is still sliding open takes no click.
      reducedMotion: "reduce",
      baseURL: base,
    });
    contexts.set(size, context);
  }
  const context = contexts.get(size);
  await context.clearCookies();
  return context;
}

/** A page in which nobody is signed in; it remembers every script error, refused resource and failed asset. */
async function open(browser, base, size) {
  const context = await contextOf(browser, base, size);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems = [];
  page.on("pageerror", (e) => problems.push(`script: ${e.message}`));
  page.on("console", (m) => {
    // Refusals by the API (4xx) are part of the game and are asserted where they are expected.
    if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) {
      problems.push(`console: ${m.text()}`);
    }
  });
  page.on("response", (r) => {
    if (r.status() >= 500 || (r.status() >= 400 && r.url().includes("/assets/"))) {
      problems.push(`${r.status()} ${r.url()}`);
    }
  });
  return { page, problems };
}

let failures = 0;

/**
 * Opens a page of one size for some work, and expects that the page made no errors and is not wider than the screen.
 * What was on the screen when something failed is kept in e2e/artifacts.
 */
export async function visit(browser, base, size, work) {
  const { page, problems } = await open(browser, base, size);
  try {
    await work(page);
    assert.deepEqual(problems, [], "the page made errors");
    assert.ok((await overflow(page)) <= 0, "the page is wider than the screen");
  } catch (error) {
    await shot(page, `failed-${basename(process.argv[1], ".spec.mjs")}-${++failures}`).catch(() => {});
    throw error;
  } finally {
    await page.close();
  }
}

/** Enters as one of the demonstration's people; that the login page works is shown elsewhere. */
export async function enter(page, login, path = "/desk") {
  const answer = await page.context().request.post("/api/v1/session", { data: { login, password: demoPassword } });
  assert.equal(answer.status(), 200, `${login} cannot enter`);
  await page.goto(path);
  await page.locator("main h1").first().waitFor();
}

/** The small sentence that comes and goes at the top of the page. */
export async function told(page, text) {
  await page.locator(".ant-message-notice", { hasText: text }).first().waitFor();
}

/** Chooses an option of an open or closed Ant Design select by its words. */
export async function choose(page, select, words) {
  await select.click();
  const box = page.locator(".ant-select-dropdown:visible");
  await box.locator(".ant-select-item-option", { hasText: words }).first().click();
  await box.waitFor({ state: "hidden" });
}

/** Chooses a unit in the tree by keyboard: its name is typed, and the unit that is found is taken. */
export async function chooseUnit(page, field, name) {
  await field.click();
  await page.keyboard.type(name);
  const box = page.locator(".ant-select-dropdown:visible");
  await box.locator(".filter-node.ant-select-tree-treenode-active", { hasText: name }).waitFor();
  await page.keyboard.press("Enter");
  await box.waitFor({ state: "hidden" });
}

export async function shot(page, name) {
  await page.waitForLoadState("domcontentloaded");
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${artifacts}${name}.png`, fullPage: true });
}

/** No page may be wider than the screen. */
export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
