/** What arrays of samples are called. */
export const SAMPLE_NAMES = ['x', 'images', 'data', 'samples', 'inputs', 'features', 'fea'];
/** What arrays of labels and other targets are called. */
export const TARGET_NAMES = ['y', 'labels', 'targets', 'label', 'target', 'gnd'];
/** What the splits are called. */
export const SPLIT_NAMES = {
  training: ['train', 'training', 'train_set'],
  validation: ['val', 'valid', 'validation', 'val_set', 'dev_set'],
  test: ['test', 'testing', 'test_set'],
} as const;

const ALL_SPLIT_NAMES: readonly string[] = Object.values(SPLIT_NAMES).flat();

/** What several arrays begin with that together are the samples; `x_image` and `x_age` may be called `image` and `age` as well. */
const PART = /^(?:x|input|inputs)_(?=.)/;

/** What would be right where no array is called so. */
export const WANTED_NAMES =
  `Call the samples ${SAMPLE_NAMES.join(', ')} and their targets ${TARGET_NAMES.join(', ')}; for each split x_train, y_train, x_test ` +
  'and y_test. Several arrays that are the samples together are called x_image, x_age and the like.';

/** Whether a word of a name says that an array holds labels or other targets. */
export function areLabels(key: string): boolean {
  return wordsOf(key).some((word) => TARGET_NAMES.includes(word));
}

/** Whether a word of a name says that an array holds samples. */
export function areSamples(key: string): boolean {
  return wordsOf(key).some((word) => SAMPLE_NAMES.includes(word));
}

function wordsOf(key: string): readonly string[] {
  return key.toLowerCase().split(/[_/]/);
}

/**
 * The arrays of a split that together are its samples, by their names without the split: those that begin with `x_`, else all but labels.
 *
 * @param names what the split is called
 */
export function partsOf<Kept>(arrays: ReadonlyMap<string, Kept>, names: readonly string[]): Map<string, Kept> {
  const found = [...arrays].flatMap(([key, array]): [string, Kept][] => {
    const { split, own } = namedSplit(key);
    return names.includes(split ?? '') && !TARGET_NAMES.includes(own) ? [[own, array]] : [];
  });
  const marked = found.filter(([name]) => PART.test(name));
  const parts = (marked.length > 1 ? marked : found).map(([name, array]) => [name.replace(PART, ''), array] as const);
  // Files, and the splits of one, may have them in any order.
  return new Map(parts.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The split that an array's name begins or ends with, and the name without it. */
export function namedSplit(key: string): { readonly split: string | undefined; readonly own: string } {
  const split = ALL_SPLIT_NAMES.find((name) => key.startsWith(`${name}_`) || key.endsWith(`_${name}`));
  if (split === undefined) return { split, own: key };
  return { split, own: key.startsWith(`${split}_`) ? key.slice(split.length + 1) : key.slice(0, -split.length - 1) };
}

/** The key with the split that the file is called like, unless it names one itself: `x` of `photos_train_x.h5` is `train_x`. */
export function withSplit(file: string, key: string): string {
  const words = file.toLowerCase().split(/[-_. ]/);
  const own = key.split('_');
  const split = ALL_SPLIT_NAMES.find((name) => words.includes(name));
  const isNamed = ALL_SPLIT_NAMES.some((name) => own.includes(name));
  return split === undefined || isNamed ? key : `${split}_${key}`;
}
