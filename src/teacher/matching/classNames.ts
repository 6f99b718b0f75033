import * as z from 'zod';

/** Entries of a model's metadata in which tools write the names of classes. */
const KEYS = ['names', 'classes', 'class_names', 'labels', 'id2label'] as const;

const namesSchema = z.union([
  z.array(z.string()),
  z.record(z.string().regex(/^\d+$/), z.string()).transform((byIndex) => {
    const names: string[] = [];
    for (const [index, name] of Object.entries(byIndex)) names[Number(index)] = name;
    return names;
  }),
]);

/**
 * The names of the classes that a model's metadata has, in the order of its outputs; undefined where there are none of that number.
 * A list or an object by index, as JSON or as Python writes it, or names separated by commas or lines.
 */
export function classNamesOf(
  metadata: Readonly<Record<string, string>>,
  outputs: number,
): readonly string[] | undefined {
  for (const key of KEYS) {
    const text = metadata[key];
    const names = text === undefined ? undefined : (structured(text) ?? text.split(/[,\n]/).map((name) => name.trim()));
    // A list with gaps has fewer keys than its length.
    const isWhole = names?.length === outputs && Object.keys(names).length === outputs;
    if (isWhole && !names.includes('')) return names;
  }
  return undefined;
}

/** JSON, also with the single quotes and bare numbers for keys that Python writes. */
function structured(text: string): readonly string[] | undefined {
  const asJson = text.replace(/([{,]\s*)(\d+)\s*:/g, '$1"$2":').replace(/'([^'"]*)'/g, '"$1"');
  for (const candidate of [text, asJson]) {
    try {
      const { data } = namesSchema.safeParse(JSON.parse(candidate));
      if (data) return data;
    } catch {
      // Not JSON; the next way of writing may fit.
    }
  }
  return undefined;
}

/**
 * For each class of a dataset the output of a model that has its name, whatever the case; undefined where a name is missing or two
 * outputs have it.
 */
export function mapByName(names: readonly string[], classes: readonly string[]): readonly number[] | undefined {
  const plain = (name: string): string => name.trim().toLowerCase();
  const places = new Map(names.map((name, index) => [plain(name), index]));
  if (places.size !== names.length) return undefined;
  const mapped = classes.flatMap((name) => places.get(plain(name)) ?? []);
  return mapped.length === classes.length ? mapped : undefined;
}
