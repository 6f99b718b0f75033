/**
 * Gives the memory of arrays that nobody reads any more back at once, not only when garbage is collected next: of large ones several would
 * wait for that. Their buffers must be their own; they have no elements afterwards. (`ArrayBuffer.prototype.transfer` does not exist before Node 21.)
 */
export function releaseArrays(arrays: readonly Float32Array[]): void {
  const { port1, port2 } = new MessageChannel();
  // What is handed over to a port whose other end is closed is dropped.
  port2.close();
  port1.postMessage(null, [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]);
  port1.close();
}
