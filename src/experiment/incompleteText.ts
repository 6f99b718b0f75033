import { parse, parseTree, type Node } from 'jsonc-parser';
import { isNestedTooDeep } from './refuseDeepNesting.ts';

/**
 * The tree of an experiment's text while it is typed: JSON, comments and trailing commas allowed, read as far as it makes sense.
 *
 * @returns undefined where nothing of it is JSON, or where its brackets lie in each other deeper than any experiment's
 */
export function treeOf(text: string): Node | undefined {
  return isNestedTooDeep(text) ? undefined : parseTree(text, [], { allowTrailingComma: true });
}

/** What an experiment's text holds while it is typed; undefined where `treeOf` has nothing. */
export function valueOf(text: string): unknown {
  return isNestedTooDeep(text) ? undefined : parse(text, [], { allowTrailingComma: true });
}

/** The fields of an experiment's text while it is typed; none where it is no object yet. */
export function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const value = valueOf(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
