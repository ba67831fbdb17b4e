import type { Origin } from './origin.ts'

/** Texts of codes that are wanted in memory besides their fingerprints. */
export interface TextsToKeep {
  readonly origins: readonly (keyof Origin)[]
  readonly objects: boolean
}

export const KEEP_NO_TEXTS: TextsToKeep = { origins: [], objects: false }

/** Takes origins and objects in the order of their codes; keeps of them what is asked for. */
export interface KeptTexts {
  addOrigin(origin: Origin): void
  addObject(uid: string): void
  /** Fields that are not kept are null; null when none is, or the code is not known. */
  originOf(code: number): Origin | null
  /** Null when objects are not kept, or the code is not known. */
  objectUid(code: number): string | null
}

const NO_ORIGIN: Origin = { src_ip: null, user_agent: null, session_uid: null, device_uid: null }
/** Sessions are as many as origins; of the others few are different. */
const REPEATED: readonly (keyof Origin)[] = ['src_ip', 'user_agent', 'device_uid']

export function createKeptTexts({ origins: fields, objects }: TextsToKeep): KeptTexts {
  const origins: Origin[] = []
  const uids: string[] = []
  const texts = new Map<string, string>()
  /** One text for all that are equal: each row read back brings a copy of its own. */
  const shared = (field: keyof Origin, text: string | null): string | null => {
    if (text === null || !REPEATED.includes(field)) return text
    const known = texts.get(text)
    if (known !== undefined) return known
    texts.set(text, text)
    return text
  }
  return {
    addOrigin(origin) {
      if (fields.length === 0) return
      const kept = fields.map((field) => [field, shared(field, origin[field])] as const)
      origins.push({ ...NO_ORIGIN, ...Object.fromEntries(kept) })
    },
    addObject(uid) {
      if (objects) uids.push(uid)
    },
    originOf: (code) => origins[code] ?? null,
    objectUid: (code) => uids[code] ?? null,
  }
}
