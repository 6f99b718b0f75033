import { saveModel } from '../../../onnx/file.ts';
import type { ModelProto } from '../../../onnx/onnx_pb.ts';
import type { VariantKind, VariantWeights } from '../../../report/report.ts';
import { quantizeDynamically } from '../../../quantization/dynamicInt8.ts';
import { storeInFloat16 } from '../../../quantization/float16.ts';
import { storeInInt4 } from '../../../quantization/int4.ts';
import { foldBatchNormalization } from '../../../quantization/foldBatchNormalization.ts';
import { quantizeStatically, valuesToObserve, type Range } from '../../../quantization/staticInt8.ts';
import type { NetworkFile } from '../../../training/engines/networkFile.ts';
import type { Run } from '../../run.ts';
import type { EvaluatedNetwork } from '../../../evaluation/evaluateNetwork.ts';
import { evaluateVariant, type EvaluatedVariant } from '../../measures/evaluateVariant.ts';
import { awareStage, type AwareOptions } from './awareStage.ts';
import { judgeForms } from './keptForms.ts';
import { observeRanges } from './observeRanges.ts';
import { unlessDiverged } from '../../unlessDiverged.ts';
import type { QuantizationOptions } from '../../../experiment/schema/quantization.ts';
import { tellWeightBits } from './tellWeightBits.ts';
import { chooseWeightBits } from './weightBits.ts';

/** The number formats that a student is written in. */
type QuantizedKind = Exclude<VariantKind, 'pruned'>;

/**
 * Writes the student in the number formats that the experiment asks for, each as a file of its own, runs them over the test
 * split, and says which of them lose too much to be kept.
 *
 * @param evaluated student and, when there is one, teacher
 * @param training what trains the student on as it computes in int8
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function quantizeStage(
  run: Run,
  evaluated: readonly EvaluatedNetwork[],
  training: Pick<AwareOptions, 'device' | 'taught'>,
): Promise<readonly EvaluatedVariant[]> {
  const { folder, onEvent } = run;
  const { quantization } = run.experiment;
  const student = evaluated.find(({ name }) => name === 'student');
  const model = student?.members[0]?.model;
  if (!quantization || !student || !model) return [];
  onEvent({ kind: 'phase', phase: 'evaluation', message: 'Quantises the student' });
  const judgeForm = await judgeForms(run, student, training.taught, quantization);
  const variants: EvaluatedVariant[] = [];
  for (const kind of kindsOf(quantization)) {
    const written = await inFormat(kind, model, run, { ...training, options: quantization });
    if (!written) continue;
    const { proto, weights } = written;
    // What was trained for its form is written already.
    if (kind !== 'aware-int8') await saveModel(folder.file(kind), proto);
    const judged = await evaluateVariant(kind, run, evaluated);
    variants.push({ ...judged, weights, ...(await judgeForm(judged.network)) });
  }
  return variants;
}

function kindsOf({ staticInt8, dynamicInt8, aware, float16, int4 }: QuantizationOptions): readonly QuantizedKind[] {
  return [
    ...(staticInt8 ? (['static-int8'] as const) : []),
    ...(dynamicInt8 ? (['dynamic-int8'] as const) : []),
    ...(aware ? (['aware-int8'] as const) : []),
    ...(float16 ? (['float16'] as const) : []),
    ...(int4 ? (['int4'] as const) : []),
  ];
}

/** A student in another format, and how its weights are written where they are int8. */
interface Written {
  readonly proto: ModelProto;
  readonly weights: VariantWeights | null;
}

/** @returns undefined where the student has nothing that the format is for, or cannot be trained on in it, which is told */
async function inFormat(
  kind: QuantizedKind,
  model: NetworkFile,
  run: Run,
  { options, ...training }: Pick<AwareOptions, 'device' | 'taught' | 'options'>,
): Promise<Written | undefined> {
  const { proto } = model.file;
  switch (kind) {
    case 'static-int8': {
      const folded = foldBatchNormalization(proto);
      const ranges = await rangesOf(model, folded, run, options);
      const chosen = await chooseWeightBits(kind, options.weightRange);
      const quantized = quantizeStatically(folded, ranges, chosen.bits);
      return { proto: quantized, weights: tellWeightBits(kind, quantized, chosen, run) };
    }
    case 'aware-int8': {
      const folded = foldBatchNormalization(proto);
      const ranges = await rangesOf(model, folded, run, options);
      const chosen = await chooseWeightBits(kind, options.weightRange);
      const quantized = await unlessDiverged(
        run,
        () => awareStage(run, { ...training, folded, ranges, chosen, options }),
        (reason) => ({
          where: 'quantization.aware',
          message: `The student that is trained on in int8 is left out: ${reason}`,
        }),
      );
      if (!quantized) return undefined;
      return { proto: quantized, weights: tellWeightBits(kind, quantized, chosen, run) };
    }
    case 'dynamic-int8': {
      const chosen = await chooseWeightBits(kind, options.weightRange);
      const quantized = quantizeDynamically(foldBatchNormalization(proto), chosen.bits);
      return { proto: quantized, weights: tellWeightBits(kind, quantized, chosen, run) };
    }
    case 'float16':
      return { proto: storeInFloat16(proto), weights: null };
    case 'int4': {
      const stored = storeInInt4(proto);
      if (stored) return { proto: stored, weights: null };
      const message = 'The student has no dense layers of 256 weights or more that could take 4 bits.';
      const hint = 'Leave the field out; int8 and float16 suit convolutions, too.';
      run.onEvent({ kind: 'warning', problem: { where: 'quantization.int4', message, hint } });
      return undefined;
    }
  }
}

/** Ranges of the student's values on training samples. @param folded its model, with batch normalisations folded */
function rangesOf(
  model: NetworkFile,
  folded: ModelProto,
  { experiment, prepared, signal }: Run,
  { calibrationSamples }: QuantizationOptions,
): Promise<ReadonlyMap<string, Range>> {
  return observeRanges(model, folded, valuesToObserve(folded), {
    dataset: prepared.dataset,
    samples: calibrationSamples,
    seed: experiment.training.seed,
    signal,
  });
}
