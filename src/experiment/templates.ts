import { english, type Words } from './words.ts';

/** What a new experiment is written with; what is left out is a place to fill in. */
export interface TemplateChoices {
  readonly name?: string;
  /** Path of the teacher's file. */
  readonly teacher?: string;
  /** Path of the data. */
  readonly dataset?: string;
  /** Architecture of the student. */
  readonly student?: string;
}

/** A new experiment file to begin with, and what it is for. */
export interface ExperimentTemplate {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Which of the choices it has a place for. */
  readonly takes: readonly (keyof TemplateChoices)[];
  /** The file's text: JSON with comments that say what each part is. */
  readonly write: (choices: TemplateChoices) => string;
}

const TEACHER = 'teacher.onnx';
const DATA = 'data';

/** What a new experiment can begin as. The comments in the files are in the language of `t`. */
export function experimentTemplates(t: Words = english): readonly ExperimentTemplate[] {
  const dataset = (path: string): readonly string[] => [
    `// ${t('A folder of images or texts, a table (CSV, Parquet, …), arrays; relative to this file.')}`,
    `"dataset": { "path": ${text(path)} },`,
  ];
  const existing = (path: string): readonly string[] => [
    `// ${t('The network that is imitated: an .onnx file.')}`,
    `"teacher": { "model": ${text(path)} },`,
  ];
  const student = (architecture: string): readonly string[] => [
    `// ${t('The small network: mlp for tables and small images, convnet, resnet or mobilenetv2 for images, textcnn or transformer for texts.')}`,
    `"student": { "architecture": ${text(architecture)} },`,
  ];
  const trainedFirst = (fields: string): readonly string[] => [
    `// ${t('A large network that is trained on the labels first; of the same kind as the student, or another.')}`,
    `"teacher": { ${fields} },`,
  ];
  const training: readonly string[] = [
    `// ${t('How long and how fast is decided from the data, unless numbers stand here.')}`,
    '"training": { "epochs": "auto", "seed": 0 }',
  ];
  const learning: readonly string[] = [
    `// ${t('What is learned. Left out, the usual losses for the task are tried in short trainings. For classes you could write:')}`,
    '// "objective": [{ "loss": "kd", "temperature": 4, "weight": 0.9 }, { "loss": "labels", "weight": 0.1 }],',
    ...training,
  ];
  return [
    {
      id: 'model',
      title: t('Compress a model'),
      description: t('A teacher that you have as .onnx, and a student that Distillery builds.'),
      takes: ['teacher', 'dataset', 'student'],
      write: (choices) =>
        file(choices, [
          ...existing(choices.teacher ?? TEACHER),
          ...dataset(choices.dataset ?? DATA),
          ...student(choices.student ?? 'mlp'),
          ...learning,
        ]),
    },
    {
      id: 'shrink',
      title: t('Narrow a model'),
      description: t("The teacher's own network with half of the channels, trained further."),
      takes: ['teacher', 'dataset'],
      write: (choices) =>
        file(choices, [
          ...existing(choices.teacher ?? TEACHER),
          ...dataset(choices.dataset ?? DATA),
          `// ${t('Share of the channels of every layer that remains; the most important ones do.')}`,
          '"student": { "shrink": 0.5 },',
          ...learning,
        ]),
    },
    {
      id: 'train-teacher',
      title: t('Train a teacher first'),
      description: t(
        'You have labelled data and no model yet: a large network is trained, then a small one learns from it.',
      ),
      takes: ['dataset', 'student'],
      write: (choices) =>
        file(choices, [
          ...trainedFirst(`"architecture": ${text(choices.student ?? 'mlp')}, "training": { "epochs": "auto" }`),
          ...dataset(choices.dataset ?? DATA),
          ...student(choices.student ?? 'mlp'),
          ...learning,
        ]),
    },
    {
      id: 'labels',
      title: t('Train on labels alone'),
      description: t('No teacher: what every distillation is to be compared with.'),
      takes: ['dataset', 'student'],
      write: (choices) =>
        file(choices, [
          `// ${t('Nothing is imitated.')}`,
          '"teacher": null,',
          ...dataset(choices.dataset ?? DATA),
          ...student(choices.student ?? 'mlp'),
          ...training,
        ]),
    },
    {
      id: 'search',
      title: t('Search for a student'),
      description: t('Tries several settings and keeps the best student; run it with `distillery search`.'),
      takes: ['teacher', 'dataset', 'student'],
      write: (choices) =>
        file(choices, [
          ...existing(choices.teacher ?? TEACHER),
          ...dataset(choices.dataset ?? DATA),
          ...student(choices.student ?? 'mlp'),
          '"training": { "epochs": 10, "seed": 0 },',
          `// ${t('Fields by their path, and what each may become.')}`,
          '"search": {',
          '  "space": {',
          '    "training.learningRate": { "log": [0.0003, 0.01] },',
          '    "training.batchSize": [32, 64, 128]',
          '  },',
          '  "trials": 20',
          '}',
        ]),
    },
    {
      id: 'digits',
      title: t('Try it without files'),
      description: t('Handwritten digits that Distillery makes itself; a teacher is trained on them first.'),
      takes: ['student'],
      write: (choices) =>
        file({ ...choices, name: choices.name ?? t('Digits') }, [
          ...trainedFirst('"architecture": "mlp", "hidden": [512, 512], "training": { "epochs": 5 }'),
          `// ${t('These need no files.')}`,
          '"dataset": { "path": "builtin:digits", "limit": 1000 },',
          ...student(choices.student ?? 'convnet'),
          '"objective": [{ "loss": "kd", "temperature": 4, "weight": 0.9 }, { "loss": "labels", "weight": 0.1 }],',
          '"training": { "epochs": 10, "seed": 0 },',
          `// ${t('What `distillery check` and the Test Explorer hold the student against.')}`,
          '"require": { "accuracy": 0.9 }',
        ]),
    },
  ];
}

function file({ name }: TemplateChoices, lines: readonly string[]): string {
  const all = name === undefined ? lines : [`"name": ${text(name)},`, ...lines];
  return `{\n${all.map((line) => `  ${line}\n`).join('')}}\n`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
