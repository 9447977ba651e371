// What `holdfast init` is told on its command line.
import type { CommonOptions } from '../input.js';

export interface InitOptions extends CommonOptions {
  yes?: true;
  deployment?: string;
  project?: string;
  service?: string;
  databaseUrl?: string;
  files?: string[];
  repository?: string;
  state?: string;
  encrypt?: true;
}
