import type { SectionFigure } from '../reportSection.ts';
import { confusionChart } from './confusionChart.ts';
import type { Markup } from './html.ts';
import { reliabilityChart } from './reliabilityChart.ts';
import { sizesChart } from './sizesChart.ts';
import type { Write } from './write.ts';

/** The drawing of a part of the report. @param title of the part, in the reader's language */
export function drawFigure(figure: SectionFigure, title: string, write: Write): Markup {
  switch (figure.kind) {
    case 'reliability':
      return reliabilityChart(figure.bins, title, write);
    case 'confusion':
      return confusionChart(figure.counts, figure.classes, title, write);
    case 'sizes':
      return sizesChart(figure, title, write);
  }
}
