import * as z from 'zod';
import type { TrainerRequest } from '../protocol/trainer.ts';

const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    experiment: z.unknown(),
    baseDirectory: z.string().min(1),
    folder: z.string().min(1),
    memory: z.number().positive().exactOptional(),
    language: z.string().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('resume'),
    folder: z.string().min(1),
    memory: z.number().positive().exactOptional(),
    language: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('continue') }),
  z.strictObject({ kind: z.literal('cancel') }),
]) satisfies z.ZodType<TrainerRequest>;

/** The request in one line of a host's socket; undefined for anything else. */
export function parseRequest(line: string): TrainerRequest | undefined {
  try {
    return requestSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
