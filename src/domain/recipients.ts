// Public keys as people are shown them: enough to know one's own by.

/** `age1ql3z…n8nz9p`, `ssh-ed25519 …c0Vq4b (me@laptop)`. */
const shortRecipient = (recipient: string): string => {
  const [algorithm = '', key = '', ...comment] = recipient.split(' ');
  if (key === '') return `${algorithm.slice(0, 10)}…${algorithm.slice(-6)}`;
  return `${algorithm} …${key.slice(-8)}${comment.length === 0 ? '' : ` (${comment.join(' ')})`}`;
};

const MOST = 5;

export const shortRecipients = (recipients: readonly string[]): string => {
  const more = recipients.length > MOST ? ` and ${recipients.length - MOST} more` : '';
  return `${recipients.slice(0, MOST).map(shortRecipient).join(', ')}${more}`;
};
