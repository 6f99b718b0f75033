import type { Dataset } from '../data/dataset.ts';
import type { Said } from './comparison/scoreSamples.ts';
import { measureOutputs } from './measureOutputs.ts';
import type { SplitMetrics, VariantKind } from '../report/report.ts';
import { asLogits, finiteLogits, outputKind } from '../teacher/outputKind.ts';
import { bothClassesOf } from '../teacher/matching/bothClasses.ts';
import { mixOutputs } from '../teacher/mixOutputs.ts';
import type { Teachers } from '../teacher/teach.ts';
import { loadNetwork, openNetwork } from '../training/engines/networkFile.ts';
import { truthOf } from '../data/truth.ts';

/** The files of a network, several for teachers that speak as one, and the share of each. */
export type Members = Teachers['members'];

/** What the test split shows of a network. */
export interface EvaluatedNetwork {
  readonly name: 'teacher' | 'student' | 'baseline' | VariantKind;
  readonly members: Members;
  readonly metrics: SplitMetrics;
  /** What every member says on its own; empty where there is one. */
  readonly memberMetrics: readonly SplitMetrics[];
  /** The network's outputs on the test split, [count, …]. */
  readonly said: Said;
}

export interface EvaluationOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** The teacher's outputs on the test split, where they are what is to be matched. */
  readonly teacherOutputs?: Float32Array | undefined;
}

/**
 * Runs the files of a network over the test split on the CPU, where anybody can repeat it.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function evaluateOnTest(
  name: EvaluatedNetwork['name'],
  members: Members,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<EvaluatedNetwork> {
  const { task, test, samples, sampleShape } = dataset;
  const spoken: { logits: Float32Array; weight: number }[] = [];
  const memberMetrics: SplitMetrics[] = [];
  const truth = await truthOf(test, sampleShape);
  let kind: 'logits' | 'probabilities' = 'logits';
  for (const { model, weight } of members) {
    const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape });
    try {
      const said = bothClassesOf(model, task, await predictor.predict(test, options));
      kind = outputKind(task, said);
      const outputs = kind === 'logits' ? finiteLogits(task, said) : said;
      if (members.length > 1)
        memberMetrics.push(measureOutputs(task, outputs, truth, { outputs: kind, teacherOutputs: outputs }));
      // What a single network says is judged as it is.
      spoken.push({ logits: members.length === 1 ? outputs : asLogits(task, outputs, kind), weight });
    } finally {
      await predictor.dispose();
    }
  }
  const outputs = mixOutputs(task, spoken);
  const said: Said = { outputs, kind: members.length === 1 ? kind : 'logits' };
  const metrics = measureOutputs(task, outputs, truth, {
    outputs: said.kind,
    teacherOutputs: options.teacherOutputs ?? outputs,
  });
  return { name, members, metrics, memberMetrics, said };
}

/** Reads a network that the run wrote and runs it over the test split. */
export async function evaluateFile(
  name: EvaluatedNetwork['name'],
  path: string,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<EvaluatedNetwork> {
  const model = await loadNetwork(path, dataset);
  return evaluateOnTest(name, [{ model, weight: 1 }], dataset, options);
}
