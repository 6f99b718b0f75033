/** `vscode.l10n.t`, or a stand-in where there is no editor: the text in the person's language, with {0}, {1} filled in. */
export type Translate = (message: string, ...values: (string | number | boolean)[]) => string;
