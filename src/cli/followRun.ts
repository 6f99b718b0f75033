import { join, relative } from 'node:path';
import { DistilleryError } from '../errors.ts';
import type { RunOptions } from '../run/runExperiment.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import type { RunResult } from '../run/runResult.ts';
import type { EpochEvent, RunEvent } from '../protocol/events.ts';
import { terminalWord } from '../platform/shellWord.ts';
import { formatQuality } from '../report/format.ts';
import type { Report } from '../report/report.ts';
import { jsonOption, type GivenArguments, type OptionDefinition } from './command.ts';
import { usualCacheFolder } from './commands/cacheCommand.ts';
import { progressOn, quiet } from './progress.ts';
import { renderEnd } from './renderReport.ts';
import { exitCode, type Terminal } from './terminal.ts';

/** Options of every command that runs an experiment. */
export const followOptions: readonly OptionDefinition[] = [
  jsonOption,
  { name: 'quiet', description: 'Show no progress.' },
];

export const followDetails =
  'Ctrl-C stops a run and keeps the best student so far, and so does closing the terminal; a second Ctrl-C ends at once.\n' +
  'Ends with 0 when the run has finished, 2 when the input must be mended, 130 after Ctrl-C, 143 after SIGTERM, and 1 when it fails.';

export interface FollowedRun {
  /** Run folder. */
  readonly folder: string;
  /** What the run has told already, when it goes on. */
  readonly told: readonly RunEvent[];
  readonly run: (options: Pick<RunOptions, 'cacheFolder' | 'signal' | 'onEvent'>) => Promise<RunResult>;
}

/**
 * Runs, shows how it goes, stops it at Ctrl-C and prints the report.
 *
 * @returns the exit code
 * @throws DistilleryError `CANCELLED` when the run was stopped before it had a report
 */
export async function followRun(
  { folder, told, run }: FollowedRun,
  { switches }: Pick<GivenArguments, 'switches'>,
  terminal: Terminal,
): Promise<number> {
  const progress = switches.has('quiet') ? quiet : progressOn(terminal.error);
  let best = told.findLast(isBestOfStudent);
  const stop = new AbortController();
  const stopListening = terminal.onInterrupt((interruption) => {
    if (interruption === 'hung-up') {
      // The shell and the system may both tell, so a second time means nothing.
      stop.abort(new DistilleryError('CANCELLED', 'Stopped, because the terminal was closed.'));
      return;
    }
    if (interruption === 'terminated') {
      stop.abort(new DistilleryError('CANCELLED', 'Stopped by SIGTERM.'));
      return;
    }
    if (stop.signal.aborted) {
      terminal.exit(exitCode.interrupted);
      return;
    }
    stop.abort();
    progress.end();
    terminal.error.write('Stopping; the best student so far is kept. Press Ctrl-C again to end at once.\n');
  });
  try {
    const result = await run({
      cacheFolder: usualCacheFolder(terminal.directory),
      signal: stop.signal,
      onEvent: (event) => {
        if (isBestOfStudent(event)) best = event;
        progress.show(event);
      },
    });
    progress.end();
    if (!result.report) throw stoppedEarly(best, relative(terminal.directory, folder) || '.');
    tellReport(result.report, folder, switches, terminal);
    return result.state === 'finished' ? exitCode.success : exitCode.interrupted;
  } finally {
    progress.end();
    stopListening();
  }
}

function isBestOfStudent(event: RunEvent): event is EpochEvent {
  return event.kind === 'epoch' && event.network === 'student' && event.best;
}

function tellReport(
  report: Report,
  folder: string,
  switches: ReadonlySet<string>,
  { out, error, directory }: Terminal,
): void {
  if (switches.has('json')) {
    out.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  out.write(`\n${renderEnd(report, out)}`);
  error.write(`The student is '${relative(directory, join(folder, report.student.file))}'.\n`);
}

/** What is said of a run that was stopped before it had a report. */
function stoppedEarly(best: EpochEvent | undefined, folder: string): DistilleryError {
  const kept = best
    ? `The best student so far is '${join(folder, runFiles.student)}', of epoch ${best.epoch}, with ${formatQuality(best.validation)} on the validation split.`
    : 'There was no student yet.';
  return new DistilleryError('CANCELLED', `Stopped before the student was evaluated. ${kept}`, {
    hint: `\`distillery resume ${terminalWord(folder)}\` goes on.`,
  });
}
