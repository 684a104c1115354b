// Starts the system's Chromium and gathers what went wrong in a page.
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const artifacts = fileURLToPath(new URL("./artifacts/", import.meta.url));
mkdirSync(artifacts, { recursive: true });

export const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

export function executable() {
  const path = process.env.CHROMIUM || "/usr/bin/chromium";
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

/** The address under test: BASE_URL, or the stand-in for development with MOCK=1. */
export async function target() {
  if (process.env.BASE_URL) {
    return { url: process.env.BASE_URL.replace(/\/$/, ""), close: () => {} };
  }
  if (process.env.MOCK) {
    const { start } = await import("./mock/server.mjs");
    return start();
  }
  throw new Error("set BASE_URL to a running «gongzhi up --demo»");
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
