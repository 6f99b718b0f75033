import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { baseDirectoryOf } from '../../launching/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { Command } from '../explorer/runCommands.ts';
import { readDraft } from '../experiments/experimentFiles.ts';
import { ModelPage } from './modelPage.ts';

const runNode = z.object({
  kind: z.literal('run'),
  run: z.object({ folder: z.string(), status: z.object({ baseDirectory: z.string().exactOptional() }) }),
});
const experimentWithModel = z.object({ student: z.object({ model: z.string() }) });

/** The commands that compare models. */
export function modelCommands(extensionUri: vscode.Uri): Readonly<Record<string, Command>> {
  let selected: vscode.Uri | undefined;
  const compare = (before: string, after: string): void => {
    const title = `${basename(before)} ↔ ${basename(after)}`;
    const panel = vscode.window.createWebviewPanel('distillery.comparison', title, vscode.ViewColumn.Active);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    new ModelPage(panel, { extensionUri, question: { kind: 'compare', before, after } });
  };
  return {
    'distillery.selectModelForCompare': async (target) => {
      if (!(target instanceof vscode.Uri)) return;
      selected = target;
      await vscode.commands.executeCommand('setContext', 'distillery.hasSelectedModel', true);
    },
    'distillery.compareWithSelectedModel': (target) => {
      if (target instanceof vscode.Uri && selected) compare(selected.fsPath, target.fsPath);
    },
    'distillery.compareModelWith': async (target) => {
      const before = target instanceof vscode.Uri ? target : await pickModel(vscode.l10n.t('Compare this model'));
      const after = before && (await pickModel(vscode.l10n.t('With this one'), before));
      if (before && after) compare(before.fsPath, after.fsPath);
    },
    'distillery.compareStudent': async (target) => {
      const node = runNode.safeParse(target).data;
      if (!node) return;
      const { folder, status } = node.run;
      const other = await chooseOther(await modelsBeside(folder, baseDirectoryOf(folder, status)));
      if (other !== undefined) compare(other, join(folder, runFiles.student));
    },
  };
}

async function pickModel(title: string, beside?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title,
      filters: { ONNX: ['onnx'] },
      ...(beside && { defaultUri: vscode.Uri.joinPath(beside, '..') }),
    })) ?? [];
  return chosen;
}

/**
 * What a run's student can be compared with: the other networks that the run left, and the one that it began with.
 * @param home folder that the paths of its experiment start from
 */
async function modelsBeside(folder: string, home: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const others = names.filter((name) => name.endsWith('.onnx') && name !== runFiles.student);
  const experiment = experimentWithModel.safeParse(await readDraft(join(folder, runFiles.experiment))).data;
  const began = experiment?.student.model;
  return [
    ...others.sort().map((name) => join(folder, name)),
    ...(began === undefined ? [] : [isAbsolute(began) ? began : join(home, began)]),
  ];
}

async function chooseOther(models: readonly string[]): Promise<string | undefined> {
  const [only] = models;
  if (only === undefined) {
    throw new DistilleryError(
      'BAD_INPUT',
      vscode.l10n.t('This run left no other network to compare its student with.'),
    );
  }
  if (models.length === 1) return only;
  const items = models.map((model) => ({ label: basename(model), description: dirname(model), model }));
  const placeHolder = vscode.l10n.t('Compare the student with');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.model;
}
