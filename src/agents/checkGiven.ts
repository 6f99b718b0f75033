import { parseExperiment } from '../experiment/parseExperiment.ts';
import { describePrepared } from '../preflight/inspection/experimentDescriber.ts';
import { preflight } from '../preflight/preflight.ts';
import type { WholeExperimentFacts } from '../protocol/experimentFacts.ts';
import { lastDuration } from '../launching/lastDuration.ts';
import type { ForeseenTime } from './foreseeRun.ts';
import type { GivenExperiment } from './givenExperiment.ts';
import { readOwnRuns } from './runFolders.ts';
import type { ToolContext } from './tool.ts';
import { problemLine } from './wording.ts';

/** An experiment that can be run as it is. */
export interface CheckedExperiment {
  readonly facts: WholeExperimentFacts;
  /** What does not keep it from being run, a sentence each. */
  readonly warnings: readonly string[];
  readonly time: ForeseenTime;
  readonly epochs: number;
  readonly hasBaseline: boolean;
}

/**
 * Opens everything that an experiment names and checks it as a run would, without writing anything.
 * @throws BadInputError with every problem
 */
export async function checkGiven(
  { experiment: value, name }: GivenExperiment,
  { workspace, signal }: ToolContext,
): Promise<CheckedExperiment> {
  const written = parseExperiment(value);
  const prepared = await preflight(written, { baseDirectory: workspace.folder, signal, onProgress: () => undefined });
  try {
    const { experiment, warnings } = prepared;
    const facts = await describePrepared(written, prepared);
    const seconds = lastDuration(await readOwnRuns(workspace), name);
    return {
      facts,
      warnings: warnings.map(problemLine),
      time: seconds === undefined ? estimated(facts) : { kind: 'measured', seconds },
      epochs: experiment.training.epochs,
      hasBaseline: experiment.baseline && experiment.teacher !== null,
    };
  } finally {
    await prepared.dataset.dispose();
  }
}

function estimated({ foreseen }: WholeExperimentFacts): ForeseenTime {
  const seconds = foreseen?.seconds;
  return seconds ? { kind: 'estimated', ...seconds } : { kind: 'unknown' };
}
