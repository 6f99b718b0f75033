import type { ModelProto } from '../../../onnx/onnx_pb.ts';
import type { VariantWeights } from '../../../report/report.ts';
import type { IntegerKind } from '../../../quantization/overflowTrial.ts';
import type { Run } from '../../run.ts';
import type { ChosenWeightBits } from './weightBits.ts';

/**
 * Tells the run how the weights of a student in int8 were written and which processors it suits, and warns where it overflows here.
 *
 * @returns the same for the report; null where the model has no weights in int8
 */
export function tellWeightBits(
  kind: IntegerKind,
  model: ModelProto,
  chosen: ChosenWeightBits,
  { onEvent }: Pick<Run, 'onEvent'>,
): VariantWeights | null {
  const weights = weightsOf(kind, model, chosen);
  if (!weights) return null;
  onEvent({ kind: 'phase', phase: 'evaluation', message: `${names[kind]}: ${sentences(weights)}` });
  if (chosen.overflows && weights.reason === 'asked') {
    onEvent({
      kind: 'warning',
      problem: {
        where: 'quantization.weightRange',
        message: `Products of 8-bit weights overflow on this processor, so the ${names[kind].toLowerCase()} student computes with errors here.`,
        hint: "Choose 'auto' or 'reduced'; weights then take 7 bits.",
      },
    });
  }
  return weights;
}

const names: Readonly<Record<IntegerKind, string>> = {
  'static-int8': 'Static int8',
  'dynamic-int8': 'Dynamic int8',
  'aware-int8': 'Aware int8',
};

function weightsOf(
  kind: IntegerKind,
  model: ModelProto,
  { bits, reason }: ChosenWeightBits,
): VariantWeights | undefined {
  const operators = new Set(model.graph?.node.map(({ opType }) => opType));
  if (kind !== 'dynamic-int8') return operators.has('DequantizeLinear') ? { bits, reason } : undefined;
  if (operators.has('MatMulInteger')) return { bits, reason };
  return operators.has('ConvInteger') ? { bits: 8, reason: 'unsigned' } : undefined;
}

function sentences({ bits, reason }: VariantWeights): string {
  switch (reason) {
    case 'asked':
      return bits === 7
        ? 'weights take 7 bits, as the experiment asks. It suits every processor.'
        : `weights take 8 bits, as the experiment asks. ${LIMITS}`;
    case 'processor-exact':
      return `weights take 8 bits, which this processor computes exactly in a short trial. ${LIMITS}`;
    case 'processor-overflows':
      return 'weights take 7 bits, because products of 8 bits overflow on this processor in a short trial. It suits every processor.';
    case 'unsigned':
      return 'weights take 8 bits without a sign, which overflow on no processor.';
  }
}

const LIMITS = 'On x86 processors without VNNI it may be less accurate.';
