import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something holds, and fails by its name when it does not within 20 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await wait(100);
  }
}
