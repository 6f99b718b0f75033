import * as z from 'zod';
import type { Dataset } from './dataset.ts';
import type { Preparation, SpectrogramCode } from './preparation.ts';
import { DATE_PARTS } from './formats/tables/times/dates.ts';
import type { Samples, Task } from './task.ts';

/**
 * What a network was made for: what it takes, how that is made from the data as they are, and what its output stands for. It is
 * kept, as JSON, in the metadata of the network's file.
 */
export interface DataForm {
  readonly version: 1;
  readonly task: Task;
  readonly samples: Samples;
  /** Dimensions of one sample; a network that takes vectors takes it row by row. */
  readonly sampleShape: readonly number[];
  /** Of images: a sample is [channels, height, width]. */
  readonly layout?: 'NCHW' | undefined;
  readonly preparation: Preparation;
}

/** What a network for a dataset is made for. */
export function dataFormOf({
  task,
  samples,
  sampleShape,
  preparation,
}: Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'preparation'>): DataForm {
  const isImage = preparation.kind === 'pixels' && sampleShape.length === 3;
  // The parts of samples follow from the preparation.
  const kind: Samples = samples.kind === 'values' ? { kind: 'values' } : samples;
  return { version: 1, task, samples: kind, sampleShape, ...(isImage && { layout: 'NCHW' }), preparation };
}

/** What a text says that was made of a `DataForm`; undefined when it is something else, or of a later version. */
export function parseDataForm(text: string): DataForm | undefined {
  try {
    return dataFormSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON: written by something else under the same name.
    return undefined;
  }
}

const texts = z.array(z.string());
const numbers = z.array(z.number());
const statistics = z.object({ mean: numbers, std: numbers });
const scales = z.array(z.object({ name: z.string(), mean: z.number(), std: z.number() }));

const taskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['classification', 'multi-label', 'token-classification']), classes: texts }),
  z.object({ kind: z.literal('regression'), targets: texts }),
  z.object({ kind: z.enum(['reconstruction', 'matching']) }),
]) satisfies z.ZodType<Task>;

const columnSchema = z.discriminatedUnion('kind', [
  z.object({
    name: z.string(),
    kind: z.literal('number'),
    mean: z.number(),
    std: z.number(),
    fill: z.number(),
    part: z
      .object({ of: z.string(), is: z.enum(['missing', ...DATE_PARTS]), dayFirst: z.boolean().exactOptional() })
      .exactOptional(),
  }),
  z.object({ name: z.string(), kind: z.literal('category'), categories: texts, missing: z.boolean() }),
]);

const spectrogramSchema = z.object({
  rate: z.number(),
  window: z.number(),
  hop: z.number(),
  transform: z.number(),
  bands: z.number(),
  lowest: z.number(),
  highest: z.number(),
  floor: z.number(),
  frames: z.number(),
}) satisfies z.ZodType<SpectrogramCode>;

const preparationSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pixels'),
    normalization: statistics.nullable(),
    resize: z
      .object({
        height: z.number(),
        width: z.number(),
        fit: z.enum(['cover', 'letterbox', 'stretch']),
        shorterSide: z.number().exactOptional(),
      })
      .exactOptional(),
    isTurned: z.boolean().exactOptional(),
    targets: scales.exactOptional(),
  }),
  z.object({
    kind: z.literal('arrays'),
    normalization: statistics.nullable(),
    spectrogram: spectrogramSchema.exactOptional(),
    parts: z.array(z.object({ name: z.string(), shape: numbers, unit: z.number() })).exactOptional(),
    targets: scales.exactOptional(),
  }),
  z.object({ kind: z.literal('table'), columns: z.array(columnSchema), targets: scales }),
  z.object({
    kind: z.literal('text'),
    columns: texts,
    tokens: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('file'), file: z.string() }),
      z.object({ kind: z.literal('words'), words: texts }),
      z.object({ kind: z.literal('characters'), characters: texts }),
    ]),
    length: z.number(),
    padding: z.number(),
    targets: scales,
  }),
]) satisfies z.ZodType<Preparation>;

const dataFormSchema = z.object({
  version: z.literal(1),
  task: taskSchema,
  samples: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('values') }),
    z.object({ kind: z.literal('tokens'), vocabulary: z.number(), padding: z.number() }),
  ]),
  sampleShape: z.array(z.int().positive()),
  layout: z.literal('NCHW').optional(),
  preparation: preparationSchema,
}) satisfies z.ZodType<DataForm>;
