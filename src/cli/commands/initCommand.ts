import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { experimentTemplates, type ExperimentTemplate, type TemplateChoices } from '../../experiment/templates.ts';
import { architectureNames } from '../../experiment/schema/architecture.ts';
import { terminalWord } from '../../platform/shellWord.ts';
import { oneOf, unwritable } from '../checks.ts';
import { jsonOption, type Command, type GivenArguments } from '../command.ts';
import { exitCode, painted, type Terminal } from '../terminal.ts';

const SUFFIX = '.distill.json';
const templates = experimentTemplates();

/** What is asked where it was not given. */
const QUESTIONS: Readonly<Record<'teacher' | 'dataset' | 'student', string>> = {
  teacher: 'Teacher (.onnx file)',
  dataset: 'Data (folder or file)',
  student: `Student (${architectureNames.join(', ')})`,
};

/** `distillery init [FILE]` */
export const initCommand: Command = {
  name: 'init',
  summary: 'Write a new experiment file, with comments that say what its parts are.',
  details:
    'On a terminal it asks what it was not told. Otherwise what is not told is a placeholder in the file, which is said.\n' +
    `Templates: ${templates.map(({ id, description }) => `${id}: ${description}`).join(' ')}`,
  operand: {
    name: 'FILE',
    isRequired: false,
    description: `The file to write; experiment${SUFFIX} unless told.`,
    check: (value, directory) => unwritable(dirname(resolve(directory, value))),
  },
  options: [
    {
      name: 'template',
      value: 'NAME',
      description: `What it begins as: ${templates.map(({ id }) => id).join(', ')}.`,
      check: oneOf(
        'a template',
        templates.map(({ id }) => id),
      ),
    },
    { name: 'teacher', value: 'FILE', description: 'The network that is imitated: an .onnx file.' },
    { name: 'dataset', value: 'PATH', description: 'The data: a folder or file, or builtin:digits.' },
    {
      name: 'student',
      value: 'ARCHITECTURE',
      description: `The small network: ${architectureNames.join(', ')}.`,
      check: oneOf('an architecture', architectureNames),
    },
    { name: 'name', value: 'TEXT', description: 'What the experiment and its runs are called.' },
    { name: 'force', description: 'Replace the file where it is there already.' },
    jsonOption,
  ],
  run: async (given, terminal) => {
    const { switches, values } = given;
    const file = fileOf(given, terminal.directory);
    if (existsSync(file) && !switches.has('force')) {
      const where = relative(terminal.directory, file);
      throw new BadInputError([
        { where, message: 'is there already', hint: 'Name another file, or replace it with --force.' },
      ]);
    }
    const ask = switches.has('json') ? undefined : terminal.ask;
    const template = await chooseTemplate(values, ask, terminal);
    refuseUnused(template, values);
    const choices = await choose(template, values, ask, terminal.directory);
    const written = template.write(rebased(choices, terminal.directory, dirname(file)));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, written);
    tell(relative(terminal.directory, file), template, choices, switches, terminal);
    return exitCode.success;
  },
};

function fileOf({ operand = `experiment${SUFFIX}` }: GivenArguments, directory: string): string {
  const path = resolve(directory, operand);
  return /\.jsonc?$/.test(path) ? path : `${path}${SUFFIX}`;
}

async function chooseTemplate(
  values: ReadonlyMap<string, string>,
  ask: Terminal['ask'],
  { error }: Terminal,
): Promise<ExperimentTemplate> {
  const named = values.get('template');
  const [first] = templates;
  // What was given tells which there can be.
  const fitting = templates.filter(({ takes }) =>
    (['teacher', 'dataset', 'student'] as const).every((choice) => !values.has(choice) || takes.includes(choice)),
  );
  // Data without a teacher say that one has to be trained first.
  const hasNone = values.has('dataset') && !values.has('teacher');
  const usual = fitting.find(({ takes }) => !hasNone || !takes.includes('teacher')) ?? first;
  if (!usual) throw new Error('There are no templates.');
  if (named !== undefined) return templates.find(({ id }) => id === named) ?? usual;
  if (!ask) return usual;
  error.write('What does it begin as?\n');
  fitting.forEach(({ id, description }, index) => {
    error.write(`  ${painted(error, 'bold', `${index + 1}  ${id}`)}  ${description}\n`);
  });
  for (;;) {
    const answer = (await ask(`Template [${usual.id}]: `)).trim();
    const chosen = answer === '' ? usual : (fitting[Number(answer) - 1] ?? templates.find(({ id }) => id === answer));
    if (chosen) return chosen;
    error.write(`'${answer}' is none of them; write its name or number.\n`);
  }
}

/** A flag that the template has no place for would be lost without a word. */
function refuseUnused({ id, takes }: ExperimentTemplate, values: ReadonlyMap<string, string>): void {
  const problems = (['teacher', 'dataset', 'student'] as const)
    .filter((choice) => values.has(choice) && !takes.includes(choice))
    .map((choice) => ({
      where: `--${choice}`,
      message: `has no place in the template '${id}'`,
      hint: `Leave it out, or choose another template: ${templates
        .filter((template) => template.takes.includes(choice))
        .map((template) => template.id)
        .join(', ')}.`,
    }));
  if (problems.length > 0) throw new BadInputError(problems);
}

async function choose(
  { takes }: ExperimentTemplate,
  values: ReadonlyMap<string, string>,
  ask: Terminal['ask'],
  directory: string,
): Promise<TemplateChoices> {
  const name = values.get('name');
  let choices: TemplateChoices = name === undefined ? {} : { name };
  for (const choice of ['teacher', 'dataset', 'student'] as const) {
    if (!takes.includes(choice)) continue;
    const given = values.get(choice) ?? (await askFor(choice, ask, directory));
    if (given !== undefined) choices = { ...choices, [choice]: given };
  }
  return choices;
}

/** What a person answers; undefined where nobody is asked, or the answer leaves it open. */
async function askFor(
  choice: keyof typeof QUESTIONS,
  ask: Terminal['ask'],
  directory: string,
): Promise<string | undefined> {
  if (!ask) return undefined;
  const only = choice === 'teacher' ? onlyModelIn(directory) : undefined;
  const question = `${QUESTIONS[choice]}${only === undefined ? '' : ` [${only}]`}: `;
  for (;;) {
    const answer = (await ask(question)).trim();
    if (answer === '') return only;
    if (choice !== 'student' || architectureNames.includes(answer)) return answer;
  }
}

function onlyModelIn(directory: string): string | undefined {
  const [model, ...others] = readdirSync(directory).filter((name) => name.toLowerCase().endsWith('.onnx'));
  return others.length === 0 ? model : undefined;
}

/** Paths were given from where the command runs, and start in the file from the file's folder. */
function rebased(choices: TemplateChoices, directory: string, home: string): TemplateChoices {
  const fromHome = (path: string | undefined): string | undefined => {
    if (path === undefined || isAbsolute(path) || path.startsWith('builtin:')) return path;
    return relative(home, resolve(directory, path)).split(sep).join('/') || '.';
  };
  const [teacher, dataset] = [fromHome(choices.teacher), fromHome(choices.dataset)];
  return { ...choices, ...(teacher !== undefined && { teacher }), ...(dataset !== undefined && { dataset }) };
}

function tell(
  file: string,
  { id, takes }: ExperimentTemplate,
  choices: TemplateChoices,
  switches: ReadonlySet<string>,
  { out, error }: Terminal,
): void {
  if (switches.has('json')) {
    out.write(`${JSON.stringify({ file, template: id }, null, 2)}\n`);
    return;
  }
  out.write(`${file}\n`);
  const open = takes.filter((choice) => choice !== 'name' && choices[choice] === undefined);
  const next = `distillery ${id === 'search' ? 'search' : 'run'} ${terminalWord(file)}`;
  error.write(`Written from the template '${id}'; --template chooses another.\n`);
  if (open.length > 0) error.write(`Not told, so look at what stands there for: ${open.join(', ')}.\n`);
  error.write(`Then: ${next}   (${basename(file)} is JSON with comments)\n`);
}
