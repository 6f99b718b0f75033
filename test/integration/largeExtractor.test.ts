import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import sharp from 'sharp';
import { randomStream } from '../../src/data/random.ts';
import { openDataset } from '../../src/data/openDataset.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { encodeModel, loadModel, saveModel } from '../../src/onnx/file.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { decodeTensor } from '../../src/onnx/tensorProto.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { cutNetwork } from '../../src/students/extractor/cutNetwork.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { datasetOptions, readSamples, removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';

/** Outputs of a model for one image. */
async function outputFor(model: Uint8Array, data: Float32Array, shape: readonly number[]): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  const [input = ''] = session.inputNames;
  const [output = ''] = session.outputNames;
  const result = (await session.run({ [input]: new Tensor('float32', data, shape) }))[output];
  await session.release();
  assert.ok(result?.data instanceof Float32Array);
  return result.data;
}

/** The model without its head: the same file cut at the features, [1, 2048]. */
const frontOf = (resnet: Graph): Uint8Array =>
  encodeModel(exportModel(cutNetwork(exportModel(resnet, { name: 'net' }), undefined).graph, { name: 'front' }));

describe('a ResNet-50 at 224×224 as extractor', () => {
  const folder = temporaryFolder();
  after(() => {
    removeRuns();
    removeFolder(folder);
  });

  it('gives features of images of different sizes, and becomes one model with its new head', async function () {
    const resnet = buildStudent(
      { architecture: 'resnet', depth: 50, width: 1, stem: 'imagenet' },
      classifierForm([3, 224, 224], 1000),
      randomStream(1, 'weights'),
    );
    const extractor = join(folder, 'resnet50.onnx');
    await saveModel(extractor, exportModel(resnet, { name: 'resnet50' }));
    const images = join(folder, 'images');
    for (const [name, colour] of [
      ['red', { r: 200, g: 30, b: 30 }],
      ['blue', { r: 30, g: 30, b: 200 }],
    ] as const) {
      mkdirSync(join(images, name), { recursive: true });
      for (let index = 0; index < 6; index++) {
        const noise = { type: 'gaussian', mean: 128, sigma: 20 + index } as const;
        const [width, height] = [240 + 17 * index, 300 - 11 * index];
        await sharp({ create: { width, height, channels: 3, background: colour, noise } })
          .tint(colour)
          .toFile(join(images, name, `${index}.png`));
      }
    }
    const before = process.memoryUsage().rss;
    const options = {
      validation: 0.25,
      test: 0.34,
      normalization: 'imagenet',
      resize: [224, 224],
    } as const;
    let peak = before;
    const { result, folder: runFolder } = await run(
      {
        teacher: null,
        dataset: { ...options, path: images, resize: [224, 224] },
        student: { extractor, head: { hidden: [512], dropout: 0.5 } },
        training: { epochs: 5, batchSize: 2 },
        device: 'cpu',
      },
      () => (peak = Math.max(peak, process.memoryUsage().rss)),
    );
    const grown = (peak - before) / 2 ** 20;
    console.log(`      resident memory grew by ${grown.toFixed(0)} MiB at most`);
    assert.equal(result.state, 'finished');
    // 23.5 M weights before the features, and the new head.
    assert.equal(result.report.student.parameters, 23_508_032 + 2048 * 512 + 512 + 512 * 2 + 2);
    assert.ok(grown < 2000, `grew by ${grown} MiB`);

    const opened = await openDataset(datasetOptions(images, options), { baseDirectory: folder, seed: 0 });
    const image = await readSamples(opened.test, [0], 3 * 224 * 224);
    await opened.dispose();
    const student = await loadModel(join(runFolder, 'student.onnx'));
    const logits = await outputFor(encodeModel(student.proto), image, [1, 3, 224, 224]);
    const features = await outputFor(frontOf(resnet), image, [1, 3, 224, 224]);
    const weights = new Map(
      student.proto.graph?.initializer.map((stored) => [stored.name, decodeTensor(stored).data as Float32Array]),
    );
    const dense = (layer: string, input: readonly number[]): number[] =>
      Array.from(weights.get(`head.${layer}.bias`)!, (bias, unit) =>
        input.reduce(
          (sum, value, at) => sum + value * weights.get(`head.${layer}.weight`)![unit * input.length + at]!,
          bias,
        ),
      );
    const hidden = dense('dense1', Array.from(features)).map((value) => Math.max(0, value));
    const expected = dense('output', hidden);
    const scale = Math.max(1, ...expected.map(Math.abs));
    assert.equal(logits.length, 2);
    logits.forEach((logit, index) => {
      assert.ok(Math.abs(logit - expected[index]!) < 1e-5 * scale, `${logit} is not ${expected[index]!}`);
    });
  });
});
