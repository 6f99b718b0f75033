import { Worker } from 'node:worker_threads';
import { silenceTelemetry } from '../silenceTelemetry.ts';

const LOOK_MS = 500;

/** In plain JavaScript, as a thread runs it from a text. Windows lets a process keep the number of a parent that is gone. */
const WATCH = `
const { workerData } = require('node:worker_threads');
setInterval(() => {
  let lives = process.ppid === workerData;
  try {
    process.kill(workerData, 0);
  } catch (error) {
    lives &&= error.code === 'EPERM';
  }
  if (!lives) process.kill(process.pid, 'SIGKILL');
}, ${LOOK_MS});
`;

/**
 * Ends this process when the one that started it is gone, whatever it is doing then: a thread looks after that, because a loop without an end
 * lets no event of the process through.
 */
export function endWithParent(): void {
  // A thread inherits this and could not do it itself.
  silenceTelemetry();
  new Worker(WATCH, { eval: true, workerData: process.ppid, name: 'parent', execArgv: [] }).unref();
}
