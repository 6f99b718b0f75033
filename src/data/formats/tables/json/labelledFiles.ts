import type { JsonRecord } from '../reading/readJsonLines.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Fields = JsonRecord['fields'];

/** Names of images, recordings and texts. */
const FILE_NAME = /[^\s/\\]\.(?:jpe?g|png|bmp|gif|webp|avif|tiff?|p[bgp]m|wav|mp3|flac|ogg|m4a|txt)$/i;
/** What fields are called that hold files and are no classes. */
const HOLDS_FILES = /image|file|path|mask|name|photo|picture|audio/i;
/** What makes an annotation one of an object within an image, or a text. */
const MARKS = ['bbox', 'segmentation', 'keypoints', 'caption'];
/** An object of more fields is no envelope. */
const MOST_FIELDS = 5;
/** So many names without endings are those of files, where their values say so. */
const LEAST_IDS = 8;

/**
 * Files with their labels, in the forms that are no table: an object of labels, or of objects, by the names of files, also without their endings; one of lists of files by class; pairs; objects
 * of one file each; images, annotations and categories as COCO has them, where annotations mark no objects; and any of these as the only such field of an object.
 *
 * @returns rows with the columns `file` and `label`, and what was understood; undefined for anything else
 */
export function labelledFiles(value: unknown): { readonly rows: readonly Fields[]; readonly note: string } | undefined {
  if (Array.isArray(value)) return ofList(value as readonly unknown[]);
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > 1 && entries.every(([key]) => FILE_NAME.test(key))) {
    const rows = entries.map(([file, label]) => (isObject(label) ? { file, ...label } : { file, label }));
    return { rows, note: 'Its fields are called like the files that their values belong to.' };
  }
  if (areIds(entries)) {
    return {
      rows: entries.map(([file, label]) => ({ file, label })),
      note: 'Its fields are called like the files that their values belong to.',
    };
  }
  const isOfClasses = entries.length > 1 && entries.every(([key, files]) => !HOLDS_FILES.test(key) && areFiles(files));
  if (isOfClasses) {
    const rows = entries.flatMap(([label, files]) => (areFiles(files) ? files.map((file) => ({ file, label })) : []));
    return { rows, note: 'Its fields are called like the classes whose files they list.' };
  }
  const annotated = ofAnnotations(value);
  if (annotated || entries.length > MOST_FIELDS) return annotated;
  const inside = entries.flatMap(([key, content]) => {
    const isColumn = entries.some(([other, beside]) => other !== key && haveSameKeys(content, beside));
    const found = typeof content === 'object' && !isColumn ? labelledFiles(content) : undefined;
    return found ? [{ ...found, note: `Its field '${key}' has the rows. ${found.note}` }] : [];
  });
  return inside.length === 1 ? inside[0] : undefined;
}

function ofList(list: readonly unknown[]): ReturnType<typeof labelledFiles> {
  const pairs = list.filter((each) => Array.isArray(each) && each.length === 2 && isFile(each[0]));
  if (list.length > 1 && pairs.length === list.length) {
    const rows = (pairs as readonly (readonly unknown[])[]).map(([file, label]) => ({ file, label }));
    return { rows, note: 'Its rows are pairs of a file and its label.' };
  }
  const singles = list.filter(isObject).flatMap((each) => {
    const [entry, second] = Object.entries(each);
    return entry && !second && isFile(entry[0]) ? [{ file: entry[0], label: entry[1] }] : [];
  });
  return list.length > 1 && singles.length === list.length
    ? { rows: singles, note: 'Each of its rows is called like the file that its value belongs to.' }
    : undefined;
}

/** The categories of images as a column of their own; undefined where annotations mark objects within images. */
function ofAnnotations({ images, annotations, categories }: JsonObject): ReturnType<typeof labelledFiles> {
  if (!areObjects(images) || !areObjects(annotations) || !areObjects(categories)) return undefined;
  if (annotations.some((each) => MARKS.some((mark) => mark in each))) return undefined;
  const nameOf = new Map(categories.map(({ id, name }) => [id, name]));
  const labelsOf = new Map<unknown, unknown[]>();
  for (const { image_id: image, category_id: category } of annotations) {
    const labels = labelsOf.get(image) ?? [];
    labelsOf.set(image, labels);
    labels.push(nameOf.get(category));
  }
  const rows = images.map(({ id, file_name: file }) => {
    const labels = labelsOf.get(id) ?? [];
    return { file, label: labels.length === 1 ? labels[0] : labels.length === 0 ? null : labels };
  });
  if (!rows.every(({ file, label }) => isFile(file) && label !== undefined)) return undefined;
  return { rows, note: 'Its annotations give its images the names of its categories.' };
}

/** Whether names with digits, as of files without their endings, have values of which many are alike. */
function areIds(entries: readonly (readonly [string, unknown])[]): boolean {
  if (entries.length < LEAST_IDS) return false;
  const areScalars = entries.every(
    ([key, value]) => /\d/.test(key) && (typeof value === 'string' || typeof value === 'number'),
  );
  return areScalars && new Set(entries.map(([, value]) => value)).size <= entries.length / 2;
}

/** Whether two objects are columns of one table, as pandas writes them by the names of its rows. */
function haveSameKeys(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key));
}

function isFile(value: unknown): value is string {
  return typeof value === 'string' && FILE_NAME.test(value);
}

function areFiles(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFile);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areObjects(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
