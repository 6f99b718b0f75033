import { namedSplit, SPLIT_NAMES } from './arrayNames.ts';
import type { NpyArray } from './npy.ts';

/** What of the samples belongs together, as an array beside them says. */
export interface SampleGroups {
  /** What the array is called, without the split. */
  readonly name: string;
  /** The group of each sample; any numbers. */
  readonly values: Int32Array;
  readonly different: number;
}

/** From whom, or from what, samples are: `groups` as scikit-learn calls it, `subjects`, `patient_id` and the like. */
const GROUPS = /^(?:groups|group_?ids?|(?:subject|patient|participant|person|speaker|writer|user)s?(?:_?ids?)?)$/;
/** Fewer different values rather say what samples are like, as a treatment does. */
const FEWEST = 5;

/** Whether an array of this name may say which samples belong together. */
export function areGroups(key: string): boolean {
  return GROUPS.test(namedSplit(key.toLowerCase()).own);
}

/**
 * The groups of the samples to train with.
 *
 * @param count of these samples
 * @param notes gets why an array is not used
 * @returns undefined where there is no such array, or it divides nothing
 */
export function groupsAmong(
  arrays: ReadonlyMap<string, NpyArray>,
  count: number,
  notes: string[],
): SampleGroups | undefined {
  const ofTraining: readonly (string | undefined)[] = [undefined, ...SPLIT_NAMES.training];
  const mayBe = [...arrays].filter(([key]) => areGroups(key) && ofTraining.includes(namedSplit(key).split));
  for (const [key, { shape, values }] of mayBe) {
    const places = new Map<number, number>();
    const groups = Int32Array.from(values, (value) => {
      const place = places.get(value) ?? places.size;
      places.set(value, place);
      return place;
    });
    const different = places.size;
    if (shape[0] === count && values.length === count && different >= FEWEST && different <= count / 2) {
      return { name: namedSplit(key).own, values: groups, different };
    }
    notes.push(
      `The array '${key}' [${shape.join(', ')}] has ${different} different values for ${count} samples, by which they are not divided.`,
    );
  }
  return undefined;
}
