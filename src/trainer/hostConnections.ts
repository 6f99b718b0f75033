import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { RunRequest, TrainerMessage } from '../protocol/trainer.ts';
import { parseRequest } from './parseRequest.ts';

export interface HostConnectionsOptions {
  /** Socket or named pipe to listen at. */
  readonly endpoint: string;
  /** How long nobody may be connected. */
  readonly graceMs: number;
  readonly log: (text: string) => void;
}

/** The socket at which editor windows connect: what they ask for, and that none is left. */
export class HostConnections {
  /** Aborted by a `cancel` request, or when no host was connected for the time of grace. */
  readonly cancelled: AbortSignal;
  /** The first `run` or `resume` request; undefined when the process was cancelled before. */
  readonly runRequest: Promise<RunRequest | undefined>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #controller = new AbortController();
  readonly #options: HostConnectionsOptions;
  #onRun: (request: RunRequest) => void = () => undefined;
  #graceTimer: NodeJS.Timeout | undefined;

  private constructor(options: HostConnectionsOptions) {
    this.#options = options;
    this.cancelled = this.#controller.signal;
    this.runRequest = new Promise((resolve) => {
      this.cancelled.addEventListener('abort', () => {
        resolve(undefined);
      });
      this.#onRun = resolve;
    });
    this.#server = createServer((socket) => {
      this.#welcome(socket);
    });
  }

  /** Listens at a Unix socket or a named pipe. Throws when it is taken. */
  static async listen(options: HostConnectionsOptions): Promise<HostConnections> {
    const { endpoint } = options;
    const connections = new HostConnections(options);
    await new Promise<void>((resolve, reject) => {
      connections.#server.once('error', reject);
      connections.#server.listen(endpoint, resolve);
    });
    // Only this person's programs may give orders.
    if (process.platform !== 'win32') await chmod(endpoint, 0o600);
    connections.#expectHost();
    return connections;
  }

  /** Tells every connected host. */
  tell(message: TrainerMessage): void {
    for (const socket of this.#sockets) send(socket, message);
  }

  cancel(): void {
    this.#controller.abort();
  }

  /** Stops listening, and waits until what was told has arrived or the hosts are gone. */
  async close(): Promise<void> {
    clearTimeout(this.#graceTimer);
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    for (const socket of this.#sockets) socket.end();
    const impatience = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, 2000);
    await closed;
    clearTimeout(impatience);
    clearTimeout(this.#graceTimer);
  }

  #welcome(socket: Socket): void {
    clearTimeout(this.#graceTimer);
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#expectHost();
    });
    // A host that dies resets its connection; `close` follows.
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      this.#handle(line);
    });
    send(socket, { kind: 'ready' });
  }

  #handle(line: string): void {
    const request = parseRequest(line);
    switch (request?.kind) {
      case 'run':
      case 'resume':
        this.#onRun(request);
        break;
      case 'cancel':
        this.cancel();
        break;
      case undefined:
        this.#options.log(`This is no request: ${line.slice(0, 200)}`);
    }
  }

  #expectHost(): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => {
      this.cancel();
    }, this.#options.graceMs);
  }
}

function send(socket: Socket, message: TrainerMessage): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
