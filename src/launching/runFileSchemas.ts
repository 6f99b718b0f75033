import { z } from 'zod';
import type { RunEvent, RunStatus } from '../protocol/events.ts';
import { measured } from '../report/measured.ts';
import { qualitySchema, reportSchema } from '../report/reportSchema.ts';

// Run folders are read by other versions than those that wrote them: fields not known here are let through.

const losses = z.record(z.string(), measured);
const network = z.enum(['teacher', 'student', 'baseline']);
const phase = z.enum([
  'preflight',
  'dataset',
  'train-teacher',
  'first-steps',
  'teacher-outputs',
  'student',
  'baseline',
  'repeats',
  'folds',
  'trials',
  'evaluation',
  'report',
]);
const device = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
const validation = qualitySchema;
const problem = z.object({ where: z.string(), message: z.string(), hint: z.string().exactOptional() });

export const problemsSchema = z.array(problem);

export const runStatusSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['running', 'finished', 'cancelled', 'failed', 'interrupted']),
  startedAt: z.iso.datetime(),
  resumedAt: z.iso.datetime().exactOptional(),
  endedAt: z.iso.datetime().exactOptional(),
  processId: z.int().positive().exactOptional(),
  baseDirectory: z.string().exactOptional(),
  paused: z.literal(true).exactOptional(),
  phase: phase.exactOptional(),
  progress: z.number(),
  secondsLeft: z.number().exactOptional(),
  device: device.exactOptional(),
  accuracy: z.number().exactOptional(),
  teacherAccuracy: z.number().exactOptional(),
  loss: z.number().exactOptional(),
  teacherLoss: z.number().exactOptional(),
  sizeRatio: z.number().exactOptional(),
  problems: problemsSchema.exactOptional(),
  reason: z.string().exactOptional(),
  queue: z
    .object({ engine: z.literal('slurm'), job: z.string(), state: z.string(), reason: z.string().exactOptional() })
    .exactOptional(),
}) satisfies z.ZodType<RunStatus>;

const position = {
  network,
  step: z.number(),
  epoch: z.number(),
  epochs: z.number(),
  losses,
};

export const runEventSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('started'),
    id: z.string(),
    name: z.string(),
    folder: z.string(),
    startedAt: z.string(),
  }),
  z.looseObject({ kind: z.literal('phase'), phase, message: z.string() }),
  z.looseObject({ kind: z.literal('device'), device, requested: z.string(), message: z.string() }),
  z.looseObject({ kind: z.literal('progress'), phase, done: z.number(), total: z.number() }),
  z.looseObject({ kind: z.literal('teacher'), validation }),
  z.looseObject({
    ...position,
    kind: z.literal('step'),
    steps: z.number(),
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
