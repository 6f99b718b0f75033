import type { DecisionTreePath, DecisionTreeReport } from '../report/trees/decisionTreeReport.ts';
import { decisionPartsBelow } from '../report/drawings/decisionTree/decisionNodes.ts';
import {
  decisionTurns,
  endOfDecisions,
  explainDecisions,
  nameOfDecisions,
  ruleLines,
} from '../report/drawings/decisionTree/decisionTexts.ts';
import { drawDecisionTree } from '../report/drawings/decisionTree/drawDecisionTree.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { english, type ReportLanguage } from './reportLanguage.ts';

/** The section of `report.html` on a student that is a decision tree: the tree, its rules, and the ways of some samples. */
export function decisionTreeSection(tree: DecisionTreeReport, language: ReportLanguage = english): Markup {
  const { t, write } = language;
  return html`<h2>${t('The tree')}</h2>
    <p>${explainDecisions(tree).map(write).join(' ')}</p>
    ${drawing(tree, 0, language)}
    <details>
      <summary>${t('The rules as text')}</summary>
      <pre>${ruleLines(tree).join('\n')}</pre>
    </details>
    <h2>${t('Ways through the tree')}</h2>
    ${tree.paths.map((path) => wayOf(tree, path, language))}`;
}

/** A part of the tree, and what follows it, to be folded out. */
function drawing(tree: DecisionTreeReport, root: number, language: ReportLanguage): Markup {
  const { write } = language;
  return html`<div class="scroll">${drawDecisionTree(tree, root, { write })}</div>
    ${decisionPartsBelow(tree, root).map(
      (part) =>
        html`<details>
          <summary>${write(part.title)}</summary>
          ${drawing(tree, part.root, language)}
        </details>`,
    )}`;
}

function wayOf(tree: DecisionTreeReport, path: DecisionTreePath, { t, write }: ReportLanguage): Markup {
  return html`<figure class="way">
    <figcaption>${write(nameOfDecisions(path))}</figcaption>
    <ol>
      ${decisionTurns(tree, path).map(
        ({ question, fact, isYes }) => html`<li>${question}<br />${isYes ? t('yes') : t('no')}: ${fact}</li>`,
      )}
      <li>${endOfDecisions(tree, path)}</li>
    </ol>
  </figure>`;
}
