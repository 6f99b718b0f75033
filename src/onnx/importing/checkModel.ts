import { DistilleryError } from '../../errors.ts';
import type { GraphProto, ModelProto } from '../onnx_pb.ts';
import { checkTensorLength } from '../tensorProto.ts';

/** The newest version of the file format that the runtime reads. */
const NEWEST_FORMAT = 13;
/** The newest standard operators that the runtime has. */
const NEWEST_OPSET = 26;
/** Graphs in graphs; exporters write a few. */
const DEEPEST_NESTING = 32;

/**
 * Checks what every ONNX file fulfils and a damaged one may not: it names its operator set, it has outputs, every value
 * is produced once and before it is used, and every tensor has as many elements as its shape says.
 * @throws DistilleryError `BAD_FILE` with the first thing that is wrong, `UNSUPPORTED` when the file is newer than what can be read
 */
export function checkModel(model: ModelProto): void {
  refuseNewer(model);
  if (!model.graph) throw damaged('it holds no graph');
  if (model.opsetImport.length === 0) throw damaged('it does not say which operator set it uses');
  if (model.graph.output.length === 0) throw damaged('its graph has no outputs');
  checkGraph(model.graph, new Set(), 0);
}

/** Newer versions of the format or of the standard operators than there are in the runtime: its own refusal speaks to its developers. */
function refuseNewer({ irVersion, opsetImport }: ModelProto): void {
  if (irVersion > BigInt(NEWEST_FORMAT)) throw tooNew(`IR version ${irVersion}`, NEWEST_FORMAT, 'an older IR version');
  for (const { domain, version } of opsetImport) {
    if ((domain === '' || domain === 'ai.onnx') && version > BigInt(NEWEST_OPSET)) {
      throw tooNew(`operator set ${version}`, NEWEST_OPSET, `opset ${NEWEST_OPSET} or older`);
    }
  }
}

function tooNew(found: string, newest: number, wanted: string): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `The model has ${found}; this version of Distillery reads up to ${newest}.`,
    {
      hint: `Export it again with ${wanted}.`,
    },
  );
}

/** Checks one graph whose nodes may use the values of `outer`, those of the graphs around it. */
function checkGraph(graph: GraphProto, outer: ReadonlySet<string>, depth: number): void {
  if (depth > DEEPEST_NESTING) throw damaged(`its graphs are nested more than ${DEEPEST_NESTING} deep`);
  const values = new Set(outer);
  const own = new Set<string>();
  const declare = (name: string): void => {
    if (own.has(name)) throw damaged(`'${name}' is produced twice`);
    own.add(name);
    values.add(name);
  };
  for (const { name } of graph.input) declare(name);
  for (const tensor of graph.initializer) {
    checkTensorLength(tensor);
    // Before IR version 4, every initializer had to be listed as an input too.
    if (!own.has(tensor.name)) declare(tensor.name);
  }
  for (const node of graph.node) {
    if (node.opType === '') throw damaged(`a node '${node.name}' has no operator`);
    for (const input of node.input) {
      if (input !== '' && !values.has(input)) {
        throw damaged(`node '${node.name}' (${node.opType}) reads '${input}', which nothing produces`);
      }
    }
    for (const attribute of node.attribute) {
      if (attribute.t) checkTensorLength(attribute.t);
      if (attribute.g) checkGraph(attribute.g, values, depth + 1);
      for (const nested of attribute.graphs) checkGraph(nested, values, depth + 1);
    }
    for (const output of node.output) if (output !== '') declare(output);
  }
  for (const { name } of graph.output) {
    if (!values.has(name)) throw damaged(`output '${name}' is not produced by any node`);
  }
}

/** The refusal of a model that is not whole. @param reason what is wrong, as the rest of a sentence */
export function damaged(reason: string): DistilleryError {
  return new DistilleryError('BAD_FILE', `The model is damaged: ${reason}.`, {
    hint: 'Export or download the file again.',
  });
}
