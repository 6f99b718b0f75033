import { BadInputError } from '../../errors.ts';
import { slurmSchema, type SlurmSettings } from '../../experiment/schema/runner.ts';

/** What the options of the command line are called, by the fields of the section that they stand before. */
const settingOptions = {
  partition: 'partition',
  account: 'account',
  qos: 'qos',
  constraint: 'constraint',
  gpus: 'gpus',
  cpus: 'cpus',
  memory: 'mem',
  time: 'time',
  arrayLimit: 'array-limit',
} as const satisfies Partial<Record<keyof SlurmSettings, string>>;

/**
 * What is asked of Slurm: as the options say, else as the experiment's section does.
 * @param values of the options, by their names
 * @throws BadInputError with every option that is none
 */
export function settingsOf(section: unknown, values: ReadonlyMap<string, string>): SlurmSettings {
  const given = Object.entries(settingOptions).flatMap(([field, option]) => {
    const text = values.get(option);
    return text === undefined ? [] : [[field, numeric(field, text)] as const];
  });
  const parsed = slurmSchema.safeParse({ ...slurmSchema.parse(section ?? {}), ...Object.fromEntries(given) });
  if (parsed.success) return parsed.data;
  throw new BadInputError(
    parsed.error.issues.map(({ path, message }) => {
      const field = String(path[0]);
      const option = Object.entries(settingOptions).find(([name]) => name === field)?.[1] ?? field;
      return { where: `--${option}`, message: `${message} (found '${values.get(option) ?? ''}')` };
    }),
  );
}

function numeric(field: string, text: string): string | number {
  return ['cpus', 'arrayLimit'].includes(field) ? Number(text) : text;
}
