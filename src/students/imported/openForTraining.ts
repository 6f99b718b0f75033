import { inferenceForm, TRAINING_FORM_NOTE } from '../../onnx/importing/inferenceForm.ts';
import { narrowDoubles, widenSmallFloats } from '../../onnx/importing/singlePrecision.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { withChannelsFirst } from './channelsFirst.ts';
import { dequantize } from './dequantize.ts';
import { withoutBagLoops } from './embeddingBags.ts';
import { fixedBatch, freeBatch } from './freeBatch.ts';
import { restoreBiases } from './restoreBiases.ts';
import { tieTransposed } from './tieTransposed.ts';
import { untieWeights } from './untieWeights.ts';

/** A stored model made fit for training, and what was changed in it. */
export interface OpenedModel {
  readonly model: ModelProto;
  /** Sentences that tell the changes. */
  readonly notes: readonly string[];
}

/** Said of a network whose numbers are of double precision. */
export const DOUBLE_NOTE = 'The network is of double precision (float64): it is computed and written in float32.';

/** Said of a network that stores floats of 4 or 8 bits. */
const SMALL_FLOATS_NOTE =
  'The network has weights in floats of 4 or 8 bits: they are trained, and written, in float32.';

/** Tensors that are named in a note. */
const NAMED = 5;

/**
 * Makes a stored model fit for training at any batch size, and undoes what its exporter saved: loops over bags are sums of rows (`withoutBagLoops`), it computes in single precision (`narrowDoubles`) and in floats (`dequantize`), it predicts (`inferenceForm`), a batch that is fixed is opened
 * (`freeBatch`), images are turned (`withChannelsFirst`), a matrix that is stored twice, once transposed, is one (`tieTransposed`), layers that share tensors only because these were equal get their own (`untieWeights`), and
 * biases that were zero come back (`restoreBiases`).
 *
 * @param sampleShape dimensions of the dataset's samples
 * @param bind numbers for dimensions that the file leaves open, beside the batch
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` when it cannot be read, or its batch cannot be opened
 */
export function openForTraining(
  stored: ModelProto,
  sampleShape: readonly number[],
  bind: Readonly<Record<string, number>>,
): OpenedModel {
  const notes: string[] = [];
  const plain = withoutBagLoops(stored);
  const single = narrowDoubles(plain);
  if (single !== plain) notes.push(DOUBLE_NOTE);
  const { model: inFloats, replaced } = dequantize(single);
  if (replaced > 0) {
    notes.push(
      `The model is quantised (${replaced} of its nodes): it is trained and written in float32, beginning with the numbers that its whole numbers ` +
        'stand for; `quantization` makes it small again.',
    );
  }
  const wide = widenSmallFloats(inFloats);
  if (wide !== inFloats) notes.push(SMALL_FLOATS_NOTE);
  const resting = inferenceForm(wide);
  if (resting !== wide) notes.push(TRAINING_FORM_NOTE);
  const batch = fixedBatch(resting);
  if (batch !== undefined) {
    notes.push(`The model takes batches of ${batch} only; it is trained, and written, with a batch of any size.`);
  }
  const turned = withChannelsFirst(resting, sampleShape);
  if (turned !== resting) {
    notes.push(
      'The model takes images with the channels last; a Transpose at its beginning, which is written with it, takes those of ' +
        'the dataset, which come first.',
    );
  }
  const { model: joined, tied } = tieTransposed(turned);
  for (const [transposed, weight] of tied) {
    notes.push(
      `'${transposed}' is '${weight}' transposed, to the last bit: they are trained, and written, as one weight.`,
    );
  }
  const { model: separate, untied } = untieWeights(freeBatch(joined, { bind }));
  if (untied.length > 0) {
    const names = untied.slice(0, NAMED).map((name) => `'${name}'`);
    notes.push(
      `Layers that share ${names.join(', ')}${untied.length > NAMED ? ` and ${untied.length - NAMED} more` : ''} get a copy ` +
        'each, because exporters store tensors once that are equal by chance (all ones, all zeros). ' +
        'Tensors of different numbers stay shared.',
    );
  }
  const { model, restored } = restoreBiases(separate);
  if (restored.length > 0) {
    notes.push(
      `The exporter left out the biases of ${restored.length === 1 ? 'a layer' : `${restored.length} layers`}, which were zero; they are put back ` +
        `(such as '${restored[0] ?? ''}'), trained and written.`,
    );
  }
  return { model, notes };
}
