import { clone } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto, type NodeProto } from '../onnx_pb.ts';

/** What is told of a model that was exported as it trains. */
export const TRAINING_FORM_NOTE =
  'The model was exported as it trains (batch normalisation over the batch at hand, random dropout); it is used as it predicts, with the ' +
  'statistics that it holds.';

/**
 * A model whose batch normalisations and dropouts do what they do in prediction. PyTorch exports them as they train with
 * `training=TrainingMode.TRAINING`, so that they stay apart from convolutions: then every output depends on the other samples of its batch.
 * A model that is in that form already comes back as it is.
 */
export function inferenceForm(model: ModelProto): ModelProto {
  if (!model.graph?.node.some((node) => isTraining(node))) return model;
  const changed = clone(ModelProtoSchema, model);
  for (const node of changed.graph?.node ?? []) {
    if (!isTraining(node)) continue;
    if (node.opType === 'Dropout') {
      node.input = node.input.slice(0, 2);
      continue;
    }
    node.output = node.output.slice(0, 1);
    node.attribute = node.attribute.filter(({ name }) => name !== 'training_mode');
  }
  return changed;
}

/** Before opset 14 the statistics of the batch were outputs of batch normalisation; after it there is an attribute. */
function isTraining({ opType, domain, output, input, attribute }: NodeProto): boolean {
  if (domain !== '' && domain !== 'ai.onnx') return false;
  if (opType === 'Dropout') return (input[2] ?? '') !== '';
  if (opType !== 'BatchNormalization') return false;
  return output.length > 1 || attribute.some(({ name, i }) => name === 'training_mode' && i === 1n);
}
