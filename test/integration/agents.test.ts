import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { build } from 'esbuild';
import { callTool, confirmCall } from '../../src/agents/callTool.ts';
import { agentTools } from '../../src/agents/tools.ts';
import { trainerProgram } from '../../src/agents/trainerProgram.ts';
import { saveModel } from '../../src/onnx/file.ts';
import type { ToolAnswer } from '../../src/protocol/agents.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { classTable, scoreTeacher } from '../support/tableTeacher.ts';
import { toolContext } from '../support/toolContext.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The programs as they are shipped, bundled into a folder in the package: they find each other, and what the package holds. */
async function bundlePrograms(outdir: string): Promise<void> {
  await build({
    entryPoints: {
      cli: join(root, 'src/cli/cli.ts'),
      trainer: join(root, 'src/trainer/trainer.ts'),
    },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    outExtension: { '.js': '.mjs' },
    external: ['onnxruntime-node', 'sharp', '@julusian/jpeg-turbo', '@tensorflow/tfjs-node'],
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
}

interface Told {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

describe('an agent, connected by the Model Context Protocol', () => {
  let folder: string;
  let programs: string;
  let client: Client;
  const calls: string[] = [];

  /** A client of the protocol's own SDK, connected to `distillery mcp` in the folder. */
  async function connect(...options: readonly string[]): Promise<Client> {
    const connected = new Client({ name: 'scripted agent', version: '1.0.0' });
    const args = [join(programs, 'cli.mjs'), 'mcp', ...options];
    await connected.connect(
      new StdioClientTransport({ command: process.execPath, args, cwd: folder, stderr: 'inherit' }),
    );
    return connected;
  }

  async function call(name: string, input: Readonly<Record<string, unknown>>): Promise<Told> {
    calls.push(name);
    const result = await client.callTool({ name, arguments: input });
    const { content, structuredContent = {}, isError = false } = CallToolResultSchema.parse(result);
    const [part] = content;
    assert.ok(part?.type === 'text');
    assert.ok(part.text.length <= 4200, `${name} answers in ${part.text.length} characters`);
    return { text: part.text, data: structuredContent, isError };
  }

  before(async () => {
    programs = await mkdtemp(join(root, 'node_modules', '.agents-test-'));
    await bundlePrograms(programs);
    folder = await realpath(temporaryFolder());
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'points.csv'), classTable(300));
    await saveModel(join(folder, 'teacher.onnx'), scoreTeacher());
    client = await connect();
  });
  after(async () => {
    await client.close();
    removeFolder(folder);
    removeFolder(programs);
  });

  const experiment = {
    name: 'points',
    teacher: { model: 'teacher.onnx' },
    dataset: { path: 'data', scaling: 'none' },
    student: { architecture: 'mlp', hidden: [4] },
    objective: [{ loss: 'kd', temperature: 2 }],
    training: { epochs: 3, batchSize: 20 },
    report: { attentionSamples: 0 },
    device: 'cpu',
  };
  const endless = { ...experiment, name: 'endless', training: { epochs: 100_000, batchSize: 20 }, baseline: false };

  it('goes from a model and a folder to a student and a comparison with five tool calls', async () => {
    const model = await call('inspect_model', { model: 'teacher.onnx' });
    assert.match(model.text, /'input' float32\[batch, 2\]/);
    const data = await call('inspect_dataset', { path: 'data', teacher: 'teacher.onnx' });
    assert.match(data.text, /3 classes/);
    const started = await call('start_run', { experiment });
    assert.equal(started.isError, false, started.text);
    const { run } = started.data;
    const followed = await call('follow_run', { run, wait_seconds: 50 });
    assert.equal(followed.data['state'], 'finished', followed.text);
    const compared = await call('compare_runs', { runs: [run] });
    assert.match(compared.text, /\| Run \| Student \| Teacher \| Baseline \|/);
    assert.deepEqual(calls, ['inspect_model', 'inspect_dataset', 'start_run', 'follow_run', 'compare_runs']);
    assert.ok(existsSync(join(folder, '.distillery', 'runs', String(run), 'student.onnx')));

    const explained = await call('explain_sample', { run, sample: 3 });
    assert.match(explained.text, /Test sample 3\n/);
    const report = await client.readResource({ uri: `distillery://reports/${String(run)}` });
    assert.match(JSON.stringify(report), /## points/);
  });

  it('offers every tool, resource and prompt as the protocol has them', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      agentTools.map(({ name }) => name),
    );
    for (const { name, annotations, description = '' } of tools) {
      assert.equal(annotations?.readOnlyHint, !/^(start|stop|resume)_/.test(name), name);
      assert.ok(description.length <= 300);
    }
    await writeFile(join(folder, 'mine.distill.json'), JSON.stringify(experiment));
    const { resources } = await client.listResources();
    assert.ok(resources.some(({ uri }) => uri === 'distillery://experiments/mine.distill.json'));
    const { contents } = await client.readResource({ uri: 'distillery://experiments/mine.distill.json' });
    assert.match(JSON.stringify(contents), /teacher\.onnx/);
    for (const path of ['..%2Fother.distill.json', '%2Fetc%2Fother.distill.json']) {
      await assert.rejects(client.readResource({ uri: `distillery://experiments/${path}` }), /outside/);
    }
    await assert.rejects(client.readResource({ uri: 'distillery://experiments/teacher.onnx' }), /no experiment file/);
    const { messages } = await client.getPrompt({
      name: 'distil_model',
      arguments: { model: 'teacher.onnx', data: 'data' },
    });
    assert.match(JSON.stringify(messages), /The teacher is worse than the baseline/);
  });

  it('is told every problem of an experiment that cannot be run, which leaves no folder', async () => {
    const before = await readdir(join(folder, '.distillery', 'runs'));
    const { isError, text } = await call('start_run', {
      experiment: { ...experiment, dataset: { path: 'nowhere' }, name: 'refused' },
    });
    assert.ok(isError);
    assert.match(text, /start_run was refused\.\n- dataset\.path: .*nowhere/);
    assert.deepEqual(await readdir(join(folder, '.distillery', 'runs')), before);
  });

  it('starts a run that goes on when the server has gone, and that others stop and resume', async () => {
    const started = await call('start_run', { experiment: endless });
    assert.ok(!started.isError, started.text);
    const { run } = started.data;
    await client.close();
    // A later server, and one that only reads.
    client = await connect('--read-only');
    const { tools } = await client.listTools();
    assert.ok(!tools.some(({ name }) => name === 'start_run'));
    const refused = await call('stop_run', { run });
    assert.ok(refused.isError);
    assert.match(refused.text, /only reading is allowed/);
    const followed = await call('follow_run', { run, wait_seconds: 1 });
    assert.equal(followed.data['state'], 'running', followed.text);

    // Another door, which the process of the run knows nothing of.
    const context = toolContext(folder, { trainer: trainerProgram(pathToFileURL(join(programs, 'cli.mjs')).href) });
    const there = (tool: string): Promise<ToolAnswer> => callTool({ tool, input: { run }, access: 'all' }, context);
    const confirmed = await confirmCall({ tool: 'stop_run', input: { run }, access: 'all' }, context);
    assert.ok(confirmed.kind === 'confirmation' && confirmed.confirmation.title.values.includes(String(run)));
    const stopped = await there('stop_run');
    assert.ok(stopped.kind === 'done', 'text' in stopped ? stopped.text : '');
    assert.equal(stopped.data['state'], 'cancelled');
    assert.equal((await there('stop_run')).kind, 'refused', 'nobody is at it any more');
    const resumed = await there('resume_run');
    assert.ok(resumed.kind === 'done', 'text' in resumed ? resumed.text : '');
    assert.equal((await call('follow_run', { run, wait_seconds: 0 })).data['state'], 'running');
    assert.equal((await there('stop_run')).kind, 'done');
  });

  it('searches, in a process of its own', async () => {
    const context = toolContext(folder, { trainer: trainerProgram(pathToFileURL(join(programs, 'cli.mjs')).href) });
    const start = (input: unknown): Promise<ToolAnswer> =>
      callTool({ tool: 'start_search', input, access: 'all' }, context);
    const spaceless = await start({ experiment });
    assert.ok(spaceless.kind === 'refused');
    assert.match(spaceless.text, /search: is missing/);
    const search = { space: { 'student.hidden[0]': [2, 3] }, trials: 2 };
    const started = await start({ experiment: { ...experiment, training: { epochs: 1, batchSize: 60 }, search } });
    assert.ok(started.kind === 'done', 'text' in started ? started.text : '');
    const { data, text } = await call('follow_run', { run: started.data['run'], wait_seconds: 50 });
    assert.equal(data['state'], 'finished', text);
    assert.match(text, /2 trials by .*: 2 finished/);
  });
});
