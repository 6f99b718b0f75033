// The thread that draws searches for the extension host, which stays free meanwhile. It loads nothing native.
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { messageOf } from '../../errors.ts';
import type { SearchAnswer, SearchQuestion, SearchThreadData } from '../../protocol/searchPage.ts';
import { drawSearch } from './drawSearch.ts';
import { untranslated, type Translate } from './pageTexts.ts';

const dataSchema = z.object({ translations: z.record(z.string(), z.string()) }) satisfies z.ZodType<SearchThreadData>;

const { translations } = dataSchema.parse(workerData);
const translate: Translate = (message, ...values) => untranslated(translations[message] ?? message, ...values);

parentPort?.on('message', ({ folder }: SearchQuestion) => {
  void answer(folder).then((told) => parentPort?.postMessage(told));
});

async function answer(folder: string): Promise<SearchAnswer> {
  try {
    const drawing = await drawSearch(folder, translate);
    return drawing ? { kind: 'drawing', drawing } : { kind: 'none' };
  } catch (error) {
    return { kind: 'problem', message: messageOf(error) };
  }
}
