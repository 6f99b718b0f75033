/** An NPY file of version 1, rows first. @param descr NumPy's name of the type, such as `<f4` */
export function npyFile(descr: string, shape: readonly number[], content: ArrayBufferView): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`, 'latin1');
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  return Buffer.concat([start, header, Buffer.from(content.buffer, content.byteOffset, content.byteLength)]);
}
