// The TextMate grammar against the compiler's grammar, against tree-sitter's and on every example.
// What it makes of one program stands in scopes.snap; `UPDATE=1 npm test` writes that anew.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./purlin.mjs";
import { inner, isKeyword, scopes } from "./scopes.mjs";

const read = (path) => readFileSync(join(ROOT, path), "utf8");
const PEST = read("grammar/purlin.pest");
const PROGRAM = read("tests/editors/highlights.purlin");
const SNAPSHOT = new URL("scopes.snap", import.meta.url);

const quoted = (text) => [...text.matchAll(/"([a-z_]{2,})"/g)].map((found) => found[1]);
const keywords = (text) => scopes(text).map((tokens) => tokens.filter(isKeyword).map((token) => token.text.trim()));

test("every word of the language is a keyword where it is one", () => {
  const words = new Set(PEST.split("\n").filter((line) => !line.startsWith("//")).flatMap(quoted));
  assert.ok(words.size > 40, `${words.size}`);
  const seen = new Set([...keywords(PROGRAM), ...keywords("import_stack \"./b.purlin\" as b\nexport a = b\nresource \"A\" b { }\ngrant a on b where c\nassert \"a\" { }\nlet r = a reaches b")].flat());
  assert.deepEqual([...seen].sort(), [...words].sort());
});

test("a word that begins a statement is a name before `=`, `{` and `:`", () => {
  const list = PEST.split("keyword = _{")[1].split("}")[0];
  for (const word of quoted(list)) {
    for (const text of [`${word} = 1`, `  ${word} { }`, `${word}: Int`, `a { b = 1, ${word} = 2 }`, `a = b.${word}`, `f(${word}: 1)`]) {
      assert.deepEqual(keywords(text).flat(), [], text);
    }
    assert.deepEqual(keywords(`  ${word} a`).flat(), [word]);
    assert.deepEqual(keywords(`a = b${word}`).flat(), []);
  }
});

test("it sees the keywords that tree-sitter sees", () => {
  const lines = read("tests/editors/highlights.snap").split(/^\| ?/m).slice(1);
  const expected = lines.map((line) => [...line.matchAll(/^ {4}keyword[a-z.]*: (.*)$/gm)].map((found) => found[1]));
  const seen = keywords(PROGRAM);
  lines.forEach((line, at) => assert.deepEqual(seen[at], expected[at], line));
});

test("numbers have units, days and addresses", () => {
  const of = (text) => scopes(`let a = ${text}`)[0].slice(3).map((token) => `${inner(token)} ${token.text}`);
  assert.deepEqual(of("60s"), ["constant.numeric 60", "keyword.other.unit s"]);
  assert.deepEqual(of("1.5GB"), ["constant.numeric 1.5", "keyword.other.unit GB"]);
  assert.deepEqual(of("10%"), ["constant.numeric.percent 10", "keyword.other.unit %"]);
  assert.deepEqual(of("10 % 3"), ["constant.numeric 10", "keyword.operator %", "constant.numeric 3"]);
  assert.deepEqual(of("10.0.0.0/16"), ["constant.numeric.cidr 10.0.0.0/16"]);
  assert.deepEqual(of("2027-03-01"), ["constant.numeric.date 2027-03-01"]);
});

test("texts end where they end, whatever stands in them", () => {
  for (const text of ['"a"', '"\\""', '"${f("b")}"', '"${{ a = 1 }}"', '"$${"', '""', '"""\na "b" ${c}\n"""', '"// no comment"', '"open']) {
    const lines = scopes(`a = ${text}\nqueue b { } // c`);
    const last = lines.at(-1).map((token) => inner(token));
    assert.deepEqual([last[0], last.at(-1)], ["entity.name.type", "comment.line.double-slash"], text);
    assert.ok(lines[0].slice(2).some((token) => token.scopes[0].startsWith("string.quoted")), text);
  }
});

/** Every example, by its path. */
const examples = readdirSync(join(ROOT, "examples"), { recursive: true }).filter((name) => name.endsWith(".purlin")).map((name) => join("examples", name));

test("every word, sign and comment of every example has a scope", () => {
  assert.ok(examples.length > 15);
  for (const path of examples) {
    const text = read(path);
    const lines = text.split("\n");
    scopes(text).forEach((tokens, at) => {
      const place = `${path}:${at + 1}: ${lines[at]}`;
      for (const token of tokens) {
        if (!/^[\s{}()[\]]+$/.test(token.text)) assert.ok(inner(token), `${place}: ${token.text}`);
        assert.doesNotMatch(inner(token), /^meta/, place);
      }
      const within = tokens[0]?.scopes[0]?.startsWith("string");
      const word = /^\s*(on|can|let|for|if|use|param|setting|component|output|stack) +[^ ={:]/.exec(lines[at]);
      if (word && !within) assert.ok(isKeyword(tokens[0]), place);
      if (/^\s*\/\//.test(lines[at]) && !within) assert.match(inner(tokens[0]), /^comment/, place);
      if (/^\s*\}/.test(lines[at]) && !within) assert.equal(inner(tokens[0]), "", `a text has not ended: ${place}`);
    });
  }
});

test("one program, as text", () => {
  const shown = scopes(PROGRAM)
    .map((tokens, at) => [`| ${PROGRAM.split("\n")[at]}`, ...tokens.filter(inner).map((token) => `    ${token.scopes.join(" ")}: ${token.text.trim()}`)].join("\n"))
    .join("\n");
  if (process.env.UPDATE) writeFileSync(SNAPSHOT, shown);
  assert.equal(shown, readFileSync(SNAPSHOT, "utf8"));
});
