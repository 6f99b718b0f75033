import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';

/** The first operator set that has integers with a scale for each channel. */
const FIRST_OPSET = 13;

const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN']);
const PRODUCTS: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul']);

/**
 * What keeps a student from being trained as it computes in int8, where the experiment asks for that.
 * @param student undefined while it cannot be built, which is told elsewhere
 */
export function checkAware(experiment: Experiment, student: InitialNetwork | undefined): Problem[] {
  if (!experiment.quantization?.aware) return [];
  const message = refusalOf(experiment, student);
  if (message === undefined) return [];
  return [{ where: 'quantization.aware', message, hint: "Set 'aware' to false; 'staticInt8' needs no training." }];
}

function refusalOf(
  { engine, dataset, export: { opset } }: Experiment,
  student: InitialNetwork | undefined,
): string | undefined {
  if (engine === 'tensorflow') return "The engine 'tensorflow' cannot train a student as it computes in int8.";
  if (dataset.exclude !== undefined && dataset.exclude.length > 0) {
    return 'Classes without samples are corrected for after training, which a student in int8 cannot be.';
  }
  if (!student) return undefined;
  if (student.softTree) return 'A soft decision tree is not computed in int8.';
  if (student.front) return 'A head on a frozen extractor is not trained as a whole, as it would have to be for int8.';
  const written = opset ?? opsetOf(student);
  if (written !== undefined && written < FIRST_OPSET) {
    return `The student is written in operator set ${written}; the first that has int8 with a scale for each channel is ${FIRST_OPSET}.`;
  }
  const { nodes, initializers } = student.graph;
  const recurrent = nodes.find(({ operator, domain }) => domain === '' && RECURRENT.has(operator));
  if (recurrent) return `The student has a recurrent layer (${recurrent.operator}), which is not computed in int8.`;
  const hasProduct = nodes.some(
    ({ operator, domain, inputs: [, weight] }) =>
      domain === '' && PRODUCTS.has(operator) && weight !== undefined && initializers.has(weight.name),
  );
  return hasProduct
    ? undefined
    : 'The student has no layer that is computed in int8: no convolution and no dense layer.';
}

/** The operator set of the file that the student starts from; undefined where it is built. */
function opsetOf({ source }: InitialNetwork): number | undefined {
  const version = source?.opsetImport.find(({ domain }) => domain === '')?.version;
  return version === undefined ? undefined : Number(version);
}
