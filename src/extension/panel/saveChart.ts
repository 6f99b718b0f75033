import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { ChartFileFormat } from '../../protocol/panel.ts';

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
  if (file) await pipeline(Readable.from(content), createWriteStream(file.fsPath));
}
