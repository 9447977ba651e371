// Every payload in a history: what Temporal stores of inputs, results, failures' details and labels.

export interface StoredPayload {
  bytes: number;
  text: string;
}

/** @param json a history, or any part of one, as JSON */
export const payloadsOf = (json: unknown): StoredPayload[] => {
  if (typeof json !== 'object' || json === null) return [];
  const data: unknown = Reflect.get(json, 'data');
  if (typeof data === 'string' && Reflect.has(json, 'metadata')) {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return [{ bytes: Buffer.byteLength(text), text }];
  }
  return Object.values(json).flatMap(payloadsOf);
};
