import type { Dataset } from 'jsfive';
import type { Hdf5Array, Hdf5Storage } from './hdf5Messages.ts';

/** Types of messages in the header of an object ("HDF5 File Format Specification", IV.A.2). */
const MESSAGE = { dataspace: 1, datatype: 3, fill: 5, external: 7, layout: 8 } as const;
/** Flag of a message that lies elsewhere. */
const SHARED = 2;
const NULL_DATASPACE = 2;
const FILL_DEFINED = 0x20;
const LAYOUT = { compact: 0, contiguous: 1, chunked: 2 } as const;
/** The address of what was not written. */
const UNDEFINED_ADDRESS = 2 ** 64;
/** Bits of exponent and mantissa of IEEE 754, by bytes. */
const FLOATS: Readonly<Record<number, readonly [number, number]>> = { 2: [5, 10], 4: [8, 23], 8: [11, 52] };
const CLASSES: Readonly<Record<number, string>> = {
  2: 'times',
  3: 'texts',
  4: 'bits',
  5: 'opaque bytes',
  6: 'records',
  7: 'references',
  9: 'texts or lists',
  10: 'lists',
};
/** Classes of MATLAB's variables that are stored as numbers and are none. */
const MATLAB_CLASSES: Readonly<Record<string, string>> = {
  char: 'text',
  cell: 'cells',
  struct: 'a struct',
  function_handle: 'a function',
};

/** Why something is no array of numbers that can be read. */
export class NoArray extends Error {}

/**
 * Describes an array of numbers in an HDF5 file: its type, its shape, and where the numbers lie.
 *
 * @param file from the HDF5 signature on
 * @param isMatlab whether attributes say what numbers stand for; others' attributes may be of kinds that are not read
 * @throws NoArray when it holds something else, or is stored in a way that is not read
 * @throws Error or a text, as jsfive does, when the file is damaged
 */
export function describeArray(
  name: string,
  { _dataobjects: objects }: Dataset,
  file: ArrayBuffer,
  isMatlab: boolean,
): Hdf5Array {
  const view = new DataView(file);
  const place = (type: number): number | undefined => {
    const message = objects.find_msg_type(type)[0];
    if (!message) return undefined;
    if (((message.get('flags') ?? 0) & SHARED) !== 0) throw new NoArray('of a type that is stored elsewhere');
    return message.get('offset_to_message');
  };
  const datatype = place(MESSAGE.datatype);
  const dataspace = place(MESSAGE.dataspace);
  const layout = place(MESSAGE.layout);
  if (datatype === undefined || dataspace === undefined || layout === undefined) throw new NoArray('damaged');
  refuseOtherTypes(view, datatype);
  const matlab = isMatlab ? objects.get_attributes() : {};
  const matlabClass = typeof matlab['MATLAB_class'] === 'string' ? matlab['MATLAB_class'].replaceAll('\0', '') : '';
  const otherClass = MATLAB_CLASSES[matlabClass];
  if (otherClass !== undefined) throw new NoArray(otherClass);
  const shape = objects.determine_data_shape(file, dataspace);
  const isNull = view.getUint8(dataspace) === 2 && view.getUint8(dataspace + 3) === NULL_DATASPACE;
  if (isNull || shape.includes(0) || matlab['MATLAB_empty'] !== undefined) throw new NoArray('empty');
  if (objects.find_msg_type(MESSAGE.external).length > 0) throw new NoArray('stored in another file');
  const type = objects.dtype;
  if (typeof type !== 'string') throw new NoArray('no numbers');
  return { name, type, shape, storage: storageOf(view, layout, objects), fill: fillOf(view, place(MESSAGE.fill)) };
}

/** Whole numbers and floating-point numbers of the usual forms alone are read. */
function refuseOtherTypes(view: DataView, at: number): void {
  const kind = view.getUint8(at) & 0x0f;
  const size = view.getUint32(at + 4, true);
  // Names for numbers: the type of the numbers follows.
  if (kind === 8) {
    refuseOtherTypes(view, at + 8);
    return;
  }
  if (kind > 1) throw new NoArray(CLASSES[kind] ?? 'no numbers');
  const [offset, precision] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (offset !== 0 || precision !== 8 * size) throw new NoArray(`numbers of ${precision} bits`);
  if (kind === 0) return;
  const [exponent, mantissa] = FLOATS[size] ?? [];
  if (view.getUint8(at + 13) !== exponent || view.getUint8(at + 15) !== mantissa) {
    throw new NoArray('floating-point numbers of another form than IEEE 754');
  }
}

function storageOf(view: DataView, at: number, objects: Dataset['_dataobjects']): Hdf5Storage {
  const version = view.getUint8(at);
  const isOld = version < 3;
  const kind = view.getUint8(at + (isOld ? 2 : 1));
  const content = at + (isOld ? 8 : 2);
  switch (kind) {
    case LAYOUT.compact:
      if (isOld) break;
      return { kind: 'whole', address: content + 2 };
    case LAYOUT.contiguous: {
      const address = Number(view.getBigUint64(content, true));
      return address === UNDEFINED_ADDRESS ? { kind: 'none' } : { kind: 'whole', address };
    }
    case LAYOUT.chunked: {
      if (version > 3) throw new NoArray("in chunks of HDF5's newest layout");
      const { chunks, _chunk_address: tree } = objects;
      if (chunks === null || tree === null) break;
      const filters = (objects.filter_pipeline ?? []).map((filter) => Number(filter.get('filter_id')));
      return { kind: 'chunks', tree: tree === UNDEFINED_ADDRESS ? undefined : tree, shape: chunks, filters };
    }
  }
  throw new NoArray('stored in a way that is not known');
}

function fillOf(view: DataView, at: number | undefined): number[] {
  if (at === undefined) return [];
  const isNew = view.getUint8(at) === 3;
  const isDefined = isNew ? (view.getUint8(at + 1) & FILL_DEFINED) !== 0 : view.getUint8(at + 3) !== 0;
  if (!isDefined) return [];
  const size = at + (isNew ? 2 : 4);
  const length = Math.min(view.getUint32(size, true), 8);
  return Array.from({ length }, (_, index) => view.getUint8(size + 4 + index));
}
