import { dirname, join, relative, resolve } from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { readExperimentFile } from '../../experiment/readExperimentFile.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { describeHolder } from '../../runFolder/runLease.ts';
import { searchFiles } from '../../runFolder/searchFolder.ts';
import { searchTable, summaryOf } from '../../search/page/searchTable.ts';
import type { SearchResult } from '../../search/searchResult.ts';
import { existingFile, unwritable, wholeNumber, type Check } from '../checks.ts';
import { jsonOption, type Command } from '../command.ts';
import { followSearch } from '../followSearch.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, type Output, type Terminal } from '../terminal.ts';

/** Rows of the table that is printed at the end. */
const SHOWN = 10;
/** Reasons that are told where no trial has finished. */
const MOST_REASONS = 3;

/** Accepts folders that a search may be written to: new, empty, or of a search, which then goes on. */
const searchFolder: Check = (value, directory) => {
  const folder = resolve(directory, value);
  const problem = unwritable(folder);
  if (problem || !existsSync(folder) || readdirSync(folder).length === 0) return problem;
  if (existsSync(join(folder, 'journal.jsonl'))) return describeHolder(folder);
  return {
    message: `'${value}' holds other files`,
    hint: 'Name a folder that is new, empty, or of a search, which then goes on.',
  };
};

/** `distillery search FILE` */
export const searchCommand: Command = {
  name: 'search',
  summary: 'Search for the best student, as the section "search" of an experiment file says.',
  details:
    'Every trial is an ordinary run folder in DIR/trials; DIR has search.html, search.json, and optuna.log, which Optuna reads.\n' +
    'Ctrl-C stops; the same command with the same --out goes on, and ends as if there had been no interruption.\n' +
    'Ends with 0 when the search has finished, 2 when the input must be mended, 130 after Ctrl-C, 143 after SIGTERM, and 1 when it fails or finds no student.',
  operand: {
    name: 'FILE',
    isRequired: true,
    description: 'Experiment file (*.distill.json) with a section "search".',
    check: existingFile,
  },
  options: [
    {
      name: 'out',
      value: 'DIR',
      description: 'Folder of the search instead of .distillery/searches/….',
      check: searchFolder,
    },
    {
      name: 'at-once',
      value: 'N',
      description:
        "Trials at once, each with its share of the machine's cores; 1 unless told. The number is part of what decides which trials there are.",
      check: wholeNumber(1, 256),
    },
    jsonOption,
    { name: 'quiet', description: 'Show no progress.' },
  ],
  run: async (given, terminal) => {
    const file = resolve(terminal.directory, given.operand ?? '');
    const experiment = await readExperimentFile(file);
    const named = given.values.get('out');
    const folder =
      named === undefined
        ? newRunFolder(join(terminal.directory, '.distillery', 'searches'), nameOf(experiment))
        : resolve(terminal.directory, named);
    const atOnce = Number(given.values.get('at-once') ?? 1);
    const result = await followSearch(experiment, { folder, baseDirectory: dirname(file), atOnce }, given, terminal);
    return tellSearch(result, folder, given.switches.has('json'), terminal);
  },
};

/**
 * Prints what a search came to.
 * @returns the exit code that goes with it
 */
export function tellSearch(
  result: SearchResult,
  folder: string,
  asJson: boolean,
  { out, error, directory }: Terminal,
): number {
  if (asJson) out.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    out.write(`\n${summaryOf(result)}\n${bestOf(result, out)}`);
    if (result.front.length === 0) error.write(reasonsOf(result));
    error.write(`All trials: '${relative(directory, join(folder, searchFiles.page))}'.\n`);
  }
  if (result.endedBy === 'stopped') return exitCode.interrupted;
  return result.front.length === 0 ? exitCode.failure : exitCode.success;
}

/** Why there is no student, the commonest reasons first. */
function reasonsOf({ trials }: SearchResult): string {
  const counts = new Map<string, number>();
  for (const { reason } of trials) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const commonest = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, MOST_REASONS);
  return commonest.map(([reason, count]) => `${count} of ${trials.length}: ${reason}\n`).join('');
}

/** The trials that no other one beats, then the next best in the first aim. */
function bestOf(result: SearchResult, out: Output): string {
  const [aim] = result.aims;
  if (!aim) return '';
  const sign = aim.direction === 'maximize' ? -1 : 1;
  const others = result.trials
    .filter(({ state, isOnFront }) => state === 'finished' && !isOnFront)
    .toSorted((one, other) => sign * ((one[aim.name] ?? NaN) - (other[aim.name] ?? NaN)));
  const front = result.front.flatMap((number) => result.trials.filter((trial) => trial.number === number));
  const shown = [...front, ...others].slice(0, SHOWN);
  const { head, rows } = searchTable(result, shown);
  return shown.length === 0 ? '' : renderTable(head, rows, out);
}

function nameOf(experiment: unknown): string {
  const named =
    typeof experiment === 'object' && experiment !== null && 'name' in experiment ? experiment.name : undefined;
  return typeof named === 'string' ? named : 'search';
}
