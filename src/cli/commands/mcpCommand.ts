import type { Command } from '../command.ts';
import { exitCode } from '../terminal.ts';

/** `distillery mcp` */
export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'Serve the tools to a language model, by the Model Context Protocol on the standard streams.',
  details:
    'For the configuration of a client such as an agent in a terminal or an editor; nobody types it. Tools read and write in the folder\n' +
    'that it is started in and nowhere else, links included. Runs go on in processes of their own when the client has gone.',
  options: [{ name: 'read-only', description: 'Leave out the tools that write files, or start and stop runs.' }],
  run: async ({ switches }, terminal) => {
    const stop = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      stop.abort();
    });
    try {
      // Loaded here, so that other commands do not wait for the protocol.
      const { serveAgents } = await import('../../agents/server/serveAgents.ts');
      const readOnly = switches.has('read-only');
      await serveAgents({ folder: terminal.directory, readOnly, signal: stop.signal, caller: import.meta.url });
      return exitCode.success;
    } finally {
      stopListening();
    }
  },
};
