import { setTimeout as sleep } from 'node:timers/promises';

/** What watches a gate: told when work begins to wait at it and, with the milliseconds that it waited, when it goes on. */
export interface PauseListener {
  readonly onHold: () => void;
  readonly onRelease: (milliseconds: number) => void;
}

/** Holds work up for as long as a person wants. The work asks at moments of rest, so a pause takes effect at the next one. */
export class PauseGate {
  #pausing: AbortController | undefined;
  #listener: PauseListener | undefined;

  /** From now on work waits. */
  pause(): void {
    this.#pausing ??= new AbortController();
  }

  /** Work goes on. */
  resume(): void {
    this.#pausing?.abort();
    this.#pausing = undefined;
  }

  get isPaused(): boolean {
    return this.#pausing !== undefined;
  }

  /** Who is told from now on, in place of whoever was. */
  watch(listener: PauseListener): void {
    this.#listener = listener;
  }

  /** Waits while there is a pause, and returns for how many milliseconds that was. What is to stop does not wait. */
  async rest(signal: AbortSignal): Promise<number> {
    const waitsFor = (): AbortController | undefined => (signal.aborted ? undefined : this.#pausing);
    if (!waitsFor()) return 0;
    const began = performance.now();
    this.#listener?.onHold();
    for (let pausing = waitsFor(); pausing; pausing = waitsFor()) {
      await untilAborted(AbortSignal.any([pausing.signal, signal]));
    }
    const waited = performance.now() - began;
    this.#listener?.onRelease(waited);
    return waited;
  }
}

/** Longer than any pause: the timer keeps the process alive. */
const LONG_MS = 2 ** 31 - 1;

async function untilAborted(signal: AbortSignal): Promise<void> {
  await sleep(LONG_MS, undefined, { signal }).catch(() => undefined);
}
