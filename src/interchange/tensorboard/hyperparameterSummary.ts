import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { HyperparameterValue } from '../hyperparameters.ts';

/** How a session of TensorBoard's hparams plugin ended (tensorboard/plugins/hparams/api.proto). */
export const sessionStatus = { unknown: 0, success: 1, failure: 2 } as const;

/**
 * The beginning of a session for TensorBoard's hparams plugin, as a value of a summary: its hyperparameters
 * (`SessionStartInfo` of tensorboard/plugins/hparams/plugin_data.proto).
 *
 * @param startedAt seconds since 1970
 */
export function sessionStart(hyperparameters: ReadonlyMap<string, HyperparameterValue>, startedAt: number): Uint8Array {
  const info = new BinaryWriter();
  for (const [name, value] of hyperparameters) {
    info.tag(1, WireType.LengthDelimited).fork();
    info.tag(1, WireType.LengthDelimited).string(name);
    info.tag(2, WireType.LengthDelimited).fork();
    writeValue(info, value);
    info.join().join();
  }
  info.tag(5, WireType.Bit64).double(startedAt);
  return pluginValue('_hparams_/session_start_info', 3, info.finish());
}

/** The end of a session (`SessionEndInfo`). @param endedAt seconds since 1970 */
export function sessionEnd(status: keyof typeof sessionStatus, endedAt: number): Uint8Array {
  const info = new BinaryWriter().tag(1, WireType.Varint).int32(sessionStatus[status]);
  return pluginValue('_hparams_/session_end_info', 4, info.tag(2, WireType.Bit64).double(endedAt).finish());
}

/** A `google.protobuf.Value`. */
function writeValue(writer: BinaryWriter, value: HyperparameterValue): void {
  if (typeof value === 'number') writer.tag(2, WireType.Bit64).double(value);
  else if (typeof value === 'string') writer.tag(3, WireType.LengthDelimited).string(value);
  else writer.tag(4, WireType.Varint).bool(value);
}

/** A `Summary.Value` whose metadata hold the plugin's data, one of the fields of `HParamsPluginData`. */
function pluginValue(tag: string, field: number, data: Uint8Array): Uint8Array {
  const content = new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(data).finish();
  const plugin = new BinaryWriter().tag(1, WireType.LengthDelimited).string('hparams');
  const pluginData = plugin.tag(2, WireType.LengthDelimited).bytes(content).finish();
  const metadata = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(pluginData).finish();
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag);
  return value.tag(9, WireType.LengthDelimited).bytes(metadata).finish();
}
