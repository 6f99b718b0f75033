// Takes steps with finite and other gradients under a scale of the loss on the WebGPU provider and prints what becomes of them as JSON.
import { Graph } from '../../src/onnx/graph.ts';
import { buildGradientFactor } from '../../src/training/step/gradientFactor.ts';
import { LossScale } from '../../src/training/precision/lossScale.ts';
import { runGraph } from './onnxruntime.ts';
import { arrayOf } from './reference/array.ts';

const results: number[][] = [];
for (const gradient of [
  [1, 2, 3],
  [1, Infinity, 2],
  [-Infinity, 3e4, 0],
  [1, NaN, 2],
]) {
  const graph = new Graph();
  const lossScale = new LossScale(graph, { initial: 1, growthInterval: 3 });
  const [grown, weights] = [graph.input('gradient', 'float32', [3]), graph.input('weights', 'float32', [3])];
  const { factor, isGood } = buildGradientFactor(graph, [grown], { clipNorm: undefined, lossScale });
  graph.output(graph.op('Where', [isGood, graph.op('Mul', [grown, factor]), weights]), 'taken');
  for (const { name, next } of isGood ? lossScale.states(isGood) : []) graph.output(next, `${name}.next`);
  const feeds = new Map([
    ['lossScale', arrayOf([1], [1024])],
    ['lossScale.goodSteps', arrayOf([1], [2])],
    ['gradient', arrayOf([3], gradient)],
    ['weights', arrayOf([3], [7, 8, 9])],
  ]);
  const outputs = await runGraph(graph, feeds, 'webgpu');
  results.push(['taken', 'lossScale.next'].flatMap((name) => [...(outputs.get(name)?.data ?? [])]));
}
process.stdout.write(JSON.stringify(results));
