import type { LogOutputChannel } from 'vscode';
import { messageOf } from '../errors.ts';

/** Writes something that was thrown into the log, with where it happened if that is known. */
export function logError(log: Pick<LogOutputChannel, 'error'>, error: unknown): void {
  log.error(error instanceof Error ? error : messageOf(error));
}
