// Texts that the server made and that stand in no file: shown as documents that cannot be changed, and made anew
// when they are asked for again. Knows nothing of what they are about.
"use strict";

const SCHEME = "purlin";
const ENDINGS = { markdown: ".md", json: ".json" };

class Texts {
  constructor(vscode) {
    this.vscode = vscode;
    this.texts = new Map();
    this.changed = new vscode.EventEmitter();
  }

  /** Keeps a text under its title, and gives the address that it is opened by. */
  put(title, text, language) {
    const name = title.replace(/[/\\?#]/g, "-");
    const ending = ENDINGS[language] ?? "";
    const uri = this.vscode.Uri.from({ scheme: SCHEME, path: `/${name}${name.endsWith(ending) ? "" : ending}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  registered() {
    const texts = this.texts;
    return this.vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.path) ?? "",
    });
  }
}

module.exports = { Texts };
