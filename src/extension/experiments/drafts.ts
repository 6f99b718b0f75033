import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { mapPaths } from '../../experiment/pathFields.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { textAt } from './draftPaths.ts';

/** Endings of files of data, which tell their kind and not what they are about. */
const DATA_ENDINGS = /(?:\.(?:csv|tsv|txt|jsonl?|parquet|arrow|xlsx|ods|np[yz]|mat|h5|hdf5|arff|zip|tar|tgz|gz))+$/i;

/** What a new experiment starts with: nothing chosen but a student. */
export function emptyDraft(): ExperimentDraft {
  return { teacher: { model: '' }, dataset: { path: '' }, student: { architecture: 'mlp' } };
}

/** A draft with a teacher, named as `toExperimentPath` does. */
export function draftWithTeacher(model: string): ExperimentDraft {
  return { ...emptyDraft(), teacher: { model } };
}

/** How an experiment in `baseDirectory` names a file: relative and with slashes when it is below, else absolute. */
export function toExperimentPath(baseDirectory: string, path: string): string {
  const below = relative(baseDirectory, path);
  if (below === '') return '.';
  return below.startsWith('..') || isAbsolute(below) ? path : below.split(sep).join('/');
}

/**
 * What an experiment and its runs are called: its name, or else its file's, its teacher's or its dataset's; undefined
 * for one that has nothing yet.
 */
export function nameOf(draft: ExperimentDraft, file: string | undefined): string | undefined {
  const { name } = draft;
  if (typeof name === 'string' && name !== '') return name;
  if (file !== undefined) return basename(file).replace(/\.distill\.json$/, '');
  const model = textAt(draft, 'teacher.model');
  if (model !== undefined && model !== '') return basename(model).replace(/\.onnx$/i, '');
  const dataset = basename(textAt(draft, 'dataset.path') ?? '')
    .replace(/^builtin:/, '')
    .replace(DATA_ENDINGS, '');
  return dataset === '' ? undefined : dataset;
}

/** The draft with its relative paths rewritten, so that they mean the same from another folder. */
export function rebasePaths(draft: ExperimentDraft, from: string, to: string): ExperimentDraft {
  if (from === to) return draft;
  return mapPaths(draft, (path) => toExperimentPath(to, resolve(from, path)));
}

/** Data that Distillery makes itself needs no files. */
export function isBuiltin(path: string): boolean {
  return path.startsWith('builtin:');
}
