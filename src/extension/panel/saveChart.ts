import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { ChartFileFormat } from '../../protocol/panel.ts';

/** How long it is told that it was saved. */
const TOLD_MS = 4000;

/**
 * Asks where a chart is to be written, in `folder` unless the person chooses another, and writes it there.
 *
 * @param content in pieces, which are made as they are written
 */
export async function saveChart(
  { name, format }: { readonly name: string; readonly format: ChartFileFormat | 'csv' },
  folder: string,
  content: Iterable<string | Uint8Array>,
): Promise<void> {
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(folder, `${name}.${format}`)),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (!file) return;
  await pipeline(Readable.from(content), createWriteStream(file.fsPath));
  vscode.window.setStatusBarMessage(vscode.l10n.t("Saved '{0}'.", basename(file.fsPath)), TOLD_MS);
}
