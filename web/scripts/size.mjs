// Prints what the first page of the console loads, compressed: the entry, everything it imports at once, and its styles;
// and what the residents' page loads.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));
const budget = 600_000;
const residentBudget = 150_000;

function load(key, files) {
  const chunk = manifest[key];
  for (const file of [chunk.file, ...(chunk.css ?? [])]) {
    files.add(file);
  }
  for (const next of chunk.imports ?? []) {
    if (!files.has(manifest[next].file)) {
      load(next, files);
    }
  }
  return files;
}

const sum = (files) => [...files].reduce((n, f) => n + gzipSync(readFileSync(new URL(f, dist))).length, 0);
const entry = "index.html";
const first = load(entry, new Set());
console.log(`entry                      ${(sum(first) / 1000).toFixed(0)} kB`);
let worst = 0;
for (const key of manifest[entry].dynamicImports ?? []) {
  const files = load(key, new Set(first));
  const size = sum(files);
  worst = Math.max(worst, size);
  console.log(`${key.split("/").at(-1).padEnd(26)} ${(size / 1000).toFixed(0)} kB when opened first`);
}
if (worst > budget) {
  console.error(`a page loads ${(worst / 1000).toFixed(0)} kB at first, more than ${budget / 1000} kB`);
  process.exit(1);
}
const resident = sum(load("v.html", new Set()));
console.log(`${"v.html".padEnd(26)} ${(resident / 1000).toFixed(0)} kB`);
if (resident > residentBudget) {
  console.error(`the residents' page loads ${(resident / 1000).toFixed(0)} kB, more than ${residentBudget / 1000} kB`);
  process.exit(1);
}
