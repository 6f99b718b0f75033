import { resolve } from 'node:path';
import * as z from 'zod';
import { BadInputError } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { readExperimentFile } from '../../experiment/readExperimentFile.ts';
import { requireSchema } from '../../experiment/schema/require.ts';
import { formatInteger, formatPercent } from '../../report/format.ts';
import { checkRequirements, type RequirementResult, type Requirements } from '../../report/requirements.ts';
import { readExperiment, readReport } from '../../runFolder/readRun.ts';
import { existingFile, existingFolder } from '../checks.ts';
import { jsonOption, runFolderOperand, type Command } from '../command.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, painted } from '../terminal.ts';

/** A run's own experiment was checked when it began; it may be of an older version. */
const ranExperiment = z.looseObject({ require: requireSchema.optional() });

/** `distillery check RUNFOLDER` */
export const checkCommand: Command = {
  name: 'check',
  summary: "Compare a run's student with what its experiment requires of it.",
  details:
    'The experiment says it in "require": { "accuracy": 0.97, "bytes": 100000 }, beside loss, parameters, macs and latencyMs. Exits with 1 where the ' +
    'student falls short, so that a pipeline stops there.',
  operand: runFolderOperand(existingFolder),
  options: [
    {
      name: 'experiment',
      value: 'FILE',
      description: 'Take what is required from this experiment file, not from the one that was run.',
      check: existingFile,
    },
    jsonOption,
  ],
  run: async ({ operand = '', switches, values }, { out, directory }) => {
    const folder = resolve(directory, operand);
    const file = values.get('experiment');
    const results = checkRequirements(await readReport(folder), await requirementsOf(folder, file, directory));
    const hasPassed = results.every(({ passed }) => passed);
    if (switches.has('json')) out.write(`${JSON.stringify({ passed: hasPassed, results }, null, 2)}\n`);
    else {
      const rows = results.map((result) => [
        result.figure,
        `${result.bound === 'least' ? '≥' : '≤'} ${textOf(result.figure, result.required)}`,
        result.found === null ? 'not measured' : textOf(result.figure, result.found),
        result.passed ? painted(out, 'green', 'passed') : painted(out, 'red', 'falls short'),
      ]);
      out.write(renderTable(['Figure', 'Required', 'Student', ''], rows, out));
    }
    return hasPassed ? exitCode.success : exitCode.failure;
  },
};

/** What is required by the given file or, without one, by the experiment that was run. @throws BadInputError when that is nothing */
async function requirementsOf(folder: string, file: string | undefined, directory: string): Promise<Requirements> {
  const required =
    file === undefined
      ? ranExperiment.parse(await readExperiment(folder)).require
      : parseExperiment(await readExperimentFile(resolve(directory, file))).require;
  if (required && Object.values(required).some((value) => value !== undefined)) return required;
  throw new BadInputError([
    {
      where: file ?? 'require',
      message: 'nothing is required of the student',
      hint: 'Write "require": { "accuracy": 0.97 } into the experiment file, and name that file with --experiment if the run is older.',
    },
  ]);
}

function textOf(figure: RequirementResult['figure'], value: number): string {
  switch (figure) {
    case 'accuracy':
      return formatPercent(value);
    case 'bytes':
    case 'parameters':
    case 'macs':
      return formatInteger(value);
    case 'loss':
    case 'latencyMs':
      return String(Number(value.toPrecision(4)));
  }
}
