import { setImmediate as turn } from 'node:timers/promises';

/**
 * Gives the memory of arrays that nobody reads any more back, not only when garbage is collected next: of large ones several would
 * wait for that. It is back once this is over, two turns of the event loop later: ONNX Runtime computes within one. Their buffers must be their own; they have no elements afterwards. (`ArrayBuffer.prototype.transfer` does not exist before Node 21.)
 */
export async function releaseArrays(arrays: readonly Float32Array[]): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  // What is handed over to a port whose other end is closed is dropped.
  port2.close();
  port1.postMessage(null, [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]);
  port1.close();
  // Ports are closed at the end of a turn of the event loop.
  await turn();
  await turn();
}
