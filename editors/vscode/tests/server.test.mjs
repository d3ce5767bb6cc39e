// What the client says to the server, over the real server's standard input and output.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import rpc from "vscode-jsonrpc/node";
import { folder, PURLIN } from "./purlin.mjs";

const { SELECTOR, started, questions, page, rulesAt } = createRequire(import.meta.url)("../src/server.js");

const PROGRAM = `stack shop

queue jobs { visibility = 3m }

function work {
  runtime = "python3.13"
  handler = "work.handler"
  code    = "build/work.zip"
  timeout = 10s

  on  jobs.messages(batch: 1)
  can send jobs
}
`;

/** Starts the server as the client does, opens a program, and gives what asks it. */
const served = (text, run) =>
  folder({ "main.purlin": text }, async (path) => {
    const { command, args } = started(PURLIN);
    const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
    const published = new Promise((resolve) => connection.onNotification("textDocument/publishDiagnostics", resolve));
    connection.listen();
    try {
      const { capabilities } = await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
      await connection.sendNotification("initialized", {});
      const uri = pathToFileURL(join(path, "main.purlin")).toString();
      await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: SELECTOR[0].language, version: 1, text } });
      await run({ capabilities, uri, published, ask: (method, params) => connection.sendRequest(method, params) });
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      assert.equal(await ended, 0);
    } finally {
      connection.dispose();
      server.kill();
    }
  });

test("the server starts, finds, and ends when it is told to", () =>
  served(PROGRAM, async ({ published }) => {
    const { diagnostics } = await published;
    assert.ok(diagnostics.some((finding) => finding.code === "event-loop"), JSON.stringify(diagnostics));
    // The function stands in lines 4 to 12.
    assert.ok(diagnostics.flatMap((finding) => rulesAt([finding], finding.range.start.line)).includes("event-loop"));
  }));

test("the server declares the three commands", () =>
  served(PROGRAM, async ({ capabilities }) => {
    assert.deepEqual([...capabilities.executeCommandProvider.commands].sort(), ["purlin.cloudformation", "purlin.explain", "purlin.graph"]);
  }));

test("CloudFormation of the declaration under the cursor", () =>
  served(PROGRAM, async ({ uri, ask }) => {
    const { title, language, text } = await questions(ask).cloudFormation(uri, { line: 2, character: 8 });
    assert.equal(language, "json");
    assert.ok(title);
    assert.match(text, /AWS::SQS::Queue/);
    assert.match(text, /"VisibilityTimeout": 180/);
    assert.doesNotMatch(text, /AWS::Lambda::Function/);
  }));

test("the graph of a file", () =>
  served(PROGRAM, async ({ uri, ask }) => {
    const { title, svg } = await questions(ask).graph(uri);
    assert.ok(title);
    assert.match(svg, /<svg[\s\S]*jobs[\s\S]*<\/svg>/);
    assert.match(svg, /work/);
  }));

test("the explanation of a rule", () =>
  served(PROGRAM, async ({ ask }) => {
    const { title, markdown } = await questions(ask).explain("event-loop");
    assert.match(title, /event-loop/);
    assert.match(markdown, /^```/m);
  }));

test("the page of a graph can run nothing and fetch nothing", () => {
  const html = page({ title: `a "<b>" & c`, svg: `<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg><text>jobs</text></svg>` });
  assert.match(html, /<title>a &quot;&lt;b&gt;&quot; &amp; c<\/title>/);
  assert.match(html, /content="default-src 'none'; style-src 'unsafe-inline'"/);
  assert.match(html, /<body>\n<svg><text>jobs<\/text><\/svg>\n<\/body>/);
});

test("rules are told once, of Purlin alone, where they are", () => {
  const at = (start, end, code, source = "purlin") => ({ source, code, range: { start: { line: start }, end: { line: end } } });
  const all = [at(1, 3, "event-loop"), at(2, 2, { value: "event-loop" }), at(2, 2, "spelling", "other"), at(2, 2, { value: "late" }), at(4, 4, "far")];
  assert.deepEqual(rulesAt(all, 2), ["event-loop", "late"]);
  assert.deepEqual(rulesAt(all, 5), []);
});
