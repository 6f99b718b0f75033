import { parseHost, runThere } from '../../cluster/remote.ts';
import type { Check } from '../checks.ts';
import type { GivenArguments, OptionDefinition } from '../command.ts';
import type { Terminal } from '../terminal.ts';

const aHost: Check = (value) =>
  parseHost(value)
    ? undefined
    : { message: `'${value}' is no folder of another machine`, hint: 'Write USER@LOGIN:/SHARED/FOLDER.' };

/** `--host` and `--program`: the machine that has the cluster, where this one has none. */
export const hostOptions: readonly OptionDefinition[] = [
  {
    name: 'host',
    value: 'USER@LOGIN:/FOLDER',
    description: 'Do it there, over the ssh of this system; the folder is one that all nodes of the cluster see.',
    check: aHost,
  },
  { name: 'program', value: 'COMMAND', description: "What Distillery is called there. Default: 'distillery'." },
];

/** The host that was named, and the words that start Distillery there. */
export function hostOf({ values }: GivenArguments) {
  const host = parseHost(values.get('host') ?? '');
  const program = (values.get('program') ?? 'distillery').split(/\s+/).filter((word) => word !== '');
  return host && { host, program };
}

/** Does a command on the other machine and shows what it says. @returns its exit code */
export async function passOn(
  { host, program }: NonNullable<ReturnType<typeof hostOf>>,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { code, out, error } = await runThere(host, program, args);
  terminal.out.write(out);
  terminal.error.write(error);
  return code;
}

/** The options that were given, without those about the host, as words of a command line. */
export function optionsToPassOn(
  { values, switches }: GivenArguments,
  ...without: readonly string[]
): readonly string[] {
  const left = ['host', 'program', ...without];
  return [
    ...[...values].flatMap(([name, value]) => (left.includes(name) ? [] : [`--${name}=${value}`])),
    ...[...switches].flatMap((name) => (left.includes(name) ? [] : [`--${name}`])),
  ];
}
