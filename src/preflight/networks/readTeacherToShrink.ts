import { tellBeforeTraining } from '../../onnx/exporterTraces.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { openForTraining } from '../../students/imported/openForTraining.ts';
import { putOutputFirst } from '../../students/imported/putOutputFirst.ts';
import { importNetwork, type ImportedNetwork } from '../../students/importNetwork.ts';
import type { NetworkForm } from '../../students/networkForm.ts';
import { openDimensions } from '../../training/engines/networkFile.ts';

/**
 * A teacher as the network whose channels are chosen from, made fit for training as a student from a file is.
 * @param output name of the output that is trained; by default the first, or the only one of the right shape
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` when it cannot be read for training
 */
export function readTeacherToShrink(
  teacher: ModelProto,
  { samples, output: form }: NetworkForm,
  output?: string,
): ImportedNetwork {
  const sampleShape = samples.kind === 'values' ? samples.shape : [samples.length];
  const { model: ordered, notes: chosen } = putOutputFirst(teacher, form, output);
  const { model, notes } = openForTraining(ordered, sampleShape, openDimensions(ordered, sampleShape, samples));
  const network = importNetwork(model, { form, bind: openDimensions(model, sampleShape, samples) });
  return { ...network, notes: [...chosen, ...notes, ...tellBeforeTraining(model), ...network.notes] };
}
