import { relative, resolve } from 'node:path';
import { MOST, readComparedRuns } from '../../comparison/comparedRun.ts';
import { compareRuns, type RunComparison } from '../../comparison/compareRuns.ts';
import { cautionText, comparisonTables, untranslated } from '../../comparison/comparisonTables.ts';
import { renderComparisonMarkdown } from '../../comparison/renderComparisonMarkdown.ts';
import { renderComparisonPage } from '../../comparison/renderComparisonPage.ts';
import { BadInputError } from '../../errors.ts';
import { existingFolder, oneOf } from '../checks.ts';
import { jsonOption, type Command } from '../command.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, painted, type Terminal } from '../terminal.ts';

/** `distillery compare RUN…` */
export const compareCommand: Command = {
  name: 'compare',
  summary: `Show 2 to ${MOST} finished runs beside each other: figures with intervals, settings that differ, classes.`,
  details:
    'The first run is what the others are compared with: on the same test samples one by one, where both runs keep their results.\n' +
    'A star marks students that no other one beats: none of them is better on the test split and not larger, or smaller and not worse.\n' +
    'The test split decides nothing in a search or a run; choosing among many runs by it makes its figures too good.',
  operand: {
    name: 'RUN',
    isRequired: true,
    isList: true,
    description: 'Folders of runs that have finished.',
    check: existingFolder,
  },
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      description: 'table (default), md, json, or html: one page with the curves over each other.',
      check: oneOf('a format', ['table', 'md', 'html', 'json']),
    },
    { ...jsonOption, description: 'The same as --format json; problems are printed as JSON, too.' },
  ],
  run: async ({ operands, switches, values }, terminal) => {
    const runs = await readRuns(operands, terminal);
    const comparison = compareRuns(runs);
    switch (switches.has('json') ? 'json' : values.get('format')) {
      case 'json':
        terminal.out.write(`${JSON.stringify(withFolders(comparison, terminal), null, 2)}\n`);
        break;
      case 'md':
        terminal.out.write(renderComparisonMarkdown(comparison));
        break;
      case 'html':
        terminal.out.write(renderComparisonPage(comparison, runs, untranslated, 'en'));
        break;
      case undefined:
      default:
        writeTables(comparison, terminal);
    }
    return exitCode.success;
  },
};

/** Reads the runs; problems name them as the person did. */
async function readRuns(
  operands: readonly string[],
  { directory }: Terminal,
): Promise<Awaited<ReturnType<typeof readComparedRuns>>> {
  const folders = operands.map((operand) => resolve(directory, operand));
  try {
    return await readComparedRuns(folders);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new BadInputError(
      error.problems.map((problem) => ({
        ...problem,
        where: operands[folders.indexOf(problem.where)] ?? problem.where,
      })),
    );
  }
}

/** With folders as they are seen from where the person is. */
function withFolders(comparison: RunComparison, { directory }: Terminal): RunComparison {
  return {
    ...comparison,
    runs: comparison.runs.map((run) => ({ ...run, folder: relative(directory, run.folder) })),
  };
}

function writeTables(comparison: RunComparison, { out, error }: Terminal): void {
  comparisonTables(comparison, untranslated).forEach(({ title, notes, head, rows }, index) => {
    if (index > 0) out.write(`\n${painted(out, 'bold', title)}\n`);
    out.write(renderTable(head, rows, out));
    for (const note of notes) out.write(`${painted(out, 'dim', note)}\n`);
  });
  for (const caution of comparison.cautions) error.write(`${cautionText(caution, comparison, untranslated)}\n`);
}
