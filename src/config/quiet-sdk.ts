// The AWS SDK says on stderr, in every process, that later versions of it will need another Node.js. Ours is pinned.

export const silenceVersionWarning = (): void => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
};
