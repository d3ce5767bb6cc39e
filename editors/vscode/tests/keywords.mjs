// Every word of the language that the TextMate grammar sees in these files, for tests/editors to compare: a line for
// each, with the file, the line and the column.
import { readFileSync } from "node:fs";
import { isKeyword, scopes } from "./scopes.mjs";

for (const path of process.argv.slice(2)) {
  scopes(readFileSync(path, "utf8")).forEach((tokens, at) => {
    for (const { start, text } of tokens.filter(isKeyword)) {
      console.log(`${path}:${at + 1}:${start + 1 + text.search(/\S/)} ${text.trim()}`);
    }
  });
}
