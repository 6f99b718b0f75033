import * as z from 'zod';
import type { ModelSummary } from '../../onnx/inspect.ts';
import type { OutputSizes } from '../../protocol/outputForecast.ts';
import type { FeatureChoices } from '../../protocol/features.ts';
import type { ModelComparison } from '../../protocol/modelView.ts';

const count = z.int().nonnegative();
const dimensions = z.array(z.union([z.number(), z.string()])).describe('A name stands for an open dimension.');

const value = z.strictObject({ name: z.string(), type: z.string(), shape: dimensions });

const feature = z.looseObject({
  name: z.string(),
  shape: dimensions,
  stage: z.string().describe('Which values belong together, such as `8×8`.'),
  lastOfStage: z.boolean(),
});

/** `inspect MODEL --json` */
export const modelOutput = z
  .strictObject({
    path: z.string(),
    bytes: count.describe('Of the file and its external data.'),
    sha256: z.string(),
    irVersion: z.number(),
    producer: z.string(),
    opsets: z.record(z.string(), z.number()).describe('Operator set by domain.'),
    inputs: z.array(value),
    outputs: z.array(value),
    operators: z.array(z.strictObject({ operator: z.string(), count })),
    parameters: z.number().nullable().describe('Null where it is not known which of its numbers are weights.'),
    weightTypes: z
      .array(z.strictObject({ type: z.string(), count }))
      .describe('The weights by the element type in which the file has them, such as `int4`.'),
    macs: z.number().nullable().describe('Multiply-accumulate operations of one sample.'),
    layers: z.array(
      z.strictObject({
        name: z.string(),
        operator: z.string(),
        output: z.string(),
        outputShape: dimensions,
        parameters: z.number(),
        macs: z.number(),
      }),
    ),
    metadata: z.record(z.string(), z.string()),
    problem: z.string().nullable().describe('Why parameters or macs are null.'),
    exporterNotes: z
      .array(z.string())
      .describe('What its exporter left out, which matters where it is trained further.'),
    data: z.looseObject({}).nullable().describe('What the model says that it was made for.'),
    features: z.array(feature).describe('Values that losses on features can name.'),
  })
  .describe('What an .onnx file is.') satisfies z.ZodType<ModelSummary>;

const change = (node: z.ZodType) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('added'), after: node }),
    z.strictObject({ kind: z.literal('removed'), before: node }),
    z.strictObject({ kind: z.literal('changed'), before: node, after: node, what: z.array(z.string()) }),
  ]);

const size = z.strictObject({ path: z.string(), bytes: count, nodes: count, parameters: z.number() });

/** `inspect MODEL --diff OTHER --json` */
export const comparisonOutput = z
  .strictObject({
    before: size,
    after: size,
    facts: z.array(z.strictObject({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    nodes: z.array(change(z.looseObject({ name: z.string(), operator: z.string() }))),
    tensors: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['added', 'removed', 'reshaped', 'changed']),
        before: z.string().nullable(),
        after: z.string().nullable(),
        norm: z.number().nullable().describe('Euclidean norm of the difference.'),
        relativeNorm: z.number().nullable().describe('That norm over the norm of the tensor before.'),
        largest: z.number().nullable().describe('Largest absolute difference of an element.'),
      }),
    ),
    sameTensors: count,
  })
  .describe('What differs between two models.') satisfies z.ZodType<Pick<ModelComparison, 'facts' | 'tensors'>>;

const features = z.array(feature.extend({ lastOfStage: z.boolean() }));

/** `inspect EXPERIMENT --json` */
export const experimentOutput = z
  .strictObject({
    student: features,
    teacher: features,
    pairs: z
      .array(z.looseObject({ student: z.string(), teacher: z.string(), stage: z.string() }))
      .describe('What losses on features can begin with.'),
    outputs: z
      .looseObject({})
      .nullable()
      .describe("What the teacher's outputs take; null where there is no teacher to ask."),
  })
  .describe('What an experiment can compare.') satisfies z.ZodType<
  FeatureChoices & { outputs: Partial<OutputSizes> | null }
>;
