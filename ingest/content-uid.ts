import { hash } from 'node:crypto'

/** An id made from content: the same content always gets the same. `prefix` tells what it was made of. */
export const contentUid = (prefix: string, content: unknown): string =>
  `${prefix}.${hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)}`
