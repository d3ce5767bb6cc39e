// What VS Code does while somebody types: brackets, comments, and how far the next line stands in.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./purlin.mjs";
import { inner, scopes } from "./scopes.mjs";

const CONFIGURATION = JSON.parse(readFileSync(new URL("../language-configuration.json", import.meta.url), "utf8"));
const more = new RegExp(CONFIGURATION.indentationRules.increaseIndentPattern);
const less = new RegExp(CONFIGURATION.indentationRules.decreaseIndentPattern);

test("the lines of every example stand where the rules of indentation put them", () => {
  let judged = 0;
  for (const name of readdirSync(join(ROOT, "examples"), { recursive: true }).filter((name) => name.endsWith(".purlin"))) {
    const lines = readFileSync(join(ROOT, "examples", name), "utf8").split("\n");
    const read = scopes(lines.join("\n"));
    let before;
    lines.forEach((line, at) => {
      if (!line.trim() || read[at][0].scopes[0]?.startsWith("string")) return void (before = line.trim() ? undefined : before);
      const blanks = (text) => /^ */.exec(text)[0].length;
      if (before !== undefined) {
        assert.equal(blanks(line), blanks(before) + (more.test(before) ? 2 : 0) - (less.test(line) ? 2 : 0), `${name}:${at + 1}: ${line}`);
        judged += 1;
      }
      before = inner(read[at].at(-1)).startsWith("string.quoted.triple") ? undefined : line;
    });
  }
  assert.ok(judged > 500, `${judged}`);
});

test("a line that ends within a text or a comment opens nothing", () => {
  for (const line of ["queue a {", "on f(", "x = [ // why", 'x = "}" + f(', "} else {"]) assert.match(line, more);
  for (const line of ["queue a { }", '"{', "// {", 'a = "x" // {', "x = [1]"]) assert.doesNotMatch(line, more);
  for (const line of ["}", "  ]", ") {"]) assert.match(line, less);
  assert.doesNotMatch("a }", less);
});

test("pairs are closed, and not within what they close", () => {
  const { brackets, autoClosingPairs, comments } = CONFIGURATION;
  assert.deepEqual(comments, { lineComment: "//" });
  for (const [open, close] of brackets) assert.ok(autoClosingPairs.some((pair) => pair.open === open && pair.close === close));
  assert.ok(autoClosingPairs.find(({ open }) => open === '"').notIn.includes("string"));
});

test("a comment of documentation goes on in the next line", () => {
  const next = (line) => CONFIGURATION.onEnterRules.find(({ beforeText }) => new RegExp(beforeText).test(line))?.action.appendText;
  assert.deepEqual([next("  /// why"), next("//! what"), next("// plain"), next("a = 1")], ["/// ", "//! ", undefined, undefined]);
});
