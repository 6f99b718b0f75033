const SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Before it may lie a block of the program that wrote it, of 512 bytes or twice that and so on: MATLAB's head. */
const FIRST_BLOCK = 512;

/** Where the HDF5 file begins within the bytes; undefined when none does. */
export function hdf5Start(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at = at === 0 ? FIRST_BLOCK : 2 * at) {
    if (text.toString('latin1', at, at + SIGNATURE.length) === SIGNATURE) return at;
  }
  return undefined;
}

/** Whether MATLAB wrote the file: version 7.3 of its files is HDF5 behind its own head. */
export function isMatlabHdf5(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', 0, 10) === 'MATLAB 7.3';
}
