import type { InferenceSession } from 'onnxruntime-node';
import { closeSession } from './session.ts';

/** A session, and what it takes while nobody uses it. */
interface Kept {
  /** Of all that it was compiled from: sessions of one key do the same. */
  readonly key: string;
  readonly bytes: number;
  readonly session: InferenceSession;
}

/** Sessions that nobody uses take no more than this together: those of small networks, which compile for as long as they train. */
export const MOST_KEPT_BYTES = 2 ** 26;

/**
 * Keeps sessions that nobody uses any more for whoever opens the same graph next: the trials of learning rates and objectives, the
 * baseline and further seeds train networks of one form one after another, and compiling a small one takes as long as dozens of its
 * steps. What is trained with a session that was used before is the same, bit by bit: weights and state are fed.
 *
 * Whoever makes it disposes of it, when nothing is open any more.
 */
export class SessionShelf {
  /** Those that were used last are last. */
  #idle: Kept[] = [];
  readonly #lent = new Map<InferenceSession, Kept>();
  #isDisposed = false;

  /**
   * A session that is there, or a new one.
   *
   * @param key of all that the session is compiled from
   * @param bytes that it keeps while nobody uses it, at most
   * @param compile makes a new one
   */
  async open(key: string, bytes: number, compile: () => Promise<InferenceSession>): Promise<InferenceSession> {
    const found = this.#idle.find((kept) => kept.key === key);
    this.#idle = this.#idle.filter((kept) => kept !== found);
    const kept = found ?? { key, bytes, session: await compile() };
    this.#lent.set(kept.session, kept);
    return kept.session;
  }

  /** Takes a session back. Of those that nobody uses, it closes the ones that were used longest ago where they take too much. */
  async giveBack(session: InferenceSession): Promise<void> {
    const kept = this.#lent.get(session);
    this.#lent.delete(session);
    if (!kept || this.#isDisposed || kept.bytes > MOST_KEPT_BYTES) return closeSession(session);
    this.#idle.push(kept);
    while (this.#idle.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_KEPT_BYTES) {
      const oldest = this.#idle.shift();
      if (oldest) await closeSession(oldest.session);
    }
  }

  /** Closes what nobody uses, and whatever is given back from now on. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const { session } of this.#idle.splice(0)) await closeSession(session);
  }
}
