import { readFileSync, statSync } from 'node:fs'
import { mendUtf8 } from '../../ingest/adapters/files/mend-utf8.ts'
import { parseUserMap, USER_MAP_LIMITS, type UserMapResult } from '../../ingest/sources/user-map.ts'
import { fileFault } from '../../model/file-fault.ts'

/** What a user map is to be. */
export const USER_MAP_WANTED = 'a CSV with native_uid and actor_uid'

/** Reads a user map's file; a reason says what is wrong without what stands in it. */
export function readUserMap(path: string): UserMapResult {
  try {
    if (statSync(path).size > USER_MAP_LIMITS.bytes) {
      return { ok: false, reason: `the file is larger than ${USER_MAP_LIMITS.bytes} bytes` }
    }
    return parseUserMap(mendUtf8(readFileSync(path)).toString())
  } catch (error) {
    return { ok: false, reason: `the file cannot be read: ${fileFault(error)}` }
  }
}

/** Tells one state of the file from another; null when it is not there. */
export function userMapVersion(path: string): string | null {
  try {
    const { size, mtimeMs } = statSync(path)
    return `${size} ${mtimeMs}`
  } catch {
    return null
  }
}
