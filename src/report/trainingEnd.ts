/** Why a training ended: the condition of the experiment that was met, `stopped` by the person, or `fitted`: there were no epochs. */
export type EndedBy = 'epochs' | 'maxSteps' | 'maxMinutes' | 'targetAccuracy' | 'patience' | 'fitted' | 'stopped';
