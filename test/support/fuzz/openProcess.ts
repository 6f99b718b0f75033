// The process that opens disfigured files: answers each with how it went.
import { forgetPeakMemory, peakMemory } from '../../../src/platform/peakMemory.ts';
import { endWithParent } from '../../../src/platform/processes/endWithParent.ts';
import { openFile } from './openFile.ts';
import type { Opening } from './validFiles.ts';

/** What is to be opened. */
export interface OpenRequest {
  readonly folder: string;
  readonly name: string;
  readonly opening: Opening;
}

/** How it went; `crash` is a stack trace. */
export interface OpenAnswer {
  readonly refusal?: string | undefined;
  readonly crash?: string;
  /** Most bytes that the process had in memory meanwhile. */
  readonly peakBytes: number;
}

const traceOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

process.on('message', (request) => {
  const { folder, name, opening } = request as OpenRequest;
  forgetPeakMemory();
  openFile(folder, name, opening)
    .then(
      (refusal) => ({ refusal }),
      (error: unknown) => ({ crash: traceOf(error) }),
    )
    .then((answer) => process.send?.({ ...answer, peakBytes: peakMemory() } satisfies OpenAnswer))
    .catch(() => process.exit(1));
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    process.send?.({ crash: `${event}: ${traceOf(error)}`, peakBytes: 0 } satisfies OpenAnswer, () => process.exit(1));
  });
}
process.once('disconnect', () => process.exit());
endWithParent();
