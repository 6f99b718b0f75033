import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { isEstimator } from '../../src/estimators/estimator.ts';
import { randomStream } from '../../src/data/random.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../src/onnx/file.ts';
import { buildStudent, type Architecture } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { smallDigits } from '../support/smallDigits.ts';

const folder = resolve('examples');
const names = readdirSync(folder).filter((name) => name.endsWith('.distill.json'));

type Json = Record<string, unknown>;

/** What is trained here is trained for a moment. */
const BRIEF = { epochs: 1, maxSteps: 8, batchSize: 8 } as const;
/** Pixels along a side of the photographs that stand for larger ones. */
const SMALL_SIDE = 64;

/** The files that an example leaves to its user, and what stands for them here. */
class Stand {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async fileFor(path: string): Promise<string> {
    switch (path) {
      case 'data/mnist':
        return smallDigits();
      case 'data/cifar10':
        return this.#imageFolder('cifar10', 10, 32);
      case 'data/photographs':
        return this.#imageFolder('photographs', 2, 235);
      case 'models/resnet50.onnx':
        return this.#model(path, { architecture: 'resnet', depth: 18, width: 0.125, stem: 'imagenet' }, [
          3,
          SMALL_SIDE,
          SMALL_SIDE,
        ]);
      case 'models/mnist-mlp-1200.onnx':
      case 'models/student.onnx':
      case 'models/first.onnx':
      case 'models/second.onnx':
        return this.#model(path, { architecture: 'mlp', hidden: [16] }, [1, 28, 28]);
      default:
        return resolve(folder, path);
    }
  }

  async #model(path: string, architecture: Architecture, shape: readonly number[]): Promise<string> {
    const file = join(this.#folder, path.replace('/', '-'));
    const graph = buildStudent(architecture, classifierForm(shape, 10), randomStream(0, path));
    await saveModel(file, exportModel(graph, { name: 'example' }));
    return file;
  }

  /** A few plain images in each of so many classes. */
  async #imageFolder(name: string, classes: number, side: number): Promise<string> {
    const root = join(this.#folder, name);
    if (existsSync(root)) return root;
    for (let index = 0; index < classes; index++) {
      mkdirSync(join(root, `class-${index}`), { recursive: true });
      for (let number = 0; number < 8; number++) {
        const shade = 40 + Math.round((150 * index) / classes) + number;
        const image = {
          width: side + 5,
          height: side,
          channels: 3,
          background: { r: shade, g: shade, b: 90 },
        } as const;
        await sharp({ create: image })
          .png()
          .toFile(join(root, `class-${index}`, `${number}.png`));
      }
    }
    return root;
  }
}

/** The example as it stands, but brief: one epoch for everything, a few hundred samples, small photographs. */
async function briefly(name: string, stand: Stand): Promise<Json> {
  const written = readFileSync(join(folder, name), 'utf8');
  const experiment = JSON.parse(
    written
      .replaceAll('"builtin:digits"', JSON.stringify(smallDigits()))
      .replaceAll('[224, 224]', JSON.stringify([SMALL_SIDE, SMALL_SIDE])),
  ) as Json;
  const dataset = experiment['dataset'] as Json;
  const path = String(dataset['path']);
  const found = await stand.fileFor(path);
  const given = experiment['teacher'] as Json | null;
  const teacher = given === null ? null : await located(given, stand);
  const student = await located(experiment['student'] as Json, stand);
  const training = { ...(experiment['training'] as Json), epochs: 1, batchSize: 8 };
  const isFitted = teacher !== null && isEstimator({ architecture: '', ...teacher });
  const isTrained =
    teacher !== null && !isFitted && ('architecture' in teacher || 'extractor' in teacher || 'training' in teacher);
  return {
    ...experiment,
    teacher: isTrained ? { ...teacher, training: { ...(teacher['training'] as Json), ...BRIEF } } : teacher,
    dataset: { ...dataset, path: found, limit: Math.min(200, Number(dataset['limit'] ?? 200)) },
    student,
    training: { ...training, maxSteps: path === 'data/photographs' ? 4 : 12 },
    // What the networks attend to is no matter of the file.
    report: { attentionSamples: 0, ...(experiment['report'] as Json | undefined) },
    device: 'cpu',
  };
}

async function located(network: Json, stand: Stand): Promise<Json> {
  const result: Json = { ...network };
  for (const key of ['model', 'extractor']) {
    if (!(key in result)) continue;
    result[key] = await stand.fileFor(String(result[key]));
  }
  const sites = result['sites'];
  if (Array.isArray(sites)) {
    result['sites'] = (sites as Json[]).map((site) => {
      const teacher = site['teacher'] as Json;
      return { ...site, teacher: { ...teacher, training: { ...(teacher['training'] as Json), ...BRIEF } } };
    });
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
    it(`runs ${name}`, async () => {
      const experiment = await briefly(name, stand);
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
