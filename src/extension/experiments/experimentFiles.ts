import * as vscode from 'vscode';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { nameOf } from './drafts.ts';

/** Experiment files in the workspace. */
export const EXPERIMENT_FILES = '**/*.distill.json';
const SKIPPED = '**/{node_modules,.distillery}/**';
const MAXIMUM_FILES = 200;

/** An experiment file and what its runs are called. */
export interface ExperimentFile {
  readonly uri: vscode.Uri;
  readonly name: string;
}

/** The workspace's experiment files, by name. One that cannot be read is called by its file. */
export async function findExperimentFiles(): Promise<readonly ExperimentFile[]> {
  const uris = await vscode.workspace.findFiles(EXPERIMENT_FILES, SKIPPED, MAXIMUM_FILES);
  const files = await Promise.all(
    uris.map(async (uri) => ({ uri, name: nameOf(await readOrEmpty(uri.fsPath), uri.fsPath) ?? uri.fsPath })),
  );
  // As people count: 8 before 16.
  const order = new Intl.Collator(undefined, { numeric: true });
  return files.sort((a, b) => order.compare(a.name, b.name) || order.compare(a.uri.path, b.uri.path));
}

/** File system paths of the workspace's models. */
export async function findModels(): Promise<readonly string[]> {
  const uris = await vscode.workspace.findFiles('**/*.onnx', SKIPPED, MAXIMUM_FILES);
  return uris.map((uri) => uri.fsPath).sort();
}

/**
 * Reads an experiment file as a draft.
 * @throws DistilleryError when it cannot be read or is not JSON
 */
export async function readDraft(path: string): Promise<ExperimentDraft> {
  const { readExperimentFile } = await import('../../experiment/readExperimentFile.ts');
  const value = await readExperimentFile(path);
  return isDraft(value) ? value : {};
}

async function readOrEmpty(path: string): Promise<ExperimentDraft> {
  try {
    return await readDraft(path);
  } catch {
    // The view lists the file all the same; opening it says what is wrong.
    return {};
  }
}

function isDraft(value: unknown): value is ExperimentDraft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
