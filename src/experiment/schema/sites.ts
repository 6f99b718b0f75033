import * as z from 'zod';

const exclude = z.array(z.string().min(1)).min(1).optional().describe('Names of classes that the site lacks.');
const limit = z.int().positive().optional().describe('Number of training samples to use.');

/** The fields of `dataset` that differ between sites which train on their own data. */
export const siteDataset = z
  .strictObject({
    path: z.string().min(1).optional().describe("Folder or file of the site's samples."),
    exclude,
    limit,
  })
  .describe(
    "What is different in the site's data; the rest is as in `dataset`, whose validation and test splits judge.",
  );

/** The same of sites that teach, which have samples of their own beside those that are public. */
export const teachingSiteDataset = z
  .strictObject({ path: z.string().min(1).describe("Folder or file of the site's samples."), exclude, limit })
  .describe("The site's data, which stay there; how they are prepared is as in `dataset`, which is public.");

/** How what sites say of a sample becomes what is taught. */
export const siteWeighting = z
  .enum(['familiarity', 'confidence', 'class-counts', 'mean'])
  .default('familiarity')
  .describe(
    "How the sites' probabilities are averaged: by how much more the sample is like a site's own samples than like the public ones, which a small network at the site " +
      "learns to tell (DaFKD, CVPR 2023; FedAUX, arXiv 2102.02514); by how sure a site's teacher is (entropy) and how many samples of the class it has; by the latter alone, " +
      'class by class (FedFTG, arXiv 2203.09249); or all alike.',
  );
