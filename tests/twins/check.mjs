// Fails if a tool would write another template than the one in the checkout:   node check.mjs [NAME...]
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { written } from "./tools.mjs";

const files = (folder) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name).slice(folder.length)) : [];

let count = 0;
for (const { twin, committed, fresh } of written(process.argv.slice(2))) {
  const all = new Set([...files(committed), ...files(fresh)]);
  const differ = [...all].filter((file) => read(committed, file) !== read(fresh, file));
  for (const file of differ) console.log(`${twin}: ${file} is not what the tool writes; \`node tests/twins/write.mjs\` renews it`);
  if (!all.size) console.log(`${twin}: the tool wrote nothing`);
  if (differ.length || !all.size) process.exitCode = 1;
  count += 1;
}
console.log(`${count} twins written again`);
if (!count) process.exitCode = 1;

function read(folder, file) {
  return existsSync(folder + file) ? readFileSync(folder + file, "utf8") : undefined;
}
