import { formatPercent } from '../protocol/format.ts';
import { html } from '../drawings/html.ts';
import { filterPixels, samplePixels } from '../drawings/pixels.ts';
import { htmlPage } from './htmlPage.ts';
import { htmlTable } from './htmlTable.ts';
import { pngOf } from './pictures.ts';

/** What a network says of a sample, and what each number of the sample contributes to the class that is explained. */
interface Explained {
  readonly name: string;
  readonly method: string;
  readonly probabilities: readonly number[];
  readonly contributions: Float32Array;
}

export interface ShownExplanation {
  readonly title: string;
  readonly sentence: string;
  readonly classes: readonly string[];
  /** The sample as networks are fed it, and its dimensions where it is an image. */
  readonly values: Float32Array;
  readonly imageShape: readonly number[] | undefined;
  readonly networks: readonly Explained[];
  /** The numbers that contribute most, with what they contribute to each network's output. */
  readonly features: readonly (readonly string[])[];
}

/** An explanation as one page that needs nothing else: the probabilities side by side, and where each network looks. */
export async function renderExplanation(shown: ShownExplanation): Promise<string> {
  const { title, sentence, classes, values, imageShape, networks, features } = shown;
  const pictures = imageShape
    ? [
        { name: 'Sample', picture: await pngOf(samplePixels([...values], imageShape)) },
        ...(await Promise.all(
          networks.map(async ({ name, method, contributions }) => ({
            name: `${name} (${method})`,
            picture: await pngOf(filterPixels([...contributions], imageShape)),
          })),
        )),
      ]
    : [];
  const body = html`${
      pictures.length > 0
        ? html`<p>Orange speaks for the class, blue against it.</p>
            <ul class="samples">
              ${pictures.map(
                ({ name, picture }) => html`<li><img src="${picture}" alt="${name}" /><strong>${name}</strong></li>`,
              )}
            </ul>`
        : htmlTable({ head: ['', ...networks.map(({ name }) => name)], rows: features })
    }
    <h2>Probabilities</h2>
    ${htmlTable(probabilityTable(classes, networks))}`;
  return htmlPage({ title, summary: sentence, body });
}

/** The probability of every class, by every network. */
export function probabilityTable(
  classes: readonly string[],
  networks: readonly Pick<Explained, 'name' | 'probabilities'>[],
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  return {
    head: ['Class', ...networks.map(({ name }) => name)],
    rows: classes.map((name, index) => [
      name,
      ...networks.map(({ probabilities }) => formatPercent(probabilities[index] ?? NaN)),
    ]),
  };
}
