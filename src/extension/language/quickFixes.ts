import { applyEdits, findNodeAtLocation, getNodePath, modify, type Edit } from 'jsonc-parser';
import { treeOf, valueOf } from '../../experiment/incompleteText.ts';
import type { ProblemFix } from '../../experiment/problemFixes.ts';
import type { Translate } from '../translate.ts';
import type { EditorProblem } from './diagnose.ts';

/** A way to mend a problem that a person can choose. */
export interface QuickFix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether it is what was most probably meant. */
  readonly isPreferred: boolean;
}

/** The ways to mend a problem. @param text the file as it is now */
export function quickFixes(
  text: string,
  { path, fixes }: Pick<EditorProblem, 'path' | 'fixes'>,
  translate: Translate,
): readonly QuickFix[] {
  return fixes.flatMap((fix) => {
    const edits = editsOf(text, path, fix);
    return edits.length === 0
      ? []
      : [{ title: titleOf(text, path, fix, translate), edits, isPreferred: fix.isLikely === true }];
  });
}

/** Mends every problem of which it is known what was meant, and gives the new text. */
export function mendAll(text: string, problems: readonly EditorProblem[]): string {
  return problems.reduce((mended, { path, fixes }) => {
    const likely = fixes.find((fix) => fix.isLikely === true);
    return likely ? applyEdits(mended, [...editsOf(mended, path, likely)]) : mended;
  }, text);
}

function titleOf(text: string, path: readonly PropertyKey[], fix: ProblemFix, t: Translate): string {
  const name = String(path.at(-1) ?? '');
  switch (fix.kind) {
    case 'rename':
      return t("Rename '{0}' to '{1}'", name, fix.to);
    case 'remove':
      return t("Remove '{0}'", name);
    case 'replace': {
      const value = JSON.stringify(fix.value);
      return isThere(text, path) ? t('Write {0}', value) : t('Add {0}', `${JSON.stringify(name)}: ${value}`);
    }
  }
}

function editsOf(text: string, path: readonly PropertyKey[], fix: ProblemFix): readonly Edit[] {
  const root = treeOf(text);
  const keys = path.map((key) => (typeof key === 'number' ? key : String(key)));
  const node = root && findNodeAtLocation(root, keys);
  switch (fix.kind) {
    case 'rename': {
      const name = node?.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
      if (!name || getNodePath(name).length !== keys.length) return [];
      return [{ offset: name.offset, length: name.length, content: JSON.stringify(fix.to) }];
    }
    case 'remove':
      return node ? modify(text, keys, undefined, { formattingOptions: formattingOf(text) }) : [];
    case 'replace': {
      if (node) return [{ offset: node.offset, length: node.length, content: written(fix.value) }];
      // Where not even the owner is there, one would not know where to write.
      const owner: unknown = root && keys.slice(0, -1).reduce<unknown>(inner, valueOf(text));
      if (typeof owner !== 'object' || owner === null) return [];
      return modify(text, keys, fix.value, { formattingOptions: formattingOf(text) });
    }
  }
}

function isThere(text: string, path: readonly PropertyKey[]): boolean {
  const root = treeOf(text);
  return (
    root !== undefined &&
    findNodeAtLocation(
      root,
      path.map((key) => (typeof key === 'number' ? key : String(key))),
    ) !== undefined
  );
}

function inner(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** On one line, as experiments write what is short. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${written(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** The file's own indentation, as far as it has one. */
function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
