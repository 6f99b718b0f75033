import { saveModel } from '../onnx/file.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { formatPercent } from '../protocol/format.ts';
import type { VariantKind } from '../protocol/report.ts';
import { quantizeDynamically } from '../quantization/dynamicInt8.ts';
import { storeInFloat16 } from '../quantization/float16.ts';
import { foldBatchNormalization } from '../quantization/foldBatchNormalization.ts';
import { quantizeStatically, valuesToObserve } from '../quantization/staticInt8.ts';
import type { NetworkFile } from '../training/engines/networkFile.ts';
import type { Run } from './distill.ts';
import type { EvaluatedNetwork } from './evaluateStage.ts';
import { judgeVariant, type EvaluatedVariant } from './judgeVariant.ts';
import { observeRanges } from './observeRanges.ts';
import type { QuantizationOptions } from './schema/quantization.ts';

/** The number formats that a student is written in. */
type QuantizedKind = Exclude<VariantKind, 'pruned'>;

/**
 * Writes the student in the number formats that the experiment asks for, each as a file of its own, and runs them over the test
 * split.
 *
 * @param evaluated student and, when there is one, teacher
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function quantizeStage(
  run: Run,
  evaluated: readonly EvaluatedNetwork[],
): Promise<readonly EvaluatedVariant[]> {
  const { folder, onEvent } = run;
  const { quantization } = run.experiment;
  const student = evaluated.find(({ name }) => name === 'student');
  const model = student?.members[0]?.model;
  if (!quantization || !student || !model) return [];
  onEvent({ kind: 'phase', phase: 'evaluation', message: 'Quantises the student' });
  const variants: EvaluatedVariant[] = [];
  for (const kind of kindsOf(quantization)) {
    await saveModel(folder.file(kind), await inFormat(kind, model, run, quantization));
    const judged = await judgeVariant(kind, run, evaluated);
    variants.push({ ...judged, refusal: refusalOf(judged.network, student, quantization) });
  }
  return variants;
}

function kindsOf({ staticInt8, dynamicInt8, float16 }: QuantizationOptions): readonly QuantizedKind[] {
  return [
    ...(staticInt8 ? (['static-int8'] as const) : []),
    ...(dynamicInt8 ? (['dynamic-int8'] as const) : []),
    ...(float16 ? (['float16'] as const) : []),
  ];
}

async function inFormat(
  kind: QuantizedKind,
  model: NetworkFile,
  { experiment, prepared, signal }: Run,
  { calibrationSamples }: QuantizationOptions,
): Promise<ModelProto> {
  const { proto } = model.file;
  switch (kind) {
    case 'static-int8': {
      const folded = foldBatchNormalization(proto);
      const ranges = await observeRanges(model, folded, valuesToObserve(folded), {
        dataset: prepared.dataset,
        samples: calibrationSamples,
        seed: experiment.training.seed,
        signal,
      });
      return quantizeStatically(folded, ranges);
    }
    case 'dynamic-int8':
      return quantizeDynamically(foldBatchNormalization(proto));
    case 'float16':
      return storeInFloat16(proto);
  }
}

/** What the experiment's limit says of a quantised student. */
function refusalOf(
  { metrics }: EvaluatedNetwork,
  student: EvaluatedNetwork,
  { largestDrop, largestRise }: QuantizationOptions,
): string | null {
  const { accuracy, loss } = student.metrics;
  if (accuracy !== null && metrics.accuracy !== null) {
    const drop = accuracy - metrics.accuracy;
    if (drop <= largestDrop + ROUNDING) return null;
    const [lost, allowed] = [drop, largestDrop].map((share) => (share * 100).toFixed(2));
    return `It loses ${lost} points of accuracy; ${allowed} are allowed.`;
  }
  const rise = metrics.loss / loss - 1;
  if (!(rise > largestRise)) return null;
  return `Its mean squared error is ${formatPercent(rise, 1)} higher; ${formatPercent(largestRise, 1)} are allowed.`;
}

/** Differences of accuracies are off by so much at most. */
const ROUNDING = 1e-9;
