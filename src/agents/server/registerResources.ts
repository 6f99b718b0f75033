import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { experimentJsonSchema } from '../../experiment/jsonSchema.ts';
import { renderMarkdown } from '../../rendering/renderMarkdown.ts';
import { readReport } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { findTrainingRun, readOwnRuns } from '../runFolders.ts';
import type { Workspace } from '../workspace.ts';
import { experimentFiles } from './experimentFiles.ts';

/** Offers reports, experiment files and the schema of the latter. */
export function registerResources(server: McpServer, workspace: Workspace): void {
  server.registerResource(
    'experiment-schema',
    'distillery://schema',
    {
      title: 'Schema of experiment files',
      description: 'JSON schema of *.distill.json.',
      mimeType: 'application/schema+json',
    },
    ({ href }) => ({
      contents: [{ uri: href, mimeType: 'application/schema+json', text: JSON.stringify(experimentJsonSchema()) }],
    }),
  );
  server.registerResource(
    'report',
    new ResourceTemplate('distillery://reports/{run}', {
      list: async () => ({
        resources: (await readOwnRuns(workspace))
          .filter(({ folder }) => existsSync(join(folder, runFiles.report)))
          .map(({ status: { id, name } }) => ({
            uri: `distillery://reports/${encodeURIComponent(id)}`,
            name: id,
            title: name,
          })),
      }),
    }),
    { title: 'Report of a run', description: 'Everything that was measured, in Markdown.', mimeType: 'text/markdown' },
    async ({ href }, { run }) => {
      const { folder } = await findTrainingRun(decodeURIComponent(String(run)), workspace);
      const text = renderMarkdown(await readReport(folder));
      return { contents: [{ uri: href, mimeType: 'text/markdown', text }] };
    },
  );
  server.registerResource(
    'experiment',
    new ResourceTemplate('distillery://experiments/{+path}', {
      list: async () => ({
        resources: (await experimentFiles(workspace.folder)).map((path) => ({
          uri: `distillery://experiments/${path.split('/').map(encodeURIComponent).join('/')}`,
          name: path,
        })),
      }),
    }),
    { title: 'Experiment file', description: 'What is distilled, and how.', mimeType: 'application/json' },
    async ({ href }, { path }) => {
      const file = decodeURIComponent(String(path));
      if (!file.endsWith('.distill.json')) throw new TypeError(`'${file}' is no experiment file.`);
      return {
        contents: [{ uri: href, mimeType: 'application/json', text: await readFile(workspace.existing(file), 'utf8') }],
      };
    },
  );
}
