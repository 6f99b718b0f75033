import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { DistilleryError } from '../../errors.ts';
import { TensorProto_DataLocation, type GraphProto, type ModelProto, type TensorProto } from '../onnx_pb.ts';
import { rawByteLength } from '../tensorProto.ts';

/** A stretch of a file that holds one tensor. */
interface Stretch {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Brings the tensors that a model keeps in other files into the model, which needs no other file from then on.
 *
 * @param directory folder of the model; locations are relative to it
 * @param path of the model: when that is a link, data may also lie where it leads
 * @param onData called with the bytes of every tensor, in the order of the model
 * @returns size in bytes of the files read, together, and whether numbers that shapes may follow from lay there
 * @throws DistilleryError `BAD_FILE` when a location leaves the folder, also by a link, or is no file or too short, `FILE_NOT_FOUND` when
 *   there is no such file
 */
export async function inlineExternalData(
  model: ModelProto,
  directory: string,
  onData: (bytes: Uint8Array) => void,
  path?: string,
): Promise<{ readonly bytes: number; readonly hidesShapes: boolean }> {
  const sizes = new Map<string, number>();
  // Download caches keep links to the model and to its data, which lie side by side elsewhere.
  const real = (place: string): Promise<string> => realpath(place).catch(() => place);
  const folders = [await real(directory), ...(path === undefined ? [] : [dirname(await real(path))])];
  let hidesShapes = false;
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    hidesShapes ||= mayGiveShape(tensor);
    const { bytes, fileSize } = await readStretch(tensor, stretchOf(tensor), directory, folders);
    sizes.set(join(directory, stretchOf(tensor).location), fileSize);
    onData(bytes);
    tensor.rawData = bytes;
    tensor.externalData = [];
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
  }
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), hidesShapes };
}

/** Elements that a shape, its axes or the scales of its sizes have at most. */
const MOST_AXES = 16;

/** Whether the shape of some value may follow from a tensor, as from that of a Reshape or a Resize. */
function mayGiveShape({ dims }: TensorProto): boolean {
  return dims.length <= 1 && dims.every((size) => size <= MOST_AXES);
}

/** Every tensor stored in a model: initializers and attributes, nested graphs included. */
function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  if (model.graph) yield* tensorsOfGraph(model.graph);
}

function* tensorsOfGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      if (attribute.g) yield* tensorsOfGraph(attribute.g);
      for (const nested of attribute.graphs) yield* tensorsOfGraph(nested);
    }
  }
}

function stretchOf(tensor: TensorProto): Stretch {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (location === undefined || location === '') {
    throw new DistilleryError('BAD_FILE', `Tensor '${tensor.name}' lies in an external file whose name is missing.`);
  }
  if (isAbsolute(location) || /^[a-z]:/i.test(location) || location.split(/[\\/]/).includes('..')) {
    throw new DistilleryError(
      'BAD_FILE',
      `Tensor '${tensor.name}' lies in '${location}', outside of the model's folder; that is refused.`,
      { hint: 'External data must lie beside the model.' },
    );
  }
  const expected = rawByteLength(tensor);
  if (expected === undefined) {
    throw new DistilleryError('UNSUPPORTED', `Tensor '${tensor.name}' in '${location}' has an unsupported type.`);
  }
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? expected);
  if (!Number.isSafeInteger(offset) || offset < 0 || length !== expected) {
    throw new DistilleryError(
      'BAD_FILE',
      `Tensor '${tensor.name}' of shape [${tensor.dims.join(', ')}] needs ${expected} bytes, but ${entries.get('length') ?? 'none'} ` +
        `at offset ${entries.get('offset') ?? 0} of '${location}' are given.`,
    );
  }
  return { location, offset, length };
}

/** Leaves our own refusals as they are. */
function unlessOurs(handle: (cause: unknown) => never): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof DistilleryError) throw cause;
    return handle(cause);
  };
}

/** A link may lead anywhere, and what is no file may never end. */
async function refuseElsewhere(tensor: TensorProto, path: string, folders: readonly string[]): Promise<void> {
  const target = await realpath(path);
  const isInside = folders.some((folder) => {
    const way = relative(folder, target);
    return way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
  });
  if (!isInside) {
    throw new DistilleryError(
      'BAD_FILE',
      `Tensor '${tensor.name}' lies in '${path}', a link to '${target}' outside of the model's folder; that is refused.`,
      { hint: 'External data must lie beside the model.' },
    );
  }
  if (!(await stat(target)).isFile()) {
    throw new DistilleryError('BAD_FILE', `Tensor '${tensor.name}' lies in '${path}', which is no file.`, {
      hint: 'External data must lie in a file beside the model.',
    });
  }
}

async function readStretch(
  tensor: TensorProto,
  { location, offset, length }: Stretch,
  directory: string,
  folders: readonly string[],
): Promise<{ bytes: Uint8Array; fileSize: number }> {
  const path = join(directory, location);
  const unreadable = (cause: unknown): never => {
    throw new DistilleryError(
      'FILE_NOT_FOUND',
      `The model keeps tensor '${tensor.name}' in '${path}', which cannot be read.`,
      { cause, hint: 'Copy the external data file beside the model.' },
    );
  };
  await refuseElsewhere(tensor, path, folders).catch(unlessOurs(unreadable));
  const file = await open(path, 'r').catch(unreadable);
  try {
    const { size: fileSize } = await file.stat();
    if (fileSize < offset + length) {
      throw new DistilleryError(
        'BAD_FILE',
        `'${path}' has ${fileSize} bytes, but tensor '${tensor.name}' ends at byte ${offset + length}; the file is damaged.`,
      );
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) throw new DistilleryError('BAD_FILE', `'${path}' became shorter while it was read.`);
      filled += bytesRead;
    }
    return { bytes, fileSize };
  } finally {
    await file.close();
  }
}
