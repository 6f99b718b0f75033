import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochEvent } from '../../protocol/events.ts';
import type { ModelReport, Report } from '../../report/report.ts';
import type { HyperparameterValue } from '../hyperparameters.ts';
import { eventRecord, fileHeader, scalarValues } from './eventRecord.ts';
import { sessionEnd, sessionStart, type sessionStatus } from './hyperparameterSummary.ts';

/** The run itself, whose hyperparameters stand in the folder of which those of its networks are parts. */
const RUN = '.';

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

  /** Begins a session of TensorBoard's hparams plugin. */
  begin(hyperparameters: ReadonlyMap<string, HyperparameterValue>): void {
    this.#write(RUN, 0, [sessionStart(hyperparameters, Date.now() / 1000)]);
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
    this.#write(network, step, scalarValues(scalars));
  }

  /** Appends what the report says of each network. */
  appendReport({ teacher, student, baseline }: Report): void {
    for (const [network, model] of Object.entries({ teacher, student, baseline })) {
      if (model) this.#write(network, 0, scalarValues(figuresOf(model)));
    }
  }

  /** Ends the session that `begin` began. */
  end(status: keyof typeof sessionStatus): void {
    this.#write(RUN, 0, [sessionEnd(status, Date.now() / 1000)]);
  }

  #write(network: string, step: number, values: readonly Uint8Array[]): void {
    const wallTime = Date.now() / 1000;
    let file = this.#files.get(network);
    if (file === undefined) {
      const folder = join(this.#folder, network);
      mkdirSync(folder, { recursive: true });
      file = join(folder, `events.out.tfevents.${Math.floor(wallTime)}.distillery.${process.pid}`);
      this.#files.set(network, file);
      appendFileSync(file, fileHeader(wallTime));
    }
    appendFileSync(file, eventRecord({ wallTime, step, values }));
  }
}

function figuresOf({ parameters, bytes, latencyMs, test: { accuracy, loss } }: ModelReport): Record<string, number> {
  return {
    ...(accuracy !== null && { 'test/accuracy': accuracy }),
    'test/loss': loss,
    'cost/parameters': parameters,
    'cost/bytes': bytes,
    'cost/latency_ms': latencyMs.p50,
  };
}
