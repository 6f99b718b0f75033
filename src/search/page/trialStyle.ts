/** How the points and lines of a trial are drawn: the best stand out. */
export interface TrialStyle {
  /** One of the page's line styles. */
  readonly style: string;
  readonly radius: number;
  readonly pointOpacity: number;
  readonly lineOpacity: number;
}

/** @param isOnFront whether no other trial beats it */
export function trialStyle(isOnFront: boolean): TrialStyle {
  return isOnFront
    ? { style: 'style-0', radius: 5, pointOpacity: 1, lineOpacity: 1 }
    : { style: 'style-5', radius: 4, pointOpacity: 0.5, lineOpacity: 0.35 };
}
