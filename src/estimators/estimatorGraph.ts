import { Graph } from '../onnx/graph.ts';
import { elementCount } from '../onnx/tensor.ts';
import { appendTrees } from './appendTrees.ts';
import type { EstimatorOptions, FittedEstimator } from './estimator.ts';
import { appendScores } from './linear/fitLinear.ts';
import { appendFourierFeatures } from './linear/fourierFeatures.ts';
import { appendLogits } from './logarithms.ts';
import { appendSecondLogit } from './secondLogit.ts';
import type { Tree } from './tree/tree.ts';

/** What an estimator takes and gives. */
export interface EstimatorForm {
  /** Dimensions of one sample, which is taken as a row of numbers. */
  readonly sampleShape: readonly number[];
  /** Logits of so many classes, or numbers of this shape. */
  readonly output:
    | { readonly kind: 'classes'; readonly classes: number }
    | { readonly kind: 'numbers'; readonly shape: readonly number[] };
}

/** The forward graph of an estimator, with a symbolic batch: it takes `input` and gives `logits`, or `output`. */
export function estimatorGraph({ append }: Pick<FittedEstimator, 'append'>, form: EstimatorForm): Graph {
  const graph = new Graph();
  const samples = graph.input('input', 'float32', ['batch', ...form.sampleShape]);
  const features = elementCount(form.sampleShape);
  const rows = form.sampleShape.length === 1 ? samples : graph.op('Reshape', [samples, graph.integers([0, features])]);
  const given = append(graph, rows);
  const [name, shape] =
    form.output.kind === 'classes' ? ['logits', [form.output.classes]] : ['output', form.output.shape];
  const target = graph.integers([0, ...shape]);
  graph.output(graph.op('Reshape', [given, target], {}, { name: `${name}.values`, outputs: [name] }));
  return graph;
}

/**
 * The graph of an estimator before it is fitted, which says nothing yet: what it takes and gives is that of the fitted one. The size of a
 * linear one is known; trees have a single leaf.
 */
export function unfittedGraph(options: EstimatorOptions, form: EstimatorForm): Graph {
  const features = elementCount(form.sampleShape);
  const isClasses = form.output.kind === 'classes';
  const width = form.output.kind === 'classes' ? form.output.classes : elementCount(form.output.shape);
  const isTwo = isClasses && width === 2;
  const scores = isTwo ? 1 : width;
  const append: FittedEstimator['append'] = (graph, rows) => {
    switch (options.architecture) {
      case 'decision-tree':
      case 'random-forest':
      case 'gradient-boosting': {
        const given = appendTrees(graph, rows, { trees: [{ tree: leaf(width), output: 0 }], factor: 1, width });
        return isClasses ? appendLogits(graph, given) : given;
      }
      case 'linear':
      case 'svm': {
        const kernel = options.architecture === 'svm' && options.kernel === 'rbf' ? options.components : undefined;
        const seen =
          kernel === undefined ? rows : appendFourierFeatures(graph, rows, noDirections(features, kernel), features);
        const seenFeatures = kernel ?? features;
        const weights = new Float64Array((seenFeatures + 1) * scores);
        const given = appendScores(graph, seen, weights, { features: seenFeatures, width: scores });
        return isTwo ? appendSecondLogit(graph, given) : given;
      }
    }
  };
  return estimatorGraph({ append }, form);
}

function noDirections(features: number, components: number) {
  return { directions: new Float32Array(features * components), phases: new Float32Array(components), components };
}

/** A tree that gives the same for every sample. */
function leaf(width: number): Tree {
  return {
    feature: Int32Array.of(-1),
    threshold: Float32Array.of(0),
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    width,
    values: new Float64Array(width).fill(1 / width),
    rows: Int32Array.of(0),
    weight: Float64Array.of(0),
    impurity: Float64Array.of(0),
  };
}
