import type { ChildProcess } from 'node:child_process';
import { forkProgram } from '../../../platform/processes/childProgram.ts';
import type { AskingRequest } from './askingMessages.ts';

/** How long a process that nobody needs waits for the next network. */
const IDLE_MS = 10_000;

/** The one that waits; a teacher is opened several times in a row, and starting a process takes longer than asking. */
let idle: { readonly child: ChildProcess; readonly timer: NodeJS.Timeout } | undefined;

/** A process that asks networks, with nothing opened in it. @returns whether it was there already, or says when it has started */
export function takeProcess(): { readonly child: ChildProcess; readonly hasStarted: boolean } {
  const found = idle;
  idle = undefined;
  if (found) {
    clearTimeout(found.timer);
    found.child.removeAllListeners();
    if (found.child.connected && found.child.exitCode === null && found.child.signalCode === null) {
      found.child.ref();
      found.child.channel?.ref();
      return { child: found.child, hasStarted: true };
    }
  }
  const child = forkProgram('askingProcess', import.meta.url, {
    execArgv: process.execArgv.filter((option) => !/^--(?:inspect|max)/.test(option)),
    // Numbers keep their types.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return { child, hasStarted: false };
}

/** Gives back a process that answered everything that it was asked. */
export function giveBack(child: ChildProcess): void {
  if (idle || !child.connected) {
    child.kill('SIGKILL');
    return;
  }
  child.on('error', () => undefined);
  child.send({ kind: 'close' } satisfies AskingRequest);
  // Waiting keeps no program from its end; the process ends with it.
  child.unref();
  child.channel?.unref();
  const timer = setTimeout(() => {
    if (idle?.child === child) idle = undefined;
    child.kill('SIGKILL');
  }, IDLE_MS).unref();
  idle = { child, timer };
}
