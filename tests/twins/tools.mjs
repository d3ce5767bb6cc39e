// What the tools of CDK and of the Serverless Framework write for a twin. Neither needs an account.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const twins = join(here, "../templates/twins");

// Each form: the file of its author, the folder that its tool writes, and how.
const forms = {
  cdk: { source: "app.js", output: "cdk.out", write: synthesise },
  serverless: { source: "serverless.yml", output: ".serverless", write: pack },
};

// The twins that a tool writes, each with the folder that is committed, and a new one that the tool wrote just now.
export function* written(wanted) {
  for (const name of readdirSync(twins).sort()) {
    for (const [form, { source, output, write }] of Object.entries(forms)) {
      const folder = join(twins, name, form);
      if (!existsSync(join(folder, source)) || (wanted.length && !wanted.includes(name))) continue;
      const fresh = mkdtempSync(join(tmpdir(), "purlin-twins-"));
      write(folder, fresh);
      yield { twin: `${form} ${name}`, committed: join(folder, output), fresh };
      rmSync(fresh, { recursive: true });
    }
  }
}

// As `cdk synth` does: the app runs with a folder for its assembly in the environment, and what the command line passes.
function synthesise(folder, out) {
  const context = { "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true, "aws:cdk:version-reporting": false };
  run(folder, ["app.js"], { NODE_PATH: join(here, "node_modules"), CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) });
  // Written for the command line and the console. They name paths of this machine.
  remove(out, /^tree\.json$|\.metadata\.json$|^validation-report\.json$/);
}

// As `serverless package` does, in a copy of the service: it writes beside the sources. Each packaging has a folder of its
// own in the bucket, named for its time.
function pack(folder, out) {
  const copy = mkdtempSync(join(tmpdir(), "purlin-twins-"));
  cpSync(folder, copy, { recursive: true });
  rmSync(join(copy, ".serverless"), { recursive: true, force: true });
  const command = join(here, "node_modules/serverless/bin/serverless.js");
  run(copy, [command, "package"], { SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off", CI: "1" });
  cpSync(join(copy, ".serverless"), out, { recursive: true });
  rmSync(copy, { recursive: true });
  remove(out, /^(?!cloudformation-template-)/);
  for (const file of readdirSync(out)) {
    const text = readFileSync(join(out, file), "utf8");
    const time = /\d{13}-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
    writeFileSync(join(out, file), text.replace(time, "1700000000000-2023-11-14T22:13:20.000Z") + "\n");
  }
}

function run(cwd, command, environment) {
  const done = spawnSync(process.execPath, command, { cwd, env: { ...process.env, ...environment }, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${cwd}: ${command.join(" ")} ended with ${done.status}\n${done.stdout}${done.stderr}`);
}

function remove(folder, pattern) {
  for (const file of readdirSync(folder)) if (pattern.test(file)) rmSync(join(folder, file), { recursive: true });
}
