import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runExperiment } from '../../src/run/runExperiment.ts';
import type { RunResult } from '../../src/run/runResult.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { removeFolder, temporaryFolder } from './datasets.ts';
import { smallDigits } from './smallDigits.ts';

/** A run in a temporary folder. */
export interface FinishedRun {
  readonly result: RunResult;
  readonly folder: string;
  readonly events: readonly RunEvent[];
}

const folders: string[] = [];

/** Call after the tests of a file. */
export function removeRuns(): void {
  for (const folder of folders.splice(0)) removeFolder(folder);
}

/** Runs an experiment. `watch` sees every event and may abort. @param memory bytes that outputs and features may take */
export async function run(
  experiment: ExperimentInput,
  watch: (event: RunEvent, controller: AbortController) => void = () => undefined,
  memory?: number,
): Promise<FinishedRun> {
  const parent = temporaryFolder();
  folders.push(parent);
  const folder = join(parent, 'run');
  const controller = new AbortController();
  const events: RunEvent[] = [];
  const result = await runExperiment(experiment, {
    folder,
    baseDirectory: tmpdir(),
    memory,
    signal: controller.signal,
    onEvent: (event) => {
      events.push(event);
      watch(event, controller);
    },
  });
  return { result, folder, events };
}

/** What a student without a teacher learns. */
export const labelsAlone = [{ loss: 'labels', weight: 1 }] as const satisfies ExperimentInput['objective'];

/** An experiment on a few digits that takes about a second. */
export const tinyExperiment = {
  teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 1, batchSize: 10, learningRate: 0.003 } },
  dataset: { path: smallDigits(), limit: 400 },
  student: { architecture: 'mlp', hidden: [16] },
  // Trials of what to learn would take longer than all else.
  objective: [
    { loss: 'kd', temperature: 4, weight: 0.9 },
    { loss: 'labels', weight: 0.1 },
  ],
  training: { epochs: 3, batchSize: 50 },
  device: 'cpu',
} as const satisfies ExperimentInput;
