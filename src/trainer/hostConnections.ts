import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { DistilleryError, messageOf } from '../errors.ts';
import { PauseGate } from '../platform/pauseGate.ts';
import { readSocketLines, sendLine } from '../protocol/socketLines.ts';
import type { RunRequest, TrainerMessage } from '../protocol/trainer.ts';
import { parseRequest } from './parseRequest.ts';

/** The setting of VS Code that decides about `graceMs`. */
const ORPHAN_SETTING = 'distillery.orphanMinutes';
/** How long the process waits at most for somebody to say what to do. */
const IDLE_MS = 600_000;

export interface HostConnectionsOptions {
  /** Socket or named pipe to listen at. */
  readonly endpoint: string;
  /** How long nobody may be connected; `Infinity` where a run is to go on without anybody. */
  readonly graceMs: number;
  readonly log: (text: string) => void;
}

/** The socket at which editor windows connect: what they ask for, and that none is left. */
export class HostConnections {
  /** Aborted by a `cancel` request, or when no host was connected for the time of grace. */
  readonly cancelled: AbortSignal;
  /** The first `run` or `resume` request; undefined when the process was cancelled before. */
  readonly runRequest: Promise<RunRequest | undefined>;
  /** Held by a `pause` request until a `continue` one. */
  readonly pause = new PauseGate();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #controller = new AbortController();
  readonly #options: HostConnectionsOptions;
  #onRun: (request: RunRequest) => void = () => undefined;
  #hasRun = false;
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
    // A connection that could not be accepted is no reason to end the run.
    connections.#server.on('error', (error) => {
      options.log(`A window could not connect: ${messageOf(error)}`);
    });
    // Only this person's programs may give orders.
    if (process.platform !== 'win32') await chmod(endpoint, 0o600);
    connections.#expectHost();
    return connections;
  }

  /** Tells every connected host. */
  tell(message: TrainerMessage): void {
    for (const socket of this.#sockets) sendLine(socket, message);
  }

  /** @param reason why, where nobody asked for it */
  cancel(reason?: DistilleryError): void {
    this.#controller.abort(reason);
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
    readSocketLines(socket, (line) => {
      this.#handle(line);
    });
    sendLine(socket, { kind: 'ready' } satisfies TrainerMessage);
  }

  #handle(line: string): void {
    const request = parseRequest(line);
    switch (request?.kind) {
      case 'run':
      case 'resume':
        this.#hasRun = true;
        this.#onRun(request);
        break;
      case 'pause':
        this.pause.pause();
        break;
      case 'continue':
        this.pause.resume();
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
    const { log } = this.#options;
    const graceMs = this.#hasRun ? this.#options.graceMs : Math.min(this.#options.graceMs, IDLE_MS);
    if (graceMs === Infinity) return;
    this.#graceTimer = setTimeout(() => {
      const minutes = Math.round(graceMs / 6000) / 10;
      const message = `Stopped, because no window was connected for ${minutes} minutes.`;
      log(`${new Date().toISOString()} ${message} The setting '${ORPHAN_SETTING}' says how long that may be.`);
      this.cancel(new DistilleryError('CANCELLED', message));
    }, graceMs);
  }
}
