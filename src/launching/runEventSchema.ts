import * as z from 'zod';
import type { RunEvent } from '../protocol/events.ts';
import { measured } from '../report/measured.ts';
import { qualitySchema, reportSchema } from '../report/reportSchema.ts';
import {
  deviceSchema as device,
  phaseSchema as phase,
  problemSchema as problem,
  problemsSchema,
} from './runFileSchemas.ts';

const losses = z.record(z.string(), measured);
const network = z.enum(['teacher', 'student', 'baseline']);
const validation = qualitySchema;

const position = {
  network,
  step: z.number(),
  epoch: z.number(),
  epochs: z.number(),
  losses,
};

/** An event of a run. Run folders are read by other versions than those that wrote them: fields not known here are let through. */
export const runEventSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('started'),
    id: z.string(),
    name: z.string(),
    folder: z.string(),
    startedAt: z.string(),
  }),
  z.looseObject({ kind: z.literal('phase'), phase, message: z.string() }),
  z.looseObject({ kind: z.literal('note'), message: z.string() }),
  z.looseObject({ kind: z.literal('device'), device, requested: z.string(), message: z.string() }),
  z.looseObject({ kind: z.literal('progress'), phase, done: z.number(), total: z.number() }),
  z.looseObject({ kind: z.literal('teacher'), validation }),
  z.looseObject({
    ...position,
    kind: z.literal('step'),
    steps: z.number(),
    stepsPerEpoch: z.number().exactOptional(),
    weights: losses.exactOptional(),
    learningRate: measured,
    samplesPerSecond: measured,
    secondsLeft: measured,
    seconds: z.number().exactOptional(),
  }),
  z.looseObject({ ...position, kind: z.literal('epoch'), validation, best: z.boolean() }),
  z.looseObject({ kind: z.literal('warning'), problem }),
  z.looseObject({ kind: z.literal('finished'), report: reportSchema }),
  z.looseObject({ kind: z.literal('cancelled'), message: z.string(), report: reportSchema.exactOptional() }),
  z.looseObject({ kind: z.literal('failed'), problems: problemsSchema }),
]) satisfies z.ZodType<RunEvent>;
