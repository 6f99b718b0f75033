/** Names of fields whose texts are paths, wherever they stand in an experiment file. */
const PATH_FIELDS: ReadonlySet<string> = new Set(['path', 'unlabelled', 'tokenizer', 'model', 'extractor', 'folder']);

/**
 * The experiment with every path that it names changed: those of data, of models, of the cache, and those that a search chooses among.
 * Data that are built in have none.
 *
 * @param value contents of an experiment file, checked or not
 * @param change what becomes of a path; `where` is its place, such as `teacher.ensemble[0].model`
 */
export function mapPaths<Value>(value: Value, change: (path: string, where: string) => string): Value {
  const visit = (part: unknown, where: string, isPath: boolean): unknown => {
    if (typeof part === 'string')
      return isPath && part !== '' && !part.startsWith('builtin:') ? change(part, where) : part;
    if (Array.isArray(part)) return part.map((item, index) => visit(item, `${where}[${index}]`, isPath));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        key,
        // The space of a search names fields by their whole path, and may have its choices beside a condition.
        visit(
          inner,
          where === '' ? key : `${where}.${key}`,
          PATH_FIELDS.has(key.split('.').at(-1) ?? key) || (isPath && key === 'choices'),
        ),
      ]),
    );
  };
  // Only texts are changed, to texts.
  return visit(value, '', false) as Value;
}
