/** Importing this ends the process when the one that started it is gone, which closes the pipe of its standard input. */
import type { Socket } from 'node:net';

process.stdin.once('end', () => process.exit(1));
process.stdin.resume();
(process.stdin as Socket).unref();
