// Writes what the tools make of the twins into the checkout:   node write.mjs [NAME...]
import { cpSync, rmSync } from "node:fs";
import { written } from "./tools.mjs";

for (const { twin, committed, fresh } of written(process.argv.slice(2))) {
  rmSync(committed, { recursive: true, force: true });
  cpSync(fresh, committed, { recursive: true });
  console.log(`wrote ${twin}`);
}
