import { basename } from 'node:path';
import * as vscode from 'vscode';
import { placeOfNewSection } from './placeOfNewSection.ts';

/** Says what an experiment lacks that is to be searched, and adds it where the person agrees: the snippet that the editor completes. */
export async function offerSearchSection(document: vscode.TextDocument): Promise<void> {
  const add = vscode.l10n.t('Add a Search');
  const message = vscode.l10n.t(
    '{0} has no section "search", which names the fields to search, what each may become, and how many trials there may be.',
    basename(document.uri.fsPath),
  );
  if ((await vscode.window.showInformationMessage(message, add)) !== add) return;
  const { sectionSnippets } = await import('../language/sectionSnippets.ts');
  const body = sectionSnippets(vscode.l10n.t)['search']?.[0]?.bodyText;
  const place = placeOfNewSection(document.getText());
  if (body === undefined || !place) return;
  const editor = await vscode.window.showTextDocument(document);
  const indented = body.replaceAll('\n', '\n\t');
  const text = `${place.before}\n\t"search": ${indented}${place.after}`;
  await editor.insertSnippet(new vscode.SnippetString(text), document.positionAt(place.offset), {
    undoStopBefore: true,
    undoStopAfter: true,
  });
}
