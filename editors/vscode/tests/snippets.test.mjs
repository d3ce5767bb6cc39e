// Each snippet compiles as it comes, with every choice that it offers.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, PURLIN } from "./purlin.mjs";

const SNIPPETS = JSON.parse(readFileSync(new URL("../snippets/purlin.json", import.meta.url), "utf8"));

/** The text of a snippet; of choices the one with this number, or the last. */
const expanded = (body, choice) => {
  const text = [body].flat().join("\n");
  return text
    .replace(/\$\{\d+\|([^|]*)\|\}/g, (_, all) => all.split(",").at(Math.min(choice, all.split(",").length - 1)))
    .replace(/\$\{\d+:((?:[^{}\\]|\\.)*)\}/g, "$1")
    .replace(/\$\d+/g, "");
};

const errors = (text) =>
  folder({ "main.purlin": text }, (path) => {
    const done = spawnSync(PURLIN, ["check", "--format", "json", path], { encoding: "utf8" });
    return JSON.parse(done.stdout).findings.filter((finding) => finding.severity === "error");
  });

for (const [name, { prefix, body, description }] of Object.entries(SNIPPETS)) {
  test(`${name} compiles and is formatted`, async () => {
    assert.match(prefix, /^[a-z]+$/);
    assert.ok(description);
    for (const choice of [0, 1, 2, 3]) {
      const snippet = expanded(body, choice);
      assert.doesNotMatch(snippet, /\$\{?\d/, "a placeholder is left");
      // A stack is refused if there is nothing in it.
      const text = `${prefix === "stack" ? "" : "stack shop\n\n"}${snippet.trimEnd()}\n\nqueue beside { }\n`;
      assert.deepEqual(await errors(text), [], text);
      const kept = await folder({ "main.purlin": text }, (path) => {
        execFileSync(PURLIN, ["fmt", path]);
        return readFileSync(join(path, "main.purlin"), "utf8");
      });
      assert.equal(text, kept);
    }
  });
}

test("what is wrong in a snippet would be seen", async () => {
  assert.notDeepEqual(await errors("stack shop\n\nqueue jobs { visibilty = 60s }\n"), []);
});
