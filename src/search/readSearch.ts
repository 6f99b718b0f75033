import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../errors.ts';
import { searchFiles } from '../runFolder/searchFolder.ts';
import type { SearchResult } from './searchResult.ts';
import { searchedFieldSchema } from './space/searchedField.ts';

const figure = z.number().nullable();
const aim = z.enum(['accuracy', 'loss', 'parameters', 'macs', 'bytes', 'latencyMs']);

/** What `search.json` says of a trial. */
export const trialFields = {
  number: z.number(),
  folder: z.string(),
  state: z.enum(['running', 'paused', 'finished', 'refused', 'failed']),
  reason: z.string().nullable(),
  values: z.record(z.string(), z.unknown()),
  accuracy: figure,
  loss: figure,
  parameters: figure,
  macs: figure,
  bytes: figure,
  latencyMs: figure,
  epochs: z.number(),
  seconds: z.number(),
  isOnFront: z.boolean(),
};

const resultSchema = z.looseObject({
  version: z.literal(1),
  name: z.string(),
  strategy: z.string(),
  aims: z.array(z.looseObject({ name: aim, direction: z.enum(['maximize', 'minimize']) })),
  limits: z.record(z.string(), z.number()),
  atOnce: z.number(),
  mostTrials: z.number().default(0),
  space: z.array(searchedFieldSchema).default([]),
  endedBy: z.enum(['trials', 'space', 'minutes', 'refusals', 'stopped']).nullable(),
  front: z.array(z.number()),
  importance: z.array(z.object({ name: z.string(), share: z.number() })),
  trials: z.array(z.looseObject(trialFields)),
}) satisfies z.ZodType<SearchResult>;

/**
 * Reads `search.json` of a search's folder; undefined while there is none, before the first trial has ended.
 * @throws DistilleryError `BAD_FILE` when it is not one
 */
export async function readSearch(folder: string): Promise<SearchResult | undefined> {
  const path = join(folder, searchFiles.result);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return resultSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is not the result of a search of this version.`, { cause });
  }
}
