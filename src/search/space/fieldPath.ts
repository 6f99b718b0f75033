/** A field of an experiment: names and indices from the outermost on. */
export type FieldPath = readonly (string | number)[];

/** Stands at the end of a path for the number of a list's elements. */
export const LENGTH = 'length';

/** Reads a path such as `student.hidden[0]`; undefined where it is not one. */
export function parseFieldPath(text: string): FieldPath | undefined {
  if (!/^[A-Za-z_$][\w$-]*(\[\d+\]|\.[A-Za-z_$][\w$-]*)*$/.test(text)) return undefined;
  return Array.from(text.matchAll(/\[(\d+)\]|[\w$-]+/g), ([word, index]) =>
    index === undefined ? word : Number(index),
  );
}

/** Whether a path says how many elements a list has. */
export function isLength(path: FieldPath): boolean {
  return path.length > 1 && path.at(-1) === LENGTH;
}

/**
 * The value with another one at `path`; objects and list elements that are missing on the way are made, `value` stays as it is.
 * A list whose length is set loses its last elements, or repeats the last one.
 */
export function withValueAt(value: unknown, path: FieldPath, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  if (head === LENGTH && rest.length === 0 && Array.isArray(value)) return resized(value, Number(replacement));
  if (typeof head === 'number') {
    const list: unknown[] = Array.isArray(value) ? Array.from<unknown>(value) : [];
    list[head] = withValueAt(list[head], rest, replacement);
    return list;
  }
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return {
    ...object,
    [head]: withValueAt(
      Object.hasOwn(object, head) ? (object as Record<string, unknown>)[head] : undefined,
      rest,
      replacement,
    ),
  };
}

function resized(list: readonly unknown[], length: number): unknown[] {
  const last = list.at(-1);
  return Array.from({ length }, (_, index) => (index < list.length ? list[index] : last));
}
