// Reads a text with the TextMate grammar as VS Code does: the same two libraries.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const { Registry, INITIAL, parseRawGrammar } = textmate;
const GRAMMAR = new URL("../syntaxes/purlin.tmLanguage.json", import.meta.url);

const registry = async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM((await readFile(wasm)).buffer);
  return new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(await readFile(GRAMMAR, "utf8"), "purlin.tmLanguage.json"),
  });
};

const grammar = await (await registry()).loadGrammar("source.purlin");

/** The tokens of each line: `{ start, text, scopes }`, the outermost scope and blanks left away. */
export const scopes = (text) => {
  let state = INITIAL;
  return text.split("\n").map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({ start: startIndex, text: line.slice(startIndex, endIndex), scopes: scopes.slice(1).map((s) => s.replace(/\.purlin$/, "")) }))
      .filter((token) => token.text.trim());
  });
};

/** The innermost scope of a token. */
export const inner = (token) => token.scopes.at(-1) ?? "";

/** Whether a token is a word of the language. */
export const isKeyword = (token) => /^keyword\.(control|other)/.test(inner(token)) && inner(token) !== "keyword.other.unit";
