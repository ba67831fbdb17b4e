import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode } from '../model/error-code.ts'
import { fileFault, IS_FILE } from '../model/file-fault.ts'

/** What the folder of a store is to be; ends the message that one is not. */
export const FOLDER_WANTED = 'a folder that is there or can be made'

/** Makes the folder and those it is in, for their owner alone. Throws, naming the path, where that cannot be. */
export function makeFolder(dir: string): void {
  const why = notAFolder(dir) ?? makeMissing(dir) ?? notUsable(dir)
  if (why !== null) throw new Error(`The folder ${resolve(dir)} cannot be used: ${why}; give ${FOLDER_WANTED}.`)
}

/** Why there can be no folder of that path, where a file is in its place or above it; null when none is. Makes nothing. */
export function notAFolder(dir: string): string | null {
  const path = resolve(dir)
  const found = nearestPath(path)
  if (!statSync(found).isFile()) return null
  return found === path ? IS_FILE : `${found} is a file`
}

/** Whether others than its owner may enter the folder and so come to what is in it. */
export const isOpenToOthers = (dir: string): boolean => (statSync(dir).mode & 0o011) !== 0

/** The path, or what it is in, as far as that is there. */
function nearestPath(path: string): string {
  let found = path
  while (!existsSync(found)) found = dirname(found)
  return found
}

function makeMissing(dir: string): string | null {
  const missing: string[] = []
  // One by one: where the system answers ENOENT for a folder whose parent exists, as in /proc, Node's recursive mkdir
  // never returns.
  for (let path = resolve(dir); !existsSync(path); path = dirname(path)) missing.unshift(path)
  for (const path of missing) {
    const why = makeOne(path)
    if (why !== null) return path === resolve(dir) ? why : `${path} cannot be made, for ${why}`
  }
  return null
}

function makeOne(path: string): string | null {
  try {
    mkdirSync(path, { mode: 0o700 })
    return null
  } catch (error) {
    // Somebody else may have made it just now.
    return errorCode(error) === 'EEXIST' ? null : fileFault(error)
  }
}

/** A link may lead nowhere, or to what is no folder. */
function notUsable(dir: string): string | null {
  try {
    return statSync(dir).isDirectory() ? null : 'it is no folder'
  } catch (error) {
    return fileFault(error)
  }
}
