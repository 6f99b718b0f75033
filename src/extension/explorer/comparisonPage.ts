import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';

const answerSchema = z.union([
  z.object({ page: z.string() }),
  z.object({ problems: z.array(z.object({ where: z.string(), message: z.string() })) }),
]);

/**
 * The page that `distillery compare --format html` writes, in the language of the window.
 * @param folders of 2 to 20 runs that have a report
 * @throws DistilleryError when they cannot be compared
 */
export async function comparisonPage(extensionUri: vscode.Uri, folders: readonly string[]): Promise<string> {
  const program = join(extensionUri.fsPath, 'dist', 'comparisonThread.mjs');
  const worker = new Worker(program, {
    name: 'distillery.comparison',
    workerData: { folders, translations: vscode.l10n.bundle ?? {}, language: vscode.env.language },
  });
  try {
    const told = await new Promise<unknown>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new DistilleryError('INTERNAL', 'The thread that compares runs ended without an answer.'));
      });
    });
    const answer = answerSchema.parse(told);
    if ('page' in answer) return answer.page;
    throw new DistilleryError(
      'BAD_INPUT',
      answer.problems.map(({ where, message }) => `${where}: ${message}`).join(' '),
    );
  } finally {
    await worker.terminate();
  }
}
