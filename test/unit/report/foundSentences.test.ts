import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExperimentDescriber } from '../../../src/preflight/inspection/experimentDescriber.ts';
import { foundSentences, translateFound } from '../../../src/report/wording/foundSentences.ts';
import { refusedSentences, type SaidSentence, saidSentences, VALUE } from '../../support/saidSentences.ts';
import { requireShared } from '../../support/shared.ts';

const root = new URL('../../../', import.meta.url);
const bundle = JSON.parse(readFileSync(new URL('l10n/bundle.l10n.zh-cn.json', root), 'utf8')) as Record<string, string>;

function inChinese(text: string): string {
  return translateFound(text, (template, ...values) =>
    (bundle[template] ?? template).replace(/\{(\d+)\}/g, (_, index: string) => values[Number(index)] ?? ''),
  );
}

/** Sentences that hold words of their own when all that is known is taken away, with their places. */
function unknownOf(sentences: readonly SaidSentence[]): readonly string[] {
  // What is left are values: names of fields and options, figures with their units, and lists.
  const isValue =
    /'[^']*'|\bdataset\.[\w.]*|\{.*\}|\b(?:logits|GiB|MiB|and|none|avg|complex\d+|bfloat16|u?int4|float[48]e\w+)\b/g;
  const unknown = sentences.filter(({ text }) => {
    const left = translateFound(text, (_, ...values) => values.join(' ')).replaceAll(VALUE, '');
    return /[a-z]{2}/i.test(left.replace(isValue, ''));
  });
  return [...new Set(unknown.map(({ text, place }) => `${place}: ${text}`))];
}

describe('translateFound', () => {
  it('translates sentence after sentence, and the phrases in them', () => {
    assert.equal(
      inChinese("The column 'Id' is left out: it only numbers the rows. Give samples of every class."),
      "列 'Id' 未使用：它只是行号。请提供每个类别的样本。",
    );
    assert.equal(
      inChinese(
        "The teacher decides 84.8 % of 500 validation samples rightly; its output 'logits' gives probabilities.",
      ),
      "教师模型在 500 个验证样本上的正确率为 84.8 %；其输出 'logits' 给出概率。",
    );
  });

  it('leaves what it does not know as it is', () => {
    assert.equal(inChinese('Something else. It is so.'), 'Something else. It is so.');
    assert.equal(inChinese('Give samples of every class. Something else.'), '请提供每个类别的样本。Something else.');
  });

  it('takes no time over a long log', () => {
    const log = 'Some words that are unknown, and more of them; '.repeat(600);
    const start = performance.now();
    assert.equal(inChinese(log), log);
    const milliseconds = performance.now() - start;
    assert.ok(milliseconds < 2000, `took ${milliseconds} ms`);
  });

  it('says the same in English', () => {
    const text = "The column 'Id' is left out: it is empty. Give samples of every class. Something else.";
    const inEnglish = (template: string, ...values: string[]): string =>
      template.replace(/\{(\d+)\}/g, (_, index: string) => values[Number(index)] ?? '');
    assert.equal(translateFound(text, inEnglish), text);
    const refusal = "'a.onnx' cannot be used: it is not an ONNX model but a text file.";
    assert.equal(translateFound(refusal, inEnglish), refusal);
  });

  it('knows no two sentences for the same words', () => {
    assert.equal(new Set(foundSentences).size, foundSentences.length);
  });

  it('knows every sentence that the code of a run can say', () => {
    const rooms = [
      'run',
      'preflight',
      'teacher',
      'training',
      'data',
      'runFolder',
      'objectives',
      'students',
      'experiment',
      'extension',
      'trainer',
      'cli',
    ];
    const all = saidSentences(
      fileURLToPath(root),
      rooms.map((room) => `src/${room}`),
    );
    assert.ok(all.length > 300, `only ${all.length} sentences were found in the code`);
    assert.deepEqual(unknownOf(all), []);
  });

  it('knows every sentence with which runs, what opens them and the editor refuse something', () => {
    const rooms = [
      'preflight',
      'data',
      'students',
      'teacher',
      'objectives',
      'estimators',
      'quantization',
      'onnx',
      'experiment',
      'training',
      'run',
      'evaluation',
      'platform',
      'trainer',
      'runFolder',
      'launching',
      'extension',
      'comparison',
      'modelView',
      'rendering',
      'queue',
    ];
    const all = refusedSentences(
      fileURLToPath(root),
      rooms.map((room) => `src/${room}`),
    );
    assert.ok(all.length > 1000, `only ${all.length} sentences were found in the code`);
    assert.deepEqual(unknownOf(all), []);
  });

  it('translates what is wrong and what would be right', () => {
    assert.equal(
      inChinese("The teacher's output 'logits' has 10 classes, but the dataset has 3 (cat, dog, fox)."),
      "教师模型的输出 'logits' 有 10 个类别，但数据集有 3 个（cat, dog, fox）。",
    );
    assert.equal(
      inChinese("'a.onnx' cannot be used: it is not an ONNX model but a text file."),
      "'a.onnx' 不能使用：它不是 ONNX 模型，而是文本文件。",
    );
    assert.equal(inChinese('Leave the field out, or choose another loss.'), '请删除该字段，或选择其他损失。');
  });

  it('translates lists of phrases, and what values are made of', () => {
    assert.equal(
      inChinese('Training of the student, decided from the data: batches of 32; learning rate 0.001'),
      '根据数据决定的学生模型训练方式：每批 32 个样本；学习率 0.001',
    );
    assert.equal(
      inChinese("The folders 'a', 'b' and 3 more beside train are no split and not used."),
      "train 旁的文件夹 'a', 'b' 等（另有 3 个） 不是数据划分，不使用。",
    );
  });

  it('tells lists from what follows them', () => {
    assert.equal(
      inChinese('Tries learning rates for 300 steps each: 0.001, 0.003'),
      '试验学习率（各 300 步）：0.001, 0.003',
    );
    assert.match(
      inChinese(
        "The teacher decides 39.9 % of 168 validation samples rightly as they are, and 91.7 % with CIFAR-10's normalisation; it gets them so.",
      ),
      /采用 CIFAR-10 的归一化时为 91\.7 %/,
    );
  });

  it('knows what is said of a table and of photographs with their teacher', async function () {
    const model = requireShared(this, 'models/mnist-mlp-1200.onnx');
    const shared = dirname(dirname(model));
    const options = { baseDirectory: shared, signal: new AbortController().signal };
    const student = { architecture: 'mlp', hidden: [8] };
    const describer = new ExperimentDescriber();
    const table = await describer.describe(
      { teacher: null, dataset: { path: 'data/tables/phoneme.csv' }, student },
      options,
    );
    const digits = { path: 'data/mnist', limit: 500 };
    const taught = await describer.describe(
      { teacher: { model: 'models/mnist-mlp-1200.onnx' }, dataset: digits, student },
      options,
    );
    const said = [table, taught].flatMap(({ teacher, data: { format, task, findings } }) => [
      format,
      task,
      ...(teacher?.notes ?? []),
      ...(teacher?.warnings ?? []),
      ...findings.map(({ sentence }) => sentence),
    ]);
    const inLatin = said.map(inChinese).filter((text) => / [a-z]+ [a-z]+ [a-z]+ /.test(text));
    assert.deepEqual(inLatin, []);
  });
});
