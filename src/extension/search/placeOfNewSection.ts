import { treeOf } from '../../experiment/incompleteText.ts';

/** Where a section is inserted, and what has to stand around it. */
export interface SectionPlace {
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

/** The place after the last section of an experiment's text; undefined where the text is no JSON object. */
export function placeOfNewSection(text: string): SectionPlace | undefined {
  const root = treeOf(text);
  if (root?.type !== 'object') return undefined;
  const last = root.children?.at(-1);
  if (!last) return { offset: root.offset + 1, before: '', after: '\n' };
  const end = last.offset + last.length;
  const comma = /^\s*,/.exec(text.slice(end));
  return comma ? { offset: end + comma[0].length, before: '', after: '' } : { offset: end, before: ',', after: '' };
}
