// Ctrl-C while a run is followed: the first one cancels the run, the second one stops following it.

export interface Interrupts {
  /** Settles at the second Ctrl-C. */
  left: Promise<{ end: 'left' }>;
  cancelling(): boolean;
  dispose(): void;
}

export const listenForInterrupts = (onFirst: () => void): Interrupts => {
  let count = 0;
  let leave: (left: { end: 'left' }) => void = () => undefined;
  const left = new Promise<{ end: 'left' }>((resolve) => {
    leave = resolve;
  });
  const onInterrupt = () => {
    count += 1;
    if (count === 1) onFirst();
    else leave({ end: 'left' });
  };
  process.on('SIGINT', onInterrupt);
  return {
    left,
    cancelling: () => count > 0,
    dispose: () => process.off('SIGINT', onInterrupt),
  };
};
