import { resolve } from 'node:path';
import { renderExplanation } from '../../rendering/renderExplanation.ts';
import { baseOfRun } from '../../explain/baseOfRun.ts';
import { explainRun, type ExplainedRun } from '../../explain/explainRun.ts';
import { showExplanation } from '../../explain/showExplanation.ts';
import { spreadSamples } from '../../data/samples/spreadSamples.ts';
import type { ShownExplanation } from '../../report/explanation.ts';
import { formatSigned } from '../../report/format.ts';
import { inEnglish } from '../../report/wording/reportText.ts';
import { explanationParts } from '../../report/sections/explanationParts.ts';
import { BadInputError } from '../../errors.ts';
import { existingFolder, oneOf, wholeNumber } from '../checks.ts';
import { jsonOption, runFolderOperand, type Command } from '../command.ts';
import { writeSections } from '../renderReport.ts';
import { exitCode, painted, type Output } from '../terminal.ts';

/** Test samples that are looked at where none is named. */
const MANY = 50;

/** `distillery explain RUNFOLDER` */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Show why teacher and student decide as they do, and how alike their reasons are.',
  details:
    'With --sample, what each part of that test sample contributes to what the teacher says, such as the class it chooses, by integrated ' +
    'gradients or, where an operator has no gradient, by hiding parts. Without it, how alike the contributions are over many test samples.',
  operand: runFolderOperand(existingFolder),
  options: [
    {
      name: 'sample',
      value: 'N',
      description: 'Number of a sample in the test split, from 0.',
      check: wholeNumber(0, 1e9),
    },
    {
      name: 'output',
      value: 'NAME',
      description:
        'What is explained: a class, a predicted number, or the index of a number of another output. Default: what the teacher says.',
    },
    {
      name: 'token',
      value: 'N',
      description: 'Number of the token that is explained, from 1, where every token has a class.',
      check: wholeNumber(1, 1e9),
    },
    {
      name: 'from',
      value: 'DIR',
      description: "Folder that the experiment's paths start from. Default: the one that holds .distillery.",
      check: existingFolder,
    },
    {
      name: 'format',
      value: 'FORMAT',
      description: 'table (default) or html, a page with pictures; the latter with --sample alone.',
      check: oneOf('a format', ['table', 'html']),
    },
    jsonOption,
  ],
  run: async ({ operand = '', switches, values }, terminal) => {
    const { out, directory } = terminal;
    const folder = resolve(directory, operand);
    const given = values.get('sample');
    const token = values.get('token');
    refuseFormats(values.get('format'), { hasSample: given !== undefined, isJson: switches.has('json') });
    const controller = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      controller.abort();
    });
    try {
      const run = await explainRun(folder, {
        baseDirectory: resolve(directory, values.get('from') ?? baseOfRun(folder) ?? '.'),
        samples: (count) => (given === undefined ? spreadSamples(count, MANY) : [Number(given)]),
        wish: { output: values.get('output'), token: token === undefined ? undefined : Number(token) - 1 },
        signal: controller.signal,
      });
      const [first] = run.explanations;
      if (switches.has('json')) out.write(`${JSON.stringify(plain(run), null, 2)}\n`);
      else if (given === undefined || !first) out.write(overview(run));
      else if (values.get('format') === 'html') out.write(renderExplanation(await showExplanation(run, first)));
      else out.write(table(await showExplanation(run, first), out));
    } finally {
      stopListening();
    }
    return exitCode.success;
  },
};

/** A page shows one sample, and JSON is no page. @throws BadInputError */
function refuseFormats(
  format: string | undefined,
  { hasSample, isJson }: { readonly hasSample: boolean; readonly isJson: boolean },
): void {
  if (format !== 'html' || (hasSample && !isJson)) return;
  const where = '--format';
  throw new BadInputError([
    isJson
      ? { where, message: "'html' and --json exclude each other" }
      : { where, message: "'html' shows one sample", hint: 'Name it with --sample N.' },
  ]);
}

function overview({ explanations }: ExplainedRun): string {
  const known = explanations.map(({ correlation }) => correlation).filter((value) => value !== null);
  if (known.length === 0)
    return 'The contributions in teacher and student cannot be compared on any of the test samples.\n';
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `The contributions in teacher and student correlate with ${formatSigned(mean)} on average over ${known.length} test samples.\n`;
}

function table(explanation: ShownExplanation, output: Output): string {
  const { title, sentences, sections } = explanationParts(explanation);
  const pictures = explanation.pictures ? 'Pictures of the contributions are in --format html.\n' : '';
  const head = `${painted(output, 'bold', inEnglish(title))}\n${sentences.map(inEnglish).join('\n')}\n`;
  // What colours mean belongs to the pictures.
  const shown = sections.filter(({ samples }) => samples === undefined);
  return `${head}${writeSections(shown, output)}${pictures}`;
}

/** As JSON has it: lists of numbers. */
function plain({ explanations, ...run }: ExplainedRun): unknown {
  return {
    ...run,
    explanations: explanations.map(({ values, teacher, student, ...explanation }) => ({
      ...explanation,
      values: [...values],
      teacher: { ...teacher, contributions: [...teacher.contributions] },
      student: { ...student, contributions: [...student.contributions] },
    })),
  };
}
