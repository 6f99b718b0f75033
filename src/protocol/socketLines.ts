import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Reads what comes through a socket line by line. From now on no state of the other side raises an error: one that dies
 * resets the connection, which only closes it.
 */
export function readSocketLines(socket: Socket, onLine: (line: string) => void): void {
  socket.on('error', () => undefined);
  // The reader raises the errors of the socket once more, as its own.
  createInterface({ input: socket })
    .on('error', () => undefined)
    .on('line', onLine);
}

/** Sends a message as one line; to a side that is gone it sends nothing. */
export function sendLine(socket: Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}
