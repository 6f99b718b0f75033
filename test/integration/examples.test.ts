import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { randomStream } from '../../src/data/random.ts';
import { runExperiment } from '../../src/experiment/runExperiment.ts';
import { exportModel } from '../../src/onnx/export.ts';
import { saveModel } from '../../src/onnx/file.ts';
import { buildStudent, type Architecture } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { cifarFolder } from '../support/cifarFolder.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { sharedPath } from '../support/shared.ts';

const folder = resolve('examples');
const names = readdirSync(folder).filter((name) => name.endsWith('.distill.json'));

type Json = Record<string, unknown>;

/** The files that an example leaves to its user, and what stands for them here; undefined where nothing does. */
class Stand {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async fileFor(path: string): Promise<string | undefined> {
    switch (path) {
      case 'data/mnist':
        return sharedPath('data/mnist');
      case 'data/cifar10':
        return cifarFolder(this.#folder);
      case 'data/photographs':
        return this.#photographs();
      case 'models/mnist-mlp-1200.onnx':
        return sharedPath('models/mnist-mlp-1200.onnx');
      case 'models/resnet50.onnx':
        return this.#model(path, { architecture: 'resnet', depth: 18, width: 0.125, stem: 'imagenet' }, [3, 224, 224]);
      case 'models/student.onnx':
      case 'models/first.onnx':
      case 'models/second.onnx':
        return this.#model(path, { architecture: 'mlp', hidden: [16] }, [1, 28, 28]);
      default:
        return join(folder, path);
    }
  }

  async #model(path: string, architecture: Architecture, shape: readonly number[]): Promise<string> {
    const file = join(this.#folder, path.replace('/', '-'));
    const graph = buildStudent(architecture, classifierForm(shape, 10), randomStream(0, path));
    await saveModel(file, exportModel(graph, { name: 'example' }));
    return file;
  }

  /** Two classes of a few plain images. */
  async #photographs(): Promise<string> {
    const root = join(this.#folder, 'photographs');
    for (const [index, name] of ['dark', 'light'].entries()) {
      mkdirSync(join(root, name), { recursive: true });
      for (let number = 0; number < 8; number++) {
        const shade = 40 + 150 * index + number;
        const image = { width: 240, height: 230, channels: 3, background: { r: shade, g: shade, b: 90 } } as const;
        await sharp({ create: image })
          .png()
          .toFile(join(root, name, `${number}.png`));
      }
    }
    return root;
  }
}

/** The example as it stands, but brief: one epoch for everything, a few hundred samples. */
async function briefly(name: string, stand: Stand): Promise<Json | undefined> {
  const experiment = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;
  const dataset = experiment['dataset'] as Json;
  const path = String(dataset['path']);
  const found = path.startsWith('builtin:') ? path : await stand.fileFor(path);
  const teacher = await located(experiment['teacher'] as Json | null, stand);
  const student = await located(experiment['student'] as Json, stand);
  if (found === undefined || teacher === undefined || !student) return undefined;
  const training = { ...(experiment['training'] as Json), epochs: 1, batchSize: 8 };
  const isTrained = teacher !== null && ('architecture' in teacher || 'extractor' in teacher || 'training' in teacher);
  return {
    ...experiment,
    teacher: isTrained
      ? { ...teacher, training: { ...(teacher['training'] as Json), epochs: 1, maxSteps: 40 } }
      : teacher,
    dataset: { ...dataset, path: found, limit: Math.min(200, Number(dataset['limit'] ?? 200)) },
    student,
    training: { ...training, maxSteps: 12 },
    device: 'cpu',
  };
}

async function located(network: Json | null, stand: Stand): Promise<Json | null | undefined> {
  if (network === null) return null;
  const result: Json = { ...network };
  for (const key of ['model', 'extractor']) {
    if (!(key in result)) continue;
    result[key] = await stand.fileFor(String(result[key]));
    if (result[key] === undefined) return undefined;
  }
  if (!Array.isArray(result['ensemble'])) return result;
  const members = (result['ensemble'] as Json[]).map((member) => located(member, stand));
  return { ...result, ensemble: await Promise.all(members) };
}

describe('examples', () => {
  const files = temporaryFolder();
  const stand = new Stand(files);
  after(() => {
    removeFolder(files);
  });

  for (const name of names) {
    it(`runs ${name}`, async function () {
      const experiment = await briefly(name, stand);
      if (!experiment) {
        console.log(`      ${name} needs files that are not here`);
        this.skip();
      }
      const result = await runExperiment(experiment, {
        folder: join(files, name),
        baseDirectory: folder,
        signal: new AbortController().signal,
        onEvent: () => undefined,
      });
      assert.equal(result.state, 'finished');
      assert.ok(Number.isFinite(result.report.student.test.loss));
    });
  }

  it('are each described in their README', () => {
    const text = readFileSync(join(folder, 'README.md'), 'utf8');
    const missing = names.filter((name) => !text.includes(`\`${name.replace('.distill.json', '')}\``));
    assert.deepEqual(missing, []);
  });
});
