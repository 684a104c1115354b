// What an old person, a keyboard and a screen reader need of a page, measured in the page.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { overflow, shot, sizes } from "./browser.mjs";

/**
 * Contrast of 4.5:1, names, roles and labels: the rules of WCAG 2.1 A and AA as axe knows them, but for the one that compares
 * words of a label and of its name: in Chinese nothing stands between words.
 */
export async function violations(page) {
  const found = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    .disableRules(["label-content-name-mismatch"])
    .setLegacyMode() // the pages have no frames, and need no second page in which results are put together
    .analyze();
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}`));
}

/** Texts on the screen below 18 pixels. */
export function smallTexts(page) {
  return page.evaluate(() => {
    const small = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const size = Number.parseFloat(getComputedStyle(node.parentElement).fontSize);
      if (node.data.trim() && node.parentElement.checkVisibility() && size < 18) {
        small.push(`${node.data.trim()} (${size})`);
      }
    }
    return small;
  });
}

/** What one may touch on the screen and is lower or narrower than 60 pixels. A choice is touched on its label. */
export function smallTargets(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("a, button, summary, label:has(input), input:not(label input)")]
      .filter((e) => e.checkVisibility())
      .map((e) => [e.textContent || e.id, e.getBoundingClientRect()])
      .filter(([, box]) => box.width < 60 || box.height < 60)
      .map(([words, box]) => `${words} (${box.width} × ${box.height})`),
  );
}

/** A page for residents: nothing to find fault with, nothing too small. */
export async function fitForAll(page) {
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(await smallTexts(page), [], "texts below 18 pixels");
  assert.deepEqual(await smallTargets(page), [], "targets below 60 pixels");
}

/** How a screen reader gives an element: role, name, description and whether it is invalid, as Chromium computes them. */
export async function spoken(page, selector) {
  const client = await page.context().newCDPSession(page);
  try {
    const { root } = await client.send("DOM.getDocument");
    const { nodeId } = await client.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { nodes } = await client.send("Accessibility.getPartialAXTree", { nodeId, fetchRelatives: false });
    const [node] = nodes;
    return {
      role: node.role.value,
      name: node.name?.value ?? "",
      description: node.description?.value ?? "",
      invalid: node.properties.find((p) => p.name === "invalid")?.value.value ?? "false",
    };
  } finally {
    await client.detach();
  }
}

/** Keeps what is on the screen at the desk and on a phone, where nothing may be wider than the screen or hard to reach. */
export async function both(page, name) {
  await shot(page, `${name}-wide`);
  await page.setViewportSize(sizes.phone);
  await shot(page, `${name}-phone`);
  assert.ok((await overflow(page)) <= 0, `${name} is wider than a phone`);
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize(sizes.wide);
}
