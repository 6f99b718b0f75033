import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { readSocketLines, sendLine } from '../protocol/socketLines.ts';
import type { TrainerMessage, TrainerOutcome, TrainerRequest } from '../protocol/trainer.ts';
import { problemsSchema } from './runFileSchemas.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('ended'),
    outcome: z.union([
      z.object({ state: z.enum(['finished', 'cancelled']) }),
      z.object({ state: z.literal('failed'), problems: problemsSchema }),
    ]),
  }),
]) satisfies z.ZodType<TrainerMessage>;

/** A window's line to a process that trains. While it is open, that process knows that somebody cares. */
export class TrainerConnection {
  /** How the run ended; undefined when the line broke before that was told. */
  readonly ended: Promise<TrainerOutcome | undefined>;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => {
      // A line that breaks closes the socket; that is what `ended` tells.
      readSocketLines(socket, (line) => {
        const message = parseMessage(line);
        if (message?.kind === 'ended') resolve(message.outcome);
      });
      socket.on('close', () => {
        resolve(undefined);
      });
    });
  }

  /** Connects to a process that listens; undefined when there is none. */
  static async open(endpoint: string): Promise<TrainerConnection | undefined> {
    const socket = connect(endpoint);
    return new Promise((resolve) => {
      socket.once('connect', () => {
        resolve(new TrainerConnection(socket));
      });
      // More than one may come: that there is nobody, and what the disconnecting meets.
      socket.on('error', () => {
        resolve(undefined);
      });
    });
  }

  /** Connects to a process that is about to listen; undefined when `signal` aborts first. */
  static async await(endpoint: string, signal: AbortSignal): Promise<TrainerConnection | undefined> {
    while (!signal.aborted) {
      const connection = await TrainerConnection.open(endpoint);
      if (connection) return connection;
      await wait(50);
    }
    return undefined;
  }

  send(request: TrainerRequest): void {
    sendLine(this.#socket, request);
  }

  dispose(): void {
    this.#socket.destroy();
  }
}

function parseMessage(line: string): TrainerMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
