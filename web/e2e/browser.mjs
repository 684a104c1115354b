// Starts the system's Chromium and gathers what went wrong in a page.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const artifacts = fileURLToPath(new URL("./artifacts/", import.meta.url));
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

/** A page that remembers every script error, refused resource and failed asset. */
export async function open(browser, base, size) {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    baseURL: base,
  });
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
  return { page, context, problems };
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
