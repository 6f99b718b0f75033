import { Random } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';

/** An `.onnx` file of a small classifier that has learnt nothing. @param options `isScoped`: its nodes are called as in two parts of a network; `layers`: hidden ones */
export function untrainedClassifier(options: {
  readonly sampleShape: readonly number[];
  readonly classes: number;
  readonly isScoped?: boolean;
  readonly layers?: number;
}): Uint8Array {
  const architecture = { architecture: 'mlp', hidden: Array.from({ length: options.layers ?? 1 }, () => 16) } as const;
  const graph = buildStudent(architecture, classifierForm(options.sampleShape, options.classes), new Random(1));
  const model = exportModel(graph, { name: 'untrained', dynamicBatch: true });
  if (options.isScoped === true) {
    const nodes = model.graph?.node ?? [];
    for (const [index, node] of nodes.entries())
      node.name = `/${index * 2 < nodes.length ? 'body' : 'head'}/${node.opType}_${index}`;
  }
  return encodeModel(model);
}
