import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochEvent } from '../../protocol/events.ts';
import { eventRecord, fileHeader, type ScalarEvent } from './eventRecord.ts';

/**
 * Event files for TensorBoard, one folder for each network, so that their curves lie over each other. They are written at the end of
 * every epoch, which is seldom enough to wait for; a run that goes on writes files of its own beside the first ones.
 */
export class TensorboardLog {
  readonly #folder: string;
  readonly #files = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Appends the losses and the quality of an epoch. */
  append({ network, step, losses, validation }: EpochEvent): void {
    const terms = Object.entries(losses).map(([name, value]) => [`loss/${name}`, value] as const);
    const { accuracy, loss } = validation;
    const scalars = {
      ...Object.fromEntries(terms),
      ...(accuracy !== null && { 'validation/accuracy': accuracy }),
      'validation/loss': loss,
    };
    this.#write(network, { wallTime: Date.now() / 1000, step, scalars });
  }

  #write(network: string, event: ScalarEvent): void {
    let file = this.#files.get(network);
    if (file === undefined) {
      const folder = join(this.#folder, network);
      mkdirSync(folder, { recursive: true });
      file = join(folder, `events.out.tfevents.${Math.floor(event.wallTime)}.distillery.${process.pid}`);
      this.#files.set(network, file);
      appendFileSync(file, fileHeader(event.wallTime));
    }
    appendFileSync(file, eventRecord(event));
  }
}
