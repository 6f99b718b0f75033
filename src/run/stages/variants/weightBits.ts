import { encodeModel } from '../../../onnx/file.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { WeightBitsReason } from '../../../report/report.ts';
import {
  hasOverflown,
  overflowTrials,
  type IntegerKind,
  type OverflowTrial,
} from '../../../quantization/overflowTrial.ts';
import type { WeightBits } from '../../../quantization/quantizeWeight.ts';
import { closeSession, openSession, runtimeTensor } from '../../../training/engines/session.ts';
import type { QuantizationOptions } from '../../../experiment/schema/quantization.ts';

/** How many bits the int8 weights of a student take, and why. */
export interface ChosenWeightBits {
  readonly bits: WeightBits;
  readonly reason: WeightBitsReason;
  /** Whether weights of so many bits overflow on this processor. */
  readonly overflows: boolean;
}

/** Whether this processor is wrong about a student of this kind whose weights take so many bits. */
export type TriesOverflow = (kind: IntegerKind, bits: WeightBits) => Promise<boolean>;

/**
 * Chooses how many bits int8 weights take: what the experiment says, or 8 where this processor multiplies them exactly and 7 where
 * their products overflow, as on x86 processors without VNNI.
 *
 * @param tries finds out whether they do; by default a trial on ONNX Runtime's CPU provider, once in a process
 */
export async function chooseWeightBits(
  kind: IntegerKind,
  wanted: QuantizationOptions['weightRange'],
  tries: TriesOverflow = tryOverflow,
): Promise<ChosenWeightBits> {
  switch (wanted) {
    case 'reduced':
      return { bits: 7, reason: 'asked', overflows: false };
    case 'full':
      return { bits: 8, reason: 'asked', overflows: await tries(kind, 8) };
    case 'auto':
      return (await tries(kind, 8))
        ? { bits: 7, reason: 'processor-overflows', overflows: false }
        : { bits: 8, reason: 'processor-exact', overflows: false };
  }
}

const tried = new Map<string, Promise<boolean>>();

/** Runs the trials of a kind on the CPU, once in a process. @throws DistilleryError when ONNX Runtime refuses them */
export const tryOverflow: TriesOverflow = (kind, bits) => {
  const key = `${kind}, ${bits}`;
  const known = tried.get(key);
  if (known) return known;
  const trial = anyOverflows(overflowTrials(kind, bits));
  tried.set(key, trial);
  return trial;
};

async function anyOverflows(trials: readonly OverflowTrial[]): Promise<boolean> {
  for (const trial of trials) if (hasOverflown(await outputOf(trial), trial)) return true;
  return false;
}

async function outputOf({ model, inputShape, filledWith }: OverflowTrial): Promise<Float32Array> {
  const session = await openSession(encodeModel(model), { device: 'cpu' });
  try {
    const count = elementCount(inputShape);
    const results = await session.run({ input: runtimeTensor(new Float32Array(count).fill(filledWith), inputShape) });
    return results['output']?.data as Float32Array;
  } finally {
    await closeSession(session);
  }
}
