import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { BadInputError, isCancellation, messageOf, type Problem } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { readExperimentFile } from '../../experiment/readExperimentFile.ts';
import { added, moved, without, type NewQueueEntry, type Queue, type QueueEntry } from '../../queue/queue.ts';
import { changeQueue, holderOf, queueFolder, readQueue } from '../../queue/queueFile.ts';
import { runQueue, type EntryOutcome } from '../../queue/runQueue.ts';
import { resumeRun } from '../../run/resumeRun.ts';
import { runExperiment } from '../../run/runExperiment.ts';
import { readCurveEvents } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { newRunId } from '../../runFolder/runId.ts';
import { searchesDirectory, searchFiles } from '../../runFolder/searchFolder.ts';
import { oneOf, wholeNumber } from '../checks.ts';
import { jsonOption, type Command, type GivenArguments } from '../command.ts';
import { followOptions, followRun } from '../followRun.ts';
import { followSearch } from '../followSearch.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, painted, type Terminal } from '../terminal.ts';
import { tellSearch } from './searchCommand.ts';

const actions = ['add', 'list', 'remove', 'move', 'run'] as const;
type Action = (typeof actions)[number];

/** `distillery queue add|list|remove|move|run` */
export const queueCommand: Command = {
  name: 'queue',
  summary: 'Run experiments one after the other: add, list, remove, move, run.',
  details:
    'queue add FILE…            adds experiments at the end, as their files are now\n' +
    'queue add --search FILE…   adds the searches that their sections "search" describe\n' +
    'queue list                 shows what waits\n' +
    'queue remove NUMBER…       takes experiments out\n' +
    'queue move NUMBER PLACE    moves one to another place; 1 is the front\n' +
    'queue run                  runs them in order until none is left; Ctrl-C stops, and the same command goes on\n' +
    'The queue is .distillery/queue/queue.json, the same that the editor shows; one process at a time works it off.',
  operand: {
    name: 'ACTION',
    isRequired: true,
    isList: true,
    description: 'What to do, and with which files or numbers.',
    check: () => undefined,
    first: oneOf('an action', actions),
  },
  options: [
    { name: 'search', description: 'add: what the files search is added, not a run of each.' },
    {
      name: 'at-once',
      value: 'N',
      description: "add --search: trials at once, each with its share of the machine's cores; 1 unless told.",
      check: wholeNumber(1, 256),
    },
    ...followOptions.map((option) =>
      option.name === 'json'
        ? { ...jsonOption, description: 'list: the queue as JSON. run: the reports as JSON.' }
        : option,
    ),
  ],
  run: (given, terminal) => {
    const [action = '', ...rest] = given.operands;
    refuseOptionsOfAdd(action, given);
    const folder = queueFolder(terminal.directory);
    switch (action) {
      case 'add':
        return addFiles(folder, rest, given, terminal);
      case 'remove':
        return remove(folder, rest, terminal);
      case 'move':
        return move(folder, rest, terminal);
      case 'run':
        refuseSurplus('run', rest, 0);
        return run(folder, given, terminal);
      // 'list': nothing else is left, or was let in.
      default:
        refuseSurplus('list', rest, 0);
        return list(folder, given, terminal);
    }
  },
};

/** Options that say how something is added would change nothing elsewhere. */
function refuseOptionsOfAdd(action: string, { switches, values }: GivenArguments): void {
  const [isSearch, isAtOnce] = [switches.has('search'), values.has('at-once')];
  const problems: Problem[] = [
    ...(isSearch && action !== 'add' ? [{ where: '--search', message: "belongs to 'queue add'" }] : []),
    ...(isAtOnce && (action !== 'add' || !isSearch)
      ? [{ where: '--at-once', message: "belongs to 'queue add --search'" }]
      : []),
  ];
  if (problems.length > 0) throw new BadInputError(problems);
}

function refuseSurplus(action: Action, given: readonly string[], most: number): void {
  const surplus = given.slice(most).map((where) => ({ where, message: `is too much for 'queue ${action}'` }));
  if (surplus.length > 0) throw new BadInputError(surplus);
}

const noSpace: Problem = {
  where: 'search',
  message: 'is missing, so that there is nothing to search',
  hint: 'Name the fields to search in "search": { "space": { … } }, or leave --search out.',
};

/** All files or none: each is checked as far as it can be without its data. */
async function addFiles(
  folder: string,
  files: readonly string[],
  { switches, values }: GivenArguments,
  terminal: Terminal,
): Promise<number> {
  if (files.length === 0) {
    throw new BadInputError([{ where: 'FILE', message: 'is missing: name experiment files (*.distill.json)' }]);
  }
  const problems: Problem[] = [];
  const read: NewQueueEntry[] = [];
  const search = switches.has('search') ? { atOnce: Number(values.get('at-once') ?? 1) } : undefined;
  for (const file of files) {
    try {
      const path = resolve(terminal.directory, file);
      const experiment = await readExperimentFile(path);
      const parsed = parseExperiment(experiment);
      const { name = basename(path).replace(/(\.distill)?\.jsonc?$/, '') } = parsed;
      if (search && !parsed.search) throw new BadInputError([noSpace]);
      const entry = { name, experiment: { name, ...(experiment as object) }, baseDirectory: dirname(path) };
      read.push({ ...entry, ...(search && { search }) });
    } catch (error) {
      const found = error instanceof BadInputError ? error.problems : [{ where: '', message: messageOf(error) }];
      problems.push(...found.map((problem) => ({ ...problem, where: `${file}: ${problem.where}`.replace(/: $/, '') })));
    }
  }
  if (problems.length > 0) throw new BadInputError(problems);
  const queue = await changeQueue(folder, (before) =>
    read.reduce((sum, entry) => added(sum, entry, new Date()), before),
  );
  for (const { id, name } of queue.entries.slice(-read.length)) terminal.out.write(`Added '${name}' as ${id}.\n`);
  return exitCode.success;
}

async function list(folder: string, { switches }: GivenArguments, { out, error }: Terminal): Promise<number> {
  const queue = await readQueue(folder);
  const holder = holderOf(folder);
  if (switches.has('json')) {
    const entries = queue.entries.map((entry) => ({ ...entry, experiment: undefined }));
    out.write(`${JSON.stringify({ entries, holder: holder ?? null }, null, 2)}\n`);
    return exitCode.success;
  }
  if (queue.entries.length === 0) out.write('The queue is empty.\n');
  else out.write(renderTable(['Number', 'Experiment', 'State', 'Added'], queue.entries.map(rowOf), out, 4));
  if (holder !== undefined) error.write(`${holder} works it off.\n`);
  return exitCode.success;
}

function rowOf({ id, name, search, state, addedAt, problem }: QueueEntry): readonly string[] {
  return [
    String(id),
    search ? `${name} (search)` : name,
    problem === undefined ? state : `${state}: ${problem}`,
    addedAt,
  ];
}

async function remove(folder: string, numbers: readonly string[], { out }: Terminal): Promise<number> {
  if (numbers.length === 0) throw new BadInputError([{ where: 'NUMBER', message: 'is missing: see queue list' }]);
  await changeQueue(folder, (queue) => {
    const entries = entriesOf(queue, numbers);
    const running = entries.filter(({ state }) => state === 'running' && holderOf(folder) !== undefined);
    if (running.length > 0) {
      throw new BadInputError(running.map(({ id }) => ({ where: String(id), message: 'is running: stop it first' })));
    }
    return entries.reduce((left, { id }) => without(left, id), queue);
  });
  out.write(`Removed ${numbers.join(', ')}.\n`);
  return exitCode.success;
}

async function move(folder: string, given: readonly string[], terminal: Terminal): Promise<number> {
  const [number, place] = given;
  refuseSurplus('move', given, 2);
  if (number === undefined || place === undefined || !/^[1-9]\d*$/.test(place)) {
    const message = "needs a number of 'queue list' and a place, such as: queue move 3 1";
    throw new BadInputError([{ where: 'move', message }]);
  }
  const queue = await changeQueue(folder, (before) =>
    moved(
      before,
      entriesOf(before, [number]).map(({ id }) => id),
      Number(place) - 1,
    ),
  );
  terminal.out.write(`${queue.entries.map(({ id, name }) => `${id} ${name}`).join('\n')}\n`);
  return exitCode.success;
}

function entriesOf({ entries }: Queue, numbers: readonly string[]): readonly QueueEntry[] {
  const found = numbers.map((number) => entries.find(({ id }) => String(id) === number));
  const unknown = numbers.filter((_, index) => !found[index]);
  if (unknown.length > 0) {
    const hint = `Numbers: ${entries.map(({ id }) => id).join(', ') || 'none'}.`;
    throw new BadInputError(unknown.map((where) => ({ where, message: 'is not in the queue', hint })));
  }
  return found.filter((entry) => entry !== undefined);
}

async function run(folder: string, given: GivenArguments, terminal: Terminal): Promise<number> {
  let failed = 0;
  const { ended, refused, isInterrupted } = await runQueue(folder, {
    chooseFolder: ({ name, id, search }) =>
      join(
        search ? searchesDirectory(terminal.directory) : join(terminal.directory, '.distillery', 'runs'),
        `${newRunId(name, new Date())}-${id}`,
      ),
    goesOn: () => true,
    run: async (entry): Promise<EntryOutcome> => {
      terminal.error.write(painted(terminal.error, 'bold', `${entry.id} ${entry.name}\n`));
      try {
        const code = await (entry.search ? searchEntry : followEntry)(entry, given, terminal);
        return { kind: code === exitCode.interrupted ? 'interrupted' : 'ended' };
      } catch (error) {
        if (isCancellation(error)) return { kind: 'interrupted' };
        terminal.error.write(`${messageOf(error)}\n`);
        const begun = entry.search ? searchFiles.journal : runFiles.status;
        if (!existsSync(join(entry.run, begun))) return { kind: 'refused', problem: messageOf(error) };
        failed++;
        return { kind: 'ended' };
      }
    },
  });
  const rest = isInterrupted ? " 'distillery queue run' goes on." : '';
  const counts = [
    `${ended} of the queue ended`,
    ...(failed > 0 ? [`${failed} of them failed`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  terminal.error.write(`${counts.join(', ')}.${rest}\n`);
  if (isInterrupted) return exitCode.interrupted;
  return failed + refused > 0 ? exitCode.failure : exitCode.success;
}

/** Searches what an entry asks for in its folder, or goes on with what was interrupted there. */
async function searchEntry(
  { experiment, baseDirectory, search, run: folder }: QueueEntry & { readonly run: string },
  given: GivenArguments,
  terminal: Terminal,
): Promise<number> {
  const asked = { folder, baseDirectory, atOnce: search?.atOnce ?? 1 };
  const result = await followSearch(experiment, asked, given, terminal);
  return tellSearch(result, folder, given.switches.has('json'), terminal);
}

/** Runs an entry in its folder, or goes on with what was interrupted there. */
async function followEntry(
  { experiment, baseDirectory, run: folder }: QueueEntry & { readonly run: string },
  given: GivenArguments,
  terminal: Terminal,
): Promise<number> {
  const isResumable = existsSync(join(folder, runFiles.checkpoint));
  // Its report was written, but nobody came to take it out of the queue.
  if (!isResumable && existsSync(join(folder, runFiles.report))) {
    terminal.error.write(`'${relative(terminal.directory, folder)}' has finished already.\n`);
    return exitCode.success;
  }
  return followRun(
    isResumable
      ? { folder, told: await readCurveEvents(folder), run: (options) => resumeRun({ ...options, folder }) }
      : { folder, told: [], run: (options) => runExperiment(experiment, { ...options, folder, baseDirectory }) },
    given,
    terminal,
  );
}
