// The extension as VS Code sees it: the client, and a command for each thing that the server shows.
// What it asks and how stands in server.js.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { SELECTOR, concerns, templates, started, questions, page, rulesAt } = require("./server");
const { Texts } = require("./texts");

let client;

const setting = (name) => vscode.workspace.getConfiguration("purlin").get(name);

const start = async () => {
  const path = setting("path");
  const options = {
    documentSelector: SELECTOR,
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/{*.purlin,purlin.toml,*.yaml,*.yml,*.json,*.template}") },
    // The server tells its findings for every file of the project; asked for as well, those of open files stood there twice.
    // The server registers itself for what it needs of the documents of other languages.
    initializationOptions: { diagnostics: "push", templates: templates(setting("templates") ?? true) },
  };
  client = new LanguageClient("purlin", "Purlin", started(path), options);
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(`\`${path} lsp\` cannot be started: ${error.message}. Is the setting purlin.path right?`);
  }
};

const restart = async () => {
  const old = client;
  client = undefined;
  // A server that never came up cannot be stopped, and need not be.
  await old?.stop().catch(() => {});
  await start();
};

/** Runs a command, and says what went wrong instead of failing without a word. */
const saying = (command) => async (...given) => {
  try {
    return await command(...given);
  } catch (error) {
    vscode.window.showErrorMessage(`Purlin: ${error.message}`);
  }
};

/** Starts the server as soon as there is something for it: nobody needs it beside YAML that is no template. */
const startWhenNeeded = async () => {
  const needs = (document) => concerns({ uri: document.uri, languageId: document.languageId, text: document.getText() }, setting("templates") ?? true);
  if (vscode.workspace.textDocuments.some(needs) || (await vscode.workspace.findFiles("**/{*.purlin,purlin.toml}", "**/node_modules/**", 1)).length > 0) {
    return start();
  }
  const waits = [];
  const look = (document) => {
    if (client || !needs(document)) return;
    waits.forEach((one) => one.dispose());
    return start();
  };
  waits.push(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidSaveTextDocument(look),
  );
  return waits;
};

const asked = () => {
  if (!client) throw new Error("the server does not run");
  return questions((method, params) => client.sendRequest(method, params));
};

/** The editor that shows Purlin now. */
const editor = () => {
  const active = vscode.window.activeTextEditor;
  if (active?.document.languageId !== "purlin") throw new Error("no file of Purlin is open here");
  return active;
};

const nothing = (what) => vscode.window.showInformationMessage(`Purlin: ${what}`);

const showCloudFormation = (texts) => async () => {
  const { document, selection } = editor();
  const { line, character } = selection.active;
  const answer = await asked().cloudFormation(document.uri.toString(), { line, character });
  if (!answer) return nothing("nothing is made of what stands here");
  const shown = await vscode.workspace.openTextDocument(texts.put(answer.title, answer.text, answer.language));
  await vscode.languages.setTextDocumentLanguage(shown, answer.language);
  await vscode.window.showTextDocument(shown, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
};

const showGraph = async () => {
  const answer = await asked().graph(editor().document.uri.toString());
  if (!answer) return nothing("there is no graph of this file");
  const panel = vscode.window.createWebviewPanel("purlin.graph", answer.title, vscode.ViewColumn.Beside, { enableScripts: false });
  panel.webview.html = page(answer);
};

/** The rule that is given, or one of those found where the cursor is, or one that is typed in. */
const chosen = async (given) => {
  if (typeof given === "string") return given;
  const active = vscode.window.activeTextEditor;
  const here = active ? rulesAt(vscode.languages.getDiagnostics(active.document.uri), active.selection.active.line) : [];
  if (here.length === 1) return here[0];
  if (here.length > 1) return vscode.window.showQuickPick(here, { placeHolder: "Which rule?" });
  return vscode.window.showInputBox({ prompt: "The name of a rule", placeHolder: "event-loop" });
};

const explainRule = (texts) => async (given) => {
  const rule = await chosen(given);
  if (!rule) return;
  const answer = await asked().explain(rule);
  if (!answer) return nothing(`there is no rule \`${rule}\``);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", texts.put(answer.title, answer.markdown, "markdown"));
};

const activate = async (context) => {
  const texts = new Texts(vscode);
  const commands = {
    "purlin.restartServer": restart,
    "purlin.showCloudFormation": showCloudFormation(texts),
    "purlin.showGraph": showGraph,
    "purlin.explainRule": explainRule(texts),
  };
  context.subscriptions.push(
    texts.registered(),
    vscode.workspace.onDidChangeConfiguration((change) => ["purlin.path", "purlin.templates"].some((name) => change.affectsConfiguration(name)) && restart()),
    ...Object.entries(commands).map(([name, command]) => vscode.commands.registerCommand(name, saying(command))),
  );
  context.subscriptions.push(...((await startWhenNeeded()) ?? []));
};

const deactivate = () => client?.stop();

module.exports = { activate, deactivate };
