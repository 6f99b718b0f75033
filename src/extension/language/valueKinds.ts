import { getLocation } from 'jsonc-parser';
import type { Picker } from '../../protocol/form.ts';
import type { Stretch } from '../../experiment/placeProblems.ts';
import { isNestedTooDeep } from '../../experiment/refuseDeepNesting.ts';
import { PICKERS } from '../form/pickers.ts';

/** What a text in an experiment file names, where the schema alone does not say what it may be. */
export type ValueKind =
  | { readonly kind: 'file'; readonly picker: Picker }
  | { readonly kind: 'class' }
  | { readonly kind: 'column' }
  | { readonly kind: 'feature'; readonly network: 'student' | 'teacher' }
  | { readonly kind: 'searchedField' };

/** A place where something is typed. */
export interface TypedValue {
  readonly kind: ValueKind;
  /** What stands there now, without quotes, up to where one types. */
  readonly typed: string;
  /** What is replaced: the inside of the quotes, or nothing where none have been typed. */
  readonly stretch: Stretch;
  readonly isQuoted: boolean;
}

/** Fields that name files, and other than those of the form. */
const FILES: Readonly<Record<string, Picker>> = {
  ...PICKERS,
  'dataset.unlabelled': 'dataset',
  'dataset.unlabelled[]': 'dataset',
};

const OTHERS: Readonly<Record<string, ValueKind>> = {
  'teacher.classes[]': { kind: 'class' },
  'teacher.ensemble[].classes[]': { kind: 'class' },
  'dataset.exclude[]': { kind: 'class' },
  'dataset.target': { kind: 'column' },
  'dataset.target[]': { kind: 'column' },
  'dataset.split.group': { kind: 'column' },
  ...Object.fromEntries(
    (['student', 'teacher'] as const).flatMap((network) =>
      ['objective[]', 'objective[].pairs[]', 'objective[].features'].map((place) => [
        `${place}.${network}`,
        { kind: 'feature', network },
      ]),
    ),
  ),
};

/** What the text at a path names; undefined where it is no name of anything. */
export function valueKindOf(path: readonly (string | number)[]): ValueKind | undefined {
  const pattern = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[]`;
    return before === '' ? key : `${before}.${key}`;
  }, '');
  const picker = FILES[pattern];
  return picker === undefined ? OTHERS[pattern] : { kind: 'file', picker };
}

/** What is typed at an offset of a file; undefined where no name is expected. */
export function typedValueAt(text: string, offset: number): TypedValue | undefined {
  if (isNestedTooDeep(text)) return undefined;
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const kind = isAtPropertyKey ? nameKindOf(path) : valueKindOf(path);
  if (!kind) return undefined;
  const node = previousNode;
  const isInside = node && offset > node.offset && offset <= node.offset + node.length;
  if (isInside && (node.type === 'string' || isAtPropertyKey)) {
    const raw = text.slice(node.offset, node.offset + node.length);
    const isClosed = raw.length > 1 && raw.endsWith('"');
    if (isClosed && offset === node.offset + node.length) return undefined;
    const stretch = { offset: node.offset + 1, length: node.length - (isClosed ? 2 : 1) };
    return { kind, typed: text.slice(stretch.offset, offset), stretch, isQuoted: true };
  }
  // Beside another value there is nothing to type.
  if (isInside) return undefined;
  return { kind, typed: '', stretch: { offset, length: 0 }, isQuoted: false };
}

/** What a field's name may be where it is anybody's. */
function nameKindOf(path: readonly (string | number)[]): ValueKind | undefined {
  const owner = path.slice(0, -1).join('.');
  if (owner === 'search.space') return { kind: 'searchedField' };
  return owner === 'dataset.columns' ? { kind: 'column' } : undefined;
}
