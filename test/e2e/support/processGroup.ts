import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

const running = new Set<number>();

process.once('exit', () => {
  for (const id of running) signalGroup(id, 'SIGKILL');
});
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

/** A process with everything that it starts: one group, which is ended however this process ends. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  /** Asks the group to end, insists after five seconds, and resolves when none of it is left. */
  stop(): Promise<void>;
}

/** Starts a program as the leader of a process group of its own. */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ProcessGroup {
  const child = spawn(command, args, { ...options, detached: true });
  const id = child.pid;
  if (id !== undefined) running.add(id);
  return {
    child,
    async stop() {
      if (id === undefined) return;
      signalGroup(id, 'SIGTERM');
      const insistAt = Date.now() + 5000;
      while (signalGroup(id, 0)) {
        if (Date.now() > insistAt) signalGroup(id, 'SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      running.delete(id);
    },
  };
}

/** Sends a signal to a whole group; false when there is no such group any more. */
function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-id, signal);
    return true;
  } catch {
    return false;
  }
}
