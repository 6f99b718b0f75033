import { resolve, sep } from 'node:path';
import { probabilityTable, renderExplanation } from '../evaluation/renderExplanation.ts';
import { explainRun, type ExplainedRun, type Explanation } from '../experiment/explain/explainRun.ts';
import { formatLoss, formatSigned } from '../protocol/format.ts';
import { existingFolder, oneOf, wholeNumber } from './checks.ts';
import { jsonOption, type Command } from './command.ts';
import { renderTable } from './renderTable.ts';
import { exitCode, painted, type Output } from './terminal.ts';

/** Test samples that are looked at where none is named. */
const MANY = 50;
/** Numbers of a sample that are listed. */
const FEATURES = 10;

/** `distillery explain RUNFOLDER` */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Show why teacher and student decide as they do, and how alike their reasons are.',
  details:
    'With --sample, what each part of that test sample contributes to the class that the teacher chooses, by integrated gradients or, ' +
    'where an operator has no gradient, by hiding parts. Without it, how alike the contributions are over many test samples.',
  operand: {
    name: 'RUNFOLDER',
    isRequired: true,
    description: 'Folder of a run, such as .distillery/runs/….',
    check: existingFolder,
  },
  options: [
    {
      name: 'sample',
      value: 'N',
      description: 'Number of a sample in the test split, from 0.',
      check: wholeNumber(0, 1e9),
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
    const controller = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      controller.abort();
    });
    try {
      const run = await explainRun(folder, {
        baseDirectory: resolve(directory, values.get('from') ?? baseOf(folder) ?? '.'),
        samples: (count) =>
          given === undefined ? Array.from({ length: Math.min(MANY, count) }, (_, index) => index) : [Number(given)],
        signal: controller.signal,
      });
      const [first] = run.explanations;
      if (switches.has('json')) out.write(`${JSON.stringify(plain(run), null, 2)}\n`);
      else if (given === undefined || !first) out.write(overview(run));
      else if (values.get('format') === 'html') out.write(await renderExplanation(shown(run, first)));
      else out.write(table(run, first, out));
    } finally {
      stopListening();
    }
    return exitCode.success;
  },
};

/** The folder in which the run's `.distillery` lies; undefined where it lies elsewhere. */
function baseOf(folder: string): string | undefined {
  const parts = folder.split(sep);
  const position = parts.lastIndexOf('.distillery');
  return position > 0 ? parts.slice(0, position).join(sep) || sep : undefined;
}

function overview({ explanations }: ExplainedRun): string {
  const known = explanations.map(({ correlation }) => correlation).filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  return `The contributions in teacher and student correlate with ${formatSigned(mean)} on average over ${known.length} test samples.\n`;
}

function sentenceOf({ classes }: ExplainedRun, { label, explained, correlation }: Explanation): string {
  const alike = correlation === null ? 'cannot be compared' : `correlate with ${formatSigned(correlation)}`;
  return `Labelled ${classes[label] ?? '–'}. Contributions to '${classes[explained] ?? '–'}' in teacher and student ${alike}.`;
}

function table(run: ExplainedRun, explanation: Explanation, output: Output): string {
  const networks = networksOf(explanation);
  const { head, rows } = probabilityTable(run.classes, networks);
  const methods = networks.map(({ name, method }) => `${name}: ${method}`).join(', ');
  const contributions = isOfImages(run)
    ? 'Pictures of the contributions are in --format html.\n'
    : renderTable(['Contributes', ...networks.map(({ name }) => name)], features(run, explanation), output);
  return (
    `${painted(output, 'bold', `Test sample ${explanation.sample}`)}\n${sentenceOf(run, explanation)}\n` +
    `${renderTable(head, rows, output)}${methods}\n${contributions}`
  );
}

function shown(run: ExplainedRun, explanation: Explanation): Parameters<typeof renderExplanation>[0] {
  return {
    title: `Test sample ${explanation.sample}`,
    sentence: sentenceOf(run, explanation),
    classes: run.classes,
    values: explanation.values,
    imageShape: isOfImages(run) ? run.sampleShape : undefined,
    networks: networksOf(explanation),
    features: features(run, explanation),
  };
}

function isOfImages({ sampleShape: [, height = 1, width = 1, ...more] }: ExplainedRun): boolean {
  return more.length === 0 && height > 1 && width > 1;
}

function networksOf({ teacher, student }: Explanation) {
  return [
    { ...teacher, name: 'Teacher' },
    { ...student, name: 'Student' },
  ];
}

/** The numbers that contribute most to either network, with both contributions. */
function features(
  { features: columns }: ExplainedRun,
  { teacher, student, words }: Explanation,
): readonly (readonly string[])[] {
  const strength = (index: number): number =>
    Math.max(Math.abs(teacher.contributions[index] ?? 0), Math.abs(student.contributions[index] ?? 0));
  return Array.from(teacher.contributions.keys())
    .filter((index) => words?.[index] !== '')
    .sort((one, other) => strength(other) - strength(one))
    .slice(0, FEATURES)
    .map((index) => [
      columns?.[index] ?? (words ? `${words[index] ?? ''} (${index + 1})` : `number ${index}`),
      ...[teacher, student].map(({ contributions }) => formatLoss(contributions[index] ?? NaN)),
    ]);
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
