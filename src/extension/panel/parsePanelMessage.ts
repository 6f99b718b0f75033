import * as z from 'zod';
import { problemsSchema } from '../../launching/runFileSchemas.ts';
import type { PanelMessage } from '../../protocol/panel.ts';

const draft = z.record(z.string(), z.unknown());

const network = z.enum(['teacher', 'student', 'baseline']);
/** The name becomes that of a file. */
const chartName = z.string().regex(/^[A-Za-z]{1,40}$/);

const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('edit'), draft }),
  z.strictObject({ kind: z.literal('start'), draft }),
  z.strictObject({ kind: z.literal('stop') }),
  z.strictObject({ kind: z.literal('pause'), isPaused: z.boolean() }),
  z.strictObject({ kind: z.literal('listFeatures'), draft }),
  z.strictObject({ kind: z.literal('forecastOutputs'), draft }),
  z.strictObject({ kind: z.literal('save') }),
  z.strictObject({ kind: z.literal('openAsFile') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({
    kind: z.literal('pick'),
    picker: z.enum(['model', 'dataset-folder', 'dataset-file', 'tokenizer']),
    path: z.string(),
  }),
  z.strictObject({ kind: z.literal('useBuiltinDigits') }),
  z.strictObject({ kind: z.literal('revealStudent') }),
  z.strictObject({ kind: z.literal('openBaseline') }),
  z.strictObject({ kind: z.literal('applyAdvice'), change: draft }),
  z.strictObject({ kind: z.literal('explain'), sample: z.int().min(0), output: z.string().min(1).optional() }),
  z.strictObject({
    kind: z.literal('lookCloser'),
    ranges: z.array(z.strictObject({ network, from: z.number(), to: z.number() })).max(3),
  }),
  z.strictObject({
    kind: z.literal('saveCurves'),
    name: chartName,
    lines: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('curve'),
          label: z.string(),
          network,
          curve: z.enum(['losses', 'accuracies', 'validationLosses', 'learningRates', 'speeds']),
          term: z.string(),
        }),
        z.strictObject({ kind: z.literal('level'), label: z.string(), value: z.number() }),
      ]),
    ),
  }),
  z.strictObject({
    kind: z.literal('saveChart'),
    name: chartName,
    format: z.enum(['svg', 'png']),
    base64: z.base64(),
  }),
  z.strictObject({ kind: z.literal('openReport') }),
  z.strictObject({ kind: z.literal('openLastRun') }),
  z.strictObject({ kind: z.literal('copyForAgent'), problems: problemsSchema }),
  z.strictObject({ kind: z.literal('openLog') }),
  z.strictObject({ kind: z.literal('manageTrust') }),
  z.strictObject({ kind: z.literal('openFolder') }),
]) satisfies z.ZodType<PanelMessage>;

/** The message that a panel sent; undefined for anything that is none. */
export function parsePanelMessage(value: unknown): PanelMessage | undefined {
  return messageSchema.safeParse(value).data;
}
