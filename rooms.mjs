// The rooms of the house, lowest first: what each is for and what it may import. The lint (.dependency-cruiser.mjs) enforces the table
// and docs/architecture.md is drawn from it (npm run docs).

/**
 * @typedef {object} Room
 * @property {string} what what is in it
 * @property {readonly string[]} imports rooms that it may import, beside itself and src/errors.ts
 */

/** @type {Readonly<Record<string, Room>>} */
export const rooms = {
  platform: {
    what: 'what Node.js lacks: atomic writes, threads, processes, memory, package files',
    imports: [],
  },
  onnx: {
    what: 'the file format: codec, graph, shapes, importing and exporting, inspection',
    imports: ['platform'],
  },
  data: {
    what: 'datasets: `formats/` (a room for each kind), splits, preparation, batches',
    imports: ['onnx', 'platform'],
  },
  autodiff: {
    what: '`gradients(graph, loss, parameters)` and `rules/`, a small file for each operator family',
    imports: ['onnx'],
  },
  objectives: {
    what: 'the terms of the loss, each a builder of graph nodes, and what is chosen when none is named',
    imports: ['onnx', 'autodiff', 'data'],
  },
  estimators: {
    what: 'students that are no networks: trees and what is made of them, fitted at once and written as ONNX',
    imports: ['onnx', 'data'],
  },
  students: {
    what: 'student architectures, each a builder of a forward graph; shrinking; import',
    imports: ['onnx', 'estimators'],
  },
  quantization: {
    what: 'a trained student in int8 and float16, by rewriting its model',
    imports: ['onnx'],
  },
  report: {
    what: 'what a report says: its shape, sections, wording, figures and `drawings/`',
    imports: [],
  },
  protocol: {
    what: 'the typed messages between host and trainer, and host and webview',
    imports: ['report'],
  },
  modelView: {
    what: 'what a person looks at in an `.onnx` file: described, drawn, compared',
    imports: ['autodiff', 'onnx', 'protocol'],
  },
  training: {
    what: 'the training `step/`, its `lowering/`, `optimizers/`, `precision/`, `engines/`, the training loop, checkpoints',
    imports: ['autodiff', 'data', 'estimators', 'objectives', 'onnx', 'platform', 'protocol', 'report', 'students'],
  },
  teacher: {
    what: "what a teacher's outputs are, how it is matched to the data, asked, and its outputs kept on the disk",
    imports: ['data', 'objectives', 'onnx', 'platform', 'protocol', 'report', 'training'],
  },
  evaluation: {
    what: 'metrics, latency, comparison of networks, and the report made of them',
    imports: ['data', 'estimators', 'onnx', 'platform', 'report', 'teacher', 'training'],
  },
  rendering: {
    what: 'a report as a page, Markdown and CSV',
    imports: ['evaluation', 'platform', 'protocol', 'report'],
  },
  experiment: {
    what: 'the file `*.distill.json` and nothing that runs: schema, parsing, problems in words, suggestions',
    imports: ['estimators', 'evaluation', 'onnx', 'platform', 'training'],
  },
  runFolder: {
    what: 'what a run leaves: folder, journal, recorder, progress, provenance, reading it back',
    imports: ['data', 'experiment', 'platform', 'protocol', 'report', 'teacher', 'training'],
  },
  queue: {
    what: 'experiments that run one after the other on one device; one file for the terminal and the panel',
    imports: ['platform', 'runFolder'],
  },
  comparison: {
    what: 'finished runs beside each other: settings, differences with intervals, fronts; as tables and as a page',
    imports: ['data', 'evaluation', 'experiment', 'protocol', 'rendering', 'report', 'runFolder'],
  },
  interchange: {
    what: "a run in others' forms: TensorBoard, MLflow, Optuna's journal",
    imports: ['experiment', 'platform', 'protocol', 'report', 'runFolder'],
  },
  preflight: {
    what: 'what can be refused or foreseen before the first step: checks, networks, cache, memory',
    imports: [
      'autodiff',
      'data',
      'estimators',
      'evaluation',
      'experiment',
      'objectives',
      'onnx',
      'protocol',
      'report',
      'students',
      'teacher',
      'training',
    ],
  },
  explain: {
    what: 'why a network said what it said',
    imports: [
      'autodiff',
      'data',
      'evaluation',
      'experiment',
      'onnx',
      'preflight',
      'rendering',
      'report',
      'runFolder',
      'teacher',
      'training',
    ],
  },
  run: {
    what: '`runExperiment`, and `stages/`, each a file; `measures/` of the networks that a run leaves',
    imports: [
      'data',
      'estimators',
      'evaluation',
      'experiment',
      'explain',
      'interchange',
      'objectives',
      'onnx',
      'platform',
      'preflight',
      'protocol',
      'quantization',
      'rendering',
      'report',
      'runFolder',
      'students',
      'teacher',
      'training',
    ],
  },
  search: {
    what: 'the best student of a space: `space/`, `strategies/`, `trials/`, each an ordinary run, and the `page/`',
    imports: [
      'data',
      'experiment',
      'interchange',
      'onnx',
      'platform',
      'preflight',
      'protocol',
      'rendering',
      'report',
      'run',
      'runFolder',
      'students',
      'training',
    ],
  },
  launching: {
    what: 'the side of whoever starts runs: the process that trains, the line to it, what run folders say',
    imports: ['platform', 'protocol', 'report', 'runFolder'],
  },
  agents: {
    what: "tools for language models, each a file in `tools/`: one implementation, for the protocol's server and for editors",
    imports: [
      'autodiff',
      'data',
      'experiment',
      'explain',
      'launching',
      'onnx',
      'platform',
      'preflight',
      'protocol',
      'rendering',
      'report',
      'runFolder',
      'search',
    ],
  },
  cluster: {
    what: 'Slurm and the like: `submit`, the `tasks/` that its jobs do, scripts, states, a cluster over ssh',
    imports: [
      'data',
      'experiment',
      'onnx',
      'platform',
      'preflight',
      'protocol',
      'run',
      'runFolder',
      'search',
      'teacher',
      'training',
    ],
  },
  trainer: {
    what: 'the child process: a thin server around `run`, `explain` and the tools of `agents`',
    imports: ['agents', 'explain', 'platform', 'preflight', 'protocol', 'report', 'run'],
  },
  extension: {
    what: 'the extension host; the only room that imports `vscode`',
    imports: ['experiment', 'launching', 'platform', 'protocol', 'queue', 'report', 'runFolder'],
  },
  cli: {
    what: 'the terminal',
    imports: [
      'agents',
      'cluster',
      'comparison',
      'data',
      'evaluation',
      'experiment',
      'explain',
      'interchange',
      'modelView',
      'onnx',
      'platform',
      'preflight',
      'protocol',
      'queue',
      'rendering',
      'report',
      'run',
      'runFolder',
      'search',
      'teacher',
    ],
  },
};

/** Files that the extension host may load of rooms that also hold what belongs to the engine: they load nothing native. */
export const filesForTheHost = {
  experiment: [
    'schema',
    'schema/suitedSamples',
    'jsonSchema',
    'parseExperiment',
    'pathFields',
    'differingSettings',
    'incompleteText',
    'refuseDeepNesting',
    'readExperimentFile',
    'placeProblems',
    'problemFixes',
    'problemWording',
    'suggest',
    'templates',
    'valueAt',
    'words',
  ],
  runFolder: ['runFolder', 'runId', 'runLease', 'runMarks', 'namedModels', 'otherReports', 'searchFolder'],
};
