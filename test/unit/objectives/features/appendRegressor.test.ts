import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import {
  appendProjection,
  appendRegressor,
  regressorsOf,
} from '../../../../src/objectives/features/appendRegressor.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { floatData, type Shape } from '../../../../src/onnx/tensor.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { at, type NumberArray } from '../../../support/reference/array.ts';
import { mean } from '../losses/byHand.ts';
import { randomArray } from '../losses/lossCheck.ts';
import { usualTerms } from '../losses/terms.ts';

/** Appends to a student whose feature is its input, with a symbolic batch, and runs it. */
async function append(append: typeof appendRegressor, feature: NumberArray, teacherShape: Shape) {
  const graph = new Graph();
  const input = graph.input('feature', 'float32', ['N', ...feature.shape.slice(1)]);
  const value = append(graph, input, teacherShape, 'regressor.0', randomStream(1, 'regressors'));
  graph.output(value);
  const weights = [...graph.initializers].filter(([name]) => !graph.isConstant(name));
  const result = (await runGraph(graph, new Map([['feature', feature]]))).get('regressor.0')!;
  return {
    value,
    result,
    weights: new Map(weights.map(([name, tensor]) => [name, { shape: tensor.shape, data: floatData(tensor) }])),
  };
}

describe('regressor', () => {
  it('of vectors is a linear map', async () => {
    const feature = randomArray([2, 3], 60);
    const { result, weights } = await append(appendRegressor, feature, ['batch', 4]);
    const [weight, bias] = [weights.get('regressor.0.weight')!, weights.get('regressor.0.bias')!];
    assert.deepEqual([weight.shape, bias.shape, result.shape], [[3, 4], [4], [2, 4]]);
    const expected = [0, 1, 2].reduce((sum, i) => sum + at(feature, [1, i]) * weight.data[i * 4 + 2]!, bias.data[2]!);
    assert.ok(Math.abs(at(result, [1, 2]) - expected) < 1e-5);
  });

  it('of maps is a 1×1 convolution', async () => {
    const feature = randomArray([2, 3, 2, 2], 61);
    const { value, result, weights } = await append(appendRegressor, feature, [8, 5, 2, 2]);
    assert.deepEqual(value.shape, ['N', 5, 2, 2]);
    const [weight, bias] = [weights.get('regressor.0.weight')!, weights.get('regressor.0.bias')!];
    assert.deepEqual(weight.shape, [5, 3, 1, 1]);
    const expected = [0, 1, 2].reduce(
      (sum, c) => sum + at(feature, [1, c, 0, 1]) * weight.data[4 * 3 + c]!,
      bias.data[4]!,
    );
    assert.ok(Math.abs(at(result, [1, 4, 0, 1]) - expected) < 1e-5);
  });

  it('of token features maps the last axis', async () => {
    const { result, weights } = await append(appendRegressor, randomArray([2, 4, 3], 62), ['B', 'L', 6]);
    assert.deepEqual(result.shape, [2, 4, 6]);
    assert.deepEqual([...weights.keys()].sort(), ['regressor.0.bias', 'regressor.0.weight']);
  });

  it('refuses maps of different sizes, and vectors against maps', async () => {
    const refusal = { code: 'BAD_INPUT', message: /'feature': a regressor cannot map \[N, 3, 2, 2\]/ };
    await assert.rejects(append(appendRegressor, randomArray([2, 3, 2, 2], 63), ['N', 5, 4, 4]), refusal);
    await assert.rejects(append(appendRegressor, randomArray([2, 3, 2, 2], 63), ['N', 5]), refusal);
  });

  it('begins with the same weights for the same seed', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => append(appendRegressor, randomArray([2, 3], 64), ['N', 4])),
    );
    assert.deepEqual(one?.weights, other?.weights);
  });
});

describe('projection', () => {
  it('averages a map over its positions and maps it linearly to the teacher’s channels', async () => {
    const feature = randomArray([2, 3, 2, 2], 65);
    const { result, weights } = await append(appendProjection, feature, ['N', 5, 8, 8]);
    assert.deepEqual(result.shape, [2, 5]);
    assert.deepEqual([...weights.keys()], ['regressor.0.weight']);
    const { data } = weights.get('regressor.0.weight')!;
    const expected = [0, 1, 2].reduce((sum, c) => {
      const pooled = mean([0, 1].flatMap((y) => [0, 1].map((x) => at(feature, [1, c, y, x]))));
      return sum + pooled * data[c * 5 + 3]!;
    }, 0);
    assert.ok(Math.abs(at(result, [1, 3]) - expected) < 1e-5);
  });
});

describe('regressors of an objective', () => {
  it('are one for every term that maps features, numbered', () => {
    const { kd, hint, cosine, contrastive, 'queue-similarity': similarity } = usualTerms;
    assert.deepEqual(regressorsOf([kd, hint, cosine, { ...contrastive, student: 'last' }, similarity]), [
      { name: 'regressor.0', term: 1, kind: 'regressor', student: 'feature', teacher: 'feature' },
      { name: 'regressor.1', term: 3, kind: 'projection', student: 'last', teacher: 'feature' },
      { name: 'regressor.2', term: 4, kind: 'projection', student: 'feature', teacher: 'feature' },
    ]);
  });
});
