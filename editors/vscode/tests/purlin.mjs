// Where the program is, and a folder with a program of Purlin in it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const PURLIN = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug", "purlin");

/** Runs a test in a folder of its own. */
export const folder = async (files, run) => {
  const path = mkdtempSync(join(tmpdir(), "purlin-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return await run(path);
  } finally {
    rmSync(path, { recursive: true });
  }
};
