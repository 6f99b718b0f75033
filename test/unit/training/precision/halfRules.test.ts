import { gradients } from '../../../../src/autodiff/gradients.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { copyGraph, type Rewrite } from '../../../../src/onnx/copy.ts';
import { dimensionsOf, Graph, int } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { lowerHalves } from '../../../../src/training/lowering/halves/lowerHalves.ts';
import { castTo } from '../../../../src/training/precision/castTo.ts';
import { HalfForward } from '../../../../src/training/precision/halfForward.ts';
import { assertClose, buildGradients, type GradientCase } from '../../../support/gradientCheck.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { gradientCases } from '../../autodiff/rules/gradientCases.ts';

/** Error allowed, relative to the largest entry; the unit of float16 is 1e-3. */
const TOLERANCE = 0.02;

/** The gradients of a case whose inputs are activations of half precision, or of single precision. */
function gradientGraph(check: GradientCase, type: 'float16' | 'float32'): Graph {
  const source = new Graph();
  const sources = check.inputs.map(({ shape }, index) => source.input(`input_${index}`, 'float32', shape));
  const outputs = [check.build(source, sources)].flat().filter((output) => output !== undefined);
  const graph = new Graph();
  graph.reserve(source.names);
  const inputs = sources.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const bindings = new Map(inputs.map((input) => [input.name, castTo(graph, input, type)]));
  const keep: Rewrite = () => undefined;
  const half = new HalfForward(graph, bindings.values());
  const copies = copyGraph(graph, source, { bindings, prefix: 'copy.', rewrite: half.rewrite(keep, 'copy.') });
  const random = randomStream(0, `${check.operator}: ${check.title}`);
  const terms = outputs.map((output): Value => {
    const value = castTo(graph, copies.get(output.name)!, 'float32');
    const shape = dimensionsOf(value);
    const weights = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1.5, 1.5));
    const product = graph.op('Mul', [value, graph.constant(floatTensor(weights, shape))]);
    return graph.op('ReduceSum', [product], { keepdims: int(0) });
  });
  const loss = terms.reduce((sum, term) => graph.op('Add', [sum, term]));
  gradients(graph, loss, inputs).forEach((gradient, index) => graph.output(gradient, `gradient_${index}`));
  return lowerHalves(graph, 'cpu');
}

describe('gradient rules in half precision', () => {
  for (const check of gradientCases) {
    it(`${check.operator}: ${check.title}`, async () => {
      const { feeds } = buildGradients(check);
      const expected = await runGraph(gradientGraph(check, 'float32'), feeds);
      const computed = await runGraph(gradientGraph(check, 'float16'), feeds);
      for (const [name, array] of expected) assertClose(computed.get(name)!, array, TOLERANCE, name);
    });
  }
});
