import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Milliseconds that are waited for what is sure to come. They pass in vain only where something is wrong, and where many work on the machine
 * all takes many times as long.
 */
export const PATIENCE_MS = 120_000;

/** Waits until something holds, and fails by its name when it does not in time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await wait(100);
  }
}
