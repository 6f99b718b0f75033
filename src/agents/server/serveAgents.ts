import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { packageVersion } from '../../platform/packageFiles.ts';
import { trainerProgram } from '../trainerProgram.ts';
import { Workspace } from '../workspace.ts';
import { registerPrompts } from './registerPrompts.ts';
import { registerResources } from './registerResources.ts';
import { serveTools } from './serveTools.ts';

export interface ServeOptions {
  /** The folder that nothing leaves. */
  readonly folder: string;
  /** Whether tools that write are left out and refused. */
  readonly readOnly: boolean;
  /** Aborting ends the server; runs that it started go on. */
  readonly signal: AbortSignal;
  /** `import.meta.url` of the program, which others lie beside. */
  readonly caller: string;
}

const INSTRUCTIONS =
  'Distillery distils ONNX networks: a small student learns from a large teacher. Usual order: inspect_model, inspect_dataset, ' +
  'check_experiment, start_run, follow_run until it has ended, read_report. The prompt distil_model has the steps and their traps; the ' +
  'resource distillery://schema has every field of an experiment. Nothing outside of the folder that the server was started in is touched.';

/**
 * Serves the Model Context Protocol on the standard streams until the client closes them.
 * @throws DistilleryError when the folder is not there
 */
export async function serveAgents({ folder, readOnly, signal, caller }: ServeOptions): Promise<void> {
  const workspace = new Workspace(folder);
  const server = new McpServer({ name: 'distillery', version: packageVersion() }, { instructions: INSTRUCTIONS });
  const gone = new AbortController();
  const context = {
    workspace,
    trainer: trainerProgram(caller),
    orphanMinutes: Infinity,
    signal: AbortSignal.any([signal, gone.signal]),
  };
  serveTools(server, context, readOnly ? 'read-only' : 'all');
  registerResources(server, workspace);
  registerPrompts(server);
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      resolve();
    };
    server.server.onclose = close;
    process.stdin.once('end', close);
    process.stdin.once('close', close);
    signal.addEventListener('abort', close, { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  // Whatever still waits for a run waits for nobody.
  gone.abort();
  await server.close();
}
