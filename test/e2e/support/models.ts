import { Random } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';

/** An `.onnx` file of a small classifier that has learnt nothing. */
export function untrainedClassifier(options: {
  readonly sampleShape: readonly number[];
  readonly classes: number;
}): Uint8Array {
  const architecture = { architecture: 'mlp', hidden: [16] } as const;
  const graph = buildStudent(architecture, classifierForm(options.sampleShape, options.classes), new Random(1));
  return encodeModel(exportModel(graph, { name: 'untrained', dynamicBatch: true }));
}
