// The libpq connection parameters that a URL may carry after its question mark ("Parameter Key Words" in PostgreSQL's manual).

/** Handed on to every program and session as they are. */
export const PASSED_KEYWORDS: readonly string[] = [
  'channel_binding',
  'connect_timeout',
  'gssdelegation',
  'gssencmode',
  'gsslib',
  'hostaddr',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'krbsrvname',
  'max_protocol_version',
  'min_protocol_version',
  'options',
  'require_auth',
  'requirepeer',
  'ssl_max_protocol_version',
  'ssl_min_protocol_version',
  'sslcert',
  'sslcertmode',
  'sslcompression',
  'sslcrl',
  'sslcrldir',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslpassword',
  'sslrootcert',
  'sslsni',
  'target_session_attrs',
  'tcp_user_timeout',
];

/** holdfast sets these itself: fencing goes by application_name, and a dump keeps its database's encoding. */
export const OWN_KEYWORDS: readonly string[] = [
  'application_name',
  'client_encoding',
  'fallback_application_name',
];

/** The parts of the URL that may also be given after the question mark, where they win. */
export const PART_KEYWORDS = ['host', 'port', 'user', 'password', 'dbname'] as const;
