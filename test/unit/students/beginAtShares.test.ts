import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import type { Graph } from '../../../src/onnx/graph.ts';
import { beginAtShares } from '../../../src/students/beginAtShares.ts';
import { buildStudent, type Architecture } from '../../../src/students/buildStudent.ts';
import type { NetworkForm } from '../../../src/students/networkForm.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import type { NumberArray } from '../../support/reference/array.ts';
import { normalArray } from '../../support/studentChecks.ts';

const images: NetworkForm['samples'] = { kind: 'values', shape: [2, 8, 8] };
const vectors: NetworkForm['samples'] = { kind: 'values', shape: [5] };
const classes: NetworkForm['output'] = { kind: 'logits', classes: 3 };
const resnet: Architecture = { architecture: 'resnet', depth: 8, width: 0.25 };
const convnet: Architecture = { architecture: 'convnet', channels: [4], hidden: [5], batchNormalization: true };
const mlp: Architecture = { architecture: 'mlp', hidden: [16] };
const SHARES = [0.7, 0.2, 0.1];
const SAMPLES = 20;

function build(architecture: Architecture, form: NetworkForm): Graph {
  return buildStudent(architecture, form, randomStream(0, 'weights'));
}

async function logitsOf(graph: Graph, { samples }: NetworkForm): Promise<NumberArray> {
  const shape = samples.kind === 'values' ? samples.shape : [samples.length];
  const results = await runGraph(graph, new Map([['input', normalArray([SAMPLES, ...shape], 'samples')]]));
  const logits = results.get('logits');
  assert.ok(logits);
  return logits;
}

describe('beginAtShares', () => {
  for (const [architecture, samples] of [
    [mlp, vectors],
    [convnet, images],
    [resnet, images],
  ] as const) {
    it(`has a new ${architecture.architecture} say nearly the shares of the classes, whatever the sample`, async () => {
      const form = { samples, output: classes };
      const graph = build(architecture, form);
      beginAtShares(graph, SHARES, false);
      const { data } = await logitsOf(graph, form);
      const means = SHARES.map(() => 0);
      for (let sample = 0; sample < SAMPLES; sample++) {
        const powers = SHARES.map((_, name) => Math.exp(data[3 * sample + name] ?? NaN));
        const sum = powers.reduce((total, power) => total + power, 0);
        powers.forEach((power, name) => {
          means[name] = (means[name] ?? 0) + power / sum / SAMPLES;
        });
        // The largest class is the likeliest of every sample.
        assert.equal(powers.indexOf(Math.max(...powers)), 0);
      }
      means.forEach((mean, name) => {
        assert.ok(Math.abs(mean - (SHARES[name] ?? NaN)) < 0.05, `${name}: ${mean}`);
      });
    });
  }

  it('gives each class its own odds where a sample may have any number of them', async () => {
    const form = { samples: vectors, output: { ...classes, severalLabels: true } };
    const graph = build(mlp, form);
    beginAtShares(graph, [0.5, 0.9, 0.1], true);
    const { data } = await logitsOf(graph, form);
    assert.ok(Math.abs(data[0] ?? NaN) < 0.5);
    assert.ok(Math.abs((data[1] ?? NaN) - Math.log(9)) < 0.5);
    assert.ok(Math.abs((data[2] ?? NaN) + Math.log(9)) < 0.5);
  });

  it('leaves alone what ends otherwise', () => {
    const tree = build(
      { architecture: 'soft-tree', depth: 2, beta: 1, penalty: 0.1, predict: 'mean' },
      { samples: vectors, output: classes },
    );
    const before = [...tree.initializers];
    beginAtShares(tree, SHARES, false);
    assert.deepEqual([...tree.initializers], before);
    const others = build(mlp, { samples: vectors, output: { kind: 'logits', classes: 4 } });
    const kept = [...others.initializers];
    beginAtShares(others, SHARES, false);
    assert.deepEqual([...others.initializers], kept);
  });
});
