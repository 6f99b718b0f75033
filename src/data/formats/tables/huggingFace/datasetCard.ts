import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** What a dataset's folder says of itself: in the head of its README, in `dataset_info.json` or in `dataset_infos.json`. */
export interface DatasetCard {
  readonly configurations: readonly Configuration[];
  /** Names of the classes of columns, by configuration; '' where there is only one. */
  readonly classNames: ReadonlyMap<string, ClassNames>;
}

export type ClassNames = Readonly<Record<string, readonly string[]>>;

/** One of several tables in a folder, with the files of its splits. */
export interface Configuration {
  readonly name: string;
  readonly isDefault: boolean;
  /** Patterns of files for each split, whose name is as the card has it. */
  readonly files: readonly { readonly split: string; readonly patterns: readonly string[] }[];
}

const LARGEST = 2 ** 22;
const patterns = z.union([z.string(), z.array(z.string())]);
const dataFiles = z.union([
  z.string(),
  z.array(z.string()),
  z.array(z.object({ split: z.string(), path: patterns })),
  z.record(z.string(), patterns),
]);
const configuration = z.object({
  config_name: z.string().default('default'),
  default: z.boolean().default(false),
  data_files: dataFiles.optional(),
});
const names = z.union([z.array(z.string()), z.record(z.string(), z.string())]);
/** A column in the head of a README. */
const cardFeature = z.looseObject({
  name: z.string(),
  dtype: z
    .looseObject({ class_label: z.looseObject({ names }).optional() })
    .optional()
    .catch(undefined),
});
const cardInfo = z.looseObject({
  config_name: z.string().optional(),
  features: z.array(cardFeature).optional().catch(undefined),
});
const card = z.looseObject({
  configs: z.array(configuration).optional().catch(undefined),
  dataset_info: z
    .union([cardInfo, z.array(cardInfo)])
    .optional()
    .catch(undefined),
});
/** Columns as `datasets` stores them. */
const storedInfo = z.looseObject({
  features: z.record(z.string(), z.looseObject({ names: z.array(z.string()).optional().catch(undefined) })),
});

/** Reads what a folder says of itself; nothing where it says nothing that is understood. */
export async function readDatasetCard(folder: string): Promise<DatasetCard> {
  const classNames = new Map<string, ClassNames>();
  const head = card.safeParse(await frontMatter(folder)).data;
  const infos = head?.dataset_info === undefined ? [] : [head.dataset_info].flat();
  for (const { config_name = '', features = [] } of infos) {
    const found = features.flatMap(({ name, dtype }) => {
      const classes = dtype?.class_label?.names;
      return classes ? [[name, Array.isArray(classes) ? classes : inOrder(classes)] as const] : [];
    });
    if (found.length > 0) classNames.set(config_name, Object.fromEntries(found));
  }
  const one = storedInfo.safeParse(await jsonIn(folder, 'dataset_info.json')).data;
  if (one) classNames.set('', classesOf(one));
  const several = z.record(z.string(), storedInfo).safeParse(await jsonIn(folder, 'dataset_infos.json')).data;
  for (const [name, info] of Object.entries(several ?? {}))
    if (!classNames.has(name)) classNames.set(name, classesOf(info));
  return {
    configurations: (head?.configs ?? []).flatMap(({ config_name: name, default: isDefault, data_files: files }) =>
      files === undefined ? [] : [{ name, isDefault, files: filesOf(files) }],
    ),
    classNames,
  };
}

function filesOf(files: z.infer<typeof dataFiles>): Configuration['files'] {
  const list = (found: z.infer<typeof patterns>): readonly string[] => (typeof found === 'string' ? [found] : found);
  if (typeof files === 'string') return [{ split: 'train', patterns: [files] }];
  if (!Array.isArray(files)) return Object.entries(files).map(([split, found]) => ({ split, patterns: list(found) }));
  const plain = files.filter((each) => typeof each === 'string');
  if (plain.length > 0) return [{ split: 'train', patterns: plain }];
  return files.flatMap((each) => (typeof each === 'string' ? [] : [{ split: each.split, patterns: list(each.path) }]));
}

function inOrder(classes: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(classes)
    .sort((one, other) => Number(one) - Number(other))
    .map((key) => classes[key] ?? key);
}

function classesOf({ features }: z.infer<typeof storedInfo>): ClassNames {
  return Object.fromEntries(
    Object.entries(features).flatMap(([name, feature]) => (feature.names ? [[name, feature.names] as const] : [])),
  );
}

async function frontMatter(folder: string): Promise<unknown> {
  const text = await textIn(folder, 'README.md');
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(text ?? '')?.[1];
  if (head === undefined) return undefined;
  // A bundled package of CommonJS has nothing but its default export.
  const { default: yaml } = await import('yaml');
  try {
    return yaml.parse(head, { maxAliasCount: 0, logLevel: 'silent' }) as unknown;
  } catch {
    // A README is for people first.
    return undefined;
  }
}

async function jsonIn(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse((await textIn(folder, name)) ?? 'null') as unknown;
  } catch {
    // Only names of classes are lost.
    return undefined;
  }
}

async function textIn(folder: string, name: string): Promise<string | undefined> {
  const content = await readFile(join(folder, name)).catch(() => undefined);
  return content && content.length <= LARGEST ? content.toString() : undefined;
}
