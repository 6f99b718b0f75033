import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ChartFileFormat } from '../../protocol/panel.ts';

/** Asks where a chart is to be written, in `folder` unless the person chooses another, and writes it there. */
export async function saveChart(
  chart: { readonly name: string; readonly format: ChartFileFormat; readonly base64: string },
  folder: string,
): Promise<void> {
  const { name, format, base64 } = chart;
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(folder, `${name}.${format}`)),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (file) await vscode.workspace.fs.writeFile(file, Buffer.from(base64, 'base64'));
}
