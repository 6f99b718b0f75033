import { join, relative, resolve } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { formatBytes, formatInteger } from '../../report/format.ts';
import type { OutputsDescription } from '../../teacher/cache/outputsFile.ts';
import { listOutputs, pruneOutputs, type StoredOutputs } from '../../teacher/cache/pruneOutputs.ts';
import { byteCount, oneOf, positiveNumber } from '../checks.ts';
import { jsonOption, type Command, type GivenArguments } from '../command.ts';
import { parseByteCount } from '../parseByteCount.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, type Output, type Terminal } from '../terminal.ts';

const DAY_MS = 86_400_000;
const actions = ['list', 'prune'] as const;

/** Where runs that are started in a folder keep outputs of teachers. */
export function usualCacheFolder(directory: string): string {
  return join(directory, '.distillery', 'cache');
}

/** `distillery cache list|prune` */
export const cacheCommand: Command = {
  name: 'cache',
  summary: "List the teachers' outputs that runs have kept on the disk, or remove some of them.",
  details:
    'A run reads what an earlier run kept for the same teacher, samples and device, and computes the rest.\n' +
    'list shows what is there, used last first. prune removes what the options say: --unused-for, --to-size or --all.',
  operand: {
    name: 'ACTION',
    isRequired: true,
    description: actions.join(' or '),
    check: oneOf('an action', actions),
  },
  options: [
    { name: 'folder', value: 'DIR', description: 'The cache, where it is not .distillery/cache.' },
    {
      name: 'unused-for',
      value: 'DAYS',
      description: 'prune: what no run has used for so many days.',
      check: positiveNumber,
    },
    {
      name: 'to-size',
      value: 'SIZE',
      description: 'prune: what was not used for longest, until this much is left, such as 500MB.',
      check: byteCount,
    },
    { name: 'all', description: 'prune: everything.' },
    jsonOption,
  ],
  run: async (given, terminal) => {
    const { operand, switches } = given;
    const named = given.values.get('folder');
    const folder = named === undefined ? usualCacheFolder(terminal.directory) : resolve(terminal.directory, named);
    const isList = operand === 'list';
    const stored = isList ? await listOutputs(folder) : await prune(folder, given);
    const name = relative(terminal.directory, folder) || '.';
    const told = switches.has('json') ? asJson(folder, stored, isList) : asText(name, stored, isList, terminal);
    terminal.out.write(told);
    return exitCode.success;
  },
};

async function prune(folder: string, { switches, values }: GivenArguments): Promise<StoredOutputs[]> {
  const [days, size] = [values.get('unused-for'), values.get('to-size')];
  if (days === undefined && size === undefined && !switches.has('all')) {
    const hint = 'Give --unused-for DAYS, --to-size SIZE or --all.';
    throw new BadInputError([{ where: 'prune', message: 'does not say what is to go', hint }]);
  }
  if (switches.has('all') && (days !== undefined || size !== undefined)) {
    const hint = 'Give --all alone, or leave it out.';
    throw new BadInputError([{ where: '--all', message: 'leaves nothing of what other options keep', hint }]);
  }
  return pruneOutputs(folder, {
    usedBefore: days === undefined ? undefined : new Date(Date.now() - Number(days) * DAY_MS),
    bytes: switches.has('all') ? 0 : size === undefined ? undefined : parseByteCount(size),
  });
}

function asJson(folder: string, stored: readonly StoredOutputs[], isList: boolean): string {
  const entries = stored.map(({ path, bytes, usedAt, description }) => ({
    path,
    bytes,
    usedAt: usedAt.toISOString(),
    ...(description ?? { whole: false }),
  }));
  return `${JSON.stringify({ folder, bytes: total(stored), [isList ? 'entries' : 'removed']: entries }, null, 2)}\n`;
}

function asText(folder: string, stored: readonly StoredOutputs[], isList: boolean, { out }: Terminal): string {
  if (stored.length === 0)
    return isList ? `There is nothing in '${folder}'.\n` : `Nothing was removed from '${folder}'.\n`;
  const sum = `${formatInteger(stored.length)} ${stored.length === 1 ? 'file' : 'files'}, ${formatBytes(total(stored))}`;
  return `${renderEntries(stored, out)}${isList ? `'${folder}' holds ${sum}.` : `Removed ${sum} from '${folder}'.`}\n`;
}

function renderEntries(stored: readonly StoredOutputs[], output: Output): string {
  const rows = stored.map(({ bytes, usedAt, description }) => [
    description?.teacher ?? 'not whole',
    description?.dataset ?? '',
    description ? splitOf(description) : '',
    description?.precision ?? '',
    formatBytes(bytes),
    usedAt.toISOString().slice(0, 16).replace('T', ' '),
  ]);
  return renderTable(['Teacher', 'Dataset', 'Split (samples)', 'Precision', 'Size', 'Used (UTC)'], rows, output, 6);
}

function splitOf({ split, view, count }: OutputsDescription): string {
  return `${split}${view === undefined ? '' : `, view ${view + 1}`} (${formatInteger(count)})`;
}

function total(stored: readonly StoredOutputs[]): number {
  return stored.reduce((sum, { bytes }) => sum + bytes, 0);
}
