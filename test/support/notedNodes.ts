import { create } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema, type ModelProto } from '../../src/onnx/onnx_pb.ts';

/** A model whose nodes say, as those of PyTorch's newer exporter do, which rules changed them and which call they were. */
export function notedNodes(model: ModelProto, rules: string, call: string): ModelProto {
  const entries = {
    'pkg.onnxscript.rewriter.rule_name': rules,
    'pkg.torch.onnx.fx_node': `%conv : [num_users=1] = call_function[target=aten](args = (${call}), kwargs = {})`,
  };
  for (const node of model.graph?.node ?? []) {
    node.metadataProps = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
  }
  return model;
}
