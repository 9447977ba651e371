// What an S3 server's answer, or the network's, means for people: a code, a sentence, the next step.
import type { S3Settings } from '../../config/config.js';
import type { FailureOptions } from '../../domain/failure.js';
import type { FailureCode } from '../../domain/failure-codes.js';

/** What the server answered, without what was asked. */
export interface Answer {
  /** `NoSuchKey`; an errno or a class of error where there was no answer. */
  name: string;
  /** null: there was no answer. */
  status: number | null;
}

type Meaning = { code: FailureCode; why: string } & Pick<FailureOptions, 'hint' | 'retryable'>;

/** Servers differ in names and status codes: names say more, so they are looked at first. */
export const meaningOf = (answer: Answer, settings: S3Settings): Meaning => {
  const { name, status } = answer;
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(name)) return meaning(settings);
  if (status === 401 || status === 403) return forbidden(settings);
  if (status === 507) return full();
  if (status === 404) return noBucket(settings);
  if (status === 301 || status === 307) return otherRegion(settings);
  if (status === null) return unreachable(`no sound answer (${name})`);
  if (status === 405) return forbidden(settings);
  if (status < 300)
    return unreachable(
      /^(Error|Unknown)$/.test(name) ? 'what answers there is no S3 server' : `it answered ${status} ${name}`,
    );
  return {
    ...unreachable(`it answered ${status} ${name === 'Unknown' ? '' : name}`.trimEnd()),
    retryable: status >= 500 || status === 429,
  };
};

const unreachable = (why: string): Meaning => ({
  code: 'REPOSITORY_UNREACHABLE',
  why,
  hint: 'check the endpoint and the network, and what the server’s log says',
  retryable: true,
});

const forbidden = ({ bucket }: S3Settings): Meaning => ({
  code: 'REPOSITORY_RIGHTS',
  why: `the server refused it: the key may not do this in bucket ${bucket}, or the bucket is read-only`,
});

const full = (): Meaning => ({ code: 'DISK_FULL', why: 'it is full' });

const noBucket = ({ bucket }: S3Settings): Meaning => ({
  code: 'REPOSITORY_UNREACHABLE',
  why: `there is no bucket ${bucket}`,
  hint: 'create the bucket, or mend its name in holdfast.yaml',
  retryable: false,
});

const otherRegion = ({ region }: S3Settings): Meaning => ({
  code: 'REPOSITORY_UNREACHABLE',
  why: `the bucket is not in region ${region}`,
  hint: 'set region in holdfast.yaml to the bucket’s own',
  retryable: false,
});

const wrongKey = (): Meaning => ({
  code: 'REPOSITORY_CREDENTIALS',
  why: 'the server does not accept the access key: it is wrong or has expired',
});

const MEANINGS: [RegExp, (settings: S3Settings) => Meaning][] = [
  [/^(NoSuchKey|NotFound)$/, () => ({ ...unreachable('there is no such object'), retryable: false })],
  [/^NoSuchBucket$/, noBucket],
  [
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|XAdminUserNotFound|AuthFailure|UnrecognizedClientException)$/,
    wrongKey,
  ],
  [
    /^(ExpiredToken|ExpiredTokenException|InvalidToken|TokenRefreshRequired|InvalidClientTokenId|InvalidSecurity)$/,
    wrongKey,
  ],
  [
    /^CredentialsProviderError$/,
    () => ({ code: 'REPOSITORY_CREDENTIALS', why: 'there are no credentials on this host' }),
  ],
  [
    /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/,
    () => ({
      code: 'REPOSITORY_UNREACHABLE',
      why: 'this host’s clock and the server’s are too far apart',
      hint: 'set this host’s clock: timedatectl shows whether it is synchronized',
      retryable: false,
    }),
  ],
  [/^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/, otherRegion],
  [/(Quota|StorageFull|InsufficientCapacity|InsufficientStorage|NoSpace)/i, full],
  [
    /^InvalidObjectState$/,
    () => ({
      code: 'REPOSITORY_UNREACHABLE',
      why: 'the object lies in an archive and cannot be read from there',
      hint: 'have the server restore the object first',
      retryable: false,
    }),
  ],
  [
    /^(BadDigest|InvalidDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch)$/,
    () => unreachable('bytes were damaged on their way'),
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, () => unreachable('its host’s name is not known')],
  [/^ECONNREFUSED$/, () => unreachable('nothing answers there')],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, () => unreachable('the connection broke')],
  [/^(TimeoutError|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, () => unreachable('it did not answer in time')],
  [
    /(CERT|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO|ERR_TLS|ERR_SSL)/,
    () => ({
      ...unreachable('its certificate is not trusted, or it does not speak TLS'),
      hint: 'check the endpoint’s scheme; NODE_EXTRA_CA_CERTS names a file with further authorities',
      retryable: false,
    }),
  ],
];
