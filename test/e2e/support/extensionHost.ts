import { readdirSync, readFileSync } from 'node:fs';

/** What the process of a window's extensions has. */
interface HostLook {
  readonly threads: number;
  /** Processes that it started and that have not ended, by their command; those of VS Code's own extensions aside, which start when they please. */
  readonly children: readonly string[];
}

/** Where VS Code's own extensions lie, such as the one for JSON with its server. */
const OWN_EXTENSIONS = '/lib/vscode/extensions/';

/** The process of the extensions of the window that was opened last. Linux only, as the server is. */
export function newestExtensionHost(): { readonly look: () => HostLook } {
  const all = new Map(processes().map((each) => [each.id, each]));
  const isOurs = (id: number): boolean => id === process.pid || (all.has(id) && isOurs(all.get(id)?.parent ?? 0));
  const hosts = [...all.values()].filter(({ id }) => isOurs(id) && commandOf(id).includes('--type=extensionHost'));
  const newest = hosts.toSorted((one, other) => other.startedAt - one.startedAt)[0];
  if (!newest) throw new Error('No process of extensions is there.');
  const { id } = newest;
  return {
    look: () => ({
      threads: readdirSync(`/proc/${id}/task`).length,
      children: processes()
        .filter(({ parent, state }) => parent === id && state !== 'Z')
        .map((each) => commandOf(each.id).replaceAll('\0', ' ').trim())
        .filter((command) => command !== '' && !command.includes(OWN_EXTENSIONS)),
    }),
  };
}

function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
}

function processes(): readonly { id: number; state: string; parent: number; startedAt: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // What stands in brackets may have blanks.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return [{ id: Number(name), state: fields[0] ?? '', parent: Number(fields[1]), startedAt: Number(fields[19]) }];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}
