import type { Node } from 'jsonc-parser';
import { treeOf } from '../../experiment/incompleteText.ts';
import type { Stretch } from '../../experiment/placeProblems.ts';
import { isBuiltin } from '../experiments/drafts.ts';
import { valueKindOf } from './valueKinds.ts';

/** A path in an experiment file, and where it stands, without its quotes. */
export interface FileLink {
  readonly stretch: Stretch;
  readonly path: string;
}

/** The files and folders that an experiment file names. */
export function fileLinks(text: string): readonly FileLink[] {
  const root = treeOf(text);
  return root ? linksBelow(root, []) : [];
}

function linksBelow(node: Node, path: readonly (string | number)[]): readonly FileLink[] {
  switch (node.type) {
    case 'object':
      return (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
        name && value ? linksBelow(value, [...path, String(name.value)]) : [],
      );
    case 'array':
      return (node.children ?? []).flatMap((item, index) => linksBelow(item, [...path, index]));
    case 'string': {
      const written = String(node.value);
      const isFile = valueKindOf(path)?.kind === 'file' && written !== '' && !isBuiltin(written);
      const isSchema = path.length === 1 && path[0] === '$schema' && !written.includes(':');
      if (!isFile && !isSchema) return [];
      return [{ stretch: { offset: node.offset + 1, length: node.length - 2 }, path: written }];
    }
    case 'property':
    case 'number':
    case 'boolean':
    case 'null':
      return [];
  }
}
