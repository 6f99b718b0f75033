import { html } from '../drawings/html.ts';
import { filterPixels, samplePixels } from '../drawings/pixels.ts';
import type { WrittenTable } from '../protocol/reportTable.ts';
import { htmlPage } from './htmlPage.ts';
import { htmlTable } from './htmlTable.ts';
import { pngOf } from './pictures.ts';

/** Why teacher and student say what they do of a sample, written out. */
export interface ShownExplanation {
  readonly title: string;
  readonly sentence: string;
  /** How the contributions were found. */
  readonly method: string;
  /** The sample as networks are fed it, and its dimensions where it is an image. */
  readonly values: Float32Array;
  readonly imageShape: readonly number[] | undefined;
  /** What each number of the sample contributes to what is explained, by network. */
  readonly contributions: readonly { readonly name: string; readonly contributions: Float32Array }[];
  /** The numbers that contribute most. */
  readonly features: WrittenTable;
  /** What the networks say. */
  readonly says: { readonly title: string; readonly table: WrittenTable };
}

/** An explanation as one page that needs nothing else: what the networks say side by side, and where each of them looks. */
export async function renderExplanation(shown: ShownExplanation): Promise<string> {
  const { title, sentence, method, values, imageShape, contributions, features, says } = shown;
  const pictures = imageShape
    ? [
        { name: 'Sample', picture: await pngOf(samplePixels([...values], imageShape)) },
        ...(await Promise.all(
          contributions.map(async (network) => ({
            name: network.name,
            picture: await pngOf(filterPixels([...network.contributions], imageShape)),
          })),
        )),
      ]
    : [];
  const body = html`${
      pictures.length > 0
        ? html`<p>Orange speaks for it, blue against it (${method}).</p>
            <ul class="samples">
              ${pictures.map(
                ({ name, picture }) => html`<li><img src="${picture}" alt="${name}" /><strong>${name}</strong></li>`,
              )}
            </ul>`
        : html`<p>What contributes most (${method}).</p>
            ${htmlTable(features)}`
    }
    <h2>${says.title}</h2>
    ${htmlTable(says.table)}`;
  return htmlPage({ title, summary: sentence, body });
}
