import { createHmac } from 'node:crypto'

/** `p-` and 12 digits of base 32: the same for a person as long as the key stays the same, and nobody's id without it. */
export function pseudonymOf(org: string, actor: string, key: string): string {
  const digest = createHmac('sha256', key).update(`${org}\u0000${actor}`).digest()
  return `p-${Array.from(digest.subarray(0, 12), (byte) => BASE32[byte & 31]).join('')}`
}

const BASE32 = 'abcdefghijkmnpqrstuvwxyz23456789'

/**
 * The id under which an alert is told where people have pseudonyms: the alert's own follows from the person's id, so that
 * whoever has a list of ids could find the person by trying them all. As long as an alert's, with `p.` for `a.`.
 */
export const alertPseudonym = (alertUid: string, key: string): string => `p.${keyed('alert', alertUid, key)}`

/** Likewise a message's key, which follows from the alert's id. Standard Webhooks allows no full stop in it. */
export const messagePseudonym = (messageUid: string, key: string): string => `p_${keyed('message', messageUid, key)}`

/** No tenant's name is empty: what is made here is never a person's pseudonym. */
const keyed = (kind: 'alert' | 'message', uid: string, key: string): string =>
  createHmac('sha256', key).update(`\u0000${kind}\u0000${uid}`).digest('base64url').slice(0, 22)
