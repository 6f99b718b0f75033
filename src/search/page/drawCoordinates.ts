import { drawingArea } from '../../report/drawings/drawingArea.ts';
import { html, type Markup } from '../../report/drawings/html.ts';
import type { SearchResult, TrialOutcome } from '../searchResult.ts';
import { innerRange, toInner } from '../space/numbers.ts';
import type { SearchedField } from '../space/searchedField.ts';
import { linked, type TrialPage } from './trialPage.ts';
import { shortNames } from './shortNames.ts';
import { titleOf, writeFigure, writeValue } from './searchTable.ts';
import { trialStyle } from './trialStyle.ts';

const WIDTH = 640;
const HEIGHT = 310;
const MARGIN = { left: 60, right: 60, top: 54, bottom: 28 };
/** Axes that still have room for their names. */
const MOST = 8;

interface Axis {
  readonly name: string;
  readonly ends: readonly [low: string, high: string];
  /** 0 at the lower end, 1 at the upper one; undefined where the trial has no such value. */
  place(trial: TrialOutcome): number | undefined;
}

/** All trials across the searched fields and the first aim, a line each: what the best have in common is where their lines meet. */
export function drawCoordinates(result: SearchResult, page: TrialPage): Markup | null {
  const { space } = result;
  const { t } = page;
  const trials = result.trials.filter(({ state }) => state === 'finished' || state === 'paused');
  const ofAim = aimAxis(result, trials, t);
  if (trials.length < 2 || space.length === 0 || !ofAim) return null;
  const names = shortNames(space.map(({ name }) => name));
  const axes = [
    ...space.slice(0, MOST - 1).map((field) => fieldAxis(field, shortened(names.get(field.name) ?? field.name))),
    ofAim,
  ];
  const xAt = (index: number): number =>
    rounded(MARGIN.left + (index / (axes.length - 1)) * (WIDTH - MARGIN.left - MARGIN.right));
  const yAt = (place: number): number =>
    rounded(HEIGHT - MARGIN.bottom - place * (HEIGHT - MARGIN.top - MARGIN.bottom));
  const lineOf = (trial: TrialOutcome): Markup => {
    const points = axes.flatMap((axis, index) => {
      const place = axis.place(trial);
      return place === undefined ? [] : [`${xAt(index)},${yAt(place)}`];
    });
    const { style, lineOpacity } = trialStyle(trial.isOnFront);
    return linked(
      trial,
      html`<polyline class="line ${style}" points="${points.join(' ')}" opacity="${lineOpacity}">
        <title>${t('Trial {0}', trial.number)}</title>
      </polyline>`,
      page,
    );
  };
  const left = space.length - axes.length + 1;
  const title = t('Trials across the searched fields');
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawingArea(
      title,
      html`<svg
        class="drawing wide"
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role="group"
        aria-label="${t('{0}; the numbers are in the table below', title)}"
      >
        ${axes.map(
          ({ name, ends: [low, high] }, index) =>
            html`<line class="grid" x1="${xAt(index)}" x2="${xAt(index)}" y1="${yAt(0)}" y2="${yAt(1)}" />
              <text x="${xAt(index)}" y="${index % 2 === 0 ? 14 : 28}" text-anchor="middle">${name}</text>
              <text x="${xAt(index)}" y="${MARGIN.top - 4}" text-anchor="middle">${high}</text>
              <text x="${xAt(index)}" y="${HEIGHT - 10}" text-anchor="middle">${low}</text>`,
        )}
        ${trials.filter(({ isOnFront }) => !isOnFront).map(lineOf)}
        ${trials.filter(({ isOnFront }) => isOnFront).map(lineOf)}
      </svg>`,
    )}
    ${left > 0 ? html`<p class="faint">${t('{0} more fields are in the table.', left)}</p>` : null}
  </figure>`;
}

function fieldAxis(field: SearchedField, title: string): Axis {
  const { name } = field;
  if (field.kind === 'choice') {
    const texts = field.choices.map((choice) => JSON.stringify(choice));
    return {
      name: title,
      ends: [shortened(writeValue(field.choices[0])), shortened(writeValue(field.choices.at(-1)))],
      place: ({ values }) => {
        const index = name in values ? texts.indexOf(JSON.stringify(values[name])) : -1;
        return index < 0 ? undefined : texts.length === 1 ? 0.5 : index / (texts.length - 1);
      },
    };
  }
  const range = { ...field, step: field.step ?? undefined };
  const { low, high } = innerRange(range);
  return {
    name: title,
    ends: [writeValue(field.low), writeValue(field.high)],
    place: ({ values }) => {
      const value = values[name];
      return typeof value === 'number' ? (toInner(range, value) - low) / (high - low) : undefined;
    },
  };
}

function aimAxis({ aims: [aim] }: SearchResult, trials: readonly TrialOutcome[], t: TrialPage['t']): Axis | undefined {
  if (!aim) return undefined;
  const found = trials.flatMap((trial) => trial[aim.name] ?? []);
  const [low, high] = [Math.min(...found), Math.max(...found)];
  if (found.length === 0) return undefined;
  return {
    name: titleOf(aim.name, t),
    ends: [writeFigure(aim.name, low), writeFigure(aim.name, high)],
    place: (trial) => {
      const value = trial[aim.name];
      return value === null ? undefined : high === low ? 0.5 : (value - low) / (high - low);
    },
  };
}

/** The end of a path says most. */
function shortened(text: string): string {
  return text.length > 18 ? `…${text.slice(-17)}` : text;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
