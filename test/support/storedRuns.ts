import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStatus } from '../../src/protocol/events.ts';

/** Long enough ago that nothing may change a folder unnoticed. */
const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');

/** Writes the folder of a run that ended long ago. @param files further ones, by name */
export function storeRun(
  folder: string,
  status: Partial<RunStatus> = {},
  files: Readonly<Record<string, unknown>> = {},
): void {
  mkdirSync(folder, { recursive: true });
  const whole: RunStatus = {
    id: 'a',
    name: 'a',
    state: 'finished',
    startedAt: '2026-01-01T00:00:00.000Z',
    progress: 1,
    ...status,
  };
  for (const [name, content] of Object.entries({ 'status.json': whole, ...files })) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  utimesSync(folder, LONG_AGO, LONG_AGO);
}
