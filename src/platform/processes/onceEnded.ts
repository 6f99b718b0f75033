import type { ChildProcess } from 'node:child_process';

/**
 * Calls back once a process has ended and all that it sent has been heard. Node.js may tell of an exit before it has read the last
 * messages, as it does where this process was busy meanwhile; the channel is closed only behind them.
 *
 * @param child with a channel; one that could not be started never ends, and says so by `error`
 */
export function onceEnded(
  child: ChildProcess,
  ended: (code: number | null, signal: NodeJS.Signals | null) => void,
): void {
  child.once('exit', (code, signal) => {
    if (!child.connected) ended(code, signal);
    else {
      child.once('disconnect', () => {
        ended(code, signal);
      });
    }
  });
}
