// The extension as it is installed: packed, unpacked again, loaded with a stub of VS Code, with the real server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import yauzl from "yauzl";
import { folder, PURLIN } from "./purlin.mjs";

const require = createRequire(import.meta.url);
const { made, Uri } = require("./vscode-stub.cjs");
const HOME = fileURLToPath(new URL("..", import.meta.url));
const PACKAGE = JSON.parse(readFileSync(join(HOME, "package.json"), "utf8"));
const DECLARED = PACKAGE.contributes.commands.map(({ command }) => command).sort();
const PROGRAM = "stack shop\n\nqueue jobs { visibilty = 3m }\n\nbucket files { }\n";

/** Every file of a package, by its path. */
const unpacked = (path) =>
  new Promise((resolve, reject) => {
    const files = new Map();
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("error", reject).on("end", () => resolve(files)).on("entry", (entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const parts = [];
          stream.on("data", (part) => parts.push(part)).on("end", () => (files.set(entry.fileName, Buffer.concat(parts)), zip.readEntry()));
        }),
      );
      zip.readEntry();
    });
  });

let files;
before(async () => {
  execFileSync("npm", ["run", "--silent", "package"], { cwd: HOME, stdio: "pipe" });
  files = await unpacked(join(HOME, "purlin.vsix"));
});

/** Loads what was packed, within a stub of VS Code, and starts it. */
const activated = (settings, run, { name = "main.purlin", languageId = "purlin", text = PROGRAM } = {}) =>
  folder({ [name]: text }, async (path) => {
    for (const [name, bytes] of files) {
      mkdirSync(join(path, dirname(name)), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
    const document = { uri: Uri.file(join(path, name)), languageId, version: 1, isClosed: false, getText: () => text };
    const stub = made({ settings, document, line: 2, character: 15 });
    const load = Module._load;
    Module._load = (name, ...rest) => (name === "vscode" ? stub.vscode : load(name, ...rest));
    const context = { subscriptions: [] };
    const extension = require(join(path, "extension", PACKAGE.main));
    try {
      await extension.activate(context);
      await run({ ...stub, extension });
    } finally {
      await extension.deactivate()?.catch(() => {});
      Module._load = load;
    }
  });

const until = async (holds) => {
  for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(holds(), `${holds}`);
};

test("the package has what it needs and nothing else", () => {
  const names = [...files.keys()].filter((name) => name.startsWith("extension/")).map((name) => name.slice("extension/".length).toLowerCase()).sort();
  assert.deepEqual(names, [
    "dist/extension.js", "language-configuration.json", "package.json", "readme.md", "snippets/purlin.json", "syntaxes/purlin.tmlanguage.json",
  ]);
  const { grammars, languages, snippets } = PACKAGE.contributes;
  for (const path of [grammars[0].path, languages[0].configuration, snippets[0].path, PACKAGE.main]) {
    assert.ok(files.has(join("extension", path)), path);
  }
});

test("it registers the commands that it declares, and finds what is wrong", () =>
  activated({ "purlin.path": PURLIN }, async ({ commands, shown }) => {
    assert.deepEqual([...commands.keys()].filter((name) => DECLARED.includes(name)).sort(), DECLARED);
    await until(() => shown.findings().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const told = shown.findings().filter(({ message }) => /visibilty/.test(message));
    assert.equal(told.length, 1, "each finding is told once");
    assert.deepEqual(shown.messages, []);
  }));

test("the server is started anew by the command and when its path changes", () =>
  activated({ "purlin.path": PURLIN }, async ({ commands, shown, changedSettings }) => {
    await until(() => shown.findings().length > 0);
    for (const again of [commands.get("purlin.restartServer"), () => changedSettings.fire({ affectsConfiguration: (name) => name === "purlin.path" })]) {
      const done = again();
      await until(() => shown.findings().length === 0);
      await done;
      await until(() => shown.findings().length > 0);
    }
    assert.deepEqual([...commands.keys()].filter((name) => DECLARED.includes(name)).sort(), DECLARED);
    assert.deepEqual(shown.messages, []);
  }));

test("a path that leads nowhere is said", () =>
  activated({ "purlin.path": "/nowhere/purlin" }, async ({ commands, shown }) => {
    assert.match(shown.messages.join("\n"), /`\/nowhere\/purlin lsp` cannot be started: .*purlin\.path/);
    assert.deepEqual([...commands.keys()].filter((name) => DECLARED.includes(name)).sort(), DECLARED);
  }));

test("the graph is shown beside the file", () =>
  activated({ "purlin.path": PURLIN }, async ({ commands, shown }) => {
    await commands.get("purlin.showGraph")();
    assert.deepEqual(shown.messages, []);
    assert.match(shown.panels[0].webview.html, /<body>\n<svg[\s\S]*jobs/);
  }));

test("CloudFormation is shown as a document of its language", () =>
  activated({ "purlin.path": PURLIN }, async ({ commands, shown }) => {
    await commands.get("purlin.showCloudFormation")();
    assert.deepEqual(shown.messages, []);
    assert.equal(shown.documents[0].languageId, "json");
    assert.match(shown.documents[0].getText(), /AWS::SQS::Queue/);
  }));

test("the rule that was found under the cursor is explained", () =>
  activated({ "purlin.path": PURLIN }, async ({ commands, shown, providers }) => {
    await until(() => shown.findings().length > 0);
    await commands.get("purlin.explainRule")();
    assert.deepEqual(shown.messages, []);
    const [command, uri] = shown.executed.at(-1);
    assert.equal(command, "markdown.showPreviewToSide");
    assert.match(providers.get("purlin").provideTextDocumentContent(uri), /unknown-property/);
  }));

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Orders.QueueName}}]
      Events:
        Order: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}
`;
const YAML = { name: "template.yaml", languageId: "yaml" };
const a_while = () => new Promise((resolve) => setTimeout(resolve, 1000));

test("a template is checked", () =>
  activated({ "purlin.path": PURLIN }, async ({ shown }) => {
    await until(() => shown.findings().length > 0);
    const messages = shown.findings().map((finding) => finding.message).join("\n");
    assert.match(messages, /`Ship` triggers itself/);
    assert.deepEqual(shown.messages, []);
  }, { ...YAML, text: TEMPLATE }));

test("a template is left alone if the setting says so", () =>
  activated({ "purlin.path": PURLIN, "purlin.templates": false }, async ({ shown }) => {
    await a_while();
    assert.deepEqual(shown.findings(), []);
  }, { ...YAML, text: TEMPLATE }));

test("YAML that is no template does not start the server", () =>
  activated({ "purlin.path": "/nowhere/purlin" }, async ({ shown, opened }) => {
    assert.deepEqual(shown.messages, []);
    const uri = Uri.file("/somewhere/template.yaml");
    opened.fire({ uri, languageId: "yaml", version: 1, isClosed: false, getText: () => TEMPLATE });
    await until(() => shown.messages.length > 0);
    assert.match(shown.messages.join("\n"), /cannot be started/, "a template does");
  }, { ...YAML, text: "name: values\n" }));
