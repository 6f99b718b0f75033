import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { PICKERS } from '../form/describeForm.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';

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
  const dataset = basename(textAt(draft, 'dataset.path') ?? '').replace(/^builtin:/, '');
  return dataset === '' ? undefined : dataset;
}

/** The draft with its relative paths rewritten, so that they mean the same from another folder. */
export function rebasePaths(draft: ExperimentDraft, from: string, to: string): ExperimentDraft {
  if (from === to) return draft;
  let rebased = draft;
  for (const path of Object.keys(PICKERS)) {
    const value = textAt(rebased, path);
    if (value === undefined || value === '' || isBuiltin(value)) continue;
    rebased = withText(rebased, path, toExperimentPath(to, resolve(from, value)));
  }
  return rebased;
}

/** Data that Distillery makes itself needs no files. */
export function isBuiltin(path: string): boolean {
  return path.startsWith('builtin:');
}

/** The text at a path of two names, such as `teacher.model`; undefined when there is none. */
export function textAt(draft: ExperimentDraft, path: string): string | undefined {
  const [outer = '', inner = ''] = path.split('.');
  const part = draft[outer];
  const value = isRecord(part) ? part[inner] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The draft with another text at a path of two names. */
export function withText(draft: ExperimentDraft, path: string, text: string): ExperimentDraft {
  const [outer = '', inner = ''] = path.split('.');
  const part = draft[outer];
  return { ...draft, [outer]: { ...(isRecord(part) ? part : {}), [inner]: text } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
