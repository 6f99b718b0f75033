import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../../experiment/schema.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import { countMacs, countParameters } from '../../onnx/cost/cost.ts';
import { saveModel } from '../../onnx/file.ts';
import { newTemporaryFolder } from '../../platform/newTemporaryFolder.ts';
import { buildInitialNetwork } from '../../preflight/networks/buildInitialNetwork.ts';
import { networkFormOf } from '../../preflight/networks/networkFormOf.ts';
import type { Prepared } from '../../preflight/prepared.ts';
import { measureSpeed } from '../../run/measures/measureSpeed.ts';
import { timingLimitMs } from '../../run/measures/timingLimit.ts';
import { modelOf } from '../../students/initialNetwork.ts';
import { loadNetwork } from '../../training/engines/networkFile.ts';
import type { TrialFigures } from './trial.ts';

/**
 * What a student costs, before it is trained: its weights do not matter for that. The file that is written after training also
 * says what it was made from, which takes some hundred bytes more.
 *
 * @param withLatency whether its latency on the CPU is measured, too
 */
export async function measureStudent(
  experiment: Experiment,
  { dataset, outputShape, studentModel, teacherModel, teachers }: Prepared,
  withLatency: boolean,
): Promise<TrialFigures> {
  const form = networkFormOf(dataset, outputShape);
  const described = teacherToTrain(experiment);
  const trained =
    described && buildInitialNetwork(described, { form, role: 'teacher', seed: 0, model: teacherModel?.proto });
  const teacher = trained
    ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} })
    : teachers?.members[0]?.model.file.proto;
  const network = buildInitialNetwork(experiment.student, {
    form,
    role: 'student',
    seed: 0,
    model: studentModel?.proto,
    teacher,
  });
  const folder = await newTemporaryFolder('student');
  try {
    const path = join(folder, 'student.onnx');
    await saveModel(
      path,
      modelOf(network, new Map(), { name: 'student', metadata: {}, opset: experiment.export.opset }),
    );
    const model = await loadNetwork(path, dataset);
    return {
      parameters: countParameters(model.graph),
      macs: countMacs(model.graph),
      bytes: model.file.bytes,
      latencyMs: withLatency ? await latencyOf(model, dataset) : null,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function latencyOf(
  model: Awaited<ReturnType<typeof loadNetwork>>,
  dataset: Prepared['dataset'],
): Promise<number | null> {
  const { speeds } = await measureSpeed([{ name: 'student', members: [{ model, weight: 1 }] }], dataset, {
    device: 'cpu',
    limitMs: timingLimitMs('trial', () => undefined),
    onWarning: () => undefined,
  });
  return speeds.get('student')?.latencyMs.p50 ?? null;
}
