import { join } from 'node:path';
import { randomStream } from '../../src/data/random.ts';
import type { Problem } from '../../src/errors.ts';
import { measureSpeed } from '../../src/run/measures/measureSpeed.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../src/onnx/file.ts';
import type { DeviceName } from '../../src/protocol/events.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { loadNetwork } from '../../src/training/engines/networkFile.ts';
import { removeFolder, temporaryFolder } from './datasets.ts';

const sampleShape = [2, 8, 8];

/**
 * What `measureSpeed` finds of a small network, which it calls `student`, and what it warns of.
 *
 * @param others the share of two processors that other programs take, on clocks that go 1 s from one reading to the next
 */
export async function measureSmallNetwork(device: DeviceName, others = 0) {
  let seconds = 0;
  const readLoad = () => {
    const wall = 1000 * seconds++;
    return { wall, own: wall, all: wall * (1 + 2 * others), processors: 2 };
  };
  const folder = temporaryFolder();
  try {
    const path = join(folder, 'network.onnx');
    const form = classifierForm(sampleShape, 3);
    const graph = buildStudent({ architecture: 'mlp', hidden: [16], dropout: 0 }, form, randomStream(0, 'weights'));
    await saveModel(path, exportModel(graph, { name: 'network' }));
    const members = [{ model: await loadNetwork(path, { sampleShape }), weight: 1 }];
    const warnings: Problem[] = [];
    const measured = await measureSpeed(
      [{ name: 'student', members }],
      { samples: { kind: 'values' }, sampleShape },
      {
        device,
        limitMs: 100,
        readLoad,
        onWarning: (problem) => warnings.push(problem),
      },
    );
    return { ...measured, warnings };
  } finally {
    removeFolder(folder);
  }
}
