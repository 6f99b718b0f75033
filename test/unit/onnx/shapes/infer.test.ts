import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { compareWithRuntime, Sketch } from '../../../support/shapeCheck.ts';
import { arrangementCases } from './arrangementCases.ts';
import { elementwiseCases } from './elementwiseCases.ts';
import { layerCases } from './layerCases.ts';
import { runtimeCases } from './runtimeCases.ts';
import type { ShapeCase } from './shapeCase.ts';

const cases: readonly ShapeCase[] = [...elementwiseCases, ...layerCases, ...arrangementCases, ...runtimeCases];
const seeds = [0, 1, 2, 3, 4, 5];

describe('shape inference', () => {
  for (const { title, build, batchPasses = true } of cases) {
    it(`${title}: equals what ONNX Runtime computes`, async () => {
      for (const seed of seeds) {
        const random = new Random(seed);
        const sketch = new Sketch(random, 3);
        build(sketch);
        await compareWithRuntime(sketch.graph, random);
      }
    });

    if (!batchPasses) continue;
    it(`${title}: a named batch passes through`, () => {
      for (const seed of seeds) {
        const [numeric, named] = [new Sketch(new Random(seed), 7), new Sketch(new Random(seed), 'batch')];
        build(numeric);
        build(named);
        const bound = named.graph.outputs.map(({ shape }) => shape.map((size) => (size === 'batch' ? 7 : size)));
        assert.deepEqual(
          bound,
          numeric.graph.outputs.map(({ shape }) => [...shape]),
        );
        assert.ok(
          named.graph.outputs.every(({ shape }) => shape.includes('batch')),
          'no output has the batch',
        );
      }
    });
  }
});
