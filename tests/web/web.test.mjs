// `purlin serve` in a real browser: what is seen, by keyboard alone, as files change. Chromium is unpacked into the
// checkout by tests/tools/debian.sh. Screenshots go to target/web/.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DEBIAN = join(ROOT, ".tools/debian");
const SHOTS = join(ROOT, "target/web");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let browser, server, folder, address, program;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "purlin-web-"));
  cpSync(join(ROOT, "examples/order-system"), folder, { recursive: true });
  program = readFileSync(join(folder, "main.purlin"), "utf8");
  server = spawn(join(ROOT, "target/debug/purlin"), ["serve", folder, "--port", "0", "--as-of", "2026-11-20"], { stdio: ["ignore", "pipe", "inherit"] });
  address = await new Promise((resolve, reject) => {
    server.stdout.once("data", (line) => resolve(String(line).trim()));
    server.once("exit", (code) => reject(new Error(`purlin serve ended with ${code}`)));
  });
  // The wrapper lets Chromium find the libraries and fonts that were unpacked beside it.
  const wrapper = join(folder, "chromium");
  writeFileSync(wrapper, `#!/bin/sh\nexec "${DEBIAN}/run" "${DEBIAN}/usr/lib/chromium/chromium" "$@"\n`, { mode: 0o755 });
  browser = await chromium.launch({ executablePath: wrapper, args: FLAGS });
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A page that shows the project, and every request that it makes. */
const opened = async (options = {}, hash = "") => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [];
  const wrong = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(address + hash);
  await page.waitForFunction(() => document.querySelectorAll("#declarations li").length > 0);
  return { page, asked, wrong, close: () => context.close() };
};

const write = (text) => writeFileSync(join(folder, "main.purlin"), text);
const text = (page, id) => page.locator(`#${id}`).innerText();

test("it shows the graph, the declarations and what each becomes, and asks nobody else", async () => {
  const { page, asked, wrong, close } = await opened();
  assert.match(await text(page, "status"), /\d+ declarations, 0 errors, 0 warnings/);
  const names = await page.locator("#declarations li").allInnerTexts();
  assert.ok(names.some((name) => name.startsWith("store_order")), names.join());
  assert.ok((await page.locator("#graph [role=button]").count()) >= 20, "every node can be pressed");
  await page.locator("#declarations li", { hasText: "store_order" }).click();
  assert.match(await text(page, "cloudformation"), /"Type": "AWS::Lambda::Function"/);
  assert.match(await text(page, "policy"), /may sqs:ReceiveMessage[\s\S]*because of main\.purlin:\d+ on +intake\.messages/);
  assert.match(await page.locator("#source .at").first().innerText(), /function store_order/);
  await page.screenshot({ path: join(SHOTS, "light.png") });
  assert.deepEqual([...new Set(asked.map((url) => new URL(url).origin))], [new URL(address).origin]);
  assert.deepEqual(wrong, []);
  await close();
});

test("the keyboard is enough", async () => {
  const { page, close } = await opened();
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.keyboard.type("table");
  await page.keyboard.press("ArrowDown");
  const first = await page.locator("#declarations [aria-selected=true]").innerText();
  assert.match(first, /table/);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  assert.equal(await page.locator("#declarations [aria-selected=true]").innerText(), first);
  const active = await page.locator("#declarations").getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  await page.keyboard.press("g");
  assert.equal(await page.evaluate(() => document.activeElement.id), "graph");
  const width = () => page.locator("#graph svg").getAttribute("width").then(Number);
  const before = await width();
  await page.keyboard.press("+");
  assert.ok((await width()) > before);
  await page.keyboard.press("0");
  assert.equal(await width(), before);
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#graph .chosen").getAttribute("aria-label"), focused);
  await close();
});

test("an address leads to a declaration", async () => {
  const { page, close } = await opened({}, "#order_system%2Fcouriers");
  assert.match(await page.locator("#declarations [aria-selected=true]").innerText(), /couriers/);
  assert.match(await text(page, "cloudformation"), /AWS::DynamoDB::Table/);
  await close();
});

test("it follows what is written, and shows mistakes beside the last graph", async () => {
  const { page, close } = await opened();
  const nodes = await page.locator("#graph [role=button]").count();
  try {
    write(`${program}\nqueue extra { visibilty = 1m }\n`);
    await page.waitForFunction(() => document.querySelectorAll("#findings .error").length === 1);
    assert.match(await text(page, "findings"), /a queue has no `visibilty`[\s\S]*did you mean `visibility`/);
    assert.ok(await page.locator("#graph.old").count(), "the graph is marked as old");
    assert.equal(await page.locator("#graph svg").count(), 1);
    await page.locator("#findings button").first().click();
    assert.match(await page.locator("#source .found").innerText(), /visibilty/);
    await page.screenshot({ path: join(SHOTS, "mistake.png") });
    write(`${program}\nqueue extra { visibility = 1m }\n`);
    await page.waitForFunction((count) => document.querySelectorAll("#graph [role=button]").length === count + 1, nodes);
    assert.equal(await page.locator("#graph.old").count(), 0);
    rmSync(join(folder, "main.purlin"));
    await page.waitForFunction(() => document.querySelector("#status").classList.contains("broken"));
  } finally {
    write(program);
  }
  await page.waitForFunction(() => !document.querySelector("#status").classList.contains("broken"));
  await close();
});

test("texts of the source are texts, and no markup", async () => {
  const { page, wrong, close } = await opened();
  try {
    write(`${program}\nqueue extra { physical_name = "<img src=x onerror=alert(1)>" }\n`);
    await page.waitForFunction(() => document.querySelectorAll("#findings .error").length > 0);
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await text(page, "findings"), /<img src=x/);
  } finally {
    write(program);
  }
  assert.deepEqual(wrong, []);
  await close();
});

test("in the dark and on a narrow window it can be read", async () => {
  const { page, close } = await opened({ colorScheme: "dark", viewport: { width: 420, height: 900 } });
  const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [red] = colour.match(/\d+/g).map(Number);
  assert.ok(red < 60, colour);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the window");
  await page.screenshot({ path: join(SHOTS, "narrow-dark.png") });
  await close();
});
