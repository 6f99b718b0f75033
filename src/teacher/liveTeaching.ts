import { classesOf, type Task } from '../data/task.ts';
import type { Batch, TaughtBatch, Teaching } from '../training/batchFeeder.ts';
import { featureInput, targetInput, teacherInput } from '../training/trainingTask.ts';
import { asLogits } from './outputKind.ts';
import { mixOutputs, type SpokenLogits } from './mixOutputs.ts';
import type { OutputSource } from './outputSource.ts';
import { refuseUnusable } from './unusableOutputs.ts';

/** A teacher that is asked about every batch. */
export interface LiveMember {
  readonly source: OutputSource;
  readonly weight: number;
  readonly output: string;
  readonly kind: 'logits' | 'probabilities';
  /** Names of values inside it that are wanted, too. */
  readonly features: readonly string[];
}

export interface LiveTeachingOptions {
  readonly task: Task;
  readonly members: readonly LiveMember[];
  /** What is made of the teachers' logits together, by the name of the target. */
  readonly targets: ReadonlyMap<string, (logits: Float32Array, classes: number) => Float32Array>;
}

/**
 * Teachers that are asked about every batch: samples that are changed at random they see as the student does, of others they may
 * know their outputs. Owns the sources of those.
 */
export class LiveTeaching implements Teaching {
  readonly #options: LiveTeachingOptions;

  constructor(options: LiveTeachingOptions) {
    this.#options = options;
  }

  async write(batch: TaughtBatch, target: Batch): Promise<void> {
    const { task, members, targets } = this.#options;
    const spoken: SpokenLogits[] = [];
    for (const [index, { source, weight, output, kind, features }] of members.entries()) {
      const outputs = await source.outputsFor(batch);
      const logits = asLogits(task, outputs.get(output) ?? new Float32Array(0), kind);
      refuseUnusable(task, logits, batch.indices.length, 'samples of a batch');
      spoken.push({ logits, weight });
      target[teacherInput(index)]?.set(logits);
      for (const feature of features) target[featureInput(feature)]?.set(outputs.get(feature) ?? []);
    }
    if (targets.size === 0) return;
    const classes = classesOf(task).length;
    const mixed = mixOutputs(task, spoken);
    for (const [name, prepare] of targets) target[targetInput(name)]?.set(prepare(mixed, classes));
  }

  announce(order: Int32Array): void {
    for (const { source } of this.#options.members) source.announce?.(order);
  }

  async dispose(): Promise<void> {
    for (const { source } of this.#options.members) await source.dispose();
  }
}
