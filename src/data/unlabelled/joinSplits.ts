import { DistilleryError } from '../../errors.ts';
import type { SampleBlocks, SampleStream, Split } from '../samples/split.ts';
import { copyRows, type Targets } from '../targets.ts';

/** A sample by the split that it is in and its place there. */
interface Place {
  readonly split: number;
  readonly index: number;
}

/** Splits behind one another as one split. Nothing is copied but the targets, which must be of one kind. */
export function joinSplits(splits: readonly Split[]): Split {
  const [only] = splits;
  if (only && splits.length === 1) return only;
  const starts = splits.map((_, index) => splits.slice(0, index).reduce((sum, { count }) => sum + count, 0));
  const placeOf = (index: number): Place => {
    const split = starts.findLastIndex((start) => start <= index);
    return { split, index: index - (starts[split] ?? 0) };
  };
  /** The rows and the places of some samples, by the split that they are in. */
  const divide = (indices: ArrayLike<number>) => {
    const parts = splits.map(() => ({ rows: [] as number[], indices: [] as number[] }));
    for (let row = 0; row < indices.length; row++) {
      const place = placeOf(indices[row] ?? 0);
      const part = parts[place.split];
      part?.rows.push(row);
      part?.indices.push(place.index);
    }
    return parts;
  };
  const read = async (indices: ArrayLike<number>, target: Float32Array): Promise<void> => {
    const width = target.length / indices.length;
    for (const [number, part] of divide(indices).entries()) {
      if (part.rows.length === 0) continue;
      const values = new Float32Array(part.rows.length * width);
      await splits[number]?.read(part.indices, values);
      part.rows.forEach((row, at) => {
        copyRows(values, width, [at], target.subarray(row * width, (row + 1) * width));
      });
    }
  };
  const identify = async (indices: ArrayLike<number>): Promise<string> => {
    const parts = divide(indices);
    const named: string[] = [];
    for (const [number, split] of splits.entries())
      named.push((await split.identify?.(parts[number]?.indices ?? [])) ?? '');
    // In which order they follow one another is told, too.
    return JSON.stringify([named, parts.map(({ rows }) => runsOf(rows))]);
  };
  return {
    count: splits.reduce((sum, { count }) => sum + count, 0),
    targets: joinTargets(splits.map(({ targets }) => targets)),
    read,
    ...(splits.every((split) => split.identify) && { identify }),
    ...(splits.some(({ stream }) => stream) && { stream: joinStreams(splits, divide) }),
  };
}

function joinStreams(
  splits: readonly Split[],
  divide: (indices: ArrayLike<number>) => readonly { readonly indices: readonly number[] }[],
): SampleStream {
  const blocks = joinBlocks(splits);
  return {
    announce: (indices) => {
      const parts = divide(indices);
      splits.forEach(({ stream }, number) => stream?.announce(Int32Array.from(parts[number]?.indices ?? [])));
    },
    ...(blocks && { blocks }),
  };
}

/** Samples beside those that lie in blocks are taken by so many. */
const SAMPLES_OF_BLOCK = 8192;

function joinBlocks(splits: readonly Split[]): SampleBlocks | undefined {
  const together = splits.flatMap(({ stream }) => stream?.blocks?.together ?? []);
  if (together.length === 0) return undefined;
  const starts = splits.map((_, number) => splits.slice(0, number).reduce((sum, { count }) => sum + count, 0));
  return {
    // Blocks of two splits that got the same number would only be mixed.
    of: (index) => {
      const number = starts.findLastIndex((start) => start <= index);
      const start = starts[number] ?? 0;
      const own = splits[number]?.stream?.blocks;
      return start + (own?.of(index - start) ?? Math.floor((index - start) / SAMPLES_OF_BLOCK));
    },
    together: Math.min(...together),
  };
}

/** Ascending numbers as pairs of where a run begins and how long it is. */
function runsOf(rows: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === row) last[1]++;
    else runs.push([row, 1]);
  }
  return runs;
}

function joinTargets(all: readonly Targets[]): Targets {
  const [first] = all;
  switch (first?.kind) {
    case 'classes':
      return {
        kind: 'classes',
        labels: Int32Array.from(all.flatMap((each) => (each.kind === 'classes' ? [...each.labels] : unlike()))),
      };
    case 'values': {
      const { width } = first;
      const values = all.map((each) => (each.kind === 'values' && each.width === width ? each.values : unlike()));
      return { kind: 'values', values: joined(values, (length) => new Float32Array(length)), width };
    }
    case 'tokens': {
      const { width } = first;
      const labels = all.map((each) => (each.kind === 'tokens' && each.width === width ? each.labels : unlike()));
      return { kind: 'tokens', labels: joined(labels, (length) => new Int32Array(length)), width };
    }
    case 'samples':
    case 'none':
      return first;
    case undefined:
      return { kind: 'none' };
  }
}

function joined<Data extends Float32Array | Int32Array>(parts: readonly Data[], make: (length: number) => Data): Data {
  const all = make(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function unlike(): never {
  throw new DistilleryError('INTERNAL', 'Splits with other targets cannot be joined.');
}
