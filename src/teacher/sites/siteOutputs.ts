import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Dataset } from '../../data/dataset.ts';
import type { Split } from '../../data/samples/split.ts';
import { DistilleryError } from '../../errors.ts';
import { floatTensor, type FloatTensor } from '../../onnx/tensor.ts';
import { readIfThere } from '../../platform/readIfThere.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { decodeTensors, encodeTensors } from '../../training/checkpoints/safetensors.ts';
import { digestSplit } from '../cache/digestSplit.ts';

/** Splits of the public data that sites label: what is taught on, what selects, and what judges in the end. */
export const publicSplits = ['training', 'validation', 'test'] as const;
export type PublicSplit = (typeof publicSplits)[number];

const described = z.strictObject({
  version: z.literal(1),
  /** Names of the classes that the site has, in the order of its outputs. */
  classes: z.array(z.string()).min(1),
  /** How many training samples of each it has. */
  counts: z.array(z.int().min(0)).min(1),
  /** SHA-256 of the public samples that each row belongs to, by split; see `digestPublic`. */
  samples: z.strictObject({ training: z.string(), validation: z.string(), test: z.string() }),
  /** SHA-256 of the numbers. */
  sha256: z.string(),
});

/** What a site says of a split. */
export interface SaidOfSplit {
  /** Logits [count, classes of the site]. */
  readonly logits: Float32Array;
  /**
   * Logarithms of how many times likelier the sample is among the site's own than among the public ones, by numbers of both, [count];
   * undefined where that was not asked for.
   */
  readonly familiarity: Float32Array | undefined;
}

/** All that leaves a site: what its teacher says of public samples, and how many samples of which classes it has. */
export interface SiteOutputs {
  readonly classes: readonly string[];
  readonly counts: readonly number[];
  readonly samples: Readonly<Record<PublicSplit, string>>;
  readonly said: Readonly<Record<PublicSplit, SaidOfSplit>>;
}

/**
 * SHA-256, in hexadecimal, of the samples of a split in their order, which is the same wherever copies of the public data lie: it covers
 * contents, and neither names nor times of files.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
async function digestPublic(split: Split, sampleShape: readonly number[], signal: AbortSignal): Promise<string> {
  const { count, targets, stream } = split;
  if (!stream) return digestSplit(split, sampleShape, signal);
  if (!stream.fingerprints) {
    return digestSplit({ count, targets, read: split.read.bind(split) }, sampleShape, signal);
  }
  const words = await stream.fingerprints(Int32Array.from({ length: count }, (_, index) => index));
  const hash = createHash('sha256').update(`${count} ${sampleShape.join(' ')}\n`);
  return hash.update(new Uint8Array(words.buffer, words.byteOffset, words.byteLength)).digest('hex');
}

/** `digestPublic` of every split that sites label. @param dataset whose training split is the transfer set */
export async function digestsOf(dataset: Dataset, signal: AbortSignal): Promise<SiteOutputs['samples']> {
  const digest = (split: PublicSplit): Promise<string> => digestPublic(dataset[split], dataset.sampleShape, signal);
  return {
    training: await digest('training'),
    validation: await digest('validation'),
    test: await digest('test'),
  };
}

/** Writes all that leaves a site, whole or not at all. */
export async function writeSiteOutputs(path: string, { classes, counts, samples, said }: SiteOutputs): Promise<void> {
  const tensors = new Map<string, FloatTensor>();
  for (const split of publicSplits) {
    const { logits, familiarity } = said[split];
    tensors.set(`${split}/logits`, floatTensor(logits, [logits.length / classes.length, classes.length]));
    if (familiarity) tensors.set(`${split}/familiarity`, floatTensor(familiarity));
  }
  const site: z.output<typeof described> = {
    version: 1,
    classes: [...classes],
    counts: [...counts],
    samples,
    sha256: hashOf(tensors),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, encodeTensors({ tensors, metadata: { site: JSON.stringify(site) } }));
}

/**
 * What a site wrote; undefined before it has.
 * @throws DistilleryError `BAD_FILE` when the file is damaged, of another version, or something else
 */
export async function findSiteOutputs(path: string): Promise<SiteOutputs | undefined> {
  const bytes = await readIfThere(readFile(path), undefined);
  if (!bytes) return undefined;
  const { tensors, metadata } = decodeTensors(bytes, path);
  const site = described.safeParse(jsonOf(metadata['site'])).data;
  if (!site)
    throw new DistilleryError('BAD_FILE', `'${path}' holds no outputs of a site that this version understands.`);
  const { classes, counts, samples } = site;
  const saidOf = (split: PublicSplit): SaidOfSplit => {
    const logits = tensors.get(`${split}/logits`);
    const familiarity = tensors.get(`${split}/familiarity`);
    const [rows = 0, width = 0] = logits?.shape ?? [];
    if (!logits || width !== classes.length || (familiarity && familiarity.data.length !== rows)) throw damaged(path);
    return { logits: logits.data, familiarity: familiarity?.data };
  };
  if (counts.length !== classes.length || hashOf(tensors) !== site.sha256) throw damaged(path);
  return {
    classes,
    counts,
    samples,
    said: { training: saidOf('training'), validation: saidOf('validation'), test: saidOf('test') },
  };
}

function hashOf(tensors: ReadonlyMap<string, FloatTensor>): string {
  const hash = createHash('sha256');
  for (const name of [...tensors.keys()].sort()) {
    const data = tensors.get(name)?.data ?? new Float32Array(0);
    hash.update(`${name} ${data.length}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function damaged(path: string): DistilleryError {
  return new DistilleryError('BAD_FILE', `'${path}' is damaged: its numbers are not those that the site wrote.`, {
    hint: 'Copy it from the site once more.',
  });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
