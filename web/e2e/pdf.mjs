// Reads what Chromium prints: the number and size of the pages, and their text. Only what its PDF writer makes is known:
// streams deflated one by one, and fonts with a table from glyph to character.
import { inflateSync } from "node:zlib";

/** The pages and the words of a PDF, in the order in which they are painted. */
export function readPdf(bytes) {
  const objects = objectsOf(bytes);
  const pages = [...objects.values()].filter((o) => /\/Type\s*\/Page\b/.test(o.head));
  const box = /\/MediaBox\s*\[([\d.\s-]+)\]/
    .exec(pages[0]?.head ?? "")?.[1]
    .trim()
    .split(/\s+/)
    .map(Number);
  return {
    pages: pages.length,
    size: box && [Math.round(box[2] - box[0]), Math.round(box[3] - box[1])],
    text: pages.map((p) => textOf(p, objects)).join("\n"),
  };
}

function objectsOf(bytes) {
  const raw = bytes.toString("latin1");
  const objects = new Map();
  for (const found of raw.matchAll(/(?:^|\s)(\d+) 0 obj\b/g)) {
    const start = found.index + found[0].length;
    const end = raw.indexOf("endobj", start);
    const body = raw.slice(start, end);
    const at = body.search(/stream\r?\n/);
    const head = at < 0 ? body : body.slice(0, at);
    let stream = "";
    if (at >= 0) {
      const from = start + at + /stream\r?\n/.exec(body)[0].length;
      const length = Number(/\/Length (\d+)(?! 0 R)/.exec(head)?.[1] ?? raw.indexOf("endstream", from) - from);
      const data = bytes.subarray(from, from + length);
      stream = /FlateDecode/.test(head) ? inflateSync(data).toString("latin1") : data.toString("latin1");
    }
    objects.set(found[1], { head, stream });
  }
  return objects;
}

const refs = (text) => [...text.matchAll(/(\d+) 0 R/g)].map((m) => m[1]);

/** The value of a key that is either written out or kept in another object. */
function entryOf(head, key, objects) {
  const at = new RegExp(`/${key}\\s*(?:(\\d+) 0 R|<<((?:[^<>]|<<[^<>]*>>)*)>>|\\[([^\\]]*)\\])`).exec(head);
  return at?.[1] ? (objects.get(at[1])?.head ?? "") : (at?.[2] ?? at?.[3] ?? "");
}

function textOf(page, objects) {
  const fonts = new Map();
  const resources = entryOf(page.head, "Resources", objects) || page.head;
  for (const [, name, id] of entryOf(resources, "Font", objects).matchAll(/\/(\w+) (\d+) 0 R/g)) {
    const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? "")?.[1];
    fonts.set(name, charactersOf(objects.get(table)?.stream ?? ""));
  }
  const contents = /\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/.exec(page.head)?.[1] ?? "";
  let font = { characters: new Map(), digits: 4 };
  let text = "";
  for (const id of refs(contents)) {
    for (const [, name, glyphs] of objects.get(id).stream.matchAll(/\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
      if (name) {
        font = fonts.get(name) ?? font;
      } else {
        const codes = glyphs.match(new RegExp(`.{${font.digits}}`, "g")) ?? [];
        text += codes.map((code) => font.characters.get(Number.parseInt(code, 16)) ?? "").join("");
      }
    }
    text += "\n";
  }
  return text;
}

/** The table from glyph to character of one font, and how many hexadecimal digits a glyph has. */
function charactersOf(table) {
  const characters = new Map();
  const word = (hex) => Buffer.from(hex, "hex").swap16().toString("utf16le");
  for (const [, block] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, to] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      characters.set(Number.parseInt(glyph, 16), word(to));
    }
  }
  for (const [, block] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, first, last, to] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      const from = Number.parseInt(first, 16);
      for (let g = from; g <= Number.parseInt(last, 16); g++) {
        characters.set(g, String.fromCodePoint(word(to).codePointAt(0) + g - from));
      }
    }
  }
  const digits = /begincodespacerange\s*<([0-9A-Fa-f]+)>/.exec(table)?.[1].length ?? 4;
  return { characters, digits };
}
