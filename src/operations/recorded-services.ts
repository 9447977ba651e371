// What an operation record holds of the services.
import type { ServiceUnit } from '../services/service.js';

/** What each service was doing before the operation touched the first of them: exactly that is put back. */
export interface RecordedServices {
  units: ServiceUnit[];
  /** When the first one was touched, and when all were put back (null: not yet). ISO 8601. */
  since: string;
  until: string | null;
  /** For a backup: one of the deployment's services may have written meanwhile. */
  partial: boolean;
}
