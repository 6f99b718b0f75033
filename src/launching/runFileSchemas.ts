import * as z from 'zod';
import type { RunStatus } from '../protocol/events.ts';

// Run folders are read by other versions than those that wrote them: fields not known here are let through.

export const phaseSchema = z.enum([
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
export const deviceSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export const problemSchema = z.object({ where: z.string(), message: z.string(), hint: z.string().exactOptional() });

export const problemsSchema = z.array(problemSchema);

export const runStatusSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['running', 'finished', 'cancelled', 'failed', 'interrupted']),
  startedAt: z.iso.datetime(),
  resumedAt: z.iso.datetime().exactOptional(),
  endedAt: z.iso.datetime().exactOptional(),
  processId: z.int().positive().exactOptional(),
  baseDirectory: z.string().exactOptional(),
  models: z.array(z.string()).exactOptional(),
  paused: z.literal(true).exactOptional(),
  phase: phaseSchema.exactOptional(),
  progress: z.number(),
  secondsLeft: z.number().exactOptional(),
  device: deviceSchema.exactOptional(),
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
