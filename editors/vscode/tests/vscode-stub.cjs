// What stands in for VS Code: enough of it that the bundled client starts the real server, and a record of what it
// was asked to show. Whatever is not modelled is a class that holds its arguments, an event that never comes, or a
// function that gives something to dispose of.
"use strict";

const { pathToFileURL, fileURLToPath } = require("node:url");

const disposable = () => ({ dispose() {} });

class EventEmitter {
  listeners = [];
  event = (listener) => (this.listeners.push(listener), disposable());
  fire(value) { this.listeners.forEach((listener) => listener(value)); }
  dispose() {}
}

class Uri {
  constructor(parts) { Object.assign(this, { scheme: "", authority: "", path: "", query: "", fragment: "" }, parts); }
  static from(parts) { return new Uri(parts); }
  static file(path) { return new Uri({ scheme: "file", path }); }
  static parse(text) { return text.startsWith("file:") ? Uri.file(fileURLToPath(text)) : new Uri({ scheme: text.split(":")[0], path: text.split(":")[1] }); }
  get fsPath() { return this.path; }
  with(parts) { return new Uri({ ...this, ...parts }); }
  toString() { return this.scheme === "file" ? pathToFileURL(this.path).toString() : `${this.scheme}:${this.path}`; }
}

class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range { constructor(a, b, c, d) { Object.assign(this, c === undefined ? { start: a, end: b } : { start: new Position(a, b), end: new Position(c, d) }); } }
class TabInputText { constructor(uri) { this.uri = uri; } }
class Diagnostic { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } }
class Disposable { constructor(dispose) { this.dispose = dispose ?? (() => {}); } static from(...all) { return new Disposable(() => all.forEach((one) => one.dispose())); } }

/** Kinds stand in a tree: `refactor` holds `refactor.extract`. */
class CodeActionKind {
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
  static Empty = new CodeActionKind("");
  static QuickFix = new CodeActionKind("quickfix");
  static Refactor = new CodeActionKind("refactor");
  static Source = new CodeActionKind("source");
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => disposable() };
  cancel() { this.token.isCancellationRequested = true; }
  dispose() {}
}

/** A class of which every constant is a number of its own. */
const unknownClass = (name) => {
  const numbers = new Map();
  const made = { [name]: class { constructor(...given) { this.given = given; } } }[name];
  return new Proxy(made, {
    get: (target, key) => (key in target || typeof key === "symbol" ? target[key] : numbers.get(key) ?? numbers.set(key, numbers.size).get(key)),
  });
};

/** Part of VS Code: what is known, and for the rest events that never come and things to dispose of. */
const part = (known) =>
  new Proxy(known, { get: (target, key) => (key in target || typeof key === "symbol" || key === "then" ? target[key] : () => disposable()) });

/** A VS Code in which this document is open, with these settings. */
const made = ({ settings, document, line = 0, character = 0 }) => {
  const collections = [];
  const shown = { messages: [], panels: [], documents: [], executed: [], picked: [], findings: () => collections.flatMap((one) => [...one.values()].flat()) };
  const commands = new Map();
  const providers = new Map();
  const opened = new EventEmitter();
  const changedSettings = new EventEmitter();
  const say = async (message) => void shown.messages.push(message);
  const open = async (uri) => {
    const text = providers.get(uri.scheme).provideTextDocumentContent(uri);
    return { uri, languageId: "plaintext", getText: () => text };
  };
  const classes = new Map();
  const known = {
    EventEmitter, Uri, Position, Range, CodeActionKind, Diagnostic, Disposable, CancellationTokenSource, TabInputText,
    version: "1.91.0",
    env: part({ language: "en", appName: "stub", uriScheme: "stub" }),
    workspace: part({
      textDocuments: [document], notebookDocuments: [], workspaceFolders: undefined,
      fs: { isWritableFileSystem: () => true },
      getConfiguration: (section) => ({ get: (key, otherwise) => settings[`${section}.${key}`] ?? otherwise, has: () => false }),
      onDidOpenTextDocument: opened.event,
      findFiles: async () => [document].filter(({ languageId }) => languageId === "purlin").map(({ uri }) => uri),
      onDidChangeConfiguration: changedSettings.event,
      createFileSystemWatcher: () => part({}),
      registerTextDocumentContentProvider: (scheme, provider) => (providers.set(scheme, provider), disposable()),
      openTextDocument: open,
    }),
    window: part({
      activeTextEditor: { document, selection: { active: new Position(line, character) } },
      visibleTextEditors: [{ document }],
      tabGroups: part({ all: [{ tabs: [{ input: new TabInputText(document.uri) }] }] }),
      createOutputChannel: () => part({ append() {}, appendLine() {} }),
      showErrorMessage: say, showInformationMessage: say, showWarningMessage: say,
      showQuickPick: async (all) => (shown.picked.push(all), all[0]),
      showInputBox: async () => undefined,
      showTextDocument: async (one) => void shown.documents.push(one),
      createWebviewPanel: (...given) => { const panel = { given, webview: { html: "" } }; shown.panels.push(panel); return panel; },
    }),
    languages: part({
      match: (selector, one) => ([selector].flat().some(({ language, scheme }) => language === one.languageId && scheme === one.uri.scheme) ? 10 : 0),
      createDiagnosticCollection: () => {
        const all = new Map();
        collections.push(all);
        return part({ set: (uri, findings) => void all.set(uri.toString(), findings ?? []), delete: (uri) => void all.delete(uri.toString()), clear: () => all.clear(), dispose: () => all.clear() });
      },
      getDiagnostics: () => shown.findings(),
      setTextDocumentLanguage: async (one, language) => Object.assign(one, { languageId: language }),
    }),
    commands: part({
      registerCommand: (name, command) => {
        if (commands.has(name)) throw new Error(`${name} is registered twice`);
        commands.set(name, command);
        return { dispose: () => commands.delete(name) };
      },
      executeCommand: async (...given) => void shown.executed.push(given),
    }),
    extensions: part({ getExtension: () => undefined, all: [] }),
    l10n: { t: (text) => text },
  };
  const vscode = new Proxy(known, {
    get: (target, key) => {
      if (key in target || typeof key === "symbol") return target[key];
      if (/^[A-Z]/.test(key)) return classes.get(key) ?? classes.set(key, unknownClass(key)).get(key);
      return part({});
    },
  });
  return { vscode, shown, commands, providers, changedSettings, opened };
};

module.exports = { made, Uri };
