import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Dataset } from '../../data/dataset.ts';
import type { Targets } from '../../data/targets.ts';
import { DistilleryError } from '../../errors.ts';
import { judgeDecisions } from '../../evaluation/quality/judgeDecisions.ts';
import { targetQualities } from '../../evaluation/quality/targetQualities.ts';
import { countMacs, countParameters } from '../../onnx/cost/cost.ts';
import type { TargetQuality } from '../../report/quality.ts';
import type { ModelReport } from '../../report/report.ts';
import type { MemoryUse } from '../../report/speed.ts';
import type { EvaluatedNetwork, Members } from '../../evaluation/evaluateNetwork.ts';
import type { MeasuredSpeeds } from './measureSpeed.ts';
import { targetScales } from '../../data/targetScales.ts';

/** Larger files are not compressed, to see how small they become: that would take longer than it is worth. */
const MOST_TO_COMPRESS = 200e6;

export interface DescribeOptions {
  readonly dataset: Pick<Dataset, 'task' | 'preparation'>;
  /** What the test split is judged by. */
  readonly truth: Targets;
  /** By network name; none where it was not measured. */
  readonly memory: ReadonlyMap<string, MemoryUse>;
  /** A person waits: files are not compressed. */
  readonly isHurried: boolean;
}

/** What a report says of one network. */
export async function describeNetwork(
  network: EvaluatedNetwork,
  { speeds, cpuSpeeds }: MeasuredSpeeds,
  { dataset, truth, memory, isHurried }: DescribeOptions,
): Promise<ModelReport> {
  const { name, members, metrics, said } = network;
  const speed = speeds.get(name);
  if (!speed) throw new DistilleryError('INTERNAL', `The speed of the ${name} was not measured.`);
  const bytes = sumOf(members, ({ file }) => file.bytes);
  return {
    parameters: sumOf(members, ({ graph }) => countParameters(graph)),
    macs: sumOf(members, ({ graph }) => countMacs(graph)),
    bytes,
    gzipBytes: isHurried || bytes > MOST_TO_COMPRESS ? null : await compressedSize(members),
    ...speed,
    cpuSpeed: cpuSpeeds?.get(name) ?? null,
    memory: memory.get(name) ?? null,
    test: metrics,
    decisions: judgeDecisions(dataset.task, said, truth),
    targets: qualitiesOf(said.outputs, dataset, truth),
  };
}

function qualitiesOf(
  outputs: Float32Array,
  { task, preparation }: Pick<Dataset, 'task' | 'preparation'>,
  truth: Targets,
): readonly TargetQuality[] {
  if (task.kind !== 'regression' || truth.kind !== 'values') return [];
  return targetQualities(outputs, truth.values, targetScales(task, preparation));
}

function sumOf(members: Members, figure: (model: Members[number]['model']) => number): number {
  return members.reduce((sum, { model }) => sum + figure(model), 0);
}

/** Null for models that keep their weights in other files. */
async function compressedSize(members: Members): Promise<number | null> {
  let size = 0;
  for (const { model } of members) {
    const content = await readFile(model.file.path);
    if (content.length !== model.file.bytes) return null;
    size += (await promisify(gzip)(content)).length;
  }
  return size;
}
