import { html } from '../report/drawings/html.ts';
import type { ShownExplanation } from '../report/explanation.ts';
import { inEnglish } from '../report/wording/reportText.ts';
import { explanationParts } from '../report/sections/explanationParts.ts';
import { htmlPage } from './htmlPage.ts';
import { htmlSection } from './htmlSections.ts';

/** An explanation as one page that needs nothing else. */
export function renderExplanation(explanation: ShownExplanation): string {
  const { title, sentences, sections } = explanationParts(explanation);
  const summary = sentences.map(inEnglish).join(' ');
  return htmlPage({ title: inEnglish(title), summary, body: html`${sections.map((section) => htmlSection(section))}` });
}
