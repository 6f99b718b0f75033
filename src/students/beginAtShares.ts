import type { Graph } from '../onnx/graph.ts';
import { floatData, floatTensor } from '../onnx/tensor.ts';

/** What is left of the weights of the last layer: enough for losses that compare directions, and little beside the shares. */
const LEFT = 0.1;

/**
 * Has a network that was built say of every sample nearly what the shares of the classes say, before it has learned anything: the logarithms of
 * the shares become the biases of its last layer, and that layer's weights small (as in "Focal loss", arXiv 1708.02002, section 4.1). What
 * it is right on by chance early in its training is then no more than whoever always says the largest class. A network without such a
 * layer stays as it is.
 *
 * @param shares of every class; see `classShares`
 * @param severalLabels whether a sample may have any number of the classes
 */
export function beginAtShares(graph: Graph, shares: readonly number[], severalLabels: boolean): void {
  const [weight, bias] = [graph.initializers.get('output.weight'), graph.initializers.get('output.bias')];
  if (!weight || !bias || floatData(bias).length !== shares.length) return;
  const logits = shares.map((share) => Math.log(severalLabels ? share / (1 - share) : share));
  graph.initializers.set('output.bias', floatTensor(Float32Array.from(logits), bias.shape));
  const small = floatData(weight).map((value) => value * LEFT);
  graph.initializers.set('output.weight', floatTensor(small, weight.shape));
}
