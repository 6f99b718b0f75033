import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TrainerConnection } from '../../../src/launching/trainerConnection.ts';
import { HostConnections } from '../../../src/trainer/hostConnections.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

/** What a connection meets when the other side dies or the line is cut, with the code that the system gives it. */
const breaks: Readonly<Record<string, (socket: Socket) => void>> = {
  reset: (socket) => {
    socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  },
  'broken pipe': (socket) => {
    socket.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  },
  end: (socket) => socket.end(),
};

/** Errors that nobody listened to, which end a process. */
async function uncaughtDuring(work: () => Promise<void>): Promise<readonly unknown[]> {
  const uncaught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const note = (error: unknown): void => {
    uncaught.push(error);
  };
  process.on('uncaughtException', note);
  try {
    await work();
    await wait(50);
  } finally {
    process.off('uncaughtException', note);
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return uncaught;
}

/** The moments at which a host may die, as seen by the process that trains. */
const moments: Readonly<Record<string, (client: Socket) => Promise<void>>> = {
  'as soon as it is connected': () => Promise.resolve(),
  'in the middle of a request': async (client) => {
    client.write('{"kind":"ru');
    await wait(20);
  },
  'after a request': async (client) => {
    client.write('{"kind":"run","experiment":{},"baseDirectory":"/","folder":"/x"}\n');
    await wait(20);
  },
};

describe('a connection that breaks', () => {
  for (const [how, cut] of Object.entries(breaks)) {
    for (const [when, prepare] of Object.entries(moments)) {
      it(`(${how}) ${when} does not end the process that trains`, async () => {
        await withTemporaryFolder(async (folder) => {
          const endpoint = join(folder, 's');
          const accepted: Socket[] = [];
          const log: string[] = [];
          const note = (message: unknown): void => void accepted.push((message as { socket: Socket }).socket);
          subscribe('net.server.socket', note);
          const uncaught = await uncaughtDuring(async () => {
            const hosts = await HostConnections.listen({ endpoint, graceMs: 60_000, log: (text) => log.push(text) });
            const client = connect(endpoint);
            client.on('error', () => undefined);
            await once(client, 'connect');
            await prepare(client);
            while (accepted.length === 0) await wait(1);
            // As the system reports it when the other process dies
            for (const socket of accepted) cut(socket);
            // While it is breaking, and after it broke
            hosts.tell({ kind: 'ended', outcome: { state: 'finished' } });
            await wait(20);
            hosts.tell({ kind: 'ended', outcome: { state: 'finished' } });
            const again = await TrainerConnection.open(endpoint);
            assert.ok(again, 'another window can connect');
            again.dispose();
            client.destroy();
            await hosts.close();
          });
          unsubscribe('net.server.socket', note);
          assert.equal(accepted.length, 2);
          assert.deepEqual(uncaught, []);
        });
      });
    }

    it(`(${how}) does not end the window, at whatever moment`, async () => {
      await withTemporaryFolder(async (folder) => {
        const endpoint = join(folder, 's');
        const connected: Socket[] = [];
        const note = (message: unknown): void => void connected.push((message as { socket: Socket }).socket);
        subscribe('net.client.socket', note);
        const uncaught = await uncaughtDuring(async () => {
          for (const words of ['', '{"kind":"rea', '{"kind":"ready"}\n']) {
            const server = createServer((socket) => {
              socket.on('error', () => undefined);
              if (words !== '') socket.write(words);
            });
            await new Promise<void>((resolve) => server.listen(endpoint, resolve));
            const connection = await TrainerConnection.open(endpoint);
            assert.ok(connection);
            await wait(20);
            cut(connected.at(-1)!);
            connection.send({ kind: 'cancel' });
            assert.equal(await connection.ended, undefined);
            connection.send({ kind: 'cancel' });
            connection.dispose();
            server.close();
            await once(server, 'close');
          }
        });
        unsubscribe('net.client.socket', note);
        assert.deepEqual(uncaught, []);
      });
    });
  }

  it('is undefined where nobody listens', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await TrainerConnection.open(join(folder, 'nobody')), undefined);
    });
  });
});
