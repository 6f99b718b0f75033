import { findNodeAtOffset, type Node } from 'jsonc-parser';
import type { Problem } from '../errors.ts';
import { treeOf } from './incompleteText.ts';
import { experimentSchema } from './schema.ts';

/** A stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Where in an experiment file a problem is: the field that it is about, or the nearest that there is around one that is missing. */
export interface Place {
  /** Name of the field, with its quotes; the bracket that opens it where it has no name. */
  readonly field: Stretch;
  /** What the field holds; undefined where the field that the problem is about is missing. */
  readonly value: Stretch | undefined;
}

/** 1-based, as editors and compilers count. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds problems in the text of an experiment file.
 *
 * @param text JSON, comments allowed; it may be incomplete
 * @returns a place for each problem; undefined for one that is about something else, such as an option
 */
export function placeProblems(text: string, problems: readonly Problem[]): readonly (Place | undefined)[] {
  const root = treeOf(text);
  return problems.map(({ where }) => placeOf(text, root, where));
}

/** The line and column of an offset. */
export function lineAndColumn(text: string, offset: number): LineAndColumn {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The keys of a path as problems write it: `objective[0].weight`, `search.space["student.hidden[0]"]`. */
export function keysOf(where: string): readonly (string | number)[] {
  if (where === 'experiment') return [];
  return [...where.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? '') : String(JSON.parse(quoted));
  });
}

function placeOf(text: string, root: Node | undefined, where: string): Place | undefined {
  const position = /^line (\d+), column (\d+)$/.exec(where);
  if (position) {
    const offset = offsetOf(text, Number(position[1]), Number(position[2]));
    const field = { offset, length: lengthOfWord(text, offset) };
    return { field, value: field };
  }
  if (!root) return undefined;
  return placeOfPath(root, keysOf(where)) ?? placeOfText(root, where);
}

function placeOfPath(root: Node, keys: readonly (string | number)[]): Place | undefined {
  let node = root;
  for (const [depth, key] of keys.entries()) {
    const inner = childAt(node, key);
    // What no file has at its top is a field that is missing, or no field at all.
    if (!inner) return depth === 0 && !isFieldName(key) ? undefined : { field: nameOf(node), value: undefined };
    node = inner;
  }
  return { field: nameOf(node), value: stretchOf(node) };
}

function childAt(node: Node, key: string | number): Node | undefined {
  if (node.type === 'array') return node.children?.[Number(key)];
  if (node.type !== 'object') return undefined;
  // Of a field that stands twice the last one counts.
  return node.children?.findLast(({ children: [name] = [] }) => name?.value === String(key))?.children?.[1];
}

/** Problems of files and of options are told under names of theirs. */
function isFieldName(key: string | number): boolean {
  return Object.hasOwn(experimentSchema.shape, key);
}

/** The field whose value is the path of a file that a problem is told of. */
function placeOfText(node: Node, text: string): Place | undefined {
  if (node.type === 'string' && node.value !== '' && isPathOf(String(node.value), text)) {
    return { field: nameOf(node), value: stretchOf(node) };
  }
  for (const child of node.children ?? []) {
    if (node.type === 'property' && child === node.children?.[0]) continue;
    const place = placeOfText(child, text);
    if (place) return place;
  }
  return undefined;
}

function isPathOf(written: string, where: string): boolean {
  const path = written.replace(/^\.\//, '').replaceAll('\\', '/');
  const told = where.replaceAll('\\', '/');
  return told === path || (path.includes('.') && told.endsWith(`/${path}`));
}

function nameOf(node: Node): Stretch {
  const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (name) return stretchOf(name);
  return node.children ? { offset: node.offset, length: 1 } : stretchOf(node);
}

function stretchOf({ offset, length }: Node): Stretch {
  return { offset, length };
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1);
}

function lengthOfWord(text: string, offset: number): number {
  return Math.max(1, /^[^\s,:{}[\]]+/.exec(text.slice(offset))?.[0].length ?? 1);
}

/** The field that an offset lies in, as keys; undefined where it lies in none. */
export function keysAt(text: string, offset: number): readonly (string | number)[] | undefined {
  const root = treeOf(text);
  let node = root && findNodeAtOffset(root, offset, true);
  const keys: (string | number)[] = [];
  if (!node) return undefined;
  for (; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'property') keys.unshift(String(parent.children?.[0]?.value));
    if (parent.type === 'array') keys.unshift(parent.children?.indexOf(node) ?? 0);
  }
  // A property counts once: itself and its value both have it as an ancestor.
  return keys;
}
