// Hooks as the rest of holdfast sees them: none where none are configured.
import type { HooksShape } from './schema-hooks.js';
import type { HookSettings } from './service-settings.js';

export const hooksOf = (shape: HooksShape | undefined): HookSettings => ({
  beforeBackup: shape?.beforeBackup ?? [],
  afterBackup: shape?.afterBackup ?? [],
  afterRestore: shape?.afterRestore ?? [],
});
