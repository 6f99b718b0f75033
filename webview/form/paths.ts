/** Where a value is in an experiment: keys of objects and indices of lists. */
export type Path = readonly (string | number)[];

/** A path as problems write it: `training.batchSize`, `objective[0].weight`. */
export function writtenPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    // As problems name columns that people called something like `petal length`.
    if (!/^[\w$-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return (inner as unknown[])[Number(key)];
    return isRecord(inner) ? inner[key] : undefined;
  }, value);
}

/** The value with another one at a path; undefined removes the key. Objects on the way are made where there are none. */
export function withValueAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((inner: unknown, index) => (index === head ? withValueAt(inner, rest, replacement) : inner));
  }
  const { [head]: inner, ...others } = isRecord(value) ? value : {};
  const changed = withValueAt(inner, rest, replacement);
  if (changed === undefined) return others;
  // An existing key keeps its place.
  return isRecord(value) && head in value ? { ...value, [head]: changed } : { ...others, [head]: changed };
}

/**
 * As `withValueAt`; an object that lost its last key goes with it, for one that is there and empty may mean something,
 * as the training of a teacher does.
 */
export function withEditAt(value: unknown, path: Path, replacement: unknown): unknown {
  const edited = withValueAt(value, path, replacement);
  const around = path.slice(0, -1);
  if (replacement !== undefined || typeof around.at(-1) !== 'string') return edited;
  const left = valueAt(edited, around);
  return isRecord(left) && Object.keys(left).length === 0 ? withValueAt(edited, around, undefined) : edited;
}

/** The registered path that a problem is about: itself or the closest one around it. */
export function closestPath(where: string, known: ReadonlySet<string>): string | undefined {
  let path = where;
  while (!known.has(path)) {
    const around = path.replace(/(^|\.)[^.[\]]+$|\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/, '');
    // What goes on in another way is no path of ours.
    if (around === '' || around === path) return undefined;
    path = around;
  }
  return path;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a path, as problems write it, is that of a part of the experiment or of something in it. */
export function isWithin(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`);
}
