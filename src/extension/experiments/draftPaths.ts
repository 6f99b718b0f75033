import { valueAt } from '../../experiment/valueAt.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { PICKERS } from '../form/pickers.ts';

/** A text of a draft and where it is: `teacher.model`, `teacher.ensemble[0].model`. */
export interface PlacedText {
  readonly path: string;
  readonly text: string;
}

/** The texts of a draft that name files and folders. */
export function pickedTexts(draft: ExperimentDraft): readonly PlacedText[] {
  return Object.keys(PICKERS)
    .flatMap((pattern) => pathsOf(draft, pattern))
    .flatMap((path) => {
      const text = textAt(draft, path);
      return text === undefined ? [] : [{ path, text }];
    });
}

/** The text at a path; undefined when there is none. */
export function textAt(draft: ExperimentDraft, path: string): string | undefined {
  const value = valueAt(draft, keysOf(path));
  return typeof value === 'string' ? value : undefined;
}

/** The draft with another text at a path. */
export function withText(draft: ExperimentDraft, path: string, text: string): ExperimentDraft {
  const [head = '', ...rest] = keysOf(path);
  return { ...draft, [head]: withTextAt(draft[head], rest, text) };
}

function withTextAt(value: unknown, [head, ...rest]: readonly string[], text: string): unknown {
  if (head === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (String(index) === head ? withTextAt(item, rest, text) : item));
  }
  const record = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { ...record, [head]: withTextAt(record[head], rest, text) };
}

/** The paths in a draft that a path with `[]` for any element stands for. */
function pathsOf(draft: ExperimentDraft, pattern: string): readonly string[] {
  const [before = '', ...after] = pattern.split('[]');
  if (after.length === 0) return [before];
  const list = valueAt(draft, keysOf(before));
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.flatMap((_item, index) => pathsOf(draft, `${before}[${index}]${after.join('[]')}`));
}

function keysOf(path: string): readonly string[] {
  return path.match(/[^.[\]]+/g) ?? [];
}
